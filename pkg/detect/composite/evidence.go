package composite

import (
	"math"
	"slices"
)

const (
	bandScales = 4.0   // half-width of the detector's medium band in standard deviations
	tailFrom   = 0.05  // p-value from which on the tail is extended
	leastP     = 1e-12 // no history of some thousand points tells of less: one signal alone is not evident
	leastTail  = 100   // history scores that a tail is learnt from
	// The 5 and 1 % points of |Z| for a standard normal Z, and the exponential decay between them.
	normal5     = 1.959963984540054
	normalDecay = (2.5758293035489004 - normal5) / 1.6094379124341003
)

// surprise turns the scores of one signal into -2 ln p. Up to the 95 % quantile of its own history p is the share of history
// that was as far out, beyond it an exponential tail (peaks over threshold, Pickands, Ann. Stat. 3, 1975, with shape 0)
// whose decay is that between the 95 and 99 % quantiles. It is nowhere smaller than for a normal signal whose standard
// deviation is the band's scale: a quiet history does not make hair's breadths surprising.
func surprise(score []float64, learn, until int) []float64 {
	history := make([]float64, 0, until-learn)
	for _, s := range score[learn:until] {
		if !math.IsNaN(s) {
			history = append(history, s)
		}
	}
	slices.Sort(history)
	start, decay := normal5/bandScales, normalDecay/bandScales
	if n := len(history); n >= leastTail {
		q95, q99 := history[n*95/100], history[n*99/100]
		start, decay = math.Max(start, q95), math.Max(decay, (q99-q95)/math.Log(5))
	} else {
		history = history[:0]
	}
	out := make([]float64, len(score))
	for i, s := range score {
		p := s // keeps NaN
		switch {
		case s > start:
			p = tailFrom * math.Exp(-(s-start)/decay)
		case s >= 0:
			p = math.Erfc(s * bandScales / math.Sqrt2)
			if n := len(history); n > 0 {
				at, _ := slices.BinarySearch(history, s)
				p = math.Max(p, float64(n-at)/float64(n))
			}
		}
		out[i] = -2 * math.Log(math.Max(p, leastP))
		if math.IsNaN(s) {
			out[i] = s
		}
	}
	return out
}

// coupling is the mean covariance of two signals' evidence in the history, at least 0, as Brown's method needs it; taken from
// the data as in Poole et al., Bioinformatics 32 (2016).
func coupling(evidence [][]float64, learn, until int) float64 {
	var n, sum, squares, pairs, own float64
	for i := learn; i < until; i++ {
		x, d := 0.0, 0.0
		for _, e := range evidence {
			if !math.IsNaN(e[i]) {
				v := math.Min(e[i], mostEvidence) // an incident in the history is no correlation
				x += v
				own += v * v
				d++
			}
		}
		if d > 1 {
			n, sum, squares, pairs = n+1, sum+x, squares+x*x, pairs+d*(d-1)
		}
	}
	if n < leastTail {
		return 0
	}
	// Mean of e_a e_b over pairs less the square of the mean: exact where all signals have the same mean evidence, 2.
	mean := 0.0
	count := 0.0
	for _, e := range evidence {
		for _, v := range e[learn:until] {
			if !math.IsNaN(v) {
				mean += math.Min(v, mostEvidence)
				count++
			}
		}
	}
	mean /= count
	return math.Max((squares-own)/pairs-mean*mean, 0)
}

const mostEvidence = 20.0
