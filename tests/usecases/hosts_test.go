package usecases

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Use case 2: hosts of three vendors, one of which runs hot. Groups of real machines are compared every five minutes; the hot one is
// named, and nobody has to be guilty where nobody is (a script that takes one of two clusters accuses somebody in every
// group).
func TestTheHotHostIsNamed(t *testing.T) {
	query := func(metric string, fleet int) string {
		return fmt.Sprintf(`{"queryType": "outlier", "interval": "5m", "trainingWindow": "23h", "model": {"algorithm": "kmeans"}, "output": "outlier",
			"source": {"kind": "prometheus", "expr": "100 - avg by(instance)(irate(%s{mode=\"idle\",fleet=\"%d\"}[5m])) * 100"}}`, metric, fleet)
	}
	named := func(metric string, fleet int) (list []string) {
		values := numbers(ask(t, true, world.now.Add(-time.Hour), world.now, query(metric, fleet)), "instance")
		require.Len(t, values, 12)
		for host, v := range values {
			if v > 0 {
				list = append(list, host)
			}
		}
		return list
	}
	others, quiet := 0, 0
	for fleet := range fleets {
		guilty := named("node_cpu_seconds_total", fleet)
		require.Contains(t, guilty, hot, "fleet %d", fleet)
		others += len(guilty) - 1
		quiet += len(named("node_cpu_seconds_total_without_incident", fleet))
	}
	require.LessOrEqual(t, others, 1, "others than the hot one, of %d hosts", 11*fleets)
	require.LessOrEqual(t, quiet, 1, "named without an incident, of %d hosts", 12*fleets)
}

// The dashboard's bar per instance and the rule beside it: CPU over 80 %. The hot one is over it in most fleets, where its machine was not
// idle before; the fixed limit alone misses the others.
func TestTheFixedLimitMissesHotHosts(t *testing.T) {
	over := 0
	for fleet := range fleets {
		f := ask(t, true, world.now.Add(-time.Hour), world.now, fmt.Sprintf(`{"queryType": "anomaly", "interval": "5m", "trainingWindow": "12h", "model": {"algorithm": "threshold"},
			"threshold": {"value": 80, "direction": "above"}, "output": "anomalous",
			"source": {"kind": "prometheus", "expr": "100 - avg by(instance)(irate(node_cpu_seconds_total{mode=\"idle\",fleet=\"%d\"}[5m])) * 100"}}`, fleet))
		for host, v := range numbers(f, "instance") {
			if v > 0 && host == hot {
				over++
			}
		}
	}
	require.Less(t, over, fleets, "of %d hot hosts", fleets)
}
