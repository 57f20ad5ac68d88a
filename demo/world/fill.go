package world

import "time"

// fillCurve is a disk that fills by a nightly load and by what a day's work leaves, in percent used.
type fillCurve struct {
	full    minute  // crosses 90 % here
	perDay  float64 // percent
	cleaned float64 // percent freed when it is nearly full
}

func newFillCurve(anchor time.Time) fillCurve {
	return fillCurve{full: minuteOf(anchor.Add(fillAt)), perDay: 1.9, cleaned: 58}
}

// steps counts days in the shape that a disk grows: 45 % in the nightly load from 02:00 to 03:00, 20 % by the office's hours, the
// rest evenly.
func (fillCurve) steps(m minute) float64 {
	day := floorDiv(m+8*60, 1440) // local days
	h := hourOf(m)
	return float64(day) + 0.45*clamp(h-2, 0, 1) + 0.2*clamp((h-9)/10, 0, 1) + 0.35*h/24
}

func (f fillCurve) at(m minute) float64 {
	v := 90 + f.perDay*(f.steps(m)-f.steps(f.full))
	for v > 97 {
		v -= f.cleaned // somebody is told at last
	}
	return v
}
