package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	arimaSegment = 300  // newest points that are estimated from
	arimaMost    = 4    // most autoregressive and most moving-average terms
	arimaEdge    = 0.98 // greatest partial autocorrelation: unit roots remember the start for ever
	arimaLeast   = 20   // known values needed
)

// arima is ARIMA(p,d,q) of the seasonally adjusted series, p, q and the constant chosen stepwise by AICc and d by the KPSS test
// (Hyndman, Khandakar: "Automatic time series forecasting: the forecast package for R", Journal of Statistical Software 27,
// 2008; Box, Jenkins 1970). Coefficients minimise the conditional sum of squares within the stationary and invertible region
// (Monahan: "A note on enforcing stationarity in autoregressive-moving average models", Biometrika 71, 1984); d is 0 or 1, and a
// difference has no drift, as second differences and drifts send long forecasts astray. Seasons are taken out by MSTL beforehand.
type arima struct{}

func newARIMA(param.Values) Forecaster { return arima{} }

func (f arima) Fit(ctx context.Context, in Input) (Model, error) {
	if err := needs("ARIMA", in.Values, arimaLeast); err != nil {
		return nil, err
	}
	return fitAdjusted(ctx, in, false, f.fit)
}

// arimaOrder says which terms a model has.
type arimaOrder struct {
	p, d, q  int
	constant bool
}

func (f arima) fit(ctx context.Context, y []float64) (Model, error) {
	y = series.Bridge(y)
	seg := y[max(len(y)-arimaSegment, 0):]
	d := 0
	if kpss(seg) > kpssCritical {
		d = 1
	}
	search := &arimaSearch{y: seg, d: d, w: difference(seg, d), tried: map[arimaOrder]bool{}}
	level := d == 0 // a constant beside a difference is a drift, which sends long forecasts astray
	for _, o := range []arimaOrder{{2, d, 2, level}, {0, d, 0, level}, {1, d, 0, level}, {0, d, 1, level}, {0, d, 0, false}} {
		search.try(o)
	}
	for better := true; better; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		better = false
		o := search.order
		for _, c := range []arimaOrder{{o.p - 1, d, o.q, o.constant}, {o.p + 1, d, o.q, o.constant}, {o.p, d, o.q - 1, o.constant},
			{o.p, d, o.q + 1, o.constant}, {o.p - 1, d, o.q - 1, o.constant}, {o.p + 1, d, o.q + 1, o.constant}, {o.p, d, o.q, !o.constant && level}} {
			if search.try(c) {
				better = true
				break
			}
		}
	}
	if math.IsInf(search.aicc, 1) {
		return nil, fmt.Errorf("%w: %d values do not determine an ARIMA model", ErrTooShort, len(y))
	}
	m := newARIMAModel(search.order, search.best)
	m.aicc = search.aicc
	fitted := series.Missing(len(y))
	early := len(y) - len(seg)
	m.fork().(*arimaModel).run(y[:early], fitted[:early])
	m.run(seg, fitted[early:])
	m.fitted = fitted
	return m, nil
}

// arimaSearch keeps the best model so far.
type arimaSearch struct {
	y, w  []float64 // the data, and their differences
	d     int
	tried map[arimaOrder]bool
	order arimaOrder
	best  []float64
	aicc  float64
}

// try estimates an order and keeps it where it is better.
func (s *arimaSearch) try(o arimaOrder) bool {
	if o.p < 0 || o.q < 0 || o.p > arimaMost || o.q > arimaMost || s.tried[o] {
		return false
	}
	if len(s.tried) == 0 {
		s.aicc = math.Inf(1)
	}
	s.tried[o] = true
	x, aicc := estimateARMA(s.w, o)
	if aicc < s.aicc {
		s.order, s.best, s.aicc = o, x, aicc
		return true
	}
	return false
}

// estimateARMA gives the parameters of least conditional squares on the unbounded scale, and the AICc. The errors of the first
// points are left out for every order alike, so that orders can be compared.
func estimateARMA(w []float64, o arimaOrder) (x []float64, aicc float64) {
	n, k := len(w)-arimaMost, o.p+o.q
	mean := floats.Sum(w) / float64(len(w))
	lo, hi := series.Extent(w)
	if hi == lo {
		hi = lo + math.Max(math.Abs(lo), 1)*1e-9
	}
	x, typical := make([]float64, k), slices.Repeat([]float64{1}, k)
	if o.constant {
		x, typical = append(x, mean), append(typical, hi-lo)
	}
	params := len(x) + 1
	if n-params-1 <= 0 {
		return nil, math.Inf(1)
	}
	e := make([]float64, len(w))
	var coef [2 * arimaMost]float64
	f := func(x, out []float64) {
		ar, ma := coef[:o.p], coef[arimaMost:arimaMost+o.q]
		stationary(x[:o.p], ar)
		stationary(x[o.p:k], ma) // with the other sign
		constant := 0.0
		if o.constant {
			constant = x[k]
			for _, a := range ar {
				constant -= a * x[k]
			}
		}
		conditional(w, ar, ma, constant, e)
		copy(out, e[arimaMost:])
	}
	sse := 0.0
	if len(x) > 0 {
		x, sse = marquardt(f, x, typical, n, 1e-6)
	} else {
		out := make([]float64, n)
		f(x, out)
		sse = floats.Dot(out, out)
	}
	if o.constant && (x[k] < 2*lo-hi || x[k] > 2*hi-lo) {
		return nil, math.Inf(1) // near a unit root the mean is anywhere
	}
	if !(sse < math.Inf(1)) {
		return nil, math.Inf(1)
	}
	return x, corrected(float64(n)*math.Log(math.Max(sse/float64(n), 1e-300)), n, params)
}

// conditional writes the one-step errors of w, 0 for the first points. The moving average's coefficients have the other sign.
func conditional(w, ar, ma []float64, constant float64, e []float64) {
	clear(e[:arimaMost])
	for t := arimaMost; t < len(w); t++ {
		f := constant
		for i, a := range ar {
			f += a * w[t-1-i]
		}
		for j, b := range ma {
			f -= b * e[t-1-j]
		}
		e[t] = w[t] - f
	}
}

// stationary writes the coefficients of a stationary autoregression from unbounded numbers: partial autocorrelations are their
// hyperbolic tangents but for a margin, and the Durbin-Levinson recursion does the rest.
func stationary(x, out []float64) {
	var before [arimaMost]float64
	for k, v := range x {
		r := arimaEdge * math.Tanh(v)
		copy(before[:], out[:k])
		for i := range k {
			out[i] -= r * before[k-1-i]
		}
		out[k] = r
	}
}

// kpssCritical is the 5 % point of the KPSS test for level stationarity.
const kpssCritical = 0.463

// kpss is the statistic of the test for level stationarity (Kwiatkowski, Phillips, Schmidt, Shin: "Testing the null hypothesis of
// stationarity against the alternative of a unit root", Journal of Econometrics 54, 1992) with 3 sqrt(n)/13 lags.
func kpss(y []float64) float64 {
	n := len(y)
	mean := floats.Sum(y) / float64(n)
	e := make([]float64, n)
	sum, squares := 0.0, 0.0
	for i, v := range y {
		e[i] = v - mean
		sum += e[i]
		squares += sum * sum
	}
	lags := int(3 * math.Sqrt(float64(n)) / 13)
	s := floats.Dot(e, e) / float64(n)
	for l := 1; l <= lags; l++ {
		s += 2 * (1 - float64(l)/float64(lags+1)) * floats.Dot(e[l:], e[:n-l]) / float64(n)
	}
	if !(s > 0) {
		return 0
	}
	return squares / float64(n) / float64(n) / s
}

func difference(y []float64, d int) []float64 {
	out := slices.Clone(y)
	for range d {
		for i := range len(out) - 1 {
			out[i] = out[i+1] - out[i]
		}
		out = out[:len(out)-1]
	}
	return out
}
