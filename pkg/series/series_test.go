package series

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAGridHoldsCompleteBucketsOnly(t *testing.T) {
	for name, c := range map[string]struct{ from, to, start, n int64 }{
		"aligned": {600, 1200, 600, 2}, "starts between": {601, 1200, 900, 1}, "ends between": {600, 1199, 600, 1}, "too short": {601, 899, 900, 0}, "empty": {600, 600, 600, 0}, "backwards": {1200, 600, 1200, 0},
	} {
		g := NewGrid(time.Unix(c.from, 0), time.Unix(c.to, 0), 5*time.Minute)
		require.Equal(t, c.start, g.Start.Unix(), name)
		require.EqualValues(t, c.n, g.Len, name)
	}
}

func TestIndexIsTheBucketThatHoldsATime(t *testing.T) {
	g := NewGrid(time.Unix(0, 0), time.Unix(6000, 0), time.Minute)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.Int64Range(-10_000, 10_000).Draw(t, "seconds")
		i := g.Index(time.Unix(s, 0))
		require.False(t, time.Unix(s, 0).Before(g.Time(i)))
		require.True(t, time.Unix(s, 0).Before(g.Time(i+1)))
	})
}

func TestJoinTakesTheNewerValueAndKeepsGaps(t *testing.T) {
	nan := math.NaN()
	grid := func(from, to int64) Grid { return NewGrid(time.Unix(from*60, 0), time.Unix(to*60, 0), time.Minute) }
	older := &Set{Grid: grid(0, 4), Series: []Series{{Name: "a", Labels: Labels{"l": "a"}, Values: []float64{1, 2, nan, 4}}}}
	newer := &Set{Grid: grid(2, 6), Series: []Series{{Name: "a", Labels: Labels{"l": "a"}, Values: []float64{3, nan, 5, 6}}, {Name: "b", Labels: Labels{"l": "b"}, Values: []float64{nan, 7, 8, nan}}}, Executed: "q"}
	got := Join(older, newer, grid(1, 6))
	require.Equal(t, []float64{2, 3, 4, 5, 6}, got.Series[0].Values)
	require.Equal(t, []float64{7, 8}, got.Series[1].Values[2:4])
	require.True(t, math.IsNaN(got.Series[1].Values[0]) && math.IsNaN(got.Series[1].Values[4]))
	require.Equal(t, "q", got.Executed)
}

func TestNamesBecomeUnique(t *testing.T) {
	list := []Series{{Name: "x", Labels: Labels{"h": "1"}}, {Name: "x", Labels: Labels{"h": "2"}}, {Name: "y"}, {Name: "y"}, {Name: "z"}}
	Distinguish(list)
	seen := map[string]bool{}
	for _, s := range list {
		require.False(t, seen[s.Name])
		seen[s.Name] = true
	}
	require.Equal(t, `x {h="1"}`, list[0].Name)
	require.Equal(t, "z", list[4].Name)
}

func TestKnownCountsFiniteValues(t *testing.T) {
	require.Equal(t, 2, Series{Values: []float64{1, math.NaN(), math.Inf(1), 2}}.Known())
}

func TestSliceShares(t *testing.T) {
	s := &Set{Grid: NewGrid(time.Unix(0, 0), time.Unix(300, 0), time.Minute), Series: []Series{{Values: []float64{0, 1, 2, 3, 4}}}}
	part := s.Slice(1, 3)
	require.Equal(t, []float64{1, 2}, part.Series[0].Values)
	require.Equal(t, time.Unix(60, 0).UTC(), part.Grid.Start.UTC())
	require.Len(t, s.Series[0].Values, 5)
}

func TestLabelsOfOneAndOfMany(t *testing.T) {
	l := Labels{"host": "a", "job": "node", "empty": ""}
	for name, c := range map[string]struct {
		other Labels
		want  bool
	}{
		"none":                {nil, true},
		"one of them":         {Labels{"host": "a"}, true},
		"all":                 {Labels{"host": "a", "job": "node", "empty": ""}, true},
		"another value":       {Labels{"host": "b"}, false},
		"one it lacks":        {Labels{"disk": "/"}, false},
		"one it lacks, empty": {Labels{"disk": ""}, false},
		"one that is empty":   {Labels{"empty": ""}, true},
	} {
		require.Equal(t, c.want, l.Has(c.other), name)
	}
}
