package usecases

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Use case 3: the latency of a service, real, with the three failures that its operators labelled. The first lies in the week that is
// learnt; both others are found, and nothing beside them in a week.
func TestFailuresOfAServiceShowInItsLatency(t *testing.T) {
	f := ask(t, false, world.now.Add(-7*24*time.Hour), world.now, `{"queryType": "anomaly", "interval": "5m", "trainingWindow": "7d", "direction": "above", "output": "anomalous",
		"source": {"kind": "prometheus", "expr": "http_request_duration_milliseconds{service=\"orders\"}"}}`)
	_, failure, err := latency()
	require.NoError(t, err)
	found, beside := map[int]bool{}, 0
	for _, at := range over(f, "service", "orders", 1) {
		i := sample(at, len(failure))
		if !failure[i] {
			beside++
			continue
		}
		for i > 0 && failure[i-1] {
			i--
		}
		found[i] = true
	}
	require.Len(t, found, 2)
	require.Zero(t, beside)
}

// The kinds of rules side by side at the height of a failure: the fixed limit and what is usual are both passed, and no trend leads to 200 ms.
func TestThreeKindsOfRulesOnOneMetric(t *testing.T) {
	const source = `"source": {"kind": "prometheus", "expr": "http_request_duration_milliseconds{service=\"orders\"}"}`
	values, _, err := latency()
	require.NoError(t, err)
	to := start(len(values)-3395, step)
	for name, c := range map[string]struct {
		query string
		fires func(v float64) bool
		want  bool
	}{
		"threshold": {`{"queryType": "anomaly", "interval": "5m", "trainingWindow": "1d", "model": {"algorithm": "threshold"}, "threshold": {"value": 50, "direction": "above"}, "output": "anomalous", ` + source + `}`,
			func(v float64) bool { return v > 0 }, true},
		"anomaly": {`{"queryType": "anomaly", "interval": "5m", "trainingWindow": "7d", "direction": "above", "output": "anomalous", ` + source + `}`,
			func(v float64) bool { return v > 0 }, true},
		"forecast": {`{"queryType": "warning", "interval": "5m", "trainingWindow": "7d", "horizon": "24h", "threshold": {"value": 200, "direction": "above"}, "output": "eta_early", ` + source + `}`,
			func(v float64) bool { return v < 24 }, false},
	} {
		values := numbers(ask(t, true, to.Add(-time.Hour), to, c.query), "service")
		require.Len(t, values, 1, name)
		require.Equal(t, c.want, c.fires(values["orders"]), "%s: %v", name, values)
	}
}
