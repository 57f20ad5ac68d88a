package query

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	earlierDays = 7       // on which it is asked who stood out at the same time
	mostLooked  = 500_000 // points of a group beyond which earlier days are not asked: that costs more than it tells
)

// episodes explains what the detector said of a series. Where something was raised, the newer half of the history is scored as well, so
// that what was most like it can be named, however short the range shown is.
func (q *Query) episodes(ctx context.Context, w *window, s series.Series, in detect.Input, r *detect.Output) ([]explain.Episode, error) {
	told := func(r *detect.Output, from int) explain.Input {
		return explain.Input{Name: s.Name, Grid: w.grid, Values: s.Values, Expected: r.Expected, Lower: r.Lower, Upper: r.Upper,
			Score: r.Score, P: r.P, Anomalous: r.Anomalous, Held: r.Held, From: from, Guards: q.Guards, Calendar: in.Calendar,
			Algorithm: r.Algorithm, Model: q.Model.Name, Version: q.Model.Version}
	}
	shown := told(r, w.shown)
	if slices.Contains(r.Anomalous[w.shown:], true) {
		before := in
		before.Values, before.From = in.Values[:w.shown], w.shown/2
		if in.Volume != nil {
			before.Volume = in.Volume[:w.shown]
		}
		if in.Other != nil {
			before.Other = in.Other[:w.shown]
		}
		switch past, err := detect.RunScaled(ctx, before, q.detector(), q.threshold()); {
		case tooShort(err):
		case err != nil:
			return nil, err
		default:
			shown.Past = explain.Episodes(told(past[0], before.From))
		}
	}
	return explain.Episodes(shown), nil
}

// weigh is what a composite is asked of signals: points from an index on.
func (q *Query) weigh(w *window, signals []composite.Signal, from int) composite.Input {
	return composite.Input{Signals: signals, Step: q.Interval, Start: w.grid.Start, From: from, Method: q.Model.Algorithm, Calendar: q.Calendar}
}

// weighed are the stages that every composite's alarm passes.
var weighed = detect.Guards{K: 2, N: 3, Cooldown: time.Hour}

// episodes explains what a composite said of an entity, as Query.episodes does for a series.
func (en *entity) episodes(ctx context.Context, q *Query, w *window, r *composite.Output, signals []composite.Signal) ([]explain.Episode, error) {
	told := func(r *composite.Output, from int) explain.Input {
		in := explain.Input{Name: en.name, Grid: w.grid, Score: r.Score, Anomalous: r.Anomalous, Held: r.Held, From: from, Guards: weighed,
			Calendar: q.Calendar, Algorithm: r.Method, Model: q.Model.Name, Version: q.Model.Version}
		for k, s := range signals {
			in.Signals = append(in.Signals, explain.Signal{Name: s.Name, Values: s.Values, Expected: r.Expected[k], Share: r.Shares[k]})
		}
		return in
	}
	shown := told(r, w.shown)
	if slices.Contains(r.Anomalous[w.shown:], true) {
		before := slices.Clone(signals)
		for k := range before {
			before[k].Values = before[k].Values[:w.shown]
		}
		switch past, err := composite.Run(ctx, q.weigh(w, before, w.shown/2)); {
		case tooShort(err):
		case err != nil:
			return nil, err
		default:
			shown.Past = explain.Episodes(told(past, w.shown/2))
		}
	}
	return explain.Episodes(shown), nil
}

// stoodOut explains when and by how much instance j stood out from its group: its values beside the group's median, at its farthest. Of a
// part of a whole they are its parts in per cent, beside what is usual at this time.
func (q *Query) stoodOut(g series.Grid, set *series.Set, r *group.Output, j int, past []explain.Episode) []explain.Episode {
	held := ""
	if r.Held != nil {
		held = r.Held[j]
	}
	if !r.Outlier[j] && held == "" {
		return nil
	}
	n := g.Len
	in := explain.Input{Name: set.Series[j].Name, Grid: g, Values: set.Series[j].Values, Lower: r.Low, Upper: r.High, Expected: series.Missing(n), Score: series.Missing(n),
		Anomalous: make([]bool, n), Held: make([]string, n), From: n - r.Window, Calendar: q.Calendar, Group: true, Past: past, Algorithm: r.Algorithm, Model: q.Model.Name, Version: q.Model.Version}
	usual, whole := r.UsualPart(j)
	if whole {
		in.Values, in.Lower, in.Upper, in.Group = group.Parts(q.instances(set, 0).Values, j), nil, nil, false
	}
	most, column := 0.0, make([]float64, 0, len(set.Series))
	for i := in.From; i < n; i++ {
		column = column[:0]
		for _, s := range set.Series {
			if !math.IsNaN(s.Values[i]) {
				column = append(column, s.Values[i])
			}
		}
		if r.Flags == nil || r.Flags[j][i] {
			in.Anomalous[i], in.Held[i] = held == "", held
			if in.Expected[i] = usual; !whole {
				in.Expected[i] = order.Median(column)
			}
			if in.Score[i] = math.Abs(in.Values[i] - in.Expected[i]); in.Score[i] > most {
				most = in.Score[i]
			}
		}
	}
	for i := range in.Score { // the instance has one score, which is that of its farthest point
		if in.Score[i] *= r.Score[j]; most > 0 {
			in.Score[i] /= most
		}
	}
	return explain.Episodes(in)
}

// earlierDays asks who stood out at the same time of the days before, for each instance; nobody is asked of where nobody stands out
// in a group that is large.
func (q *Query) earlierDays(ctx context.Context, w *window, set *series.Set, r *group.Output) ([][]explain.Episode, error) {
	out := make([][]explain.Episode, len(set.Series))
	n := w.grid.Len
	if !slices.Contains(r.Outlier, true) || n*len(set.Series) > mostLooked {
		return out, nil
	}
	for days := earlierDays; days >= 1; days-- {
		end := w.grid.Index(q.Calendar.Back(w.grid.End(), days))
		if end < n/4 {
			continue
		}
		then := set.Slice(0, end)
		past, err := q.Compare(ctx, then, max(end-r.Window, 0))
		if tooShort(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for j := range out {
			if r.Outlier[j] {
				out[j] = append(out[j], q.stoodOut(w.grid.Slice(0, end), then, past, j, nil)...)
			}
		}
	}
	return out, nil
}
