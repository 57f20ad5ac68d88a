package query

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/series"
)

// scored is what a detector said of one series or entity, and its notices. It is not changed.
type scored struct {
	result  Result
	notices []string
}

// score gives what is held under the key, or what work finds: a rule asks for several outputs of the same scores, one query each. The key
// names all that the scores rest on, the values by their content, so that what is held is never out of date; without one work is done each
// time.
func (e *Engine) score(key string, work func() (Result, []string, error)) (Result, []string, error) {
	if held, ok := e.scores.Get(key); ok && key != "" {
		return held.result, held.notices, nil
	}
	r, notices, err := work()
	if err != nil || key == "" {
		return r, notices, err
	}
	for _, part := range []*[]float64{&r.Expected, &r.Lower, &r.Upper, &r.Score} {
		*part = slices.Clone(*part) // the shown part, without the history that it was cut from
	}
	r.Anomalous, r.Held = slices.Clone(r.Anomalous), slices.Clone(r.Held)
	e.scores.Put(key, scored{r, notices}, int64(4<<10+8*4*len(r.Score)+len(r.Anomalous)+16*len(r.Held)+512*len(r.Episodes)))
	return r, notices, nil
}

// anomalyKey names what the scores of one series rest on; empty where that has no name.
func (q *Query) anomalyKey(w *window, name string, in detect.Input) string {
	values, volume, other := digest(in.Values), digest(in.Volume), digest(in.Other)
	days := in.Calendar.Key()
	in.Values, in.Volume, in.Other, in.Calendar = nil, nil, nil, nil
	return keyOf(name, in, values, volume, other, days, q.detector(), q.threshold(), q.Model, w.shown, w.grid)
}

// compositeKey names what the scores of an entity rest on; empty where that has no name.
func (q *Query) compositeKey(w *window, name string, signals []composite.Signal) string {
	parts := []any{name, w.shown, w.grid, q.Model, q.Calendar.Key()}
	for _, s := range signals {
		parts = append(parts, s.Name, digest(s.Values), len(s.Values))
	}
	return keyOf(parts...)
}

// compared is what a group detector said of all instances, with what explains it. It is not changed.
type compared struct {
	*group.Output
	own, middle []float64
	episodes    [][]explain.Episode
}

// compared gives what is held of the instances, or compares them.
func (e *Engine) compared(ctx context.Context, q *Query, w *window, set *series.Set) (*compared, error) {
	parts, points := []any{w.shown, w.grid, q.Model, q.Calendar.Key()}, 0
	for _, s := range set.Series {
		parts = append(parts, s.Name, digest(s.Values))
		points += len(s.Values)
	}
	key := keyOf(parts...)
	if held, ok := e.groups.Get(key); ok && key != "" {
		return held, nil
	}
	r, err := q.Compare(ctx, set, w.shown)
	if err != nil {
		return nil, err
	}
	past, err := q.earlierDays(ctx, w, set, r)
	if err != nil {
		return nil, err
	}
	out := &compared{Output: r, episodes: make([][]explain.Episode, len(set.Series))}
	out.own, out.middle = r.Levels(q.instances(set, w.shown))
	for j := range set.Series {
		out.episodes[j] = q.stoodOut(w.grid, set, r, j, past[j])
	}
	if key != "" {
		e.groups.Put(key, out, int64(4<<10+points+16*w.grid.Len+1024*len(set.Series)))
	}
	return out, nil
}

func keyOf(parts ...any) string {
	raw, err := json.Marshal(parts)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %s", len(parts), raw)
}
