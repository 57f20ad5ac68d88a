package train

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
)

// noon of a Sunday is when the tests begin.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// metrics is a source whose values the test says.
type metrics struct {
	mu     sync.Mutex
	hosts  int
	value  func(host int, at time.Time) float64
	of     map[string]func(host int, at time.Time) float64 // by expression, instead of value; a nil one is of no series
	err    error
	refuse map[string]error          // by expression
	wait   func(ctx context.Context) // called by each read
	reads  []source.Request
}

func (m *metrics) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	m.mu.Lock()
	hosts, value, err, wait := m.hosts, m.value, m.err, m.wait
	m.reads = append(m.reads, r)
	if of, ok := m.of[r.Spec.Expr]; ok {
		if value = of; of == nil {
			hosts = 0
		}
	}
	if refused := m.refuse[r.Spec.Expr]; refused != nil {
		err = refused
	}
	m.mu.Unlock()
	if wait != nil {
		wait(ctx)
	}
	if err != nil {
		return nil, err
	}
	g := series.NewGrid(r.From, r.To, r.Step)
	set := &series.Set{Grid: g, Executed: r.Spec.Expr}
	for k := range hosts {
		s := series.Series{Name: fmt.Sprintf("h%d", k), Labels: series.Labels{"host": fmt.Sprintf("h%d", k)}, Values: make([]float64, g.Len)}
		for i := range s.Values {
			s.Values[i] = value(k, g.Time(i))
		}
		set.Series = append(set.Series, s)
	}
	return set, ctx.Err()
}

func (m *metrics) Check(context.Context) (string, error) { return "metrics", nil }
func (m *metrics) Close() error                          { return nil }

func (m *metrics) set(change func(m *metrics)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(m)
}

// rhythm is the season of a day with noise of half a unit either way, each host on a level of its own.
func rhythm(host int, at time.Time) float64 {
	return 50 + float64(host) + 20*math.Sin(2*math.Pi*float64(at.Unix())/86400) + noise(host, at)
}

// noise is the same for the same host and time.
func noise(host int, at time.Time) float64 {
	h := uint64(at.Unix())*6364136223846793005 + uint64(host)
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return float64(h>>40)/float64(1<<24) - 0.5
}

// since gives a metric that began at a time.
func since(start time.Time, f func(int, time.Time) float64) func(int, time.Time) float64 {
	return func(host int, at time.Time) float64 {
		if at.Before(start) {
			return math.NaN()
		}
		return f(host, at)
	}
}

// spikes adds 60 for two hours every so often.
func spikes(every time.Duration, f func(int, time.Time) float64) func(int, time.Time) float64 {
	return func(host int, at time.Time) float64 {
		if (at.Unix()-noon.Unix()+1_000_000*int64(every/time.Second)+3*3600)%int64(every/time.Second) < 7200 {
			return f(host, at) + 60
		}
		return f(host, at)
	}
}

// world is a trainer with its source, its store and its clock.
type world struct {
	*Trainer
	t       *testing.T
	metrics *metrics
	kept    *fickle

	mu    sync.Mutex
	clock time.Time
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// fickle is a store that can be told to fail.
type fickle struct {
	store.Store
	mu    sync.Mutex
	fails map[string]error // by method
	times map[string]int   // how often still; negative = always

	delays []time.Duration // that failed jobs were to wait; none does
	newest []store.Job     // that Jobs gives, instead of its own
}

// jobsAre lets Jobs say so from here on.
func (f *fickle) jobsAre(jobs []store.Job) { f.newest = jobs }

func (f *fickle) Jobs(ctx context.Context, name string, limit int) ([]store.Job, error) {
	if err := f.due("Jobs"); err != nil || f.newest != nil {
		return f.newest, err
	}
	return f.Store.Jobs(ctx, name, limit)
}

func (f *fickle) fail(method string, err error, times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails[method], f.times[method] = err, times
}

func (f *fickle) due(method string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails[method] == nil || f.times[method] == 0 {
		return nil
	}
	f.times[method]--
	return f.fails[method]
}

func (f *fickle) Model(ctx context.Context, name string) (*store.Model, error) {
	if err := f.due("Model"); err != nil {
		return nil, err
	}
	return f.Store.Model(ctx, name)
}

func (f *fickle) Version(ctx context.Context, name string, number int) (*store.Version, error) {
	if err := f.due("Version"); err != nil {
		return nil, err
	}
	return f.Store.Version(ctx, name, number)
}

func (f *fickle) Complete(ctx context.Context, j *store.Job, v *store.Version, live bool, e store.Entry) error {
	if err := f.due("Complete"); err != nil {
		return err
	}
	return f.Store.Complete(ctx, j, v, live, e)
}

// Fail notes the delay and lets nobody wait for it.
func (f *fickle) Fail(ctx context.Context, j *store.Job, reason string, retry time.Duration, e store.Entry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.delays = append(f.delays, retry)
	return f.Store.Fail(ctx, j, reason, min(retry, 0), e)
}

func (f *fickle) Models(ctx context.Context) ([]store.Model, error) {
	if err := f.due("Models"); err != nil {
		return nil, err
	}
	return f.Store.Models(ctx)
}

// errAway is what a store says that cannot be reached.
var errAway = fmt.Errorf("%w: gone", store.ErrUnavailable)

// made gives a world; the trainer does not work by itself yet.
func made(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	return inStore(t, opened(t).Space("1/ds"), change...)
}

// opened gives a store in memory.
func opened(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(store.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func inStore(t *testing.T, s store.Store, change ...func(*Options)) *world {
	t.Helper()
	w := &world{t: t, clock: noon, metrics: &metrics{hosts: 2, value: rhythm}, kept: &fickle{Store: s, fails: map[string]error{}, times: map[string]int{}}}
	o := Options{Now: w.now, Poll: 20 * time.Millisecond, Lease: 2 * time.Second, Schedule: time.Hour, Backoff: []time.Duration{time.Millisecond, 2 * time.Millisecond}}
	for _, c := range change {
		c(&o)
	}
	engine := query.NewEngine(map[source.Kind]source.Source{source.Prometheus: w.metrics}, w.now, 1<<22, 1<<22)
	w.Trainer = New(w.kept, engine, &Gate{}, o)
	return w
}

// working lets the trainer work until the test ends.
func (w *world) working() *world {
	w.Start()
	w.t.Cleanup(w.Close)
	return w
}

func forecastOf(name string) model.Definition {
	return model.Definition{Name: name, Query: json.RawMessage(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"load"},"model":{"algorithm":"ets"},"trainingWindow":"10d","interval":"1h","horizon":"12h"}`)}
}

func anomalyOf(name string, budget float64) model.Definition {
	return model.Definition{Name: name, AlertBudget: budget, Query: json.RawMessage(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"load"},"trainingWindow":"10d","interval":"1h"}`)}
}

func warningOf(name string) model.Definition {
	return model.Definition{Name: name, Query: json.RawMessage(`{"queryType":"warning","source":{"kind":"prometheus","expr":"disk"},"model":{"algorithm":"linear"},"trainingWindow":"10d","interval":"1h","horizon":"72h","threshold":{"value":90,"direction":"above"}}`)}
}

func compiled(t *testing.T, d model.Definition) *model.Compiled {
	t.Helper()
	c, err := model.Compile(d, query.Defaults{})
	require.NoError(t, err)
	return c
}

// save keeps a definition as a user's model.
func (w *world) save(d model.Definition) *store.Model {
	w.t.Helper()
	raw, err := json.Marshal(compiled(w.t, d).Definition)
	require.NoError(w.t, err)
	m := &store.Model{Name: d.Name, Definition: raw, CreatedBy: "anna"}
	require.NoError(w.t, w.kept.CreateModel(w.t.Context(), m, store.Entry{Who: "anna", Action: "model.create", Model: d.Name}))
	return m
}

// ask queues a training.
func (w *world) ask(name, reason string) *store.Job {
	w.t.Helper()
	j, added, err := w.kept.Enqueue(w.t.Context(), name, "anna", reason, store.Entry{Who: "anna", Action: "model.train", Model: name})
	require.NoError(w.t, err)
	require.True(w.t, added)
	w.Wake()
	return j
}

// job waits until a job has come to one of its ends.
func (w *world) job(id string) *store.Job {
	w.t.Helper()
	var j *store.Job
	require.Eventually(w.t, func() bool {
		var err error
		j, err = w.kept.Job(w.t.Context(), id)
		require.NoError(w.t, err)
		return j.State != store.Queued && j.State != store.Running
	}, 30*time.Second, 5*time.Millisecond)
	return j
}

// turn does the one job that waits, here and now.
func (w *world) turn() *store.Job {
	w.t.Helper()
	j, err := w.kept.Claim(w.t.Context(), "test", time.Minute)
	require.NoError(w.t, err)
	require.NotNil(w.t, j, "a job waits")
	w.run(w.t.Context(), j, func() {})
	j, err = w.kept.Job(w.t.Context(), j.ID)
	require.NoError(w.t, err)
	return j
}

// trained saves a definition and trains it.
func (w *world) trained(d model.Definition) *store.Model {
	w.t.Helper()
	w.save(d)
	w.ask(d.Name, ByUser)
	j := w.turn()
	require.Equal(w.t, store.Done, j.State, j.Error)
	return w.model(d.Name)
}

func (w *world) model(name string) *store.Model {
	w.t.Helper()
	m, err := w.kept.Store.Model(w.t.Context(), name)
	require.NoError(w.t, err)
	return m
}

// models are the names of those that are there.
func (w *world) models() (names []string) {
	all, err := w.kept.Models(w.t.Context())
	require.NoError(w.t, err)
	for _, m := range all {
		names = append(names, m.Name)
	}
	return names
}

func (w *world) definition(name string) (d model.Definition) {
	w.t.Helper()
	require.NoError(w.t, json.Unmarshal(w.model(name).Definition, &d))
	return d
}

// waiting gives the models that a job waits for, with its reason.
func (w *world) waiting() map[string]string {
	w.t.Helper()
	jobs, err := w.kept.Jobs(w.t.Context(), "", 100)
	require.NoError(w.t, err)
	out := map[string]string{}
	for _, j := range jobs {
		if j.State == store.Queued {
			out[j.Model] = j.Reason
		}
	}
	return out
}

// trail gives what was written of a kind, oldest first.
func (w *world) trail(kind string) (out []store.Entry) {
	w.t.Helper()
	require.NoError(w.t, w.kept.ExportAudit(w.t.Context(), store.AuditFilter{Kind: kind}, func(e store.Entry) error {
		out = append(out, e)
		return nil
	}))
	return out
}

func (w *world) results(name string, number int) []model.SeriesResult {
	w.t.Helper()
	v, err := w.kept.Store.Version(w.t.Context(), name, number)
	require.NoError(w.t, err)
	r, err := model.DecodeResults(v.Results)
	require.NoError(w.t, err)
	return r
}
