package train

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/store"
)

const days = 24 * time.Hour

// incident adds 60 to the first host for four hours, so many days ago.
func incident(ago ...int) func(int, time.Time) float64 {
	return func(host int, at time.Time) float64 {
		for _, d := range ago {
			if from := noon.Add(-time.Duration(d) * days); host == 0 && !at.Before(from) && at.Before(from.Add(4*time.Hour)) {
				return rhythm(host, at) + 60
			}
		}
		return rhythm(host, at)
	}
}

func (w *world) replay(d model.Definition, labels []store.Label, over int, budget float64) *Replayed {
	w.t.Helper()
	r, err := w.Replay(w.t.Context(), compiled(w.t, d), labels, over, budget)
	require.NoError(w.t, err)
	return r
}

func TestAReplayShowsWhatWouldHaveFired(t *testing.T) {
	w := made(t)
	w.metrics.value = incident(5, 12)
	r := w.replay(anomalyOf("cpu", 0), nil, 14, -1)
	require.Equal(t, []time.Time{noon.Add(-14 * days), noon}, []time.Time{r.From, r.To})
	require.Len(t, r.Alerts, 2, "%+v", r.Alerts)
	for k, ago := range []int{12, 5} {
		a := r.Alerts[k]
		from := noon.Add(-time.Duration(ago) * days)
		require.Equal(t, []any{"h0", series.Labels{"host": "h0"}}, []any{a.Series, a.Labels})
		require.WithinDuration(t, from, a.From, 2*time.Hour, "as soon as it could be known")
		require.WithinDuration(t, from.Add(4*time.Hour), a.To, 2*time.Hour)
		require.Greater(t, a.Peak, 1.0)
		require.InDelta(t, 60, a.Actual-a.Expected, 8)
		require.Contains(t, a.Reason, "above what is usual then")
	}
	require.Equal(t, 1.0, r.Threshold)
	require.Equal(t, 1.0, r.PerWeek, "two in two weeks")
	require.Equal(t, r.PerWeek, r.Curve[0])
}

func TestAReplayKnowsOnlyWhatWasKnownThen(t *testing.T) {
	w := made(t)
	w.metrics.value = incident(12)
	before := w.replay(anomalyOf("cpu", 0), nil, 14, -1)
	w2 := made(t)
	later := incident(12)
	w2.metrics.value = func(host int, at time.Time) float64 {
		if at.After(noon.Add(-5 * days)) {
			return 1000
		}
		return later(host, at)
	}
	after := w2.replay(anomalyOf("cpu", 0), nil, 14, -1)
	require.Equal(t, before.Alerts[0], after.Alerts[0], "what came later changes nothing")
}

func TestTheSliderSetsTheSensitivityThatKeepsToIt(t *testing.T) {
	w := made(t)
	w.metrics.value = spikes(53*time.Hour, rhythm)
	var last *Replayed
	for _, budget := range []float64{100, 3, 1, 0.5} {
		r := w.replay(anomalyOf("cpu", 0), nil, 21, budget)
		require.LessOrEqual(t, r.PerWeek, budget)
		require.InDelta(t, float64(len(r.Alerts))/3, r.PerWeek, 1e-9, "the list is what the number says")
		if last != nil {
			require.GreaterOrEqual(t, r.Threshold, last.Threshold, "fewer alerts, a wider band")
			require.Equal(t, last.Curve, r.Curve, "the curve does not depend on where the slider stands")
		}
		last = r
	}
	require.Equal(t, evaluate.Scales(), last.Scales)
}

func TestTheDefinitionsBudgetIsTakenWhereNoneIsAsked(t *testing.T) {
	w := made(t)
	w.metrics.value = spikes(53*time.Hour, rhythm)
	own := w.replay(anomalyOf("cpu", 0.5), nil, 21, -1)
	asked := w.replay(anomalyOf("cpu", 0), nil, 21, 0.5)
	require.Equal(t, asked.Threshold, own.Threshold)
	none := w.replay(anomalyOf("cpu", 0.5), nil, 21, 0)
	require.Equal(t, 1.0, none.Threshold, "zero asks for the detector's own band")
}

func TestABudgetThatCannotBeKeptIsSaid(t *testing.T) {
	r := &Replayed{Scales: []float64{1, 2, 4}, Curve: []float64{9, 8, 7}}
	require.Equal(t, 2, r.choose(1))
	require.Equal(t, []any{4.0, 7.0}, []any{r.Threshold, r.PerWeek})
	require.Equal(t, []string{"Even a band 4 times as wide would have raised 7.0 alerts a week."}, r.Notices)
}

func TestLabelledIncidentsStayInTheReplayAndFalseAlarmsDoNot(t *testing.T) {
	w := made(t)
	w.metrics.value = incident(5)
	label := func(kind string) []store.Label {
		return []store.Label{{Series: map[string]string{"host": "h0"}, From: noon.Add(-5 * days), To: noon.Add(-5*days + 4*time.Hour), Kind: kind}}
	}
	require.Len(t, w.replay(anomalyOf("cpu", 0), label("incident"), 14, -1).Alerts, 1, "it is what the replay is to find")
	require.Empty(t, w.replay(anomalyOf("cpu", 0), label("not-an-anomaly"), 14, -1).Alerts)
}

func TestAShortHistoryIsReplayedFromItsFirstThirdOn(t *testing.T) {
	w := made(t)
	began := noon.Add(-9 * days)
	w.metrics.value = since(began, incident(2))
	r := w.replay(anomalyOf("cpu", 0), nil, 30, -1)
	require.Equal(t, began.Add(3*days), r.From)
	require.Contains(t, r.Notices[0], "only 9.0 days of data")
	require.Len(t, r.Alerts, 1)
	require.InDelta(t, 7.0/6, r.PerWeek, 1e-9, "one in six days")
}

func TestASeriesThatIsTooShortIsNamed(t *testing.T) {
	w := made(t)
	young := since(noon.Add(-3*time.Hour), rhythm)
	w.metrics.value = func(host int, at time.Time) float64 {
		if host == 1 {
			return young(host, at)
		}
		return rhythm(host, at)
	}
	r := w.replay(anomalyOf("cpu", 0), nil, 14, -1)
	require.Contains(t, strings.Join(r.Notices, "\n"), "h1: too few points")
}

func TestAWarningIsReplayedHourByHour(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 1
	// Half a percent an hour for the last five days: it reaches 90 an hour from now.
	w.metrics.value = func(_ int, at time.Time) float64 {
		return 40 + 0.25*noise(0, at) + 0.42*math.Max(at.Sub(noon.Add(-5*days)).Hours(), 0)
	}
	r := w.replay(warningOf("disk"), nil, 14, -1)
	require.Len(t, r.Alerts, 1, "%+v", r.Alerts)
	a := r.Alerts[0]
	require.True(t, a.From.After(noon.Add(-5*days)), "not before it began to grow: %s", a.From)
	require.True(t, a.From.Before(noon.Add(-12*time.Hour)), "and well before the threshold: %s", a.From)
	require.Equal(t, noon, a.To, "it stands still")
	require.Contains(t, a.Reason, "the threshold of 90 expected in")
	require.Greater(t, a.Actual, 40.0)
	require.True(t, math.IsNaN(a.Expected))
	require.Equal(t, []float64{1}, r.Scales, "a warning has no band to widen")
	require.InDelta(t, 0.5, r.PerWeek, 1e-9)
}

func TestAReplayTellsWhatBecameOfWarnings(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 1
	// It grows for five days, is cleaned up with 80 reached, and grows again past the threshold.
	w.metrics.value = func(_ int, at time.Time) float64 {
		h := at.Sub(noon.Add(-12 * days)).Hours()
		if h > 125 {
			h -= 100
		}
		return 40 + 0.25*noise(0, at) + 0.32*math.Max(h, 0)
	}
	d := warningOf("disk")
	d.Query = json.RawMessage(strings.Replace(string(d.Query), `"linear"`, `"auto"`, 1))
	r := w.replay(d, nil, 14, -1)
	require.NotNil(t, r.Became)
	require.Equal(t, 1, r.Became.Crossings)
	require.Zero(t, r.Became.Missed)
	require.Equal(t, 1, r.Became.Confirmed)
	require.Greater(t, r.Became.Lead(), 12*time.Hour, "soon after the clean-up did not come")
	require.Contains(t, r.Notices, r.Became.String())
	require.Len(t, r.Alerts, 2)
	require.Contains(t, r.Alerts[0].Reason, "; withdrawn")
	require.Contains(t, r.Alerts[1].Reason, "; it was crossed ")
	require.Equal(t, 1, r.Became.Withdrawn)
}

func TestAQuietMetricRaisesNoWarning(t *testing.T) {
	w := made(t)
	w.metrics.value = func(host int, at time.Time) float64 { return 40 + noise(host, at) }
	require.Empty(t, w.replay(warningOf("disk"), nil, 14, -1).Alerts)
}

func TestSeveralSignalsAreReplayedTogether(t *testing.T) {
	w := made(t)
	w.metrics.value = incident(3)
	d := model.Definition{Name: "joined", Query: json.RawMessage(`{"queryType":"composite","join":["host"],"trainingWindow":"7d","interval":"1h",
		"sources":[{"name":"cpu","kind":"prometheus","expr":"a"},{"name":"io","kind":"prometheus","expr":"b"}]}`)}
	r := w.replay(d, nil, 7, -1)
	require.NotEmpty(t, r.Alerts)
	require.Equal(t, "h0", r.Alerts[0].Series)
	require.Equal(t, "several signals together are unlikely", r.Alerts[0].Reason)
	require.Equal(t, r.PerWeek, r.Curve[0])
	for k := 1; k < len(r.Curve); k++ {
		require.LessOrEqual(t, r.Curve[k], r.Curve[k-1])
	}
}

func TestAReplayWithoutDataIsAnError(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 0
	for _, d := range []model.Definition{anomalyOf("a", 0), warningOf("a")} {
		_, err := w.Replay(t.Context(), compiled(t, d), nil, 7, -1)
		require.ErrorIs(t, err, ErrNoSeries)
	}
}

func TestAlertsAreInOrderAndTheNewestAreListed(t *testing.T) {
	r := &Replayed{}
	for i := range mostAlerts + 5 {
		r.Alerts = append(r.Alerts, Alert{From: noon.Add(time.Duration((i*7)%(mostAlerts+5)) * time.Minute)})
	}
	r.end()
	require.Len(t, r.Alerts, mostAlerts)
	require.Equal(t, noon.Add(5*time.Minute), r.Alerts[0].From)
	for k := 1; k < len(r.Alerts); k++ {
		require.False(t, r.Alerts[k].From.Before(r.Alerts[k-1].From))
	}
	require.Equal(t, []string{"1005 alerts; the newest 1000 are listed."}, r.Notices)
}

func TestReasonsSayHowFarOff(t *testing.T) {
	nan := math.NaN()
	for want, v := range map[string][4]float64{
		"50 % above what is usual then (150, expected 90 to 110)":   {150, 100, 90, 110},
		"25 % below what is usual then (75, expected 90 to 110)":    {75, 100, 90, 110},
		"above what is usual then (3, expected -1 to 1)":            {3, 0, -1, 1},
		"50 % above what is usual then (-50, expected -110 to -90)": {-50, -100, -110, -90},
		"": {5, nan, nan, nan},
	} {
		require.Equal(t, want, reason(v[0], v[1], v[2], v[3]))
	}
}
