package train

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/store"
)

func nothing(store.Progress) {}

func TestATrainingTellsPeopleWhatItFoundOfEachSeries(t *testing.T) {
	w := made(t)
	var seen []store.Progress
	b, err := w.build(t.Context(), compiled(t, forecastOf("cpu")), nil, func(p store.Progress) { seen = append(seen, p) })
	require.NoError(t, err)
	require.Equal(t, []any{noon, noon.Add(-10 * 24 * time.Hour)}, []any{b.to, b.from})
	require.Len(t, b.version.Results, 2)
	for k, r := range b.version.Results {
		require.Equal(t, []any{"ets", 240, 0, []string{"24h"}}, []any{r.Algorithm, r.Points, r.Gaps, r.Seasons})
		require.Equal(t, map[string]string{"host": r.Name}, r.Labels)
		require.NotEmpty(t, r.Reason)
		require.Less(t, *r.MASE, *r.TwinMASE, "the noise of a day before is not repeated")
		require.InDelta(t, 1 - *r.MASE / *r.TwinMASE, *r.Skill, 1e-9)
		require.InDelta(t, 0.95, *r.Coverage, 0.06)
		s := b.version.Series[k]
		require.Equal(t, noon, s.State.End())
		require.Equal(t, 240, s.Points)
	}
	require.Equal(t, 2, b.version.Summary.Series)
	require.Equal(t, 480, b.version.Summary.Points)
	require.Equal(t, "reading the source", seen[0].Current)
	require.Equal(t, store.Progress{Total: 2}, seen[1], "how much there is to do is known before the first is done")
	require.Equal(t, []int{2, 2}, []int{seen[len(seen)-1].Done, seen[len(seen)-1].Total})
}

func TestASeriesThatIsTooShortIsSaidToBeAndDoesNotStopTheOthers(t *testing.T) {
	w := made(t)
	w.metrics.value = func(host int, at time.Time) float64 {
		if host == 1 && at.Before(noon.Add(-3*time.Hour)) {
			return math.NaN()
		}
		return rhythm(host, at)
	}
	b, err := w.build(t.Context(), compiled(t, forecastOf("cpu")), nil, nothing)
	require.NoError(t, err)
	require.NotNil(t, b.version.Series[0].State)
	short := b.version.Results[1]
	require.Equal(t, []any{"", 3, 237}, []any{short.Algorithm, short.Points, short.Gaps})
	require.Contains(t, short.Reason, "too few points")
	require.Nil(t, short.MASE)
	require.Nil(t, b.version.Series[1].State)
	require.NotNil(t, b.version.Summary.Error.MASE, "the figures are those of the series that have some")
}

func TestNothingToLearnFromIsAnError(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 0
	for _, d := range []model.Definition{forecastOf("a"), anomalyOf("a", 1), warningOf("a")} {
		_, err := w.build(t.Context(), compiled(t, d), nil, nothing)
		require.ErrorIs(t, err, ErrNoSeries)
	}
}

func TestLabelledStretchesAreNotLearntFrom(t *testing.T) {
	w := made(t)
	from := noon.Add(-3 * 24 * time.Hour)
	w.metrics.value = func(host int, at time.Time) float64 {
		if !at.Before(from) && at.Before(from.Add(24*time.Hour)) {
			return 500
		}
		return rhythm(host, at)
	}
	label := []store.Label{{Series: map[string]string{"host": "h0"}, From: from, To: from.Add(24 * time.Hour), Kind: "incident"}}
	b, err := w.build(t.Context(), compiled(t, forecastOf("cpu")), label, nothing)
	require.NoError(t, err)
	require.Equal(t, 24, b.version.Results[0].Gaps)
	require.Equal(t, 0, b.version.Results[1].Gaps, "the label names the other host")
	without, err := b.version.Series[0].State.Result(12, 0.95)
	require.NoError(t, err)
	with, err := b.version.Series[1].State.Result(12, 0.95)
	require.NoError(t, err)
	for h := range without.Mean {
		at := noon.Add(time.Duration(h) * time.Hour)
		require.InDelta(t, rhythm(0, at), without.Mean[h], 5, "as if the incident had not been")
	}
	require.Greater(t, with.Upper[0]-with.Lower[0], 2*(without.Upper[0]-without.Lower[0]), "what was learnt from makes the band wide")
}

func TestWhichSeriesAndPointsALabelCovers(t *testing.T) {
	g := series.NewGrid(noon, noon.Add(6*time.Hour), time.Hour)
	values := []float64{0, 1, 2, 3, 4, 5}
	at := func(h float64) time.Time { return noon.Add(time.Duration(h * float64(time.Hour))) }
	for name, c := range map[string]struct {
		label map[string]string
		from  float64
		to    float64
		gone  []int
	}{
		"a stretch":              {map[string]string{"host": "a"}, 1, 3, []int{1, 2}},
		"parts of buckets":       {map[string]string{"host": "a"}, 1.5, 3.5, []int{1, 2, 3}},
		"no labels mean all":     {nil, 0, 1, []int{0}},
		"another series":         {map[string]string{"host": "b"}, 0, 6, nil},
		"a label it lacks":       {map[string]string{"host": "a", "disk": "x"}, 0, 6, nil},
		"a label it has empty":   {map[string]string{"disk": ""}, 0, 6, nil},
		"one of its labels":      {map[string]string{"job": "node"}, 5, 9, []int{5}},
		"before the data":        {nil, -9, -1, nil},
		"over the beginning":     {nil, -9, 1, []int{0}},
		"after the data":         {nil, 6, 9, nil},
		"longer than everything": {nil, -9, 99, []int{0, 1, 2, 3, 4, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			s := series.Series{Labels: series.Labels{"host": "a", "job": "node"}, Values: values}
			got := without(g, s, []store.Label{{Series: c.label, From: at(c.from), To: at(c.to)}})
			var gone []int
			for i, v := range got {
				if math.IsNaN(v) {
					gone = append(gone, i)
				}
			}
			require.Equal(t, c.gone, gone)
			require.Equal(t, []float64{0, 1, 2, 3, 4, 5}, values, "what was read is not changed")
		})
	}
}

func TestQueriesOfTheVersionDoNotLearnFromWhatWasLabelled(t *testing.T) {
	w := made(t)
	bad := noon.Add(-4 * 24 * time.Hour)
	w.metrics.value = func(host int, at time.Time) float64 {
		if !at.Before(bad) && at.Before(bad.Add(30*time.Hour)) {
			return rhythm(host, at) + 40
		}
		return rhythm(host, at)
	}
	w.trained(anomalyOf("cpu", 0))
	band := func() float64 {
		q, err := query.Resolve(t.Context(), []byte(`{"model":{"name":"cpu"}}`), query.Defaults{}, w)
		require.NoError(t, err)
		a, err := w.engine.Execute(t.Context(), q, query.Range{From: noon.Add(-12 * time.Hour), To: noon})
		require.NoError(t, err)
		wide := 0.0
		for i := range a.Results[0].Upper {
			wide += a.Results[0].Upper[i] - a.Results[0].Lower[i]
		}
		return wide / float64(len(a.Results[0].Upper))
	}
	before := band()
	require.NoError(t, w.kept.AddLabel(t.Context(), &store.Label{Model: "cpu", Series: map[string]string{"host": "h0"}, From: bad, To: bad.Add(30 * time.Hour), Kind: "incident"}, store.Entry{Who: "anna", Action: "label.add"}))
	require.InDelta(t, before, band(), 1e-9, "the live version is as it was trained")
	w.ask("cpu", ByUser)
	require.Equal(t, store.Done, w.turn().State)
	require.Less(t, band(), before, "the next one knows that it was an incident")
}

func TestLabelsFromBeforeTheTrainingDataAreNotKept(t *testing.T) {
	label := func(h int) store.Label {
		return store.Label{From: noon.Add(time.Duration(h) * time.Hour), To: noon.Add(time.Duration(h+1) * time.Hour)}
	}
	got := unlearnt([]store.Label{label(-5), label(0), label(5)}, noon)
	require.Len(t, got, 2)
	require.Equal(t, noon, got[0].From)
}

func TestAPanicOverOneSeriesIsAnError(t *testing.T) {
	w := made(t)
	err := w.each(t.Context(), 4, true, func(_ context.Context, i int) error {
		if i == 2 {
			var none []int
			_ = none[i]
		}
		return nil
	})
	require.ErrorContains(t, err, "series 2: internal error")
	require.ErrorIs(t, w.each(t.Context(), 2, true, func(context.Context, int) error { return errors.ErrUnsupported }), errors.ErrUnsupported)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, w.each(ctx, 2, true, func(context.Context, int) error { return nil }), context.Canceled)
}

func TestABudgetWidensTheBandUntilItIsKept(t *testing.T) {
	w := made(t)
	w.metrics.value = spikes(53*time.Hour, rhythm)
	threshold := func(budget float64) float64 {
		b, err := w.build(t.Context(), compiled(t, anomalyOf("cpu", budget)), nil, nothing)
		require.NoError(t, err)
		return b.version.Summary.Threshold
	}
	require.Equal(t, 1.0, threshold(0), "no budget: the detector's own band")
	require.Equal(t, 1.0, threshold(1000), "a band is not narrowed to fill a budget")
	tight := threshold(0.1)
	require.Greater(t, tight, 1.0)
	require.GreaterOrEqual(t, tight, threshold(5))
}

// Alerts are counted where there is something to compare with. Were days counted in which there was nothing, a metric that is a few
// days old would seem quiet, and a model of it would alert far more often than it may.
func TestTheBudgetOfAYoungMetricIsKeptOverTheDaysThatThereAre(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 1
	w.metrics.value = since(noon.Add(-9*24*time.Hour), spikes(53*time.Hour, rhythm))
	d := anomalyOf("cpu", 1) // and the spikes come three times a week
	b, err := w.build(t.Context(), compiled(t, d), nil, nothing)
	require.NoError(t, err)
	r, err := w.Replay(t.Context(), compiled(t, d), nil, 28, -1)
	require.NoError(t, err)
	require.Equal(t, r.Threshold, b.version.Summary.Threshold, "the replay shows what the training sets")
	require.LessOrEqual(t, r.PerWeek, 1.0)

	c := compiled(t, d)
	sets, err := w.engine.ReadFor(t.Context(), c.Query, noon, c.Query.TrainingWindow+budgetWindow)
	require.NoError(t, err)
	from := sets[0].Grid.Time(w.scoredFrom(sets[0], c))
	require.Equal(t, noon.Add(-6*24*time.Hour), from, "after the first third of nine days")
	c.Definition.AlertBudget = 0
	require.Equal(t, noon.Add(-5*24*time.Hour), sets[0].Grid.Time(w.scoredFrom(sets[0], c)), "without a budget, the newer half of the training window is scored")
}

func TestFromWhenOnThereIsEnough(t *testing.T) {
	g := series.NewGrid(noon, noon.Add(30*24*time.Hour), time.Hour)
	from := func(day int) series.Series {
		s := series.Series{Values: series.Missing(g.Len)}
		for i := day * 24; i < g.Len; i++ {
			s.Values[i] = 1
		}
		return s
	}
	for name, c := range map[string]struct {
		list  []series.Series
		known float64 // days
		start float64 // days after the beginning
	}{
		"a long history":      {[]series.Series{from(0)}, 30, 7},
		"a short one":         {[]series.Series{from(21)}, 9, 24},
		"the oldest counts":   {[]series.Series{from(21), from(12)}, 18, 18},
		"an empty one is not": {[]series.Series{from(30), from(21)}, 9, 24},
		"none":                {nil, 0, 30},
	} {
		known, start := enough(&series.Set{Grid: g, Series: c.list}, 7*24*time.Hour)
		require.InDelta(t, c.known, known.Hours()/24, 1e-9, name)
		require.InDelta(t, c.start, start.Sub(noon).Hours()/24, 1e-9, name)
	}
}

func TestThresholdsKeepToTheBudgetOverAllSeries(t *testing.T) {
	scales := evaluate.Scales()
	counts := func(n ...int) []int { // at scale k; the rest is 0
		return append(n, make([]int, len(scales)-len(n))...)
	}
	week := 7 * 24 * time.Hour
	for name, c := range map[string]struct {
		counts [][]int
		over   time.Duration
		budget float64
		want   float64
	}{
		"within as it is":              {[][]int{counts(1)}, week, 1, scales[0]},
		"over the half of a week":      {[][]int{counts(1)}, week / 2, 1, scales[1]},
		"series add up":                {[][]int{counts(1, 1), counts(1, 0)}, week, 1, scales[1]},
		"a series that was too short":  {[][]int{nil, counts(2, 1)}, week, 1, scales[1]},
		"no time to count over":        {[][]int{counts(9)}, 0, 1, 1},
		"a scale that alerts again":    {[][]int{counts(2, 1, 2, 0)}, week, 1, scales[3]},
		"even the widest is too tight": {[][]int{{9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}}, week, 1, scales[len(scales)-1]},
	} {
		require.Equal(t, c.want, threshold(c.counts, c.over, c.budget), name)
	}
}

func TestGroupsAreLookedAtOnce(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 6
	w.metrics.value = func(host int, at time.Time) float64 {
		if host == 5 {
			return 300 + noise(host, at)
		}
		return rhythm(0, at) + noise(host, at)
	}
	d := model.Definition{Name: "group", Query: json.RawMessage(`{"queryType":"outlier","source":{"kind":"prometheus","expr":"load"},"trainingWindow":"4d","interval":"1h"}`)}
	b, err := w.build(t.Context(), compiled(t, d), nil, nothing)
	require.NoError(t, err)
	require.Len(t, b.version.Results, 6)
	require.NotEmpty(t, b.version.Results[5].Algorithm)
	require.Equal(t, 1.0, b.version.Summary.Threshold)
	require.Nil(t, b.version.Series[0].State, "a group learns anew with each query")
	none := made(t)
	none.metrics.hosts = 0
	_, err = none.build(t.Context(), compiled(t, d), nil, nothing)
	require.ErrorIs(t, err, ErrNoSeries)
}

func TestFiguresCompareWithTheDayBefore(t *testing.T) {
	var out model.SeriesResult
	values := make([]float64, 48)
	for i := range values {
		values[i] = float64(i % 24)
		if i >= 24 {
			values[i] += 2
		}
	}
	figures(&out, values, []int{24}, 1, 4)
	require.Equal(t, 0.5, *out.MASE, "an error of 1 where the day before is off by 2")
	require.Equal(t, 2.0, *out.TwinMASE)
	require.Equal(t, 0.75, *out.Skill)
	out = model.SeriesResult{}
	figures(&out, []float64{5, 5, 5}, nil, 0, 0)
	require.Nil(t, out.MASE, "a constant has no error to compare with")
	require.Nil(t, out.Skill)
}

func TestSeasonsAreWrittenAsPeopleCompareThem(t *testing.T) {
	require.Equal(t, []string{"24h", "168h"}, seasons([]int{288, 2016}, 5*time.Minute))
	require.Equal(t, []string{"30m"}, seasons([]int{6}, 5*time.Minute))
	require.Equal(t, []string{}, seasons(nil, time.Hour))
}

func TestTwoAlertsWithinAQuarterOfAnHourAreOne(t *testing.T) {
	for step, want := range map[time.Duration]int{time.Minute: 15, 5 * time.Minute: 3, time.Hour: 1} {
		require.Equal(t, want, gap(step), step)
	}
}
