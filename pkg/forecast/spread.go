package forecast

import "math"

// windows holds how large each origin's errors are about each step.
type windows struct {
	squares, count [][]float64  // per origin and step: sum of the known errors' squares in the step's window, and their number
	whole          [][2]float64 // the same of all of an origin's steps
}

// windowsOf adds up the windows of four steps to either side, or a twenty-fourth of the horizon.
func windowsOf(rows [][]float64) *windows {
	w := &windows{make([][]float64, len(rows)), make([][]float64, len(rows)), make([][2]float64, len(rows))}
	if len(rows) == 0 {
		return w
	}
	steps := len(rows[0])
	half := max(4, steps/24)
	both := make([]float64, 2*len(rows)*steps)
	sum, count := make([]float64, steps+1), make([]float64, steps+1) // up to a step, so that each window costs two look-ups
	for k, row := range rows {
		w.squares[k], w.count[k], both = both[:steps], both[steps:2*steps], both[2*steps:]
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
			w.squares[k][h], w.count[k][h] = sum[hi]-sum[lo], count[hi]-count[lo]
		}
	}
	return w
}

// incident is how many times the mean square of the other origins that of one may be about a step: five times their size. Beyond, an
// origin has met an incident there, which would make the band wide at that very step.
const incident = 25

// meanSquare gives the mean square of the errors about a step at all origins but one (-1 = of all), NaN where none is known. That of
// an origin which met an incident there counts as far as it is plausible beside the others, or as all errors together are large.
func (w *windows) meanSquare(h, out int, all float64) float64 {
	total, origins := 0.0, 0.0
	for k, n := range w.count {
		if k != out && n[h] > 0 {
			total += w.squares[k][h] / n[h]
			origins++
		}
	}
	squares, count := 0.0, 0.0
	for k, n := range w.count {
		if k == out || n[h] == 0 {
			continue
		}
		mean := w.squares[k][h] / n[h]
		if origins > 2 {
			mean = min(mean, max(incident*(total-mean)/(origins-1), all))
		}
		squares += n[h] * mean
		count += n[h]
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
