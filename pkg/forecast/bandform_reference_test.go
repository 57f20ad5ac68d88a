package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

// Reference values of numpy and scipy: testdata/bands.json, as in bands_reference_test.go.

// judged is a result of so many steps whose backtest had these errors.
func judged(rows []reals, floor float64, steps int) *Result {
	r := &Result{Mean: make([]float64, steps), Errors: plain(rows), reach: reach{math.Inf(-1), math.Inf(1)}}
	r.judge(floor)
	return r
}

// The whole way from a backtest's errors to a band: the spread at each step, how long errors last, each origin's weight, how quiet the
// newest was, and how far the band reaches down and up at each confidence; fewer origins or errors, gaps and errors that are
// mostly 0 among them.
func TestFromErrorsToBandsIsAsWrittenOut(t *testing.T) {
	v, _ := readBands(t)
	for _, c := range v.Forms {
		t.Run(c.Name, func(t *testing.T) {
			r := judged(c.Rows, c.Floor, len(c.Sigma))
			require.InDelta(t, c.Persistence, r.shape.persistence, 1e-10)
			require.InDelta(t, c.Newest, newestSize(r.Errors, c.Persistence), 1e-10)
			require.InDeltaSlice(t, c.Even, evened(r.Errors), 1e-10)
			require.InDeltaSlice(t, c.Sigma, r.Sigma, 1e-10)
			for i, level := range c.Levels {
				below, above := r.halfWidths(level)
				require.InDelta(t, c.Widths[i][0], below, 1e-9, "below at %v", level)
				require.InDelta(t, c.Widths[i][1], above, 1e-9, "above at %v", level)
				lower, upper := r.Band(level)
				for h, sigma := range c.Sigma {
					require.InDelta(t, c.Widths[i][0]*sigma, -lower[h], 1e-9, "step %d", h+1)
					require.InDelta(t, c.Widths[i][1]*sigma, upper[h], 1e-9, "step %d", h+1)
				}
				if inside := leaveOneOut(r.Errors, windowsOf(r.Errors), c.Floor, below, above); level == 0.9 && c.Inside != nil {
					require.InDelta(t, *c.Inside, inside, 1e-12, "coverage by the spread of the others")
				} else if c.Inside == nil {
					require.True(t, math.IsNaN(inside), "one origin has no others")
				}
			}
		})
	}
}

// What a stored state keeps are the same bands: at its levels they are the same, and between them never narrower than at less
// confidence.
func TestKeptBandsAreThoseWrittenOut(t *testing.T) {
	v, _ := readBands(t)
	for _, c := range v.Forms {
		r := judged(c.Rows, c.Floor, len(c.Sigma))
		r.pad(0)
		table := newBandTable(r)
		w := &writer{}
		table.encode(w)
		read := decodeBands(&reader{b: w.b})
		require.Equal(t, r.shape.persistence, read.phi, c.Name)
		last := [2]float64{}
		for i, level := range c.Levels {
			below, above := read.halfWidths(level)
			if slices.Contains(bandLevels[:], level) {
				require.InDelta(t, c.Widths[i][0], below, 1e-9, "%s below at %v", c.Name, level)
				require.InDelta(t, c.Widths[i][1], above, 1e-9, "%s above at %v", c.Name, level)
			}
			require.True(t, below >= last[0] && above >= last[1], "%s at %v", c.Name, level)
			last = [2]float64{below, above}
		}
	}
}

// Errors of 1, -1 and mostly 0 have a kurtosis of five: between origins that all draw from them the size scatters as chance alone would
// have it, so the newest one's hardly counts. One origin that is three times as large is no chance.
func TestWhatChanceWouldDoIsNoSignOfQuietOrTroubledTimes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 77))
	drawn := func(size float64) []float64 {
		row := make([]float64, 400)
		for h := range row {
			if u := rng.Float64(); u < 0.2 {
				row[h] = math.Copysign(size, u-0.1)
			}
		}
		return row
	}
	alike, odd, scatter := 0.0, 0.0, 0.0
	const draws = 300
	for range draws {
		rows := make([][]float64, maxOrigins)
		for k := range rows {
			rows[k] = drawn(1)
		}
		sizes, typical := originSizes(rows)
		for _, size := range sizes {
			scatter += square(size-typical) / (maxOrigins - 1) / draws
		}
		alike += math.Abs(math.Log(newestSize(rows, 0))) / draws
		rows[maxOrigins-1] = drawn(3)
		odd += math.Log(newestSize(rows, 0)) / draws
	}
	require.InEpsilon(t, 1./400, scatter, 0.1, "the variance that chance has")
	require.Less(t, alike, 0.25*newestShare*math.Sqrt(1./400), "most of it is taken for chance")
	require.InEpsilon(t, newestShare*math.Log(3)*7/8, odd, 0.05, "nearly all of its distance from the mean of all eight")
}

// What is beyond the range of numbers when squared tells no size: no factor, and never a band that is no number.
func TestErrorsBeyondAllMeasureGiveBandsThatAreNumbers(t *testing.T) {
	for name, size := range map[string]float64{"as large as data may be": 1e100, "tiny": 1e-150, "denormal": 5e-320} {
		rows := make([][]float64, maxOrigins)
		for k := range rows {
			rows[k] = moved(noise(30, 0, 1, uint64(k)), 0, size)
		}
		r := &Result{Mean: make([]float64, 30), Errors: rows, reach: reach{math.Inf(-1), math.Inf(1)}}
		r.judge(size)
		for _, level := range bandLevels {
			lower, upper := r.Band(level)
			require.True(t, finite(lower) && finite(upper), "%s at %v", name, level)
			for h := range lower {
				require.True(t, lower[h] <= 0 && upper[h] >= 0, "%s at %v", name, level)
			}
		}
	}
}

// Of two skewed sides the one that errors are on is the wider; a centre that is told by its own errors alone is where their quantiles
// are.
func TestSidesAreBetweenTheErrorsOwnAndTheirSizes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		errors := rapid.SliceOfN(rapid.Float64Range(-3, 9), pooledLeast, 200).Draw(t, "errors")
		slices.Sort(errors)
		level := rapid.Float64Range(0.5, 0.95).Draw(t, "level")
		sizes := scored(errors, 1, 1)
		own, either := newForm(errors, sizes, level, 0.9), newForm(errors, sizes, level, 0)
		require.Equal(t, either.below, either.above, "sizes know no side")
		least, most := 0.0, 0.0
		for range 5 {
			f := newForm(errors, sizes, level, rapid.Float64Range(0, 0.9).Draw(t, "part"))
			for _, side := range [][3]float64{{own.below, f.below, either.below}, {own.above, f.above, either.above}} {
				least, most = min(side[0], side[2]), max(side[0], side[2])
				require.True(t, least-1e-12 <= side[1] && side[1] <= most+1e-12)
			}
			below, above := f.sides(level, 1)
			inside := 0.0
			for _, e := range errors {
				inside += indicator(-below-1e-9 <= e && e <= above+1e-9)
			}
			require.GreaterOrEqual(t, inside+1, level*float64(len(errors)-1), "whatever the part, it holds its share")
		}
	})
	require.Equal(t, 1.0, newestSize(slices.Repeat([][]float64{series.Missing(9)}, 8), 0), "nothing known at all")
}
