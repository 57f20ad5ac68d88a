package world

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anchors are moments of the week at which a demo may be started: the incidents must be there at each.
var anchors = []time.Time{
	time.Date(2026, 3, 11, 1, 30, 20, 0, time.UTC),  // Wednesday morning in the world's zone
	time.Date(2026, 3, 13, 9, 0, 0, 0, time.UTC),    // Friday afternoon
	time.Date(2026, 3, 14, 19, 59, 59, 0, time.UTC), // Sunday, before dawn
	time.Date(2026, 11, 16, 13, 7, 0, 0, time.UTC),  // Monday evening
}

func TestTheWorldIsAFunctionOfSeedAnchorAndTime(t *testing.T) {
	one, two, other := New(anchors[0], 7), New(anchors[0].Add(20*time.Second), 7), New(anchors[0], 8)
	require.Equal(t, one.Anchor(), two.Anchor(), "anchors are cut to the minute")
	a, b, c := one.Walk(), two.Walk(), other.Walk()
	differ := 0
	for range 3000 {
		a.Next()
		b.Next()
		c.Next()
		for i, v := range a.Values() {
			if math.IsNaN(v) {
				require.True(t, math.IsNaN(b.Values()[i]))
				continue
			}
			require.Equal(t, v, b.Values()[i])
			if v != c.Values()[i] {
				differ++
			}
		}
	}
	require.Greater(t, differ, 3000*100, "another seed is another world")
	rapid.Check(t, func(t *rapid.T) {
		when := one.Start().Add(time.Duration(rapid.Int64Range(0, int64(40*24*time.Hour)).Draw(t, "after")))
		require.Equal(t, one.Orders(when), two.Orders(when))
		require.Equal(t, one.Logs(when), two.Logs(when))
	})
}

func TestAWalkCoversFourWeeksAndGoesOn(t *testing.T) {
	w := New(anchors[0], 1)
	require.Equal(t, 28*24*time.Hour, w.Anchor().Sub(w.Start()))
	k := w.Walk()
	require.Equal(t, w.Start(), k.Time())
	k.To(w.Start().Add(90 * time.Second))
	require.Equal(t, w.Start().Add(2*time.Minute), k.Time(), "to the next whole minute")
	k.To(w.Start())
	require.Equal(t, w.Start().Add(2*time.Minute), k.Time(), "never back")
}

func TestBetweenMinutesValuesAreInterpolated(t *testing.T) {
	w := New(anchors[0], 1)
	k := w.Walk()
	before := append([]float64(nil), k.Values()...)
	k.Next()
	out := make([]float64, len(before))
	k.Between(k.Time(), out)
	require.Equal(t, k.Values(), out)
	k.Between(k.Time().Add(-45*time.Second), out)
	for i, v := range out {
		require.InDelta(t, before[i]+(k.Values()[i]-before[i])/4, v, 1e-9*math.Abs(v)+1e-9)
	}
}

func TestNoiseIsCentredAndAutocorrelated(t *testing.T) {
	w := New(anchors[0], 3)
	const n = 40000
	x := make([]float64, n)
	var mean, variance, lag, hour float64
	for i := range x {
		x[i] = w.noise(streamOf("test"), int64(i))
		mean += x[i] / n
	}
	for i := range x {
		variance += (x[i] - mean) * (x[i] - mean) / n
		if i >= 60 {
			lag += (x[i] - mean) * (x[i-1] - mean) / n
			hour += (x[i] - mean) * (x[i-60] - mean) / n
		}
	}
	require.InDelta(t, 0, mean, 0.1)
	require.InDelta(t, 0.9, variance, 0.3)
	require.Greater(t, lag/variance, 0.6, "a minute's neighbours are alike")
	require.Less(t, lag/variance, 0.97, "and not the same")
	require.Less(t, hour/variance, lag/variance-0.3)
}

func TestCountsHaveTheirMeanAndAPoissonSpread(t *testing.T) {
	w := New(anchors[0], 3)
	for _, mean := range []float64{0, 0.02, 0.7, 5, 60, 9000} {
		const n = 30000
		var sum, squares float64
		for i := range int64(n) {
			v := w.count(streamOf("count"), i, mean)
			require.GreaterOrEqual(t, v, 0.0)
			require.Equal(t, math.Trunc(v), v)
			sum, squares = sum+v, squares+v*v
		}
		got := sum / n
		require.InDelta(t, mean, got, 0.03*mean+0.005, "mean %g", mean)
		require.InDelta(t, mean, squares/n-got*got, 0.1*mean+0.005, "variance of mean %g", mean)
	}
}

func TestDaysAndWeeksHaveTheirShape(t *testing.T) {
	at := func(text string) minute {
		when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		require.NoError(t, err)
		return minuteOf(when)
	}
	require.InDelta(t, 15.5, hourOf(at("2026-03-11 15:30")), 1e-9)
	require.InDelta(t, 0, hourOf(at("2026-03-11 00:00")), 1e-9)
	require.Greater(t, office(at("2026-03-11 15:30")), 0.85)
	require.Less(t, office(at("2026-03-11 03:30")), 0.15)
	require.Greater(t, evening(at("2026-03-11 20:30")), evening(at("2026-03-11 15:30")))
	require.InDelta(t, 1, week(at("2026-03-11 12:00"), 0.5), 1e-9, "Wednesday")
	require.InDelta(t, 0.5, week(at("2026-03-14 12:00"), 0.5), 1e-9, "Saturday")
	edge := week(at("2026-03-14 00:00"), 0.5)
	require.True(t, edge > 0.5 && edge < 1, "midnight is blended")
	require.InDelta(t, 1, peak(at("2026-03-11 23:30"), 23.5, 1), 1e-9)
	require.InDelta(t, peak(at("2026-03-11 22:30"), 23.5, 1), peak(at("2026-03-12 00:30"), 23.5, 1), 1e-9, "around midnight as well")
}

func TestFloorDivision(t *testing.T) {
	for _, c := range []struct{ a, b, quotient, rest int64 }{{7, 3, 2, 1}, {-7, 3, -3, 2}, {-6, 3, -2, 0}, {0, 5, 0, 0}} {
		require.Equal(t, c.quotient, floorDiv(c.a, c.b))
		require.Equal(t, c.rest, floorMod(c.a, c.b))
	}
}
