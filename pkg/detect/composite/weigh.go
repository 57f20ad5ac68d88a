package composite

import "math"

// weigh scores each point by the mean of the views' distances and, with Auto, of Fisher's evidence, all in units of what 99 % of
// the history kept to. Where the mean of the newest points is higher, half of it counts. A signal's share is its part of each,
// weighed alike.
func (out *Output) weigh(in Input, evidence [][]float64, sides []view, shares [][]float64, learn int) {
	var summed []float64
	count := float64(len(sides))
	if in.Method == Auto {
		summed = total(evidence)
		inUnits(summed, learn, in.From)
		count++
	}
	limit := outerTimes * math.Log(in.Alarm) / math.Log(DefaultAlarm)
	var newest [smoothed]float64
	sum, n := 0.0, 0
	parts := make([]float64, len(evidence))
	for i := range out.Score {
		out.Score[i] = math.NaN()
		if i < learn || !anyKnown(evidence, i) {
			continue
		}
		r := 0.0
		for _, v := range sides {
			r += v.at[i] / count
		}
		if summed != nil && !math.IsNaN(summed[i]) {
			r += summed[i] / count
		}
		sum += r - newest[n%smoothed]
		newest[n%smoothed] = r
		n++
		if i < in.From {
			continue
		}
		out.Score[i] = max(r, (r+sum/float64(min(n, smoothed)))/2) / limit
		clear(parts)
		for _, v := range sides {
			v.part.distance(v.signals, i)
			v.part.contributions(v.at[i]*v.at[i], parts) // evidence grows with the square of a distance
		}
		if summed != nil && summed[i] > 0 {
			e := 0.0
			for _, row := range evidence {
				if !math.IsNaN(row[i]) {
					e += row[i]
				}
			}
			for k, row := range evidence {
				if !math.IsNaN(row[i]) && e > 0 {
					parts[k] += summed[i] * row[i] / e
				}
			}
		}
		share(parts, evidence, shares, i)
	}
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

// total is Fisher's sum of -2 ln p over the signals that are known; NaN where none is.
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
		out[i] *= float64(len(evidence)) / n // as if the missing ones were like the others; NaN without any
	}
	return out
}
