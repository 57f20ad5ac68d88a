package usecases

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

const (
	memorySource = `"kind": "prometheus", "expr": "max by (container) (container_memory_percent)"`
	logsSource   = `"kind": "logs", "table": "app_logs", "time": "ts", "message": "message", "entity": "container", "keywords": ["OutOfMemory"]`
)

const (
	climbSource = `"kind": "prometheus", "expr": "container_memory_kilobytes"`
	crashSource = `"kind": "logs", "table": "container_logs", "time": "ts", "message": "message", "entity": "container", "keywords": ["OutOfMemory"]`
)

// climbed tells how many hours after its memory begins to climb a container is flagged by its memory alone, by its log alone, and by both together.
func climbed(t *testing.T) func(name string) (memory, log, together float64) {
	t.Helper()
	from := climbBegins().Add(-24 * time.Hour)
	alone := func(source string) *data.Frame {
		return ask(t, false, from, world.now, fmt.Sprintf(`{"queryType": "anomaly", "interval": "1h", "trainingWindow": "12d", "direction": "above", "output": "anomalous", "source": {%s}}`, source))
	}
	memory, logs := alone(climbSource), alone(crashSource)
	both := ask(t, false, from, world.now, fmt.Sprintf(`{"queryType": "composite", "interval": "1h", "trainingWindow": "12d", "join": ["container"], "output": "anomalous",
		"sources": [{"name": "memory", %s}, {"name": "logs", %s}]}`, climbSource, crashSource))
	return func(name string) (float64, float64, float64) {
		first := func(f *data.Frame) float64 {
			at := over(f, "container", name, 1)
			require.NotEmpty(t, at, name)
			return at[0].Sub(climbBegins()).Hours()
		}
		m, l, c := first(memory), first(logs), first(both)
		t.Logf("%s: hours after the climb begins: memory alone %.0f, log alone %.0f, together %.0f", name, m, l, c)
		return m, l, c
	}
}

// Use case 1: containers without a watchman, of real parts (climbs_test.go says which, and what was shifted). Memory climbs over hours and
// OutOfMemory comes more and more often; the composite flags the container before its memory alone and before its log alone, hours earlier.
func TestTheCompositeIsFirstWhereTroubleGrows(t *testing.T) {
	climbed := climbed(t)
	for _, name := range climbers("growing") {
		memory, log, together := climbed(name)
		require.GreaterOrEqual(t, together, 0.0, "%s: nothing was wrong before", name)
		require.LessOrEqual(t, together, memory-2, name)
		require.LessOrEqual(t, together, log-2, name)
	}
}

// Where one signal leaps there is nothing to be earlier than: the composite, which wants two points, is at most one step behind.
func TestTheCompositeIsAStepBehindALeap(t *testing.T) {
	climbed := climbed(t)
	for _, name := range climbers("leaping") {
		memory, log, together := climbed(name)
		require.LessOrEqual(t, together, min(memory, log)+1, name)
	}
}

// Beside it, made data of which all is known: memory creeps up and "OutOfMemory" comes a little more often in the log, neither of them far
// from usual. Together they are: the composite flags each leaking container, nearly all of them before memory or the log alone is
// flagged and none later, long before the limit of 90 %; and none of those that are well.
func TestTheCompositeIsFirst(t *testing.T) {
	from := world.now.Add(-24 * time.Hour)
	alone := func(source string) *data.Frame {
		return ask(t, false, from, world.now, fmt.Sprintf(`{"queryType": "anomaly", "interval": "30m", "trainingWindow": "14d", "direction": "above", "output": "anomalous", "source": {%s}}`, source))
	}
	memory, logs := alone(memorySource), alone(logsSource)
	together := ask(t, false, from, world.now, fmt.Sprintf(`{"queryType": "composite", "interval": "30m", "trainingWindow": "14d", "join": ["container"], "output": "anomalous",
		"sources": [{"name": "memory", %s}, {"name": "logs", %s}]}`, memorySource, logsSource))
	first := func(f *data.Frame, name string) time.Time {
		if at := over(f, "container", name, 1); len(at) > 0 {
			return at[0]
		}
		return world.now
	}
	var lead time.Duration
	earlier := 0
	for _, name := range components {
		flagged := first(together, name)
		if !leaks(name) {
			require.Equal(t, world.now, flagged, "%s is well", name)
			continue
		}
		require.True(t, flagged.Before(world.now), "%s leaks", name)
		alone := first(memory, name)
		if at := first(logs, name); at.Before(alone) {
			alone = at
		}
		require.False(t, alone.Before(flagged), "%s: together at %s, alone at %s", name, flagged, alone)
		if flagged.Before(alone) {
			earlier++
		}
		lead += alone.Sub(flagged)
	}
	require.GreaterOrEqual(t, earlier, 7, "of eight that leak")
	t.Logf("flagged %s before either alone, on average of eight containers", (lead / 8).Round(time.Minute))

	highest := numbers(ask(t, true, world.now.Add(-time.Hour), world.now, fmt.Sprintf(`{"queryType": "series", "interval": "30m", "output": "actual", "source": {%s}}`, memorySource)), "container")
	for name, v := range highest {
		require.Less(t, v, 90.0, "%s: an alarm at 90 %% has not come yet", name)
	}
}

// The answer says which signal it was, by a short name.
func TestTheSharesAreNamed(t *testing.T) {
	f := ask(t, false, world.now.Add(-time.Hour), world.now, fmt.Sprintf(`{"queryType": "composite", "interval": "30m", "trainingWindow": "14d", "join": ["container"], "output": "table",
		"sources": [{"name": "memory", %s}, {"name": "logs", %s}]}`, memorySource, logsSource))
	shares, i := f.FieldByName("shares")
	require.GreaterOrEqual(t, i, 0)
	require.Equal(t, len(components), shares.Len())
	for i := range shares.Len() {
		v, _ := shares.ConcreteAt(i)
		require.Regexp(t, `^(memory|logs) \d+ %, (memory|logs) \d+ %$`, v)
	}
}
