package forecast

import (
	"fmt"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// needs wraps ErrTooShort where y has fewer known values than an algorithm can do with.
func needs(algorithm string, y []float64, least int) error {
	if n := series.CountKnown(y); n < least {
		return fmt.Errorf("%w: %s has %d known values and needs %d", ErrTooShort, algorithm, n, least)
	}
	return nil
}

// meanOf gives the mean of the known values; NaN where none is known.
func meanOf(x []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

func rms(x []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += v * v
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return math.Sqrt(sum / float64(n))
}

func variance(x []float64) float64 {
	mean, sum := meanOf(x), 0.0
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x))
}

func finite(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// withRoom gives a copy of x with room for so many values more.
func withRoom(x []float64, more int) []float64 {
	return append(make([]float64, 0, len(x)+more), x...)
}

func newest(x []float64, n int) []float64 { return x[max(len(x)-n, 0):] }

// place decides on the regressors that the points can determine.
func (m *regressionModel) place(f regression, periods []int) {
	for i, p := range periods {
		for lag := max(p-f.around, m.recent+1); f.around >= 0 && lag <= p+f.around; lag++ {
			if !slices.Contains(m.lags, lag) {
				m.lags = append(m.lags, lag)
			}
		}
		if len(f.cycles) > 0 {
			m.profiles = append(m.profiles, meanProfile{period: p, cycles: f.cycles[min(i, len(f.cycles)-1)]})
			m.beside = append(m.beside, min(f.beside, (p-1)/2))
		}
	}
	slices.Sort(m.lags)
	for len(m.lags) > 0 && m.n-m.lags[len(m.lags)-1] < rowsPerCoef*m.k()+2 {
		m.lags = m.lags[:len(m.lags)-1]
	}
	for m.recent > 1 && m.n-m.recent < rowsPerCoef*m.k()+2 {
		m.recent--
	}
}

func square(x float64) float64 { return x * x }

func firstKnown(x []float64) float64 {
	for _, v := range x {
		if !math.IsNaN(v) {
			return v
		}
	}
	return math.NaN()
}

// phases gives the sum and the number of the known values at each phase of a period, counted from the first value.
func phases(x []float64, period int) (sum, count []float64) {
	sum, count = make([]float64, period), make([]float64, period)
	k := 0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum[k] += v
			count[k]++
		}
		if k++; k == period {
			k = 0
		}
	}
	return sum, count
}

// lagOne gives the coefficient of a first-order autoregression on the known neighbours, 0 to 0.99.
func lagOne(x []float64) float64 {
	var num, den float64
	for t := 1; t < len(x); t++ {
		if a, b := x[t-1], x[t]; !math.IsNaN(a) && !math.IsNaN(b) {
			num += a * b
			den += b * b
		}
	}
	if den == 0 {
		return 0
	}
	return min(max(num/den, 0), 0.99)
}

// known gives a copy without the missing values.
func known(x []float64) []float64 { return slices.DeleteFunc(slices.Clone(x), math.IsNaN) }

// indicator is 1 for true, 0 for false.
func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// line gives intercept and slope of the least-squares line over the positions 0, 1, 2, …
func line(y []float64) (a, b float64) {
	n := float64(len(y))
	var st, sy, stt, sty float64
	for i, v := range y {
		t := float64(i)
		st += t
		sy += v
		stt += t * t
		sty += t * v
	}
	if d := n*stt - st*st; d != 0 {
		b = (n*sty - st*sy) / d
	}
	return (sy - b*st) / n, b
}
