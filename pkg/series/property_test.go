package series

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func drawGrid(t *rapid.T, name string) Grid {
	step := time.Duration(rapid.SampledFrom([]int{1, 7, 60, 300, 3600}).Draw(t, name+" step")) * time.Second
	from := time.Unix(rapid.Int64Range(-1e6, 2e9).Draw(t, name+" from"), rapid.Int64Range(0, 999_999_999).Draw(t, name+" ns"))
	return NewGrid(from, from.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, name+" steps"))*step+time.Duration(rapid.IntRange(0, 999).Draw(t, name+" rest"))*time.Millisecond), step)
}

func TestAGridLiesOnMultiplesOfItsStepWithinItsRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := time.Duration(rapid.SampledFrom([]int{1, 7, 60, 300, 3600, 86400}).Draw(t, "step")) * time.Second
		from := time.Unix(rapid.Int64Range(-1e6, 2e9).Draw(t, "from"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		to := from.Add(time.Duration(rapid.Int64Range(-1e6, 1e7).Draw(t, "length")) * time.Millisecond)
		g := NewGrid(from, to, step)
		require.Zero(t, g.Start.Sub(g.Start.Truncate(step)))
		require.False(t, g.Start.Before(from), "nothing from before")
		require.Less(t, g.Start.Sub(from), step, "and no whole bucket is left out in front")
		require.GreaterOrEqual(t, g.Len, 0)
		if g.Len > 0 {
			require.False(t, g.End().After(to), "only complete buckets")
			require.True(t, g.End().Add(step).After(to), "and all of them")
		}
	})
}

func TestTimesAndIndicesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t, "grid")
		i := rapid.IntRange(-50, 300).Draw(t, "i")
		require.Equal(t, i, g.Index(g.Time(i)))
		require.Equal(t, i, g.Index(g.Time(i).Add(g.Step-1)), "up to its end")
		times := g.Times()
		require.Len(t, times, g.Len)
		for k, at := range times {
			require.Equal(t, g.Time(k), at)
		}
		a, b := rapid.IntRange(0, g.Len).Draw(t, "a"), rapid.IntRange(0, g.Len).Draw(t, "b")
		part := g.Slice(min(a, b), max(a, b))
		require.Equal(t, g.Time(min(a, b)), part.Start)
		require.Equal(t, g.Time(max(a, b)), part.End())
	})
}

// drawSet gives series of some names on a grid, with gaps.
func drawSet(t *rapid.T, g Grid, name string) *Set {
	set := &Set{Grid: g}
	for _, host := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID[string]).Draw(t, name) {
		s := Series{Name: host, Labels: Labels{"host": host}, Values: make([]float64, g.Len)}
		for i := range s.Values {
			s.Values[i] = rapid.SampledFrom([]float64{math.NaN(), 1, 2, -3}).Draw(t, "value")
		}
		set.Series = append(set.Series, s)
	}
	return set
}

func valueAt(s *Set, host string, at time.Time) float64 {
	for _, one := range s.Series {
		if i := s.Grid.Index(at); one.Name == host && i >= 0 && i < s.Grid.Len {
			return one.Values[i]
		}
	}
	return math.NaN()
}

func TestAJoinHasTheNewerValueWhereThereIsOne(t *testing.T) {
	start := time.Unix(0, 0)
	rapid.Check(t, func(t *rapid.T) {
		grid := func(name string) Grid {
			from := rapid.IntRange(0, 10).Draw(t, name+" from")
			return NewGrid(start.Add(time.Duration(from)*time.Minute), start.Add(time.Duration(from+rapid.IntRange(1, 10).Draw(t, name+" n"))*time.Minute), time.Minute)
		}
		older, newer, g := drawSet(t, grid("older"), "older series"), drawSet(t, grid("newer"), "newer series"), grid("whole")
		newer.Notices = []Notice{{Text: "n"}}
		got := Join(older, newer, g)
		require.Equal(t, g, got.Grid)
		require.Equal(t, newer.Notices, got.Notices)
		seen := map[string]bool{}
		for _, s := range got.Series {
			require.False(t, seen[s.Name])
			seen[s.Name] = true
			require.Len(t, s.Values, g.Len)
			for i, v := range s.Values {
				want := valueAt(newer, s.Name, g.Time(i))
				if math.IsNaN(want) {
					want = valueAt(older, s.Name, g.Time(i))
				}
				require.True(t, v == want || math.IsNaN(v) && math.IsNaN(want), "%s at %d: %v, not %v", s.Name, i, v, want)
			}
		}
		for _, s := range append(older.Series, newer.Series...) {
			require.True(t, seen[s.Name], "no series is lost")
		}
	})
}

func TestJoiningLeavesBothAsTheyWere(t *testing.T) {
	g := NewGrid(time.Unix(0, 0), time.Unix(180, 0), time.Minute)
	older := &Set{Grid: g, Series: []Series{{Name: "a", Values: []float64{1, 2, 3}}}}
	newer := &Set{Grid: g, Series: []Series{{Name: "a", Values: []float64{7, 8, 9}}}}
	got := Join(older, newer, g)
	got.Series[0].Values[0] = 100
	require.Equal(t, []float64{1, 2, 3}, older.Series[0].Values)
	require.Equal(t, []float64{7, 8, 9}, newer.Series[0].Values)
}

func TestNamesOfAnySetBecomeUniqueAndStayWhereTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "n")
		list := make([]Series, n)
		count := map[string]int{}
		for i := range list {
			list[i] = Series{Name: rapid.SampledFrom([]string{"x", "y", "x (2)"}).Draw(t, "name")}
			if rapid.Bool().Draw(t, "labelled") {
				list[i].Labels = Labels{"host": rapid.SampledFrom([]string{"1", "2"}).Draw(t, "host")}
			}
			count[list[i].Name]++
		}
		before := append([]Series{}, list...)
		Distinguish(list)
		seen := map[string]bool{}
		for i, s := range list {
			require.False(t, seen[s.Name], "%q twice", s.Name)
			seen[s.Name] = true
			require.Contains(t, s.Name, before[i].Name)
			require.Equal(t, before[i].Labels, s.Labels)
		}
	})
}

func TestShortNamesAreUniqueOrNotShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := make([]Series, rapid.IntRange(0, 6).Draw(t, "n"))
		for i := range list {
			list[i] = Series{Name: fmt.Sprint("full ", i), Labels: rapid.MapOfN(rapid.SampledFrom([]string{"a", "b"}), rapid.SampledFrom([]string{"1", "2", "1 2", ""}), 0, 2).Draw(t, "labels")}
		}
		Abbreviate(list)
		seen := map[string]bool{}
		for _, s := range list {
			require.NotEmpty(t, s.Name)
			require.False(t, seen[s.Name])
			seen[s.Name] = true
		}
	})
}

func TestTheExtentIsFromTheFirstToTheLastKnownValue(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		values      []float64
		first, last int
		ok          bool
	}{
		"all":       {[]float64{1, 2, 3}, 0, 2, true},
		"gaps":      {[]float64{nan, 1, nan, 2, nan}, 1, 3, true},
		"one":       {[]float64{nan, 5}, 1, 1, true},
		"none":      {[]float64{nan, nan}, -1, -1, false},
		"no points": {nil, -1, -1, false},
		"infinite":  {[]float64{inf, 1, -inf}, 1, 1, true},
		"zero":      {[]float64{0}, 0, 0, true},
	} {
		first, last, ok := Series{Values: c.values}.Extent()
		require.Equal(t, []any{c.first, c.last, c.ok}, []any{first, last, ok}, name)
	}
}

func TestMissingIsNotZero(t *testing.T) {
	require.Len(t, Missing(0), 0)
	for _, v := range Missing(3) {
		require.True(t, math.IsNaN(v))
	}
	require.Zero(t, Series{Values: Missing(3)}.Known())
}

func TestLabelsAreWrittenInOrder(t *testing.T) {
	require.Equal(t, `{a="1", b="2", c=""}`, Labels{"c": "", "b": "2", "a": "1"}.String())
	require.Equal(t, "{}", Labels(nil).String())
}
