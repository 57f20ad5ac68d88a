package usecases

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const route = "/v1/generate"

// Use case 5: an LLM gateway. Its requests follow a real service's day and week; twice as many for ninety minutes are noticed within ten
// minutes, although the sum stays far below any fixed limit, and so are incidents that the service's operators labelled. Beside
// them hardly anything is flagged in five days.
func TestASurgeOfRequestsIsNoticed(t *testing.T) {
	f := ask(t, false, world.now.Add(-5*24*time.Hour), world.now, `{"queryType": "anomaly", "interval": "5m", "trainingWindow": "14d", "output": "anomalous",
		"source": {"kind": "prometheus", "expr": "sum by (route) (gateway_rps)"}}`)
	_, anomaly, err := traffic()
	require.NoError(t, err)
	n, first, beside := len(anomaly), -1, 0
	for _, at := range over(f, "route", route, 1) {
		switch i := sample(at, n); {
		case !anomaly[i]:
			beside++
		case i >= n-surgeFrom && first < 0:
			first = i
		}
	}
	require.GreaterOrEqual(t, first, 0, "the surge")
	require.LessOrEqual(t, first-(n-surgeFrom), 2)
	require.LessOrEqual(t, beside, 3, "of %d points", 5*288)
}

// Errors: over five percent by the fixed rule, and far from usual by the learnt one.
func TestErrorsOfTheGateway(t *testing.T) {
	const source = `"source": {"kind": "prometheus", "expr": "100 * sum by (route) (gateway_rps{code=\"500\"}) / sum by (route) (gateway_rps)"}`
	from := world.now.Add(-time.Hour)
	fixed := numbers(ask(t, true, from, world.now, `{"queryType": "anomaly", "interval": "5m", "trainingWindow": "1d", "model": {"algorithm": "threshold"}, "threshold": {"value": 5, "direction": "above"}, "output": "anomalous", `+source+`}`), "route")
	require.Equal(t, map[string]float64{route: 1}, fixed)
	learnt := numbers(ask(t, true, from, world.now, `{"queryType": "anomaly", "interval": "5m", "trainingWindow": "14d", "direction": "above", "guards": {"minDeviation": 1}, "output": "anomalous", `+source+`}`), "route")
	require.Equal(t, map[string]float64{route: 1}, learnt)
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
	count := numbers(ask(t, true, world.now.Add(-time.Hour), world.now, `{"queryType": "anomaly", "interval": "5m", "trainingWindow": "14d", "output": "anomalous", "source": {"kind": "prometheus", "expr": "sum by (route) (gateway_rps)"}}`), "route")
	require.Equal(t, map[string]float64{route: 0}, count, "the number of requests does not tell")
}

// The rules that such gateways have today, as detectors: the moving mean plus or minus three standard deviations, the same period of days
// before (同比) and the point just before (环比) notice the surge within ten minutes.
func TestTheUsualRulesOfAGateway(t *testing.T) {
	_, anomaly, err := traffic()
	require.NoError(t, err)
	n := len(anomaly)
	for _, model := range []string{"dynamic-threshold", "same-period", "previous-period"} {
		f := ask(t, false, world.now.Add(-5*24*time.Hour), world.now, fmt.Sprintf(`{"queryType": "anomaly", "interval": "5m", "trainingWindow": "14d", "direction": "above", "model": {"algorithm": %q}, "output": "anomalous",
			"source": {"kind": "prometheus", "expr": "sum by (route) (gateway_rps)"}}`, model))
		all := over(f, "route", route, 1)
		first := slices.IndexFunc(all, func(at time.Time) bool { return sample(at, n) >= n-surgeFrom })
		require.GreaterOrEqual(t, first, 0, model)
		require.LessOrEqual(t, sample(all[first], n), n-surgeFrom+2, model)
		require.Less(t, len(all), 5*288/20, "%s: of five days", model)
	}
}
