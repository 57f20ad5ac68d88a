package forecast

import "math"

// etsForm says which components an exponential smoothing model has.
type etsForm struct {
	trend, damped bool
	period        int // season of this many steps; 0 = none
}

// etsParams are the smoothing parameters; beta and gamma are those of the error-correction form.
type etsParams struct{ alpha, beta, gamma, phi float64 }

// etsState is level, slope and the season's next cycle.
type etsState struct {
	level, slope float64
	season       []float64 // season[k] is due k steps ahead, as a ring from at
	at           int
}

// expect is the forecast of the next point; base is its part without the season, which may be in shares of it.
func (s *etsState) expect(phi float64, shares bool) (forecast, base float64) {
	base = s.level + phi*s.slope
	switch {
	case s.season == nil:
		return base, base
	case shares:
		return base * s.season[s.at], base
	}
	return base + s.season[s.at], base
}

// step forecasts one step, then corrects by the error. A missing value (NaN) corrects nothing and gives a NaN error.
// Hyndman, Koehler, Ord, Snyder: "Forecasting with exponential smoothing", Springer 2008, tables 2.2 and 2.3.
func (s *etsState) step(y float64, p etsParams, shares bool) (forecast, e float64) {
	forecast, base := s.expect(p.phi, shares)
	e = y - forecast
	level := e
	if math.IsNaN(e) {
		level = 0
	}
	season := level
	if shares {
		level, season = level/s.season[s.at], level/base
	}
	s.slope = p.phi*s.slope + p.beta*level
	s.level = base + p.alpha*level
	if s.season != nil {
		s.season[s.at] += p.gamma * season
		if s.at++; s.at == len(s.season) {
			s.at = 0
		}
	}
	return forecast, e
}

// ahead gives the forecasts of the next h steps.
func (s *etsState) ahead(h int, phi float64, shares bool) []float64 {
	out := make([]float64, h)
	sum, power := 0.0, 1.0
	for i := range out {
		power *= phi
		sum += power
		out[i] = s.level + sum*s.slope
		if s.season != nil {
			if v := s.season[(s.at+i)%len(s.season)]; shares {
				out[i] *= v
			} else {
				out[i] += v
			}
		}
	}
	return out
}

// filter runs the model over y from x0 (level, slope, then the season) and writes the errors, 0 where y is missing.
func filter(y, x0 []float64, f etsForm, p etsParams, s *etsState, errs []float64) {
	if f.period == 0 {
		filterPlain(y, x0, p, errs)
		return
	}
	s.load(x0, f)
	for i, v := range y {
		_, e := s.step(v, p, false)
		if math.IsNaN(e) {
			e = 0
		}
		errs[i] = e
	}
}

// filterPlain is filter without a season, in registers.
func filterPlain(y, x0 []float64, p etsParams, errs []float64) {
	level, slope := x0[0], 0.0
	if len(x0) > 1 {
		slope = x0[1]
	}
	for i, v := range y {
		slope *= p.phi
		level += slope
		e := v - level
		if math.IsNaN(e) {
			e = 0
		}
		errs[i] = e
		level += p.alpha * e
		slope += p.beta * e
	}
}

// load sets the state from x0.
func (s *etsState) load(x0 []float64, f etsForm) {
	k := 1
	s.level, s.slope, s.at = x0[0], 0, 0
	if f.trend {
		s.slope, k = x0[1], 2
	}
	if f.period > 0 {
		s.season = append(s.season[:0], x0[k:k+f.period]...)
	}
}

// states gives the number of initial states.
func (f etsForm) states() int {
	n := 1 + f.period
	if f.trend {
		n++
	}
	return n
}
