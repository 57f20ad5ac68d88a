package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/cache"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

const (
	// overlap is read again at each refresh, for samples that arrived late.
	overlap = 10 * time.Minute
	// staleAfter is when a cached read is made anew in full, for history that was corrected or backfilled.
	staleAfter = 15 * time.Minute
)

// reader reads sources through a cache: a read that reaches a little further than a cached one fetches only the new end. Patterns of
// log messages are read in full, since they are learnt from what is read.
type reader struct {
	sources map[source.Kind]source.Source
	cache   *cache.Cache[cachedRead]
	clock   func() time.Time
}

type cachedRead struct {
	set    *series.Set
	readAt time.Time // of the full read
}

func newReader(sources map[source.Kind]source.Source, bytes int64) *reader {
	return &reader{sources: sources, cache: cache.New[cachedRead](bytes), clock: time.Now}
}

func (r *reader) read(ctx context.Context, req source.Request) (*series.Set, error) {
	src, ok := r.sources[req.Spec.Kind]
	if !ok {
		return nil, notConfigured(req.Spec.Kind)
	}
	key, err := readKey(req)
	if err != nil {
		return nil, err
	}
	grid := series.NewGrid(req.From, req.To, req.Step)
	held, ok := r.cache.Get(key)
	ok = ok && r.clock().Sub(held.readAt) < staleAfter
	if ok {
		if view := cut(held.set, grid); view != nil {
			return view, nil
		}
	}
	run := fmt.Sprintf("%s|%d|%d", key, grid.Start.UnixMilli(), grid.Len)
	got, err := r.cache.Once(run, func() (cachedRead, error) {
		if ok && req.Spec.Patterns == 0 && !grid.Start.Before(held.set.Grid.Start) && grid.Start.Before(held.set.Grid.End()) {
			return r.extend(ctx, src, req, key, held)
		}
		set, err := src.Read(ctx, req)
		if err != nil {
			return cachedRead{}, err
		}
		fresh := cachedRead{set, r.clock()}
		r.cache.Put(key, fresh, setBytes(set))
		return fresh, nil
	})
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		// Somebody else's cancelled run was shared; ours goes on.
		return src.Read(ctx, req)
	}
	return got.set, err
}

// fresh reads past the cache.
func (r *reader) fresh(ctx context.Context, req source.Request) (*series.Set, error) {
	src, ok := r.sources[req.Spec.Kind]
	if !ok {
		return nil, notConfigured(req.Spec.Kind)
	}
	return src.Read(ctx, req)
}

// Pieces of a long read, so that an answer of many series is not held as text and as values at once.
const (
	pieceLength = 7 * 24 * time.Hour
	pieceValues = 200_000 // values of the newest piece from which the rest is read in pieces, too
)

// pieces reads past the cache, long stretches of many series one after another. A query whose answer depends on the whole range is
// read at once, and so is SQL, which may do anything with its range.
func (r *reader) pieces(ctx context.Context, req source.Request) (*series.Set, error) {
	if req.Spec.Kind != source.Prometheus || req.To.Sub(req.From) <= pieceLength || wholeRange(req.Spec) {
		return r.fresh(ctx, req)
	}
	newest := req
	newest.From = req.To.Add(-pieceLength).Truncate(req.Step)
	set, err := r.fresh(ctx, newest)
	if err != nil {
		return nil, err
	}
	for req.From.Before(newest.From) {
		older := req
		older.To = newest.From
		if len(set.Series)*set.Grid.Len > pieceValues && older.To.Sub(older.From) > pieceLength {
			older.From = older.To.Add(-pieceLength).Truncate(req.Step)
		}
		part, err := r.fresh(ctx, older)
		if err != nil {
			return nil, err
		}
		executed := set.Executed
		set = series.Join(part, set, series.NewGrid(older.From, req.To, req.Step))
		set.Executed, newest.From = executed, older.From
	}
	return set, nil
}

// wholeRange tells whether a query depends on the length or the ends of its range.
func wholeRange(s source.Spec) bool {
	text := s.Expr + s.RawSQL
	return strings.Contains(text, "__range") || strings.Contains(text, "@")
}

func notConfigured(k source.Kind) error {
	return fmt.Errorf("%w: %s: fill in its connection on the data source's settings page", source.ErrNotConfigured, k)
}

// extend reads from shortly before the end of what is held, and joins the two.
func (r *reader) extend(ctx context.Context, src source.Source, req source.Request, key string, held cachedRead) (cachedRead, error) {
	tail := req
	back := max(overlap.Truncate(req.Step), req.Step)
	tail.From = held.set.Grid.End().Add(-back)
	if tail.From.Before(req.From) {
		tail.From = req.From
	}
	newer, err := src.Read(ctx, tail)
	if err != nil {
		return cachedRead{}, err
	}
	set := series.Join(held.set, newer, series.NewGrid(req.From, req.To, req.Step))
	longer := cachedRead{set, held.readAt}
	r.cache.Put(key, longer, setBytes(set))
	return longer, nil
}

// cut gives the part of a set that covers grid, or nil where it does not reach that far.
func cut(set *series.Set, grid series.Grid) *series.Set {
	i := set.Grid.Index(grid.Start)
	if i < 0 || i+grid.Len > set.Grid.Len {
		return nil
	}
	return set.Slice(i, i+grid.Len)
}

// readKey names a read without its times. A query that depends on the length of its range is named with it.
func readKey(req source.Request) (string, error) {
	what, err := json.Marshal([]any{req.Spec, req.Filters})
	if err != nil {
		return "", fmt.Errorf("%w: source: %w", ErrInvalid, err)
	}
	key := fmt.Sprintf("%s|%s", what, req.Step)
	if wholeRange(req.Spec) {
		key += fmt.Sprintf("|%d|%d", req.From.UnixMilli(), req.To.UnixMilli())
	}
	return key, nil
}

func setBytes(set *series.Set) int64 {
	n := int64(512)
	for _, s := range set.Series {
		n += int64(8*len(s.Values)) + 256 + int64(64*len(s.Labels))
	}
	return n
}
