package usecases

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const hostCPU = `100 - avg by(instance)(irate(node_cpu_seconds_total{mode=\"idle\",fleet=\"%d\"}[5m])) * 100`

// named are the hosts of a fleet that a rule would name, evaluated a while after the hot one became hot.
func named(t *testing.T, model string, fleet int, after time.Duration) (list []string) {
	t.Helper()
	to := hotSince().Add(after)
	values := numbers(ask(t, true, to.Add(-time.Hour), to, fmt.Sprintf(`{"queryType": "outlier", "interval": "5m", "trainingWindow": "23h", "model": {"algorithm": %q}, "output": "outlier",
		"source": {"kind": "prometheus", "expr": "%s"}}`, model, fmt.Sprintf(hostCPU, fleet))), "instance")
	require.Len(t, values, 12)
	for _, host := range slices.Sorted(maps.Keys(values)) {
		if values[host] > 0 {
			list = append(list, host)
		}
	}
	return list
}

// Use case 2: hosts of three vendors, one of which runs hot. Groups of real machines are compared, a quarter of an hour after the other; in an
// hour and a half before nobody is named (a script that takes one of two clusters accuses somebody each time), and within three quarters of an
// hour of the incident the hot one, and none beside it.
func TestTheHotHostIsNamed(t *testing.T) {
	for model, least := range map[string]int{"kmeans": 5, "mad": 6, "dbscan": 6} {
		found := 0
		for fleet := range fleets {
			for minutes := -90; minutes < 0; minutes += 15 {
				require.Empty(t, named(t, model, fleet, time.Duration(minutes)*time.Minute), "%s, fleet %d, %d minutes before", model, fleet, -minutes)
			}
			told := map[string]bool{}
			for minutes := 15; minutes <= 45; minutes += 15 {
				for _, host := range named(t, model, fleet, time.Duration(minutes)*time.Minute) {
					told[host] = true
				}
			}
			if told[hot] {
				found++
				delete(told, hot)
			}
			require.Empty(t, told, "%s, fleet %d: named beside the hot one", model, fleet)
		}
		require.GreaterOrEqual(t, found, least, "%s, of %d fleets", model, fleets)
	}
}

// The dashboard's bar per instance and the rule beside it, CPU over 80 %, say nothing of that host: 60 % are far from what it does, and far from
// the limit.
func TestTheFixedLimitMissesTheHotHost(t *testing.T) {
	to := hotSince().Add(30 * time.Minute)
	for fleet := range fleets {
		f := ask(t, true, to.Add(-time.Hour), to, fmt.Sprintf(`{"queryType": "anomaly", "interval": "5m", "trainingWindow": "12h", "model": {"algorithm": "threshold"},
			"threshold": {"value": 80, "direction": "above"}, "output": "anomalous", "source": {"kind": "prometheus", "expr": "%s"}}`, fmt.Sprintf(hostCPU, fleet)))
		require.Zero(t, numbers(f, "instance")[hot], "fleet %d", fleet)
	}
}
