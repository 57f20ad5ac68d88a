package train

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

// Options of a trainer; the zero value is fine.
type Options struct {
	Defaults query.Defaults
	Lease    time.Duration    // of a job; 0 = 15 s
	Poll     time.Duration    // between looks for jobs; 0 = 2 s
	Schedule time.Duration    // between looks for what is due; 0 = 1 min
	Backoff  []time.Duration  // before each next attempt; nil = 5 s, 30 s, 2 min, 10 min
	Keep     int              // newest versions that are kept; 0 = 10
	Now      func() time.Time // nil = time.Now
	// Log is told what goes on; nil = nobody is.
	Log func(msg string, args ...any)
}

// Trainer trains the models of one data source. Several, in this process or in others, may share a store.
type Trainer struct {
	store  store.Store
	engine *query.Engine
	gate   *Gate
	opt    Options
	now    func() time.Time
	owner  string
	wake   chan struct{}

	library *library
	ctx     context.Context // of everything in the background
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// New makes a trainer; Start lets it work.
func New(s store.Store, e *query.Engine, g *Gate, o Options) *Trainer {
	o.Lease, o.Poll, o.Schedule = orElse(o.Lease, 15*time.Second), orElse(o.Poll, 2*time.Second), orElse(o.Schedule, time.Minute)
	if o.Backoff == nil {
		o.Backoff = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	}
	if o.Keep <= 0 {
		o.Keep = 10
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Trainer{ctx: ctx, stop: stop, store: s, engine: e, gate: g, opt: o, now: o.Now, owner: rand.Text(), wake: make(chan struct{}, 1), library: newLibrary(s)}
}

func orElse(d, other time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return other
}

// Start begins to work until Close.
func (t *Trainer) Start() {
	t.done.Go(func() { t.work(t.ctx) })
	t.done.Go(func() { t.watch(t.ctx) })
}

// Close stops; a job that is under way is put back for others.
func (t *Trainer) Close() {
	t.stop()
	t.done.Wait()
}

// Wake lets the worker look for a job now.
func (t *Trainer) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Trained gives a version of a model to queries.
func (t *Trainer) Trained(ctx context.Context, name string, version int) (*query.Trained, error) {
	return t.library.trained(ctx, name, version)
}
