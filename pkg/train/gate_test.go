package train

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/store"
)

func TestAnOpenGateHoldsNobody(t *testing.T) {
	var g Gate
	done := make(chan struct{})
	go func() { defer close(done); g.Yield(context.Background(), time.Hour) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("no query runs, and training waits")
	}
}

func TestTrainingWaitsForQueriesAndGoesOnWhenTheyAreDone(t *testing.T) {
	var g Gate
	one, two := g.Enter(), g.Enter()
	done := make(chan struct{})
	go func() { defer close(done); g.Yield(context.Background(), time.Hour) }()
	one()
	select {
	case <-done:
		t.Fatal("a query runs still")
	case <-time.After(5 * look):
	}
	two()
	<-done
}

func TestTrainingIsNotStarvedByQueriesThatNeverEnd(t *testing.T) {
	var g Gate
	defer g.Enter()()
	began := time.Now()
	g.Yield(context.Background(), 4*look)
	require.GreaterOrEqual(t, time.Since(began), 4*look)
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	var g Gate
	defer g.Enter()()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g.Yield(ctx, time.Hour)
	require.Error(t, ctx.Err())
}

// What people wait for counts as a query, so that training makes way for it; it must not make way for itself.
func TestReplaysAndPreviewsAreMadeWayForAndDoNotWaitForThemselves(t *testing.T) {
	w := made(t)
	var entered []int64
	w.metrics.wait = func(context.Context) { entered = append(entered, w.gate.queries.Load()) }
	_, err := w.Replay(t.Context(), compiled(t, anomalyOf("cpu", 0)), nil, 7, -1)
	require.NoError(t, err)
	_, err = w.Replay(t.Context(), compiled(t, warningOf("disk")), nil, 7, -1)
	require.NoError(t, err)
	_, err = w.Preview(t.Context(), compiled(t, forecastOf("cpu")).Query)
	require.NoError(t, err)
	for _, n := range entered {
		require.EqualValues(t, 1, n)
	}
	require.Zero(t, w.gate.waits.Load())
	require.Zero(t, w.gate.queries.Load(), "and they leave again")

	defer w.gate.Enter()()
	_, err = w.build(t.Context(), compiled(t, forecastOf("cpu")), nil, nothing)
	require.NoError(t, err)
	require.EqualValues(t, 2, w.gate.waits.Load(), "training makes way after each series")
}

func TestOneTrainingOfAProcessRunsAtATime(t *testing.T) {
	gate, db := NewGate(), opened(t)
	var mu sync.Mutex
	now, most := 0, 0
	var worlds []*world
	for k := range 3 { // three data sources
		w := inStore(t, db.Space(fmt.Sprint("1/", k)))
		w.gate = gate
		w.metrics.wait = func(context.Context) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(10 * time.Millisecond)
			mu.Lock()
			now--
			mu.Unlock()
		}
		worlds = append(worlds, w)
	}
	ids := map[*world]string{}
	for _, w := range worlds {
		w.save(forecastOf("cpu"))
		ids[w] = w.ask("cpu", ByUser).ID
		w.working()
	}
	for w, id := range ids {
		require.Equal(t, store.Done, w.job(id).State)
	}
	require.Equal(t, 1, most)
}

func TestWhoWaitsForItsTurnStopsWithItsContext(t *testing.T) {
	g := NewGate()
	done, ok := g.Turn(t.Context())
	require.True(t, ok)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, ok = g.Turn(ctx)
	require.False(t, ok)
	done()
	_, ok = g.Turn(t.Context())
	require.True(t, ok, "and the next has it")
	var open Gate
	_, ok = open.Turn(t.Context())
	require.True(t, ok)
	_, ok = open.Turn(t.Context())
	require.True(t, ok, "without a limit")
}

func TestAStoreThatIsAwayDoesNotKeepOtherDataSourcesFromTraining(t *testing.T) {
	gate := NewGate()
	one, two := made(t), made(t)
	one.gate, two.gate = gate, gate
	one.save(forecastOf("cpu"))
	two.save(forecastOf("cpu"))
	one.kept.fail("Complete", errAway, -1) // what it has learnt waits
	stuck := one.ask("cpu", ByUser)
	one.working()
	require.Eventually(t, func() bool {
		j, err := one.kept.Job(t.Context(), stuck.ID)
		require.NoError(t, err)
		return j.Progress.Current == "waiting for the store"
	}, 30*time.Second, 5*time.Millisecond)
	id := two.ask("cpu", ByUser).ID
	two.working()
	require.Equal(t, store.Done, two.job(id).State)
	one.kept.fail("Complete", nil, 0)
	require.Equal(t, store.Done, one.job(stuck.ID).State)
}
