package query

import (
	"context"
	"errors"
	"fmt"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/series"
)

// outlier compares the instances of one query with each other.
func (e *Engine) outlier(ctx context.Context, q *Query, w *window, set *series.Set, a *Answer) error {
	plain(w, set, a)
	r, err := e.compared(ctx, q, w, set)
	if errors.Is(err, detect.ErrTooShort) {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: err.Error()})
		return nil
	}
	if err != nil {
		return err
	}
	for _, text := range r.Notices {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Info, Text: text})
	}
	agree, members := r.Agree()
	for i := range a.Results {
		out := &a.Results[i]
		out.Algorithm, out.Why = r.Algorithm, r.Why[i]
		out.Outlier = &OutlierResult{Score: r.Score[i], Outlier: r.Outlier[i], Cluster: r.Cluster[i], Why: r.Why[i], Actual: r.own[i], Expected: r.middle[i], Agree: agree, Members: members}
		out.Anomalous = make([]bool, a.Past)
		for k := max(a.Past-r.Window, 0); k < a.Past && r.Outlier[i]; k++ {
			out.Anomalous[k] = r.Flags == nil || r.Flags[i][w.shown+k]
		}
		out.Episodes = r.episodes[i]
	}
	if r.Low != nil {
		a.Band = &Band{r.Low[w.shown:], r.High[w.shown:]}
	}
	return nil
}

// Compare runs the query's group detector over series on one grid, whose newest stretch is judged; what lies before index from is
// history. The error wraps detect.ErrTooShort where there is too little of it.
func (q *Query) Compare(ctx context.Context, set *series.Set, from int) (*group.Output, error) {
	return group.Run(ctx, q.instances(set, from), q.detector())
}

func (q *Query) instances(set *series.Set, from int) group.Input {
	in := group.Input{Values: make([][]float64, len(set.Series)), Step: q.Interval, Start: set.Grid.Start, From: from, Calendar: q.Calendar}
	for i, s := range set.Series {
		in.Values[i] = s.Values
	}
	return in
}

// composite reads every source, joins the series on the entity's labels and scores each entity.
func (e *Engine) composite(ctx context.Context, q *Query, w *window, a *Answer) error {
	entities := map[string]*entity{}
	var order []string
	for _, s := range q.Sources {
		set, err := e.series(ctx, q, w, s.Spec, a)
		if err != nil {
			return fmt.Errorf("source %s: %w", s.Name, err)
		}
		w.fix(set.Grid)
		left := 0
		for _, one := range set.Series {
			key, labels, ok := entityOf(one.Labels, q.Join)
			if !ok {
				left++
				continue
			}
			if entities[key] == nil {
				entities[key] = &entity{labels: labels, name: key}
				order = append(order, key)
			}
			entities[key].add(s.Name, one)
		}
		if left > 0 {
			a.Notices = append(a.Notices, series.Notice{Severity: series.Warning,
				Text: fmt.Sprintf("source %s: %d series lack one of the labels to join on (%v) and were left out", s.Name, left, q.Join)})
		}
	}
	a.Grid, a.Past = w.answerGrid(0)
	a.Results = make([]Result, len(order))
	notices := make([][]string, len(order))
	beside, err := e.beside(ctx, q, w, a)
	if err != nil {
		return err
	}
	err = each(ctx, len(order), func(ctx context.Context, i int) error {
		en := entities[order[i]]
		known, err := beside(en.labels)
		if err != nil {
			return err
		}
		q := q.knowing(known)
		signals := en.signals()
		out, told, err := e.score(q.compositeKey(w, en.name, signals), func() (Result, []string, error) { return en.score(ctx, q, w, signals) })
		out.Name, out.Labels, out.Points = en.name, en.labels, w.grid.Len
		a.Results[i], notices[i] = out, told
		return err
	})
	a.addNotices(notices)
	return err
}

// knowing is the query with the deployments of an entity in its calendar.
func (q *Query) knowing(known Beside) *Query {
	own := *q
	own.Calendar = q.Calendar.Deploying(known.Deployed)
	return &own
}

// entity is what several sources speak of: one container, one host.
type entity struct {
	name    string
	labels  series.Labels
	sources []string // of each series
	list    []series.Series
}

func entityOf(l series.Labels, join []string) (key string, labels series.Labels, ok bool) {
	labels = series.Labels{}
	for i, name := range join {
		v := l[name]
		if v == "" {
			return "", nil, false
		}
		if i > 0 {
			key += " "
		}
		key += v
		labels[name] = v
	}
	return key, labels, true
}

// add takes a series in; when one source gives several for an entity, each is a signal of its own.
func (en *entity) add(source string, s series.Series) {
	en.sources, en.list = append(en.sources, source), append(en.list, s)
}

// signals are the entity's series with names of their own.
func (en *entity) signals() []composite.Signal {
	out := make([]composite.Signal, len(en.list))
	for i, name := range signalNames(en.sources, en.list) {
		out[i] = composite.Signal{Name: name, Values: en.list[i].Values}
	}
	return out
}

func (en *entity) score(ctx context.Context, q *Query, w *window, signals []composite.Signal) (out Result, notices []string, err error) {
	r, err := composite.Run(ctx, q.weigh(w, signals, w.shown))
	if errors.Is(err, detect.ErrTooShort) {
		out.Why = err.Error()
		return out, []string{err.Error()}, nil
	}
	if err != nil {
		return out, nil, fmt.Errorf("entity %s: %w", en.name, err)
	}
	out.Algorithm, out.Score, out.Anomalous = r.Method, r.Score[w.shown:], r.Anomalous[w.shown:]
	if out.Episodes, err = en.episodes(ctx, q, w, r, signals); err != nil {
		return out, nil, err
	}
	last := len(r.Score) - 1
	for last > w.shown && !(r.Score[last] >= 0) {
		last--
	}
	for k, s := range signals {
		if last >= 0 && r.Shares[k][last] >= 0 {
			out.Shares = append(out.Shares, Share{s.Name, r.Shares[k][last]})
		}
	}
	return out, r.Notices, nil
}
