package forecast

import "math"

// windows holds how large the origins' errors are about each step.
type windows struct {
	about [][]window   // per step and origin
	whole [][2]float64 // of all of an origin's steps: sum of the known errors' squares, their number
}

// window is the mean square of the known errors of one origin about a step, and their number.
type window struct{ mean, count float64 }

// windowsOf looks at windows of four steps to either side, or a twenty-fourth of the horizon.
func windowsOf(rows [][]float64) *windows {
	w := &windows{whole: make([][2]float64, len(rows))}
	if len(rows) == 0 {
		return w
	}
	steps := len(rows[0])
	half := max(4, steps/24)
	w.about = make([][]window, steps)
	all := make([]window, steps*len(rows))
	for h := range w.about {
		w.about[h], all = all[:len(rows)], all[len(rows):]
	}
	sum, count := make([]float64, steps+1), make([]float64, steps+1) // up to a step, so that each window costs two look-ups
	for k, row := range rows {
		for h, e := range row {
			sum[h+1], count[h+1] = sum[h], count[h]
			if !math.IsNaN(e) {
				sum[h+1] += e * e
				count[h+1]++
			}
		}
		w.whole[k] = [2]float64{sum[steps], count[steps]}
		for h := range steps {
			lo, hi := max(h-half, 0), min(h+half+1, steps)
			if n := count[hi] - count[lo]; n > 0 {
				w.about[h][k] = window{(sum[hi] - sum[lo]) / n, n}
			}
		}
	}
	return w
}

// incident is how many times the mean square of the other origins that of one may be about a step: five times their size. Beyond, an
// origin has met an incident there, which would make the band wide at that very step.
const incident = 25

// meanSquare gives the mean square of the errors about a step at all origins but one (-1 = of all), NaN where none is known. That of
// an origin which met an incident there counts as far as it is plausible beside the others, or as all errors together are large. Only
// the largest can be one: beside it any other is plausible.
func (w *windows) meanSquare(h, out int, all float64) float64 {
	var squares, count, total, origins float64
	var largest window
	for k, one := range w.about[h] {
		if k == out || one.count == 0 {
			continue
		}
		squares += one.count * one.mean
		count += one.count
		total += one.mean
		origins++
		if one.mean > largest.mean {
			largest = one
		}
	}
	if origins > 2 {
		if most := max(incident*(total-largest.mean)/(origins-1), all); most < largest.mean {
			squares -= largest.count * (largest.mean - most)
		}
	}
	return squares / count
}

// overall gives the mean square of the errors at all origins but one; NaN where none is known.
func (w *windows) overall(out int) float64 {
	squares, count := 0.0, 0.0
	for k, whole := range w.whole {
		if k != out {
			squares += whole[0]
			count += whole[1]
		}
	}
	return squares / count
}

// spreadAhead writes Sigma from the backtest's errors, those of one origin left out (-1 = of none); floor is the spread of one
// step, which counts where no error is known. About are the windows of the rows, nil = to be made.
func spreadAhead(rows [][]float64, out int, floor float64, sigma []float64, about *windows) []float64 {
	origins, known := len(rows), 0
	if out >= 0 {
		origins--
	}
	if origins > 0 {
		known = len(rows[0])
	}
	if about == nil {
		about = windowsOf(rows)
	}
	widen := 1.2
	if origins < manyOrigins {
		widen = 1.4
	}
	last, all := 0.0, about.overall(out)
	for h := range sigma {
		s := floor * math.Sqrt(float64(h+1))
		if h < known {
			if square := about.meanSquare(h, out, all); !math.IsNaN(square) {
				s = widen * math.Sqrt(square)
			}
		} else if known > 0 && !math.IsNaN(all) {
			s = sigma[known-1] * math.Sqrt(float64(h+1)/float64(known))
		}
		last = max(s, 0.98*last)
		sigma[h] = last
	}
	return sigma
}
