package train

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

func groupOf(algorithm, window string) model.Definition {
	return model.Definition{Name: "group", Query: json.RawMessage(fmt.Sprintf(
		`{"queryType":"outlier","source":{"kind":"prometheus","expr":"load"},"trainingWindow":"4d","interval":"5m","model":{"algorithm":%q,"options":{"window":%q}}}`, algorithm, window))}
}

// odd lets one host go its own way for some hours that ended a while ago.
func odd(host int, from, to time.Duration) func(int, time.Time) float64 {
	return func(h int, at time.Time) float64 {
		v := rhythm(h, at)
		if ago := noon.Sub(at); h == host && ago <= from && ago > to {
			v += 40
		}
		return v
	}
}

func TestWhoWasUnlikeTheOthersIsFoundAgain(t *testing.T) {
	for _, algorithm := range []string{"kmeans", "mad", "dbscan"} {
		t.Run(algorithm, func(t *testing.T) {
			w := made(t)
			w.metrics.hosts, w.metrics.value = 6, odd(2, 30*time.Hour, 24*time.Hour)
			r := w.replay(groupOf(algorithm, "1h"), nil, 7, -1)
			require.NotEmpty(t, r.Alerts)
			require.LessOrEqual(t, len(w.metrics.reads), 2, "read for all looks, a week at a time")
			for _, a := range r.Alerts {
				require.Equal(t, "h2", a.Series)
				require.Equal(t, series.Labels{"host": "h2"}, a.Labels)
				require.NotEmpty(t, a.Reason)
			}
			first := r.Alerts[0]
			require.WithinDuration(t, noon.Add(-30*time.Hour), first.From, 2*time.Hour, "raised when the first hour of it was seen")
			require.WithinDuration(t, noon.Add(-24*time.Hour), r.Alerts[len(r.Alerts)-1].To, 2*time.Hour)
			require.GreaterOrEqual(t, first.Peak, 1.0)
			require.Greater(t, first.Actual, 80-20.0)
			require.True(t, math.IsNaN(first.Expected), "a group has no expectation of one")
			require.Equal(t, r.Curve[0], r.PerWeek)
			for k := 1; k < len(r.Curve); k++ {
				require.LessOrEqual(t, r.Curve[k], r.Curve[k-1])
			}
		})
	}
}

func TestAQuietGroupRaisesNothing(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 5
	r := w.replay(groupOf("mad", "1h"), nil, 7, -1)
	require.Empty(t, r.Alerts)
	require.Zero(t, r.PerWeek)
	require.Empty(t, r.Notices)
}

func TestAReplayOfAGroupSaysWhatItsRuleWouldHaveSaid(t *testing.T) {
	w := made(t)
	w.metrics.hosts, w.metrics.value = 4, odd(1, 20*time.Hour, 15*time.Hour)
	d := groupOf("kmeans", "30m")
	r := w.replay(d, nil, 2, -1)
	require.NotEmpty(t, r.Alerts)
	standing := func(at time.Time) (names []string) {
		for _, a := range r.Alerts {
			if !at.Before(a.From) && at.Before(a.To) {
				names = append(names, a.Series)
			}
		}
		return names
	}
	q := compiled(t, d).Query
	for at := r.From.Add(30 * time.Minute); !at.After(r.To); at = at.Add(90 * time.Minute) {
		a, err := w.engine.Execute(t.Context(), q, query.Range{From: at.Add(-time.Hour), To: at})
		require.NoError(t, err)
		var asked []string
		for _, one := range a.Results {
			if one.Outlier.Outlier {
				asked = append(asked, one.Name)
			}
		}
		require.Equal(t, asked, standing(at), "at %s", at)
	}
}

func TestABudgetRaisesTheScoreFromWhichAGroupsAlertsCount(t *testing.T) {
	w := made(t)
	w.metrics.hosts, w.metrics.value = 6, odd(2, 30*time.Hour, 24*time.Hour)
	all := w.replay(groupOf("mad", "1h"), nil, 7, -1)
	none := w.replay(groupOf("mad", "1h"), nil, 7, 0.01)
	require.Greater(t, none.Threshold, all.Threshold)
	require.LessOrEqual(t, len(none.Alerts), len(all.Alerts))
}

func TestTooFewToCompareIsSaidAndNotReplayed(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 2
	r := w.replay(groupOf("kmeans", "1h"), nil, 7, -1)
	require.Empty(t, r.Alerts)
	require.Len(t, r.Notices, 1)
	require.Contains(t, r.Notices[0], "the query gives 2 instances")

	w = made(t)
	w.metrics.hosts, w.metrics.value = 6, since(noon.Add(-40*time.Minute), rhythm)
	r = w.replay(groupOf("kmeans", "1h"), nil, 7, -1)
	require.Empty(t, r.Alerts)
	require.NotEmpty(t, r.Notices)
}

func TestAShortWindowOverALongTimeIsLookedAtLessOften(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 3
	d := groupOf("mad", "5m")
	d.Query = json.RawMessage(`{"queryType":"outlier","source":{"kind":"prometheus","expr":"load"},"trainingWindow":"1d","interval":"1m","model":{"algorithm":"mad","options":{"window":"1m"}}}`)
	r := w.replay(d, nil, 4, -1)
	require.Contains(t, r.Notices, "The series were compared every 2m; what was shorter may be missing.")
}

func TestAlertsAreCountedAtEachScale(t *testing.T) {
	r := &Replayed{From: noon, To: noon.Add(7 * 24 * time.Hour)}
	at := func(e evaluate.Episode) Alert { return Alert{From: noon.Add(time.Duration(e.From) * time.Hour)} }
	r.count([]course{
		{"a", nil, []float64{0.5, 1.3, 0.2, 4, 0, math.NaN(), 2}, []bool{false, true, false, true, false, false, true}, at},
		{"b", nil, []float64{9, 9, 9, 9, 9, 9, 9}, make([]bool, 7), at}, // held back: never flagged
	}, 0, 0)
	require.Equal(t, 3.0, r.PerWeek)
	require.Equal(t, map[float64]float64{1: 3, 1.35: 2, 2: 2, 2.5: 1, 4: 1, 5: 0}, curve(r, 1, 1.35, 2, 2.5, 4, 5))
	require.Equal(t, []float64{1.3, 4, 2}, []float64{r.Alerts[0].Peak, r.Alerts[1].Peak, r.Alerts[2].Peak})

	budget := &Replayed{From: noon, To: noon.Add(7 * 24 * time.Hour)}
	budget.count([]course{{"a", nil, []float64{1.3, 0, 4, 0, 2}, []bool{true, false, true, false, true}, at}}, 0, 1)
	require.Equal(t, []any{2.5, 1.0, 1}, []any{budget.Threshold, budget.PerWeek, len(budget.Alerts)})
}

func curve(r *Replayed, scales ...float64) map[float64]float64 {
	out := map[float64]float64{}
	for k, s := range r.Scales {
		for _, want := range scales {
			if s == want {
				out[s] = r.Curve[k]
			}
		}
	}
	return out
}
