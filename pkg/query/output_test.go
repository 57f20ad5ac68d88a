package query

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What can be asked for of each type; alert rules take one of the single ones.
var promised = map[Type][]Output{
	Forecast:  {"all", "actual", "expected", "forecast", "lower", "upper", "eta", "crossing", "crossing_lower", "crossing_upper", "components", "hindcast"},
	Anomaly:   {"all", "actual", "expected", "lower", "upper", "score", "anomalous", "last_week"},
	Warning:   {"all", "table", "eta", "eta_early", "probability", "probability24", "probability72", "state", "firing", "current", "growth", "last_week", "hindcast"},
	Outlier:   {"all", "table", "score", "outlier", "actual", "expected", "agree", "members"},
	Composite: {"all", "table", "score", "anomalous", "share"},
	Series:    {"all", "actual"},
}

func queryOf(kind Type, more string) string {
	source := `"source":{"kind":"prometheus","expr":"x"}`
	if kind == Composite {
		source = `"join":["host"],"sources":[{"name":"a","kind":"prometheus","expr":"x"},{"name":"b","kind":"prometheus","expr":"y"}]`
	}
	if kind == Warning {
		source += `,"threshold":{"value":90}`
	}
	return fmt.Sprintf(`{"queryType":%q,%s%s}`, kind, source, more)
}

func TestEachTypeHasItsOutputsAndNoOther(t *testing.T) {
	every := map[Output]bool{}
	for _, list := range promised {
		for _, o := range list {
			every[o] = true
		}
	}
	for kind, list := range promised {
		require.Equal(t, list, Outputs(kind))
		for o := range every {
			more := fmt.Sprintf(`,"output":%q`, o)
			if kind == Composite && o == SignalShare {
				more += `,"signal":"b"`
			}
			if kind == Forecast {
				more += `,"threshold":{"value":90}`
			}
			_, err := Parse([]byte(queryOf(kind, more)), Defaults{})
			if slices.Contains(list, o) {
				require.NoError(t, err, "%s %s", kind, o)
			} else {
				require.ErrorContains(t, err, fmt.Sprintf(`field "output" is %q`, o), "%s", kind)
			}
		}
		q, err := Parse([]byte(queryOf(kind, "")), Defaults{})
		require.NoError(t, err)
		require.Equal(t, All, q.Output)
	}
}

// The part of a signal is asked for by the name of its source, and a signal is named for nothing else.
func TestASharesSignalIsOneOfTheSources(t *testing.T) {
	for more, says := range map[string]string{`,"output":"share"`: `field "signal" is ""`, `,"output":"share","signal":"z"`: "one of the sources: a, b", `,"output":"score","signal":"a"`: "only given with output share"} {
		_, err := Parse([]byte(queryOf(Composite, more)), Defaults{})
		require.ErrorIs(t, err, ErrInvalid)
		require.ErrorContains(t, err, says)
	}
	q, err := Parse([]byte(queryOf(Composite, `,"output":"share","signal":"b"`)), Defaults{})
	require.NoError(t, err)
	require.Equal(t, "b", q.Signal)
}

func TestARuleTakesOneResult(t *testing.T) {
	for _, list := range promised {
		for _, o := range list {
			require.Equal(t, o != "all" && o != "table" && o != "components" && o != "hindcast", o.Single(), o)
		}
	}
}

func TestStepsReachTheHorizon(t *testing.T) {
	for _, c := range []struct {
		horizon, step time.Duration
		want          int
	}{{time.Hour, time.Hour, 1}, {time.Hour, 7 * time.Minute, 9}, {24 * time.Hour, 5 * time.Minute, 288}} {
		require.Equal(t, c.want, (&Query{Horizon: c.horizon, Interval: c.step}).Steps())
	}
}
