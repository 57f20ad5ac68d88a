package query

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

func TestTheCachesAreCountedAndCleared(t *testing.T) {
	l := newLab(t)
	require.Equal(t, CacheStats{}, l.CacheStats())
	l.ask(`{"source":{"kind":"prometheus","expr":"x"},"interval":"1h","model":{"algorithm":"ets"}}`, -time.Hour, 0)
	s := l.CacheStats()
	require.Equal(t, []int{2, 1}, []int{s.Fits, s.Reads}, "a fit for each series, one read")
	require.Greater(t, s.FitBytes, int64(1000))
	require.Greater(t, s.ReadBytes, int64(2*8*336))
	l.ClearCache()
	require.Equal(t, CacheStats{}, l.CacheStats())
}

func TestADetectorIsScoredAtSeveralWidthsOfItsBand(t *testing.T) {
	q, err := Parse([]byte(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"interval":"1h","trainingWindow":"10d","model":{"algorithm":"mad"}}`), Defaults{})
	require.NoError(t, err)
	g := series.NewGrid(began.Add(-10*24*time.Hour), began, time.Hour)
	s := series.Series{Name: "a", Values: make([]float64, g.Len)}
	for i := range s.Values {
		s.Values[i] = 50 + rhythm(0, g.Time(i))/10
	}
	s.Values[g.Len-1] = 200
	out, err := q.Score(t.Context(), g, s, Beside{}, g.Len/2, 1, 2, 4)
	require.NoError(t, err)
	require.Len(t, out, 3)
	last := g.Len - 1
	for k := 1; k < 3; k++ {
		require.InDelta(t, 2*(out[k-1].Upper[last]-out[k-1].Expected[last]), out[k].Upper[last]-out[k].Expected[last], 1e-9)
		require.Less(t, out[k].Score[last], out[k-1].Score[last])
	}
	require.True(t, math.IsNaN(out[0].Score[g.Len/2-1]), "what lies before is learnt from only")
	_, err = q.Score(t.Context(), g, series.Series{Name: "a", Values: series.Missing(g.Len)}, Beside{}, 0, 1)
	require.ErrorIs(t, err, detect.ErrTooShort)
	q.Model.Options = map[string]any{"odd": 1}
	_, err = q.Score(t.Context(), g, s, Beside{}, 0, 1)
	require.ErrorContains(t, err, "series a: ")
}

func TestATrainingReadsEachSourceOfAComposite(t *testing.T) {
	l := newLab(t)
	q, err := Parse([]byte(joined), Defaults{})
	require.NoError(t, err)
	sets, err := l.ReadFor(t.Context(), q, began.Add(25*time.Minute), 48*time.Hour)
	require.NoError(t, err)
	require.Len(t, sets, 2)
	for k, expr := range []string{"a", "b"} {
		require.Equal(t, expr, l.source.asked[k].Spec.Expr)
		require.Equal(t, began, l.source.asked[k].To, "complete buckets only")
		require.Equal(t, 48, sets[k].Grid.Len)
	}
	q.Sources[1].Spec = source.Spec{Kind: source.MySQL, RawSQL: "SELECT 1"}
	_, err = l.ReadFor(t.Context(), q, began, 48*time.Hour)
	require.ErrorIs(t, err, source.ErrNotConfigured)
}

func TestATrainingReadsPastTheCacheOfPanels(t *testing.T) {
	l := newLab(t)
	q, err := Parse([]byte(`{"queryType":"series","source":{"kind":"prometheus","expr":"x"},"interval":"1h"}`), Defaults{})
	require.NoError(t, err)
	_, err = l.Execute(t.Context(), q, Range{began.Add(-48 * time.Hour), began})
	require.NoError(t, err)
	l.source.value = func(int, time.Time) float64 { return 7 }
	sets, err := l.ReadFor(t.Context(), q, began, 24*time.Hour)
	require.NoError(t, err)
	require.Equal(t, 7.0, sets[0].Series[0].Values[0])
	require.Equal(t, 1, l.CacheStats().Reads, "and leaves nothing in it")
}

func TestLabelledStretchesOfASeriesAreExcludedForItAlone(t *testing.T) {
	q := &Query{}
	require.Nil(t, q.calendarOf(series.Labels{"host": "a"}), "no model, no labels")
	from := began.Add(-5 * time.Hour)
	q.trained = &Trained{Unlearnt: []Unlearnt{{Series: series.Labels{"host": "a"}, From: from, To: from.Add(2 * time.Hour)}, {From: began.Add(-time.Hour), To: began}}}
	g := series.NewGrid(from, began, time.Hour)
	gone := func(host string) (out []int) {
		for i, v := range q.calendarOf(series.Labels{"host": host}).Learn(g, make([]float64, g.Len)) {
			if math.IsNaN(v) {
				out = append(out, i)
			}
		}
		return out
	}
	require.Equal(t, []int{0, 1, 4}, gone("a"))
	require.Equal(t, []int{4}, gone("b"), "a label without a series holds for all")
}

func TestAFitOnRequestForAModelDoesNotLearnWhatWasLabelled(t *testing.T) {
	l := newLab(t)
	bad := l.badDay()
	trained := l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	trained.Series = map[string]*TrainedSeries{} // a series that is newer than the model
	wide := l.ask(byName, -time.Hour, 0).Results[0]
	trained.Unlearnt = []Unlearnt{{Series: series.Labels{"host": "h0"}, From: bad, To: bad.Add(24 * time.Hour)}}
	narrow := l.ask(byName, -time.Hour, 0).Results
	require.Less(t, narrow[0].ForecastUp[0]-narrow[0].ForecastLo[0], (wide.ForecastUp[0]-wide.ForecastLo[0])/3)
	require.Greater(t, narrow[1].ForecastUp[0]-narrow[1].ForecastLo[0], (wide.ForecastUp[0]-wide.ForecastLo[0])/3, "the other host has no label")
}
