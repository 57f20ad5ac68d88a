package train

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
