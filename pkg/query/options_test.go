package query

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
)

// declared are the options that forms and pages offer for an algorithm, each at its default and a choice at each of its values.
func declared(specs []param.Spec) (out []map[string]any) {
	for _, s := range specs {
		values := []any{s.Default}
		for _, c := range s.Choices {
			values = append(values, c)
		}
		for _, v := range values {
			if d, ok := v.(time.Duration); ok {
				v = param.FormatDuration(d)
			}
			out = append(out, map[string]any{s.Name: v})
		}
	}
	return out
}

// What a form offers is what a query may say, auto's options included.
func TestAQueryMaySetEachOptionThatItsAlgorithmDeclares(t *testing.T) {
	type algorithm struct {
		kind   Type
		id     string
		params []param.Spec
	}
	var all []algorithm
	for _, a := range detect.Algorithms() {
		all = append(all, algorithm{Anomaly, a.ID, a.Params})
	}
	for _, a := range group.Algorithms() {
		all = append(all, algorithm{Outlier, a.ID, a.Params})
	}
	for _, a := range forecast.Algorithms() {
		all = append(all, algorithm{Forecast, a.ID, a.Params})
	}
	asked := 0
	for _, a := range all {
		for _, options := range declared(a.params) {
			model, err := json.Marshal(Model{Algorithm: a.id, Options: options})
			require.NoError(t, err)
			_, err = Parse([]byte(queryOf(a.kind, fmt.Sprintf(`,"model":%s,"threshold":{"value":1}`, model))), Defaults{})
			require.NoError(t, err, "%s %s", a.kind, model)
			asked++
		}
	}
	require.Greater(t, asked, 100)
}

// hourly is a fortnight's load on two hosts that is now and then a little out of its rhythm, by more each time.
func hourly(host int, at time.Time) float64 {
	v := rhythm(host, at)
	if back := began.Sub(at).Hours(); back <= 48 && math.Mod(back, 8) < 2 {
		v += 12 - back/5
	}
	return v
}

func TestTheSensitivityOfAutoIsAskedForInTheQuery(t *testing.T) {
	l := newLab(t)
	l.source.value = hourly
	flagged := map[string]int{}
	for _, options := range []string{`{"sensitivity":"high"}`, `{}`, `{"sensitivity":"medium"}`, `{"sensitivity":"low"}`} {
		a := l.ask(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"interval":"1h","model":{"algorithm":"auto","options":`+options+`}}`, -48*time.Hour, 0)
		for _, f := range a.Results[0].Anomalous {
			if f {
				flagged[options]++
			}
		}
	}
	require.Equal(t, flagged[`{}`], flagged[`{"sensitivity":"medium"}`])
	require.Greater(t, flagged[`{"sensitivity":"high"}`], flagged[`{}`], "%v", flagged)
	require.Greater(t, flagged[`{}`], flagged[`{"sensitivity":"low"}`], "%v", flagged)
}

func TestAnAlertBudgetIsAskedForInTheQuery(t *testing.T) {
	l := newLab(t)
	budget := l.ask(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"interval":"1h","trainingWindow":"28d","model":{"algorithm":"auto","options":{"sensitivity":"high","alertBudget":1}}}`, -48*time.Hour, 0)
	require.Contains(t, budget.Results[0].Why, "For at most 1 alerts a week the band is", "auto says what it picked")
	plain := l.ask(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"interval":"1h","trainingWindow":"28d","model":{"algorithm":"auto"}}`, -48*time.Hour, 0)
	require.NotContains(t, plain.Results[0].Why, "alerts a week")
	_, err := Parse([]byte(queryOf(Anomaly, `,"model":{"algorithm":"auto","options":{"sensitivity":"extreme"}}`)), Defaults{})
	require.ErrorContains(t, err, "high, medium, low")
}
