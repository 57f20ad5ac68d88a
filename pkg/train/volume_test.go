package train

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
)

// ratioOf is a model of a ratio, of which nothing is to be told while it rests on fewer than so many requests.
func ratioOf(budget, least float64) model.Definition {
	q := map[string]any{"queryType": "anomaly", "source": map[string]any{"kind": "prometheus", "expr": "ratio"}, "trainingWindow": "10d", "interval": "1h"}
	if least > 0 {
		q["guards"], q["volume"] = map[string]any{"minVolume": least}, map[string]any{"kind": "prometheus", "expr": "requests"}
	}
	raw, _ := json.Marshal(q)
	return model.Definition{Name: "ratio", AlertBudget: budget, Query: raw}
}

// quietNights is a world whose ratio jumps for two hours every 53, when next to nobody asks.
func quietNights(t *testing.T) *world {
	w := made(t)
	w.metrics.value = spikes(53*time.Hour, rhythm)
	w.metrics.of = map[string]func(int, time.Time) float64{"requests": func(host int, at time.Time) float64 {
		if spikes(53*time.Hour, func(int, time.Time) float64 { return 0 })(host, at) > 0 {
			return 3
		}
		return 1000
	}}
	return w
}

// Alerts that the volume's guard holds back use up none of the budget: the band stays as narrow as that of a metric without them.
func TestABudgetIsNotSpentOnWhatTheVolumeHoldsBack(t *testing.T) {
	w := quietNights(t)
	threshold := func(d model.Definition) float64 {
		b, err := w.build(t.Context(), compiled(t, d), nil, nothing)
		require.NoError(t, err)
		for _, r := range b.version.Results {
			require.NotContains(t, strings.Join(r.Notices, " "), "volume", "there is one")
		}
		return b.version.Summary.Threshold
	}
	require.Greater(t, threshold(ratioOf(1, 0)), 1.5, "six spikes a week of two hosts")
	require.Equal(t, 1.0, threshold(ratioOf(1, 10)))
	require.Greater(t, threshold(ratioOf(1, 2)), 1.5, "three requests are enough for this one")
}

func TestAReplayShowsNoneThatTheVolumeHoldsBack(t *testing.T) {
	w := quietNights(t)
	require.NotEmpty(t, w.replay(ratioOf(0, 0), nil, 14, -1).Alerts)
	r := w.replay(ratioOf(0, 10), nil, 14, -1)
	require.Empty(t, r.Alerts)
	require.Zero(t, r.PerWeek)
	require.Empty(t, r.Notices)
}

func TestTheVolumeIsReadOverAllThatIsScored(t *testing.T) {
	w := quietNights(t)
	_, err := w.build(t.Context(), compiled(t, ratioOf(1, 10)), nil, nothing)
	require.NoError(t, err)
	spans := map[string][2]time.Time{}
	for _, r := range w.metrics.reads {
		s, ok := spans[r.Spec.Expr]
		if !ok || r.From.Before(s[0]) {
			s[0] = r.From
		}
		if r.To.After(s[1]) {
			s[1] = r.To
		}
		spans[r.Spec.Expr] = s
	}
	require.Equal(t, spans["ratio"], spans["requests"])
	require.Equal(t, 10*24*time.Hour+budgetWindow, spans["ratio"][1].Sub(spans["ratio"][0]))
}

func TestAVolumeThatGivesNothingIsTold(t *testing.T) {
	w := quietNights(t)
	w.metrics.of["requests"] = nil
	b, err := w.build(t.Context(), compiled(t, ratioOf(1, 10)), nil, nothing)
	require.NoError(t, err)
	require.Greater(t, b.version.Summary.Threshold, 1.5, "and nothing is held back")
	for _, r := range b.version.Results {
		require.Len(t, r.Notices, 1)
		require.Contains(t, r.Notices[0], "guards.minVolume holds nothing back")
	}
	require.Contains(t, w.replay(ratioOf(0, 10), nil, 14, -1).Notices[0], "guards.minVolume holds nothing back")
}

// Were it trained without, the budget would be set for alerts that a query never gives.
func TestAVolumeThatCannotBeReadFailsTheTraining(t *testing.T) {
	w := quietNights(t)
	gone := errors.New("no such host")
	w.metrics.refuse = map[string]error{"requests": gone}
	_, err := w.build(t.Context(), compiled(t, ratioOf(1, 10)), nil, nothing)
	require.ErrorIs(t, err, gone)
	require.ErrorContains(t, err, "volume: ")
	_, err = w.Replay(t.Context(), compiled(t, ratioOf(0, 10)), nil, 14, -1)
	require.ErrorIs(t, err, gone)
	_, err = w.build(t.Context(), compiled(t, ratioOf(1, 0)), nil, nothing)
	require.NoError(t, err, "without the guard it is not asked")
}
