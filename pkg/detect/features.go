package detect

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	featureCount  = 5
	featureShort  = 6    // points of the short mean and of the local spread
	featureSample = 4096 // points that a training sees at most; more are thinned
	featureLeast  = 200  // known points before the first training
	mostUnits     = 1e6  // further off makes no difference; without it a series that never moved before overflows
)

// features describe a point by what the last ones were like: its level, its last change, how the newest points lie to those
// before, how restless they are, and its difference from the same time the day before. All are in units of the training's
// robust spread.
type features struct {
	x      []float64
	perDay int
	centre [featureCount]float64
	unit   [featureCount]float64
}

func newFeatures(in Input) *features {
	return &features{x: in.Values, perDay: max(int(day/in.Step), 1)}
}

// raw describes point i without units; false where what it needs is missing.
func (f *features) raw(i int, out *[featureCount]float64) bool {
	if i < 2*featureShort || math.IsNaN(f.x[i]) {
		return false
	}
	newer, older, n, m, path, last := 0.0, 0.0, 0.0, 0.0, 0.0, math.NaN()
	for k := 2*featureShort - 1; k >= 0; k-- {
		v := f.x[i-k]
		if math.IsNaN(v) {
			continue
		}
		if k < featureShort {
			newer, n = newer+v, n+1
			if !math.IsNaN(last) {
				path += math.Abs(v - last)
			}
		} else {
			older, m = older+v, m+1
		}
		if k > 0 {
			last = v
		}
	}
	if n == 0 || m == 0 {
		return false
	}
	v := f.x[i]
	*out = [featureCount]float64{v, 0, newer/n - older/m, path / n, 0}
	if !math.IsNaN(last) {
		out[1] = v - last
	}
	if j := i - f.perDay; j >= 0 && !math.IsNaN(f.x[j]) {
		out[4] = v - f.x[j]
	}
	return true
}

// train takes the points [from, until) as what is usual, thinned to featureSample, and gives them in units; nil where they are
// too few.
func (f *features) train(from, until int) []float64 {
	every := max((until-from)/featureSample, 1)
	var rows []float64
	var row [featureCount]float64
	for i := from; i < until; i += every {
		if f.raw(i, &row) {
			rows = append(rows, row[:]...)
		}
	}
	if len(rows) < featureLeast*featureCount {
		return nil
	}
	column := make([]float64, len(rows)/featureCount)
	for k := range featureCount {
		for i := range column {
			column[i] = rows[i*featureCount+k]
		}
		f.centre[k] = order.Median(column)
		spread := (order.Pick(column, len(column)*9/10) - order.Pick(column, len(column)/10)) / 2.563
		f.unit[k] = max(spread, normalMAD*order.Deviation(column), leastScale*math.Abs(f.centre[0]), 1e-300)
	}
	for i := range rows {
		rows[i] = f.units(rows[i], i%featureCount)
	}
	return rows
}

// units gives feature k in units of the training.
func (f *features) units(v float64, k int) float64 {
	return min(max((v-f.centre[k])/f.unit[k], -mostUnits), mostUnits)
}

// due tells whether it is time to train again.
func (f *features) due(i int) bool { return i == f.perDay || due(i, f.perDay) }

// describe gives point i in units of the training.
func (f *features) describe(i int, out *[featureCount]float64) bool {
	if !f.raw(i, out) {
		return false
	}
	for k := range out {
		out[k] = f.units(out[k], k)
	}
	return true
}
