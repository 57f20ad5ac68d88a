package composite

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// independent is the variance of -2 ln p under no change.
const independent = 4.0

// pooled is the natural logarithm of the p-value of sum = -2 Σ ln p over d signals, whose variance is inflate times that
// of independent ones (Brown, Biometrics 31, 1975); 1 is Fisher's method.
func pooled(sum float64, d int, inflate float64) float64 {
	p := distuv.ChiSquared{K: 2 * float64(d) / inflate}.Survival(sum / inflate)
	return math.Log(math.Max(p, 1e-300))
}

// combine gives the logarithm of the p-value of several signals' evidence. Fisher's method over all of them would drown two
// speaking signals among many silent ones; so the one, two and three with the most evidence are asked as well, with
// Bonferroni's factor for having picked them, and the smallest p-value counts. It changes the order of evidence. coupled is the
// mean covariance of two signals' evidence.
func combine(evidence []float64, coupled float64) float64 {
	slices.Sort(evidence)
	d := len(evidence)
	best, sum, picks := math.Inf(1), 0.0, 0.0 // picks is ln of the number of ways to choose
	for m := 1; m <= d; m++ {
		sum += evidence[d-m]
		picks += math.Log(float64(d-m+1) / float64(m))
		if m > 3 && m < d {
			continue
		}
		if m == d {
			picks = 0
		}
		inflate := 1 + float64(m-1)*coupled/independent
		best = math.Min(best, picks+pooled(sum, m, inflate))
	}
	return best
}

// surprised scores each point by the logarithm of the signals' p-value together over that of the alarm.
func (out *Output) surprised(from int, evidence [][]float64, coupled float64) {
	known, alarm := make([]float64, 0, len(evidence)), math.Log(usualAlarm)
	for i := from; i < len(out.Score); i++ {
		known = known[:0]
		for _, e := range evidence {
			if !math.IsNaN(e[i]) {
				known = append(known, e[i])
			}
		}
		if len(known) > 0 {
			out.Score[i] = math.Min(combine(known, coupled), 0) / alarm
		}
	}
}

// shareEvidence sets the shares in proportion to the evidence.
func shareEvidence(evidence, shares [][]float64, from int) {
	parts := make([]float64, len(evidence))
	for i := from; i < len(evidence[0]); i++ {
		for k, row := range evidence {
			parts[k] = row[i]
		}
		share(parts, evidence, shares, i)
	}
}
