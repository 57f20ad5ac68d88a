package detect

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/param"
)

func familyIDs() (ids []string) {
	for _, a := range families() {
		ids = append(ids, a.ID)
	}
	return ids
}

func TestQuietSeriesStayQuiet(t *testing.T) {
	n := 14 * 288
	nan := math.NaN()
	for name, x := range map[string][]float64{
		"constant":      times(n, func(int) float64 { return 5 }),
		"zero":          times(n, func(int) float64 { return 0 }),
		"tiny variance": times(n, func(i int) float64 { return 5 + 1e-13*float64(i%2) }),
		"half missing":  times(n, func(i int) float64 { return []float64{5 + math.Sin(float64(i/2)), nan}[i%2] }),
		"a sine":        times(n, func(i int) float64 { return 20 + math.Sin(2*math.Pi*float64(i)/288) }),
		"white noise":   noise(n, 0, 3),
	} {
		for _, id := range familyIDs() {
			if (id == "previous-period" || id == "same-period") && name == "white noise" {
				continue // a percentage of noise around zero says nothing, which its users know
			}
			t.Run(name+" "+id, func(t *testing.T) {
				out := detectRun(t, Input{Values: x, From: n / 2}, id, nil)
				require.LessOrEqual(t, episodes(out), 1, "of a week")
			})
		}
	}
}

func TestEachFindsWhatItIsFor(t *testing.T) {
	n := 14 * 288
	at := 13*288 + 100
	change := func(x []float64, f func(i int, v float64) float64) []float64 {
		for i := range x {
			x[i] = f(i, x[i])
		}
		return x
	}
	spike := change(daily(n, 1), func(i int, v float64) float64 {
		if i >= at && i < at+6 {
			return v + 150
		}
		return v
	})
	for id, x := range map[string][]float64{
		"mad": spike, "quantile": spike, "same-period": spike, "previous-period": spike, "forecast-residual": spike, "kmeans": spike,
		"isolation-forest": spike,
		"spectral-residual": change(noise(n, 0, 2), func(i int, v float64) float64 {
			if i >= at && i < at+2 {
				return v + 30
			}
			return v
		}),
		"level-shift": change(noise(n, 0.3, 2), func(i int, v float64) float64 {
			if i >= at-50 {
				return v + 2.5 // each point lies within its noise
			}
			return v
		}),
		"matrix-profile": times(n, func(i int) float64 { // a flank that comes at half the speed: every value has been seen
			p := 2 * math.Pi / 24
			if i >= at {
				return math.Sin(p*float64(at) + p/2*float64(i-at))
			}
			return math.Sin(p * float64(i))
		}),
		"flat-line": change(noise(n, 0.3, 2), func(i int, v float64) float64 {
			if i >= at-20 {
				return 0.5
			}
			return v
		}),
		"missing-data": change(noise(n, 0.3, 2), func(i int, v float64) float64 {
			if i >= at-5 && i < at+10 {
				return math.NaN()
			}
			return v
		}),
	} {
		t.Run(id, func(t *testing.T) {
			out := detectRun(t, Input{Values: x, From: 12 * 288}, id, nil)
			require.Positive(t, flagsIn(out, at, at+40), "best score %v", slices.Max(out.Score[at:at+40]))
			require.LessOrEqual(t, flagsIn(out, 12*288, at-60), 1)
		})
	}
}

func TestComparisons(t *testing.T) {
	// 9 days at 12 hours; noon is 100 + day, midnight 10.
	x := times(18, func(i int) float64 { return []float64{10, 100 + float64(i/2)}[i%2] })
	run := func(algorithm string, params map[string]any, dir Direction) *Output {
		return detectRun(t, Input{Values: x, Step: 12 * time.Hour, Direction: dir}, algorithm, params)
	}
	y := run("same-period", nil, Both)
	require.True(t, math.IsNaN(y.Score[1]), "there was no yesterday")
	require.Equal(t, 107.0, y.Expected[17])
	require.InDelta(t, 107*1.5, y.Upper[17], 1e-9)
	require.InDelta(t, 1/(107*.5), y.Score[17], 1e-12)
	w := run("same-period", map[string]any{"with": "last-week", "percent": 5.0}, Both)
	require.Equal(t, 101.0, w.Expected[17])
	require.InDelta(t, 7/5.05, w.Score[17], 1e-9)
	require.True(t, w.Anomalous[17])
	require.False(t, run("same-period", map[string]any{"with": "last-week", "percent": 5.0}, Below).Anomalous[17])
	m := run("same-period", map[string]any{"with": "mean", "days": 3.0, "percent": 10.0, "change": 2.0}, Both)
	require.Equal(t, 106.0, m.Expected[17])
	require.InDelta(t, 106+10.6+2, m.Upper[17], 1e-9)
	v := run("same-period", map[string]any{"with": "interval", "days": 4.0, "percent": 1.0}, Both)
	require.InDelta(t, 10*0.99, v.Lower[17], 1e-9, "the neighbours at midnight are in the interval")
	require.InDelta(t, 107*1.01, v.Upper[17], 1e-9)
	a := run("same-period", map[string]any{"with": "amplitude", "days": 2.0, "percent": 10.0}, Both)
	require.Equal(t, 10.0, a.Expected[17])
	require.InDelta(t, 10+96.5+9.65, a.Upper[17], 1e-9, "changes of 97 and 96 the days before")
	p := run("previous-period", nil, Above)
	require.Equal(t, 10.0, p.Expected[17])
	require.True(t, p.Anomalous[17])
	require.False(t, p.Anomalous[16], "falls are not asked for")
	q := run("previous-period", map[string]any{"with": "mean", "points": 4.0}, Both)
	require.InDelta(t, (10+107+10+106)/4.0, q.Expected[17], 1e-9)
}

func TestAComparisonSkipsWhatIsMissing(t *testing.T) {
	x := []float64{1, 2, math.NaN(), math.NaN(), 4}
	out := detectRun(t, Input{Values: x, Step: 24 * time.Hour}, "previous-period", nil)
	require.True(t, math.IsNaN(out.Score[4]), "three steps ago is no previous point")
	out = detectRun(t, Input{Values: x, Step: 24 * time.Hour}, "previous-period", map[string]any{"with": "mean", "points": 2.0})
	require.Equal(t, 1.5, out.Expected[4], "the newest two known of the last four")
	require.True(t, math.IsNaN(detectRun(t, Input{Values: x, Step: 24 * time.Hour}, "same-period", nil).Expected[4]))
}

func TestTheSameLocalTimeYesterday(t *testing.T) {
	zone, err := calendar.New(calendar.Definition{Timezone: "Europe/Berlin"})
	require.NoError(t, err)
	start := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC) // the clock goes forward in the night to the 29th
	x := times(48, func(i int) float64 { return float64(start.Add(time.Duration(i) * time.Hour).In(zone.Zone()).Hour()) })
	out := detectRun(t, Input{Values: x, Step: time.Hour, Start: start, Calendar: zone}, "same-period", nil)
	require.Equal(t, x[36], out.Expected[36], "noon is compared with noon, 23 hours before")
	blind := detectRun(t, Input{Values: x, Step: time.Hour, Start: start}, "same-period", nil)
	require.NotEqual(t, x[36], blind.Expected[36])
}

func TestAShiftThatLastsIsTheNewLevel(t *testing.T) {
	x := noise(4000, 0, 4)
	for i := 2000; i < len(x); i++ {
		x[i] += 8
	}
	out := detectRun(t, Input{Values: x}, "level-shift", map[string]any{"adopt": "6h"})
	require.Greater(t, flagsIn(out, 2000, 2074), 60)
	require.Zero(t, flagsIn(out, 2080, 4000))
	require.InDelta(t, 8, out.Expected[3000], 0.6)
	require.Zero(t, flagsIn(out, 0, 2000))
}

func TestStandingStill(t *testing.T) {
	x := noise(400, 0, 5)
	for i := range x {
		if i%3 > 0 && i < 300 {
			x[i] = x[i-1] // moves every third point
		}
	}
	for i := 350; i < 400; i++ {
		x[i] = x[349]
	}
	out := detectRun(t, Input{Values: x, Step: time.Minute}, "flat-line", map[string]any{"after": "10m"})
	require.Zero(t, flagsIn(out, 0, 355))
	require.InDelta(t, 1, out.Score[358], 1e-9, "the tenth alike")
	require.Equal(t, 42, flagsIn(out, 355, 400))
	gap := slices.Clone(x)
	for i := 360; i < 380; i++ {
		gap[i] = math.NaN()
	}
	require.False(t, detectRun(t, Input{Values: gap, Step: time.Minute}, "flat-line", map[string]any{"after": "10m"}).Score[380] > 2.3, "a gap is no standing still")
}

func TestMissingData(t *testing.T) {
	x := noise(300, 0, 6)
	for _, g := range [][2]int{{100, 104}, {200, 206}, {250, 300}} {
		for i := g[0]; i < g[1]; i++ {
			x[i] = math.NaN()
		}
	}
	out := detectRun(t, Input{Values: x, Step: time.Minute}, "missing-data", map[string]any{"after": "3m"})
	require.Equal(t, 2, flagsIn(out, 0, 150), "from the third minute of the first gap on")
	require.Zero(t, flagsIn(out, 150, 255), "a gap that is not twice as long as the longest before")
	require.True(t, out.Anomalous[261])
	require.True(t, out.Anomalous[299])
}

func TestAForecastNeedsAsMuchHistoryAsItIsLong(t *testing.T) {
	x := daily(5*288, 4)
	out := detectRun(t, Input{Values: x}, "forecast-residual", map[string]any{"refit": "2d"})
	for i := range 4 * 288 {
		require.True(t, math.IsNaN(out.Expected[i]) && math.IsNaN(out.P[i]), "at %d: two days ahead from less than two days would be a guess, and the first has no past errors", i)
	}
	for i := 4 * 288; i < len(x); i++ {
		require.False(t, math.IsNaN(out.Expected[i]) || math.IsNaN(out.P[i]), "at %d", i)
	}
}

func TestAReferenceNextToNothingIsMeasuredByTheUsualSize(t *testing.T) {
	x := times(200, func(i int) float64 { return []float64{0, 100}[i%2] }) // mean of |value| 50
	out := detectRun(t, Input{Values: x, Step: 12 * time.Hour}, "same-period", map[string]any{"percent": 100.0})
	require.InDelta(t, leastReference*50, out.Upper[100]-out.Expected[100], 0.1, "of a twentieth of it")
	require.Zero(t, out.Score[100])
	x[150] = 4
	out = detectRun(t, Input{Values: x, Step: 12 * time.Hour}, "same-period", map[string]any{"percent": 100.0})
	require.InDelta(t, 4/(leastReference*50), out.Score[150], 0.05)
}

func TestSensitivitiesAreOrdered(t *testing.T) {
	x := daily(14*288, 2)
	for i := 13*288 + 50; i < 13*288+70; i++ {
		x[i] += 40
	}
	for _, a := range families() {
		if !slices.ContainsFunc(a.Params, func(s param.Spec) bool { return s.Name == "sensitivity" }) {
			continue
		}
		var best [3]float64
		for k, s := range []string{"high", "medium", "low"} {
			out := detectRun(t, Input{Values: x, From: 12 * 288}, a.ID, map[string]any{"sensitivity": s})
			best[k] = slices.Max(out.Score[13*288+50 : 13*288+54])
		}
		require.True(t, best[0] > best[1] && best[1] > best[2], "%s: %v", a.ID, best)
	}
}

func TestFamiliesStopWhenTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, id := range familyIDs() {
		_, err := Run(ctx, Input{Values: daily(900, 1), Step: fiveMinutes}, Options{Algorithm: id})
		require.ErrorIs(t, err, context.Canceled, id)
	}
}

func BenchmarkFamilies(b *testing.B) {
	x := noise(28*1440, 0.6, 1)
	for i := range x {
		x[i] += 50 + 20*math.Sin(2*math.Pi*float64(i)/1440)
	}
	for _, id := range append([]string{"dynamic-threshold", "seasonal-residual"}, familyIDs()...) {
		b.Run(id, func(b *testing.B) {
			for b.Loop() {
				if _, err := Run(b.Context(), Input{Values: x, Step: time.Minute}, Options{Algorithm: id}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/point")
		})
	}
}

// A series that all but stands still has a tiny unit: its features stay finite all the same.
func TestFeaturesStayFiniteForASeriesThatHardlyMoved(t *testing.T) {
	x := times(900, func(int) float64 { return 5e-147 })
	for i := 280; i < len(x); i++ { // less than a tenth of the first day
		x[i] = 50 + float64(i%7)
	}
	for _, id := range []string{"kmeans", "isolation-forest"} {
		out := detectRun(t, Input{Values: x}, id, nil)
		for _, s := range out.Score {
			require.False(t, math.IsInf(s, 0), id)
		}
	}
}
