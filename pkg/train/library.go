package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/forewarn/earlywarning/pkg/cache"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

const (
	libraryBytes = 64 << 20
	// freshFor is how long it may take until a promotion on another replica is seen.
	freshFor = 3 * time.Second
	// patience is how long a query waits for a store that does not answer, when it has held the model before.
	patience = 2 * time.Second
)

// library holds decoded versions. A store that is away does not keep queries from models that were used before.
type library struct {
	store    store.Store
	versions *cache.Cache[*query.Trained]

	mu    sync.Mutex
	heads map[string]head
}

// head is which version of a model is live.
type head struct {
	id    string
	live  int
	trial Trial
	at    time.Time
}

func newLibrary(s store.Store) *library {
	return &library{store: s, versions: cache.New[*query.Trained](libraryBytes), heads: map[string]head{}}
}

// forget lets the next query look anew, after a change made here. Should the store be away then, what was live goes on answering.
func (l *library) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h, held := l.heads[name]; held {
		h.at = time.Time{}
		l.heads[name] = h
	}
}

func (l *library) trained(ctx context.Context, name string, version int) (*query.Trained, error) {
	h, err := l.head(ctx, name)
	if err != nil {
		return nil, err
	}
	if version == 0 {
		version = h.live
	}
	if version == 0 {
		return nil, fmt.Errorf("%w: field \"model.name\": the model %q has not been trained yet", query.ErrNoModel, name)
	}
	key := fmt.Sprintf("%s|%d", h.id, version)
	if held, ok := l.versions.Get(key); ok {
		return named(held, name, h.trial), nil
	}
	got, err := l.versions.Once(key, func() (*query.Trained, error) {
		t, bytes, err := l.load(context.WithoutCancel(ctx), name, version)
		if err == nil {
			l.versions.Put(key, t, bytes)
		}
		return t, err
	})
	if err != nil {
		return nil, err
	}
	return named(got, name, h.trial), nil
}

// named gives the version under the model's name of today, with the series that its trial has demoted.
func named(t *query.Trained, name string, trial Trial) *query.Trained {
	demoted := len(trial.Demoted) > 0 && trial.Version == t.Version
	if t.Name == name && !demoted {
		return t
	}
	out := *t
	if out.Name = name; demoted {
		out.Demoted = trial.Demoted
	}
	return &out
}

func (l *library) head(ctx context.Context, name string) (head, error) {
	l.mu.Lock()
	h, held := l.heads[name]
	l.mu.Unlock()
	if held && time.Since(h.at) < freshFor {
		return h, nil
	}
	limited := ctx
	if held {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	m, err := l.store.Model(limited, name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		l.mu.Lock()
		delete(l.heads, name)
		l.mu.Unlock()
		return head{}, fmt.Errorf("%w: field \"model.name\": no model %q is on this data source", query.ErrNoModel, name)
	case err != nil && held && ctx.Err() == nil:
		// The store is away: what was live goes on answering.
	case err != nil:
		return head{}, err
	default:
		h = head{id: m.ID, live: m.Live, trial: TrialOf(m)}
	}
	h.at = time.Now()
	l.mu.Lock()
	l.heads[name] = h
	l.mu.Unlock()
	return h, nil
}

// load reads a version and gives about how many bytes it takes in memory.
func (l *library) load(ctx context.Context, name string, version int) (*query.Trained, int64, error) {
	v, err := l.store.Version(ctx, name, version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, 0, fmt.Errorf("%w: field \"model.version\": the model %q has no version %d", query.ErrNoModel, name, version)
	}
	if err != nil {
		return nil, 0, err
	}
	t, err := decode(name, v)
	return t, int64(4*len(v.States)) + 64<<10, err
}

// decode makes a stored version one that queries use.
func decode(name string, v *store.Version) (*query.Trained, error) {
	var d model.Definition
	if err := json.Unmarshal(v.Definition, &d); err != nil {
		return nil, fmt.Errorf("version %d of model %q: definition: %w", v.Number, name, err)
	}
	var kept kept
	if err := json.Unmarshal(v.Summary, &kept); err != nil {
		return nil, fmt.Errorf("version %d of model %q: summary: %w", v.Number, name, err)
	}
	all, err := model.DecodeStates(v.States)
	if err != nil {
		return nil, fmt.Errorf("version %d of model %q: %w: train it again, or roll back", v.Number, name, err)
	}
	raw, err := model.Merged(d)
	if err != nil {
		return nil, err
	}
	t := &query.Trained{Name: name, Version: v.Number, At: v.TrainedAt, From: v.From, To: v.To, Query: raw, Type: kept.Type,
		Interval: time.Duration(kept.Interval) * time.Second, Threshold: kept.Threshold, Unlearnt: kept.Unlearnt, Series: make(map[string]*query.TrainedSeries, len(all))}
	for i := range all {
		t.Series[query.SeriesKey(all[i].Name, all[i].Labels)] = &all[i]
	}
	return t, nil
}

// kept is a version's summary as it is stored: what lists show, and what the data source's defaults were when it was trained.
type kept struct {
	model.Summary
	Type     query.Type       `json:"type"`
	Interval int64            `json:"interval"` // s
	Unlearnt []query.Unlearnt `json:"unlearnt,omitempty"`
}

// Summary reads a stored version's summary.
func Summary(v *store.Version) (model.Summary, error) {
	var k kept
	err := json.Unmarshal(v.Summary, &k)
	return k.Summary, err
}

// Forget lets the next query look for a model anew, after a change made here.
func (t *Trainer) Forget(name string) { t.library.forget(name) }
