package forecast

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

// Weights that are kept for the middle and for each place near the ends are those of the local fit itself.
func TestAPreparedSmootherIsTheLocalFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		window := 2*rapid.IntRange(1, 20).Draw(t, "half") + 1
		degree, jump := rapid.IntRange(0, 1).Draw(t, "degree"), rapid.IntRange(1, 5).Draw(t, "jump")
		n := rapid.IntRange(2, 70).Draw(t, "n")
		y := rapid.SliceOfN(rapid.Float64Range(-10, 10), n, n).Draw(t, "y")
		kept, plain := prepared(window, degree, jump), smoother{window: window, degree: degree, jump: jump}
		got, want := make([]float64, n+2), make([]float64, n+2)
		plain.smoothBeyond(y, nil, want)
		for range 2 { // the second time from what the first kept
			kept.smoothBeyond(y, nil, got)
			require.InDeltaSlice(t, want, got, 1e-8)
		}
		plain.smoothBeyond(y[:n-1], nil, want[:n+1])
		kept.smoothBeyond(y[:n-1], nil, got[:n+1])
		require.InDeltaSlice(t, want[:n+1], got[:n+1], 1e-8, "what is kept is for one length")
		plain.smoothBeyond(y, nil, want)
		ones := make([]float64, n)
		for i := range ones {
			ones[i] = 1
		}
		kept.smoothBeyond(y, ones, got)
		require.InDeltaSlice(t, want, got, 1e-8, "weights that are all 1 are none")
	})
}

// A smooth is a mean, so it stays within the range of the data where it is no line, and has their scale and zero.
func TestASmoothIsAMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 60).Draw(t, "n")
		y := rapid.SliceOfN(rapid.Float64Range(-10, 10), n, n).Draw(t, "y")
		s := prepared(2*rapid.IntRange(1, 12).Draw(t, "half")+1, 0, 1)
		out := make([]float64, n)
		s.smooth(y, nil, out)
		lo, hi := series.Extent(y)
		for _, v := range out {
			require.True(t, v >= lo-1e-9 && v <= hi+1e-9)
		}
		scale, shift := rapid.Float64Range(-5, 5).Draw(t, "scale"), rapid.Float64Range(-100, 100).Draw(t, "shift")
		again := make([]float64, n)
		s.smooth(moved(y, shift, scale), nil, again)
		require.InDeltaSlice(t, moved(out, shift, scale), again, 1e-8)
	})
}

// Up to so many cycles the phases are smoothed side by side from a table, beyond it one by one, and the last cycle may be incomplete,
// which makes some phases longer than others: nobody sees where that changes.
func TestPhasesSideBySideAreThoseOneByOne(t *testing.T) {
	for _, cycles := range []int{2, 9, longestMatrix - 1, longestMatrix, longestMatrix + 1, 90} {
		for _, more := range []int{0, 3} {
			x := dayWeek(cycles*12+more, 12, 0, 0.01, 1, uint64(cycles))
			season, trend := stl(x, 12, 11, false)
			f := newSTL(len(x), 12, 11, false, &stlWork{})
			ones, s, m := make([]float64, len(x)), make([]float64, len(x)), make([]float64, len(x))
			for i := range ones {
				ones[i] = 1
			}
			for range 2 {
				f.pass(x, ones, s, m)
			}
			require.InDeltaSlice(t, season, s, 1e-9, "%d cycles and %d", cycles, more)
			require.InDeltaSlice(t, trend, m, 1e-9, "%d cycles and %d", cycles, more)
		}
	}
}

// Twice the values are twice the parts, and what is added is in the trend; the parts add up to the values but for the remainder, which
// has no season left.
func TestPartsFollowTheData(t *testing.T) {
	x := dayWeek(24*21, 24, 4, 0.02, 1, 6)
	d := mstl(x, []int{24, 168}, false, nil)
	again := mstl(moved(x, 30, -2), []int{24, 168}, false, nil)
	require.InDeltaSlice(t, moved(d.trend, 30, -2), again.trend, 1e-8)
	for k := range d.seasons {
		require.InDeltaSlice(t, moved(d.seasons[k], 0, -2), again.seasons[k], 1e-8)
	}
	rest := d.adjusted(x)
	for i := range rest {
		rest[i] -= d.trend[i]
	}
	sum, _ := phases(rest, 24)
	for k, v := range sum {
		require.InDelta(t, 0, v/21, 0.5, "hour %d", k)
	}
	require.Empty(t, mstl(x, nil, false, nil).seasons)
	requireSame(t, x, mstl(x, nil, false, nil).adjusted(x))
}

func TestOutliersGetNoWeight(t *testing.T) {
	y := make([]float64, 50)
	for i := range y {
		y[i] = math.Sin(float64(i) * 1.3)
	}
	y[17] = 40
	zero := make([]float64, len(y))
	w := robustness(y, nil, zero, zero)
	require.Zero(t, w[17])
	for i, v := range w {
		require.True(t, v >= 0 && v <= 1)
		if i != 17 {
			require.Greater(t, v, 0.8, "a wave's own size is no outlier")
		}
	}
	base := make([]float64, len(y))
	for i := range base {
		base[i] = indicator(i != 3)
	}
	require.Zero(t, robustness(y, base, zero, zero)[3], "a missing point stays without weight")
	require.Equal(t, []float64{0, 1, 0, 0, 1}, knownWeights([]float64{math.NaN(), 2, math.NaN(), math.NaN(), 5}))
	require.Nil(t, knownWeights([]float64{1, 2}), "all the same")
}

// In a history of a few days an incident of hours makes every value of its phases an outlier at first: they keep a season all the same,
// and in the end it is that of the days without the incident.
func TestAnIncidentInAShortHistoryLeavesTheSeasonAsItIs(t *testing.T) {
	for _, days := range []int{4, 5, 7, 10} {
		for _, day := range []int{1, days / 2, days - 1} {
			off := 0.0
			for seed := range uint64(10) {
				x := dayWeek(24*days, 24, 0, 0, 0.5, seed)
				for h := 9; h < 12; h++ {
					x[24*day+h] += 100
				}
				d := mstl(x, []int{24}, true, nil)
				for h := 9; h < 12; h++ {
					at := 2 * math.Pi * float64(h) / 24
					off += math.Abs(d.season(24*days+h)-10*math.Sin(at)-4*math.Cos(2*at)) / 30
				}
			}
			require.Less(t, off, 2.0, "%d days, the incident on day %d: of a swing of 28", days, day)
		}
	}
}

func TestAPhaseThatIsNeverSeenHasNoSeason(t *testing.T) {
	x := dayWeek(24*35, 24, 5, 0, 1, 6)
	for i := 51; i < len(x); i += 24 {
		x[i] = math.NaN()
	}
	for _, robust := range []bool{false, true} {
		d := mstl(x, []int{24, 168}, robust, nil)
		require.True(t, finite(d.seasons[0]) && finite(d.seasons[1]))
		require.InDelta(t, 0, d.seasons[0][51+24*5], 2, "robust %v", robust)
	}
}
