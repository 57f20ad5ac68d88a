package forecast

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

// manyOrigins is from how many origins on a backtest tells the spread as well as it ever does.
const manyOrigins = 6

// pooledLeast is how many errors give quantiles.
const pooledLeast = 20

// shape is the form of bands: one for the tails, and with many origins another for the centre. The tail's scores are nil where
// there are too few errors.
type shape struct {
	centre, tail form
	persistence  float64 // lag-one autocorrelation of the errors
}

// form is how far a band reaches below and above the forecast, in units of Sigma, at some confidence, and how many times that far the
// backtest's errors lie, sorted.
type form struct {
	below, above float64
	scores       []float64
}

// Confidences at which the sides of the two forms are compared. Up to the first a band has the form of the centre, from the
// second on that of the tails.
const (
	centreLevel = 0.8
	tailLevel   = 0.95
)

// conform finds the forms of bands from the backtest's evened errors.
//
// Of the tails' sides, each is halfway between the quantile of the errors on it and that of their sizes, as few errors tell them.
// The centre's are nearer to the former the more independent errors there are: by one minus their lag-one autocorrelation.
func (r *Result) conform() shape {
	n := 0
	for _, row := range r.Errors {
		n += len(row)
	}
	errors := make([]float64, 0, n)
	even := evened(r.Errors)
	for k, row := range r.Errors {
		for h, e := range row {
			if u := e * even[k] / r.Sigma[h]; !math.IsNaN(u) && !math.IsInf(u, 0) {
				errors = append(errors, u)
			}
		}
	}
	s := shape{persistence: r.persistence()}
	if len(errors) < pooledLeast {
		return s
	}
	slices.Sort(errors)
	sizes := scored(errors, 1, 1)
	s.tail = newForm(errors, sizes, tailLevel, 0.5)
	s.centre = s.tail
	if len(r.Errors) >= manyOrigins {
		s.centre = newForm(errors, sizes, centreLevel, min(1-s.persistence, 0.9))
	}
	return s
}

// newForm compares the sides of errors at a level; errors and their sizes are sorted, and own is the part of each side that its own
// errors tell. A score is how many times its side an error is, so that a quantile of the scores times the sides holds
// just that share of the errors, however skewed they are (split conformal prediction: Lei et al., "Distribution-free predictive
// inference for regression", Journal of the American Statistical Association 113, 2018).
func newForm(errors, sizes []float64, level, own float64) form {
	either := order.Quantile(sizes, level)
	if math.IsInf(10/either, 1) { // nearly all are 0, or too small to divide by
		return form{1, 1, sizes}
	}
	below := own*max(-order.Quantile(errors, (1-level)/2), 0) + (1-own)*either
	above := own*max(order.Quantile(errors, (1+level)/2), 0) + (1-own)*either
	return form{below, above, scored(errors, below, above)}
}

// scored gives how many times their side sorted errors are, sorted, by merging the two sides.
func scored(errors []float64, below, above float64) []float64 {
	out := make([]float64, 0, len(errors))
	hi, _ := slices.BinarySearch(errors, 0)
	down, up := -1/below, 1/above
	for lo := hi - 1; lo >= 0; lo-- {
		size := down * errors[lo]
		for ; hi < len(errors) && up*errors[hi] < size; hi++ {
			out = append(out, up*errors[hi])
		}
		out = append(out, size)
	}
	for _, e := range errors[hi:] {
		out = append(out, up*e)
	}
	return out
}

// sides gives the distances at a confidence, widened by a factor.
func (f *form) sides(confidence, factor float64) (below, above float64) {
	k := factor * order.Quantile(f.scores, confidence)
	return k * f.below, k * f.above
}

// evening is how far, in logarithms, an origin's errors are brought to the typical size of all origins'. One origin of eight that
// met an incident would decide alone how wide the band is, though what is typical tells more of the next stretch (shrinkage
// towards a common mean: Efron, Morris, "Stein's estimation rule and its competitors", JASA 68, 1973).
const evening = 0.25

// evened gives the factor that each origin's errors count with in a band's form; the typical size is the geometric mean of those
// that are known.
func evened(rows [][]float64) []float64 {
	out := make([]float64, len(rows))
	sizes, typical := originSizes(rows)
	for k, size := range sizes {
		if out[k] = 1; !math.IsNaN(size) {
			out[k] = math.Exp(evening * (typical - size))
		}
	}
	return out
}

// originSizes gives the logarithm of the root mean square of each origin's errors, NaN where none is known or none at all differs
// from 0, and their mean.
func originSizes(rows [][]float64) (sizes []float64, mean float64) {
	sizes = make([]float64, len(rows))
	squares, origins := 0.0, 0.0
	for k, row := range rows {
		if sizes[k] = rms(row); series.CountKnown(row) > 0 {
			squares += sizes[k] * sizes[k]
			origins++
		}
	}
	tiny := 1e-3 * math.Sqrt(squares/origins) // an origin without an error has no logarithm
	for k, size := range sizes {
		if sizes[k] = math.Log(size + tiny); squares == 0 || series.CountKnown(rows[k]) == 0 {
			sizes[k] = math.NaN()
		} else {
			mean += sizes[k] / origins
		}
	}
	return sizes, mean
}

// newestShare is the part of the newest origin's distance from the typical size, in logarithms, that goes on in the next stretch.
const newestShare = 0.25

// newestSize gives the factor that brings the spread towards the size of the newest origin's errors: quiet and troubled times
// last (Engle: "Autoregressive conditional heteroscedasticity", Econometrica 50, 1982). So much of the scatter between the
// origins as errors with a kurtosis of five would show by chance is no sign of such times; the fewer errors are
// independent, the more that is. With few origins, or where nothing is known of the newest, it is 1.
func newestSize(rows [][]float64, persistence float64) float64 {
	sizes, typical := originSizes(rows)
	newest, scatter, known := math.NaN(), 0.0, 0.0 // newest ends as the last origin's distance
	for _, size := range sizes {
		if newest = size - typical; !math.IsNaN(newest) {
			scatter += newest * newest
			known++
		}
	}
	if known < manyOrigins || scatter == 0 || math.IsNaN(newest) {
		return 1
	}
	// The variance of the logarithm of the root mean square of such errors; dependent ones count as fewer.
	chance := (1 + persistence*persistence) / (1 - persistence*persistence) / float64(len(rows[0]))
	return math.Exp(newestShare * max(1-chance*(known-1)/scatter, 0) * newest)
}
