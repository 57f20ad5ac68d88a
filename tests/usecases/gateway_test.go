package usecases

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const route = "/v1/generate"

// Use case 5: an LLM gateway. Its requests are those of a real service. They grow to twice their usual within two hours, far below any fixed
// limit on them; that is noticed before the first value that the service's operators labelled, and hardly anything beside it in five days.
func TestASurgeOfRequestsIsNoticed(t *testing.T) {
	f := ask(t, false, world.now.Add(-5*24*time.Hour), world.now, `{"queryType": "anomaly", "interval": "5m", "trainingWindow": "14d", "output": "anomalous",
		"source": {"kind": "prometheus", "expr": "sum by (route) (gateway_rps)"}}`)
	values, anomaly, err := traffic()
	require.NoError(t, err)
	first, beside := -1, 0
	for _, at := range over(f, "route", route, 1) {
		switch i := sample(at, len(values)); {
		case i < surgeBegins-surgeGrows && !anomaly[i]:
			beside++
		case first < 0:
			first = i
		}
	}
	require.GreaterOrEqual(t, first, 0, "the surge")
	require.Less(t, first, surgeBegins)
	require.Zero(t, beside, "of %d points", 5*288)
	require.Less(t, values[first], 2*5500.0, "at less than twice the usual")
	t.Logf("noticed %s before the first labelled value", time.Duration(surgeBegins-first)*step)
}

// Errors, a real share of failures that grows for eleven hours from a quarter of a percent on: the learnt rule tells of it hours before the fixed
// one of five percent.
func TestErrorsOfTheGateway(t *testing.T) {
	const source = `"source": {"kind": "prometheus", "expr": "gateway_error_percent"}`
	from := world.now.Add(-24 * time.Hour)
	first := func(query string) time.Time {
		at := over(ask(t, false, from, world.now, query), "route", route, 1)
		require.NotEmpty(t, at)
		return at[0]
	}
	fixed := first(`{"queryType": "anomaly", "interval": "1h", "trainingWindow": "1d", "model": {"algorithm": "threshold"}, "threshold": {"value": 5, "direction": "above"}, "output": "anomalous", ` + source + `}`)
	learnt := first(`{"queryType": "anomaly", "interval": "1h", "trainingWindow": "14d", "direction": "above", "output": "anomalous", ` + source + `}`)
	began := world.now.Add(-(failureEnds - failureBegins) * time.Hour)
	require.False(t, learnt.Before(began))
	require.GreaterOrEqual(t, fixed.Sub(learnt), 3*time.Hour)
	t.Logf("learnt %s after it began, fixed %s", learnt.Sub(began), fixed.Sub(began))
}

// A crawler takes a third of the requests while their number stays: no count tells, the shares do, and the crawler is named. An hour
// before nobody is.
func TestTheSourceThatMovedIsNamed(t *testing.T) {
	const query = `{"queryType": "outlier", "interval": "5m", "trainingWindow": "14d", "model": {"algorithm": "shares", "options": {"window": "30m"}}, "output": "outlier",
		"source": {"kind": "prometheus", "expr": "sum by (source) (gateway_source_rps)"}}`
	now := numbers(ask(t, true, world.now.Add(-time.Hour), world.now, query), "source")
	require.Equal(t, map[string]float64{"campus": 0, "mobile": 0, "partner": 0, "crawler": 1}, now)
	before := numbers(ask(t, true, world.now.Add(-2*time.Hour), world.now.Add(-time.Hour), query), "source")
	require.Equal(t, map[string]float64{"campus": 0, "mobile": 0, "partner": 0, "crawler": 0}, before)
	count := numbers(ask(t, true, world.now.Add(-time.Hour), world.now, `{"queryType": "anomaly", "interval": "5m", "trainingWindow": "14d", "output": "anomalous", "source": {"kind": "prometheus", "expr": "sum(gateway_source_rps)"}}`), "")
	require.Equal(t, map[string]float64{"": 0}, count, "the number of requests does not tell")
}

// Parts of a whole whose shares only wander, as real ones do, accuse nobody: three real services that began in the same minute, over the hours of
// a surge of one of them.
func TestRealSharesThatWanderNameNobody(t *testing.T) {
	for hours := range 8 {
		to := world.now.Add(-time.Duration(hours) * time.Hour)
		values := numbers(ask(t, true, to.Add(-time.Hour), to, `{"queryType": "outlier", "interval": "5m", "trainingWindow": "14d", "model": {"algorithm": "shares", "options": {"window": "30m"}}, "output": "outlier",
			"source": {"kind": "prometheus", "expr": "sum by (service) (service_rps)"}}`), "service")
		require.Equal(t, map[string]float64{"23": 0, "188": 0, "194": 0}, values, "%d hours before", hours)
	}
}

// The rules that such gateways have today, as detectors: the same period of days before (同比) notices the surge before its first labelled value,
// the moving mean plus or minus three standard deviations half an hour after it, and the point just before (环比) not at all, as it grows over
// hours.
func TestTheUsualRulesOfAGateway(t *testing.T) {
	values, _, err := traffic()
	require.NoError(t, err)
	for model, within := range map[string]int{"same-period": 0, "dynamic-threshold": 6, "previous-period": -1} {
		f := ask(t, false, world.now.Add(-5*24*time.Hour), world.now, fmt.Sprintf(`{"queryType": "anomaly", "interval": "5m", "trainingWindow": "14d", "direction": "above", "model": {"algorithm": %q}, "output": "anomalous",
			"source": {"kind": "prometheus", "expr": "sum by (route) (gateway_rps)"}}`, model))
		all := over(f, "route", route, 1)
		first := slices.IndexFunc(all, func(at time.Time) bool { return sample(at, len(values)) >= surgeBegins-surgeGrows })
		require.Equal(t, within >= 0, first >= 0, model)
		if first >= 0 {
			require.LessOrEqual(t, sample(all[first], len(values)), surgeBegins+within, model)
		}
		require.Less(t, len(all), 5*288/20, "%s: of five days", model)
	}
}
