// Package train turns definitions into versions: jobs that are shared among processes, workers that make way for queries,
// retraining by schedule and by drift, what would have fired, and the trained versions that queries answer from.
package train

import (
	"context"
	"sync/atomic"
	"time"
)

// Gate lets training make way for queries, which share its processors. The zero value is open; one that NewGate made lets one
// training of the process run at a time, whatever the number of its data sources.
type Gate struct {
	turn    chan struct{} // holds a value while a training runs; nil = any number may
	queries atomic.Int64
	waits   atomic.Int64 // times that training has made way
}

// NewGate gives a gate for all data sources of a process.
func NewGate() *Gate { return &Gate{turn: make(chan struct{}, 1)} }

// Turn waits for the training's turn; the caller calls the function when it is done. ok is false where the context ended before.
func (g *Gate) Turn(ctx context.Context) (done func(), ok bool) {
	if g.turn == nil {
		return func() {}, ctx.Err() == nil
	}
	select {
	case g.turn <- struct{}{}:
		return func() { <-g.turn }, true
	case <-ctx.Done():
		return nil, false
	}
}

// Enter notes that a query runs; the caller calls the function when it is done.
func (g *Gate) Enter() (leave func()) {
	g.queries.Add(1)
	return func() { g.queries.Add(-1) }
}

// look is how often a waiting worker looks whether the queries are done.
const look = 5 * time.Millisecond

// Yield waits while queries run, but no longer than most: training goes on, slowly, under any load.
func (g *Gate) Yield(ctx context.Context, most time.Duration) {
	if g.queries.Load() > 0 {
		g.waits.Add(1)
	}
	until := time.Now().Add(most)
	for g.queries.Load() > 0 && time.Now().Before(until) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(look):
		}
	}
}
