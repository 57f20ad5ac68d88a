package query

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Beside is what other sources know of a series.
type Beside struct {
	Volume   []float64       // what each value rests on, for guards.minVolume; nil where it does not matter
	Other    []float64       // score of the other signal at each point, for guards.agreement; nil where there is none
	Deployed []calendar.Span // deployments that concern the series
}

// Besides gives what other sources know of the series with these labels.
type Besides func(series.Labels) (Beside, error)

// nothingFrom says what it means that a source gives no series.
func nothingFrom(field string) string {
	switch field {
	case "volume":
		return "volume: the source gives no series, so guards.minVolume holds nothing back"
	case "agreement":
		return "agreement: the source gives no series, so guards.agreement holds nothing back"
	}
	return "deployments: the source gives no series, so no deployment is known"
}

// How a source is read on the grid at hand, and another signal scored.
type (
	reading func(source.Spec) (*series.Set, error)
	scoring func(context.Context, detect.Input) ([]float64, error)
)

// beside reads for a query what other sources know, and gives it for a series of the window.
func (e *Engine) beside(ctx context.Context, q *Query, w *window, a *Answer) (Besides, error) {
	of, notices, err := q.beside(ctx, w.grid, func(spec source.Spec) (*series.Set, error) { return e.read(ctx, q, w, spec, a) },
		func(ctx context.Context, in detect.Input) ([]float64, error) {
			out, _, err := e.score(q.anomalyKey(w, "agreement", in), func() (Result, []string, error) {
				score, err := otherScore(ctx, in)
				return Result{Score: score}, nil, err
			})
			return out.Score, err
		})
	for _, text := range notices {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: text})
	}
	return of, err
}

// BesideFor reads what other sources know for a training that ReadFor has read the series of, and gives it for a series on their grid.
// Where a source gives nothing at all, notices say so.
func (e *Engine) BesideFor(ctx context.Context, q *Query, g series.Grid) (of Besides, notices []string, err error) {
	return q.beside(ctx, g, func(spec source.Spec) (*series.Set, error) {
		return e.reader.pieces(ctx, source.Request{Spec: spec, From: g.Start, To: g.End(), Step: g.Step, Filters: q.Filters})
	}, otherScore)
}

func (q *Query) beside(ctx context.Context, g series.Grid, read reading, score scoring) (of Besides, notices []string, err error) {
	all := map[string][]series.Series{}
	for _, one := range []struct {
		field string
		spec  *source.Spec
	}{{"volume", q.Volume}, {"agreement", q.Agreement}, {"deployments", q.Deployments.spec()}} {
		if one.spec == nil {
			continue
		}
		set, err := read(*one.spec)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", one.field, err)
		}
		if all[one.field] = set.Series; len(set.Series) == 0 {
			notices = append(notices, nothingFrom(one.field))
		}
	}
	others := map[string]func() ([]float64, error){} // each is scored once, however many series it stands beside
	for _, s := range all["agreement"] {
		in := detect.Input{Values: aligned(s.Values, g.Len), Step: g.Step, Start: g.Start, Calendar: q.Calendar}
		others[SeriesKey(s.Name, s.Labels)] = sync.OnceValues(func() ([]float64, error) { return score(ctx, in) })
	}
	return func(labels series.Labels) (out Beside, err error) {
		out.Volume = volumeOf(all["volume"], labels, g.Len)
		out.Deployed = q.Deployments.of(all["deployments"], labels, g)
		if list := concerning(all["agreement"], labels); len(list) > 0 {
			out.Other, err = others[SeriesKey(list[0].Name, list[0].Labels)]()
		}
		return out, err
	}, notices, nil
}

// otherScore says how far another signal is out of its own band, to either side; nil where too little of it is known.
func otherScore(ctx context.Context, in detect.Input) ([]float64, error) {
	out, err := detect.Run(ctx, in, detect.Options{Algorithm: detect.Auto})
	if tooShort(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("agreement: %w", err)
	}
	return out.Score, nil
}

// volumeOf gives what n values of a series rest on; nil where nothing is known of that.
func volumeOf(all []series.Series, labels series.Labels, n int) []float64 {
	if list := concerning(all, labels); len(list) > 0 {
		return aligned(list[0].Values, n)
	}
	return nil
}

// Deployments say where a query learns of deployments: each value above 0 is one.
type Deployments struct {
	Source source.Spec
	Quiet  time.Duration // after it nothing is flagged for so long
}

func (d *Deployments) spec() *source.Spec {
	if d == nil {
		return nil
	}
	return &d.Source
}

// metricLabel is the column that names a series of a table.
const metricLabel = "metric"

// of gives the deployments among series that concern one with these labels: those of its labels, or without any. What a table's column
// metric holds is the name of a deployment, unless the series have one, too.
func (d *Deployments) of(all []series.Series, labels series.Labels, g series.Grid) (out []calendar.Span) {
	_, named := labels[metricLabel]
	for _, s := range all {
		of := s.Labels
		if !named && of[metricLabel] != "" {
			of = maps.Clone(of)
			delete(of, metricLabel)
		}
		if shared(of, labels) < 0 {
			continue
		}
		for i, v := range aligned(s.Values, g.Len) {
			if v > 0 {
				out = append(out, calendar.Span{From: g.Time(i), To: g.Time(i + 1).Add(d.Quiet), Reason: s.Name})
			}
		}
	}
	return out
}

// aligned cuts or fills values to n: a source may give a shorter grid.
func aligned(values []float64, n int) []float64 {
	if len(values) >= n {
		return values[len(values)-n:]
	}
	return append(series.Missing(n-len(values)), values...)
}
