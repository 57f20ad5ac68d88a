package frame

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// course is a forecast of one series whose every value is a place on the grid, so that a value tells where it is from.
func course(past, ahead, most int) *query.Answer {
	a := &query.Answer{Query: &query.Query{Type: query.Forecast, Output: query.All, MaxDataPoints: most}, Past: past}
	a.Grid = series.Grid{Start: time.Unix(0, 0).UTC(), Step: time.Minute, Len: past + ahead}
	a.AsOf = a.Grid.Time(past)
	r := query.Result{Name: "a", Actual: make([]float64, past), Forecast: make([]float64, ahead)}
	for i := range r.Actual {
		r.Actual[i] = float64(i)
	}
	for i := range r.Forecast {
		r.Forecast[i] = float64(past + i)
	}
	a.Results = []query.Result{r}
	return a
}

func minutes(f *data.Frame) (out []int) {
	for i := range f.Fields[0].Len() {
		out = append(out, int(f.Fields[0].At(i).(time.Time).Unix()/60))
	}
	return out
}

func values(f *data.Field) (out []float64) {
	for i := range f.Len() {
		if v := f.At(i).(*float64); v == nil {
			out = append(out, math.NaN())
		} else {
			out = append(out, *v)
		}
	}
	return out
}

func TestANarrowPanelGetsTheExtremesOfEachStretchInTheirOrder(t *testing.T) {
	a := course(22, 6, 14) // two points for each row: stretches of four
	a.Results[0].Actual[7], a.Results[0].Actual[9] = 100, -100
	a.Results[0].Actual[13], a.Results[0].Actual[14] = math.NaN(), math.NaN()
	f := Frames(a, false)[0]
	require.Equal(t, []int{0, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20, 21, 22, 24, 26, 27}, minutes(f), "what is left over comes first, the newest is point by point")
	gone := math.NaN()
	require.InDeltaSlice(t, []float64{0, 1, 2, 5, 100, -100, 10, 12, 15, 17, 18, 19, 20, 21, gone, gone, gone, gone}, values(f.Fields[1]), 0)
	require.InDeltaSlice(t, []float64{gone, gone, gone, gone, gone, gone, gone, gone, gone, gone, gone, gone, gone, gone, 22, 25, 26, 27}, values(f.Fields[2]), 0)
}

func TestASpikeIsSeenWhereverItIs(t *testing.T) {
	for at := range 1000 {
		a := course(1000, 0, 100)
		for i := range a.Results[0].Actual {
			a.Results[0].Actual[i] = 1
		}
		a.Results[0].Actual[at] = 50
		f := Frames(a, false)[0]
		require.Less(t, f.Rows(), 150)
		got := values(f.Fields[1])
		k := slices.Index(got, 50)
		require.GreaterOrEqual(t, k, 0, "at %d", at)
		require.InDelta(t, at, minutes(f)[k], 20, "and not far from where it was")
	}
}

func TestOnlyWhatIsLookedAtHasFewerRows(t *testing.T) {
	for name, c := range map[string]struct {
		output query.Output
		most   int
		rows   int
	}{
		"a panel that is wide enough":      {query.All, 120, 120},
		"nobody asks for less":             {query.All, 0, 120},
		"a single output":                  {query.Actual, 10, 120},
		"a single output with a future":    {query.Upper, 10, 120},
		"a panel half as wide":             {query.All, 60, 60 + 4},
		"a panel of one point":             {query.All, 1, 120}, // one stretch each for past and future, both the newest
		"the parts that a series is of":    {query.Components, 60, 60 + 4},
		"what was said before, in a panel": {query.Hindcasts, 60, 60 + 4},
	} {
		t.Run(name, func(t *testing.T) {
			a := course(100, 20, c.most)
			a.Query.Output = c.output
			a.Results[0].Upper = a.Results[0].Actual
			require.Equal(t, c.rows, Frames(a, false)[0].Rows())
		})
	}
}

// within gives the extremes of the values at the grid's points [from, to), and how many are known.
func within(values []float64, from, to int) (low, high float64, n int) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values[from:to] {
		if !math.IsNaN(v) {
			low, high, n = min(low, v), max(high, v), n+1
		}
	}
	return low, high, n
}

func TestFewerRowsShowTheSameLowsAndHighsAtTheirPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		past, ahead, most := rapid.IntRange(1, 300).Draw(t, "past"), rapid.IntRange(0, 100).Draw(t, "ahead"), rapid.IntRange(1, 200).Draw(t, "most")
		a := course(past, ahead, most)
		every := rapid.IntRange(1, 40).Draw(t, "a gap at every")
		for i := range a.Results[0].Actual {
			if a.Results[0].Actual[i] = rapid.Float64Range(-10, 10).Draw(t, "value"); i%every == every-1 {
				a.Results[0].Actual[i] = math.NaN()
			}
		}
		f := Frames(a, false)[0]
		at, n := minutes(f), past+ahead
		require.True(t, slices.IsSorted(at))
		require.Equal(t, len(at), len(slices.Compact(slices.Clone(at))), "no time twice")
		require.Zero(t, at[0])
		require.Equal(t, n-1, at[len(at)-1], "the end is where it was")
		if ahead > 0 {
			require.Contains(t, at, past, "the future begins where it did")
		}
		width := 2 * ((n + most - 1) / most)
		require.LessOrEqual(t, len(at), max(n/(width/2)+2*width+4, most))
		full := append(slices.Clone(a.Results[0].Actual), series.Missing(ahead)...)
		got := values(f.Fields[1])
		for _, s := range layoutOf(a).stretches {
			low, high, known := within(full, s.from, s.to)
			gotLow, gotHigh, rows := within(got, s.row, s.row+min(s.to-s.from, 2))
			require.Equal(t, known > 0, rows > 0, "a gap is one only where nothing is known")
			if known > 0 {
				require.Equal(t, []float64{low, high}, []float64{gotLow, gotHigh})
			}
		}
		newest := slices.Index(at, past-1)
		require.GreaterOrEqual(t, newest, 0)
		require.InDeltaSlice(t, full[past-1:past], got[newest:newest+1], 0, "the newest value is what it is")
	})
}

func TestStretchesCoverTheGridOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		past, ahead := rapid.IntRange(1, 5000).Draw(t, "past"), rapid.IntRange(0, 3000).Draw(t, "ahead")
		a := course(past, ahead, rapid.IntRange(1, past+ahead).Draw(t, "most"))
		l := layoutOf(a)
		next, row := 0, 0
		for _, s := range l.stretches {
			require.Equal(t, []int{next, row}, []int{s.from, s.row})
			require.Greater(t, s.to, s.from)
			require.False(t, s.from < past && s.to > past, "past and future are not mixed")
			next, row = s.to, row+min(s.to-s.from, 2)
		}
		if l.stretches != nil {
			require.Equal(t, []int{past + ahead, l.rows}, []int{next, row})
		}
	})
}

// Grafana puts a gap between two rows that are further apart than the time field says rows are; a line is then a row of lone points.
func TestRowsAreNeverFurtherApartThanTheTimeFieldSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := course(rapid.IntRange(1, 300).Draw(t, "past"), rapid.IntRange(0, 100).Draw(t, "ahead"), rapid.IntRange(1, 400).Draw(t, "most"))
		f := Frames(a, false)[0]
		said := time.Duration(f.Fields[0].Config.Interval) * time.Millisecond
		require.GreaterOrEqual(t, said, a.Grid.Step)
		far := a.Grid.Step
		for i := 1; i < f.Fields[0].Len(); i++ {
			far = max(far, f.Fields[0].At(i).(time.Time).Sub(f.Fields[0].At(i-1).(time.Time)))
		}
		require.Equal(t, far, said)
	})
}
