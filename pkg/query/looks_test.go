package query

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const rising = `{"queryType":"warning","source":{"kind":"prometheus","expr":"load","legendFormat":"{{host}}"},"trainingWindow":"10d","interval":"1h","horizon":"72h","threshold":{"value":90}`

// climbing grows by two a day, with a little noise.
func climbing(_ int, at time.Time) float64 {
	return 50 + 2*at.Sub(began.Add(-12*24*time.Hour)).Hours()/24 + math.Mod(float64(at.Unix()/3600*7919), 11)/11
}

// What a warning said then is what a query then would have been told: the same moments are asked one by one, each with a clock of its own.
func TestALookBackSaysWhatAQueryWasToldThen(t *testing.T) {
	l := newLab(t)
	l.source.hosts, l.source.value = 1, climbing
	q, err := Parse([]byte(rising+`}`), Defaults{})
	require.NoError(t, err)
	now, from := began.Add(3*24*time.Hour), began
	l.clock = now
	sets, err := l.ReadFor(t.Context(), q, now, q.TrainingWindow+3*24*time.Hour)
	require.NoError(t, err)
	limits, err := l.Limits(t.Context(), q, from, now)
	require.NoError(t, err)
	set := sets[0]
	looks, err := l.Looks(t.Context(), q, set.Grid, set.Series[0], limits(set.Series[0].Labels), from, 6*time.Hour)
	require.NoError(t, err)
	require.Equal(t, 6*time.Hour, looks.Every)
	require.Len(t, looks.Answers, 13, "each six hours, and now")
	for k, told := range looks.Answers {
		l.clock = set.Grid.Time(looks.Known[k])
		l.ClearCache()
		was := l.ask(rising+`,"output":"table"}`, -time.Hour, 0).Results[0].Warning
		require.Equal(t, []float64{was.Current, was.Threshold, was.ETA, was.Prob72}, []float64{told.Current, told.Threshold, told.ETA, told.Prob72}, "at %s", l.clock)
	}
}

func TestALookBackOfAModelOfOnesOwnWaitsForItsData(t *testing.T) {
	l := newLab(t)
	l.source.hosts, l.source.value = 1, climbing
	q, err := Parse([]byte(rising+`,"model":{"algorithm":"ets"}}`), Defaults{})
	require.NoError(t, err)
	l.clock = began.Add(24 * time.Hour)
	l.source.value = func(host int, at time.Time) float64 {
		if at.Before(began) {
			return math.NaN() // the metric is new
		}
		return climbing(host, at)
	}
	sets, err := l.ReadFor(t.Context(), q, l.clock, 2*24*time.Hour)
	require.NoError(t, err)
	limits, err := l.Limits(t.Context(), q, began, l.clock)
	require.NoError(t, err)
	looks, err := l.Looks(t.Context(), q, sets[0].Grid, sets[0].Series[0], limits(nil), sets[0].Grid.Start, time.Hour)
	require.NoError(t, err)
	require.NotEmpty(t, looks.Answers)
	first := sets[0].Grid.Time(looks.Known[0])
	require.False(t, first.Before(began.Add(3*time.Hour)), "to less than three values nothing is fitted: %s", first)
	require.True(t, first.Before(began.Add(6*time.Hour)), "and not much later either: %s", first)
	for k := 1; k < len(looks.Known); k++ {
		require.Greater(t, looks.Known[k], looks.Known[k-1])
	}
}

func TestALookBackThatNobodyWaitsForStops(t *testing.T) {
	l := newLab(t)
	l.source.value = climbing
	q, err := Parse([]byte(rising+`}`), Defaults{})
	require.NoError(t, err)
	sets, err := l.ReadFor(t.Context(), q, l.clock, q.TrainingWindow)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = l.Looks(ctx, q, sets[0].Grid, sets[0].Series[0], Thresholds{fixed: 90}, sets[0].Grid.Start, time.Hour)
	require.ErrorIs(t, err, context.Canceled)
}

func TestWhatBecameOfAWarningIsASentence(t *testing.T) {
	first := warn.Answer{State: warn.Rising, Current: 80.24, Threshold: 90, ETA: 40.4, ETAEarly: 30}
	for want, s := range map[string]Stood{
		"80.24, and the threshold of 90 expected in 40 h (earliest 30 h)":                            {First: first},
		"80.24, and the threshold of 90 expected in 40 h (earliest 30 h); it was crossed 38 h later": {First: first, Crossed: true, CrossedIn: 38 * time.Hour, Ended: true},
		"80.24, and the threshold of 90 expected in 40 h (earliest 30 h); withdrawn":                 {First: first, Ended: true},
		"95, the threshold of 90 was crossed":                                                        {First: warn.Answer{State: warn.Breached, Current: 95, Threshold: 90}, Crossed: true},
	} {
		require.Equal(t, want, s.String())
	}
}

func TestTheSkillOfAHindcastIsTheShareOfTheTwinsErrorThatIsGone(t *testing.T) {
	require.InDelta(t, 0.75, (&Hindcast{MAE: 1, Twin: 4}).Skill(), 1e-12)
	require.InDelta(t, -1, (&Hindcast{MAE: 2, Twin: 1}).Skill(), 1e-12, "twice as bad")
	for _, twin := range []float64{0, math.NaN(), -1} {
		require.True(t, math.IsNaN((&Hindcast{MAE: 1, Twin: twin}).Skill()), "no error to compare with: %v", twin)
	}
}

// Several series that a source has of one entity are signals of their own, told apart by what differs; those without a label of the join
// are of nobody.
func TestAnEntityHasASignalForEachSeriesOfItsSources(t *testing.T) {
	key, labels, ok := entityOf(series.Labels{"host": "a", "disk": "d", "x": "y"}, []string{"host", "disk"})
	require.True(t, ok)
	require.Equal(t, "a d", key)
	require.Equal(t, series.Labels{"host": "a", "disk": "d"}, labels)
	for _, l := range []series.Labels{{"host": "a"}, {"host": "a", "disk": ""}, {}, nil} {
		_, _, ok := entityOf(l, []string{"host", "disk"})
		require.False(t, ok, l)
	}
	en := &entity{}
	for _, l := range []series.Labels{{"host": "a", "mode": "user"}, {"host": "a", "mode": "system"}} {
		en.add("cpu", series.Series{Name: l["mode"], Labels: l, Values: []float64{1}})
	}
	en.add("memory", series.Series{Labels: series.Labels{"host": "a"}, Values: []float64{2}})
	var names []string
	for _, s := range en.signals() {
		names = append(names, s.Name)
	}
	require.Len(t, names, 3)
	require.Equal(t, "memory", names[2], "alone it has its source's name")
	require.NotEqual(t, names[0], names[1])
	for _, name := range names[:2] {
		require.Regexp(t, "^cpu ", name, "which begins with its source, as a share of the source is asked for")
	}
}
