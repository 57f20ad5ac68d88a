package composite

import (
	"context"
	"math"
)

// fusion makes one distance of several: e to the mean of ln(1 + d), less 1. What one view alone finds far out is weighed down,
// what all find a little out is not.
type fusion struct {
	alike   float64 // number of views
	logs    float64 // sum over the views of the point at hand
	newest  [smoothed]float64
	sum     float64
	entered int
}

func (f *fusion) add(distance float64) (log float64) {
	log = math.Log1p(max(distance, 0))
	f.logs += log
	return log
}

// close ends a point and gives its distance: where the mean of the newest points is higher, half of it counts.
func (f *fusion) close() float64 {
	r := math.Expm1(f.logs / f.alike)
	f.logs = 0
	place := &f.newest[f.entered%smoothed]
	f.sum += r - *place
	*place = r
	f.entered++
	return max(r, (r+f.sum/float64(min(f.entered, smoothed)))/2)
}

// evident is how many times as surprising as the alarm's p-value the signals have to be where they do not lie far out together.
// One signal among several never is alone.
const evident = 2

// weigh scores each point by the views' distances and, with Auto, by Fisher's evidence, all in units of what 99 % of the history
// kept to; what was scored before counts where it is evident. A signal's share is its part of each, weighed alike.
func (out *Output) weigh(ctx context.Context, in Input, evidence [][]float64, sides []view, shares [][]float64, learn int) error {
	f := fusion{alike: float64(len(sides))}
	summed, unit := []float64(nil), 1.0
	if in.Method == Auto {
		summed = total(evidence)
		unit = outer(summed[learn:in.From], outerMost)
		f.alike++
	}
	for i := max(learn, in.From-smoothed); i < in.From; i++ {
		for _, v := range sides {
			f.add(v.past[i-learn])
		}
		if summed != nil && summed[i] > 0 {
			f.add(summed[i] / unit)
		}
		f.close()
	}
	parts := make([]float64, len(evidence))
	for i := in.From; i < len(out.Score); i++ {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		clear(parts)
		for _, v := range sides {
			v.part.contributions(f.add(v.next(i)), parts)
		}
		if summed != nil && summed[i] > 0 {
			each := f.add(summed[i]/unit) / summed[i]
			for k, row := range evidence {
				if row[i] > 0 {
					parts[k] += each * row[i]
				}
			}
		}
		d := f.close()
		if anyKnown(evidence, i) {
			if d /= outerTimes; !(out.Score[i]/evident > d) {
				out.Score[i] = d
			} else {
				out.Score[i] /= evident
			}
			share(parts, evidence, shares, i)
		}
	}
	return nil
}

// share sets the shares of point i in proportion to parts; signals that are missing have none.
func share(parts []float64, evidence, shares [][]float64, i int) {
	sum, known := 0.0, 0
	for k, row := range evidence {
		if !math.IsNaN(row[i]) {
			sum += parts[k]
			known++
		}
	}
	for k, row := range evidence {
		switch {
		case math.IsNaN(row[i]):
		case sum > 0:
			shares[k][i] = parts[k] / sum
		default:
			shares[k][i] = 1 / float64(known)
		}
	}
}

func anyKnown(evidence [][]float64, i int) bool {
	for _, row := range evidence {
		if !math.IsNaN(row[i]) {
			return true
		}
	}
	return false
}

// total is Fisher's sum of -2 ln p over the signals that are known, as if the missing ones were like the others; NaN where none is.
func total(evidence [][]float64) []float64 {
	out := make([]float64, len(evidence[0]))
	for i := range out {
		n := 0.0
		for _, row := range evidence {
			if !math.IsNaN(row[i]) {
				out[i] += row[i]
				n++
			}
		}
		out[i] *= float64(len(evidence)) / n
	}
	return out
}
