package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/forewarn/earlywarning/pkg/order"
)

// stlFit splits series of one length and period into season and trend by STL (Cleveland, Cleveland, McRae, Terpenning: "STL: a
// seasonal-trend decomposition procedure based on loess", Journal of Official Statistics 6, 1990), with the defaults of R's
// stats::stl for all but the seasonal window. Missing points (NaN) have weight 0; season and trend are given for every point.
type stlFit struct {
	*stlWork
	n, m               int
	robust             bool // outliers get no weight
	season, trend, low smoother
	bands              map[int][]edge // of phases where no point is weighted, by their number of cycles: what each smoothed value is the sum of
}

// newSTL prepares the splitting of series of n points, two periods at least, with a seasonal window of so many cycles; work is
// what several may share, one after the other.
func newSTL(n, period, window int, robust bool, work *stlWork) *stlFit {
	nt := nextOdd(int(math.Ceil(1.5 * float64(period) / (1 - 1.5/float64(window)))))
	nl := nextOdd(period)
	work.fit(n, period)
	return &stlFit{
		n: n, m: period, robust: robust, stlWork: work,
		season: prepared(window, 0, (window+9)/10),
		trend:  prepared(nt, 1, (nt+9)/10),
		low:    prepared(nl, 1, (nl+9)/10),
		bands:  make(map[int][]edge, 2),
	}
}

// split writes the season and trend of y.
func (f *stlFit) split(y, season, trend []float64) {
	f.fit(f.n, f.m)
	clear(trend)
	known := knownWeights(y)
	inner, outer := 2, 0
	if f.robust {
		inner, outer = 1, 15
	}
	weights := known
	for k := 0; ; k++ {
		for range inner {
			f.pass(y, weights, season, trend)
		}
		if k == outer {
			return
		}
		weights = robustness(y, known, season, trend)
	}
}

// stlWork is memory for the intermediate steps.
type stlWork struct {
	rest, detrended   []float64 // n; rest is mstl's
	cycle, ma1, ma2   []float64 // n+2m
	sub, subw, subout []float64
	table             []float64 // a smooth as a matrix, most of it 0
}

// fit gives each part its length.
func (w *stlWork) fit(n, m int) {
	k := (n + m - 1) / m
	for _, part := range []struct {
		x    *[]float64
		size int
	}{{&w.detrended, n}, {&w.cycle, n + 2*m}, {&w.ma1, n + 2*m}, {&w.ma2, n + 2*m}, {&w.sub, k}, {&w.subw, k}, {&w.subout, k + 2}} {
		if cap(*part.x) < part.size {
			*part.x = make([]float64, part.size)
		}
		*part.x = (*part.x)[:part.size]
	}
}

// pass is one run of the inner loop.
func (f *stlFit) pass(y, w, season, trend []float64) {
	for i := range y {
		f.detrended[i] = y[i] - trend[i]
	}
	f.subseries(w)
	movingAverage(f.cycle, f.m, f.ma1)
	movingAverage(f.ma1[:f.n+f.m+1], f.m, f.ma2)
	movingAverage(f.ma2[:f.n+2], 3, f.ma1)
	lowpassed := f.ma2[:f.n]
	f.low.smooth(f.ma1[:f.n], nil, lowpassed)
	for i := range season {
		season[i] = f.cycle[f.m+i] - lowpassed[i]
		f.detrended[i] = y[i] - season[i]
	}
	f.trend.smooth(f.detrended, w, trend)
}

// subseries smooths the values of each phase of the season over the cycles, one cycle beyond both ends.
func (f *stlFit) subseries(w []float64) {
	k := (f.n + f.m - 1) / f.m // cycles, of which the last may be incomplete
	if w == nil && k <= longestMatrix {
		whole := f.n - (k-1)*f.m
		f.smoothPhases(0, whole, k)
		f.smoothPhases(whole, f.m, k-1)
		return
	}
	for phase := range f.m {
		k := (f.n - phase + f.m - 1) / f.m
		sub, out := f.sub[:k], f.subout[:k+2]
		for i := range sub {
			sub[i] = f.detrended[phase+i*f.m]
		}
		f.season.smoothBeyond(sub, f.phaseWeights(w, phase, k), out)
		for i, v := range out {
			if math.IsNaN(v) {
				v = 0 // a phase never seen has no season
			}
			f.cycle[phase+i*f.m] = v
		}
	}
}

// phaseWeights gives the weights of one phase; nil where all are 1.
func (f *stlFit) phaseWeights(w []float64, phase, k int) []float64 {
	if w == nil {
		return nil
	}
	for i := range k {
		f.subw[i] = w[phase+i*f.m]
	}
	return f.subw[:k]
}

// smoothPhases smooths the phases from one to another, all of k cycles, side by side: without weights the smooth is the same linear
// map for all of them.
func (f *stlFit) smoothPhases(from, to, k int) {
	if from == to {
		return
	}
	for i, row := range f.phaseBands(k) {
		out := f.cycle[from+i*f.m : to+i*f.m]
		clear(out)
		for j, weight := range row.weights {
			at := (row.lo + j) * f.m
			floats.AddScaled(out, weight, f.detrended[from+at:to+at])
		}
	}
}

// longestMatrix is the number of cycles up to which a smooth is a table of weights.
const longestMatrix = 64

// phaseBands gives the smooth of a phase of k cycles as the rows of a banded matrix, without the zeros at either end of a row.
func (f *stlFit) phaseBands(k int) []edge {
	if rows, ok := f.bands[k]; ok {
		return rows
	}
	if n := (k + 2) * k; cap(f.table) < n {
		f.table = make([]float64, n)
	}
	table := f.table[:(k+2)*k]
	clear(table)
	f.season.meansBeyond(table, k)
	rows := make([]edge, k+2)
	for i := range rows {
		row := table[i*k : (i+1)*k]
		lo, hi := 0, k
		for ; lo < hi && row[lo] == 0; lo++ {
		}
		for ; lo < hi && row[hi-1] == 0; hi-- {
		}
		rows[i] = edge{lo, append(f.season.room(hi-lo), row[lo:hi]...)}
	}
	f.bands[k] = rows
	return rows
}

// movingAverage writes the len(x)-k+1 means of k neighbours to out.
func movingAverage(x []float64, k int, out []float64) {
	sum, share := 0.0, 1/float64(k)
	for _, v := range x[:k] {
		sum += v
	}
	for i := 0; ; i++ {
		out[i] = sum * share
		if i+k == len(x) {
			return
		}
		sum += x[i+k] - x[i]
	}
}

// robustness gives the bisquare weights of the outer loop: 0 for remainders beyond six median absolute remainders, and where
// base, the weights before it, is 0 (nil = nowhere).
func robustness(y, base, season, trend []float64) []float64 {
	rest, sizes := make([]float64, len(y)), make([]float64, 0, len(y))
	for i := range y {
		rest[i] = math.Abs(y[i] - season[i] - trend[i])
		if base == nil || base[i] > 0 {
			sizes = append(sizes, rest[i])
		}
	}
	h := 6 * order.Median(sizes)
	for i, r := range rest {
		switch {
		case base != nil && base[i] == 0, r > 0.999*h:
			rest[i] = 0
		case r <= 0.001*h:
			rest[i] = 1
		default:
			u := r / h
			rest[i] = (1 - u*u) * (1 - u*u)
		}
	}
	return rest
}

// knownWeights gives weight 0 to missing points and 1 to the others; nil where nothing is missing.
func knownWeights(y []float64) []float64 {
	if !slices.ContainsFunc(y, math.IsNaN) {
		return nil
	}
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = indicator(!math.IsNaN(v))
	}
	return out
}

func nextOdd(n int) int { return n | 1 }
