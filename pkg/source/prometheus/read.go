package prometheus

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"golang.org/x/sync/errgroup"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// ownEnds finds expressions whose value depends on where the asked range starts or ends: parts would change it.
var ownEnds = regexp.MustCompile(`\b(start|end)\s*\(\s*\)`)

// Read evaluates the expression at the end of every bucket, so that the value of bucket t uses samples up to t+step and no
// later ones, and only of complete buckets. Long ranges are asked for in parts, each put on the grid as it comes.
func (c *Client) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	if !r.From.Before(r.To) {
		return nil, fmt.Errorf("%w: the range starts at %s and ends at %s, an end after the start is needed", source.ErrBadQuery, r.From.UTC().Format(time.RFC3339), r.To.UTC().Format(time.RFC3339))
	}
	grid := series.NewGrid(r.From, r.To, r.Step)
	expr, err := filtered(c.expand(r, grid), r.Filters)
	if err != nil {
		return nil, err
	}
	set := &series.Set{Grid: grid, Executed: fmt.Sprintf("%s  (step %s, %s to %s)", expr, param.FormatDuration(r.Step),
		grid.Start.UTC().Format(time.RFC3339), grid.End().UTC().Format(time.RFC3339))}
	if grid.Len == 0 {
		return set, nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Limits.Timeout)
	defer cancel()
	into := filling{limits: c.config.Limits, legend: r.Spec.LegendFormat, at: map[model.Fingerprint]int{}, set: set}
	first, longest := maxPoints, maxPoints
	if !ownEnds.MatchString(expr) {
		first = firstPoints
	}
	ask := func(ctx context.Context, from, to int) error {
		part := grid.Slice(from, min(to, grid.Len))
		v, w, err := c.api.QueryRange(ctx, expr, v1.Range{Start: part.Time(1), End: part.End(), Step: grid.Step})
		if err != nil {
			return c.explain(ctx, err)
		}
		m, ok := v.(model.Matrix)
		if !ok {
			return c.explain(ctx, &v1.Error{Type: v1.ErrBadData, Msg: fmt.Sprintf("the expression gives a %s, not series", v.Type())})
		}
		return into.add(m, w)
	}
	if err := ask(ctx, 0, first); err != nil {
		return nil, err
	}
	if n := len(set.Series); n > 0 {
		longest = min(max(partSamples/n, firstPoints/10), maxPoints)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for from := first; from < grid.Len; from += longest {
		g.Go(func() error { return ask(gctx, from, from+longest) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	into.finish()
	set.Notices = append(into.notices, hints(expr)...)
	return set, nil
}

func labelsOf(m model.Metric) series.Labels {
	out := make(series.Labels, len(m))
	for name, value := range m {
		if name != model.MetricNameLabel {
			out[string(name)] = string(value)
		}
	}
	return out
}

// automatic says that no legend is asked for; "__auto" is Grafana's word for it.
func automatic(legend string) bool { return legend == "" || legend == "__auto" }

// name is the legend where one is asked for, with {{label}} replaced, else the metric as Prometheus writes it, which may be
// abbreviated once all series are known.
func name(m model.Metric, legend string) string {
	if automatic(legend) {
		return m.String()
	}
	return placeholder.ReplaceAllStringFunc(legend, func(text string) string {
		return string(m[model.LabelName(strings.TrimSpace(text[2:len(text)-2]))])
	})
}
