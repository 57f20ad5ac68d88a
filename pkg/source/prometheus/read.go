package prometheus

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"golang.org/x/sync/errgroup"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Read evaluates the expression at the end of every bucket, so that the value of bucket t uses samples up to t+step and no
// later ones, and only of complete buckets. Long ranges are asked for in parts.
func (c *Client) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	if !r.From.Before(r.To) {
		return nil, fmt.Errorf("%w: the range starts at %s and ends at %s, an end after the start is needed", source.ErrBadQuery, r.From.UTC().Format(time.RFC3339), r.To.UTC().Format(time.RFC3339))
	}
	grid := series.NewGrid(r.From, r.To, r.Step)
	expr := c.expand(r, grid)
	set := &series.Set{Grid: grid, Executed: fmt.Sprintf("%s  (step %s, %s to %s)", expr, param.FormatDuration(r.Step),
		grid.Start.UTC().Format(time.RFC3339), grid.End().UTC().Format(time.RFC3339))}
	if grid.Len == 0 {
		return set, nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Limits.Timeout)
	defer cancel()
	parts := (grid.Len + maxPoints - 1) / maxPoints
	answers, warnings := make([]model.Matrix, parts), make([]v1.Warnings, parts)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for p := range parts {
		g.Go(func() error {
			part := grid.Slice(p*maxPoints, min((p+1)*maxPoints, grid.Len))
			v, w, err := c.api.QueryRange(gctx, expr, v1.Range{Start: part.Time(1), End: part.End(), Step: grid.Step})
			if err != nil {
				return err
			}
			m, ok := v.(model.Matrix)
			if !ok {
				return &v1.Error{Type: v1.ErrBadData, Msg: fmt.Sprintf("the expression gives a %s, not series", v.Type())}
			}
			answers[p], warnings[p] = m, w
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, c.explain(err)
	}
	if err := c.fill(set, answers, r.Spec.LegendFormat); err != nil {
		return nil, err
	}
	set.Notices = append(notices(warnings), hints(expr)...)
	return set, nil
}

// fill puts the parts on the grid, series in the order of their labels.
func (c *Client) fill(set *series.Set, answers []model.Matrix, legend string) error {
	at := map[model.Fingerprint]int{}
	for _, m := range answers {
		for _, stream := range m {
			id := stream.Metric.Fingerprint()
			i, ok := at[id]
			if !ok {
				i = len(set.Series)
				if i >= c.config.Limits.Series {
					return fmt.Errorf("%w: more than %d series from prometheus: narrow the expression or aggregate", source.ErrTooLarge, c.config.Limits.Series)
				}
				if (i+1)*set.Grid.Len > c.config.Limits.Points {
					return fmt.Errorf("%w: more than %d values from prometheus: ask for fewer series or a coarser interval", source.ErrTooLarge, c.config.Limits.Points)
				}
				at[id] = i
				labels := labelsOf(stream.Metric)
				set.Series = append(set.Series, series.Series{Name: name(stream.Metric, legend), Labels: labels, Values: series.Missing(set.Grid.Len)})
			}
			values := set.Series[i].Values
			first, step := set.Grid.Start.UnixMilli(), set.Grid.Step.Milliseconds()
			for _, s := range stream.Values {
				// A bucket's value is evaluated at its end.
				if k := int((int64(s.Timestamp)-first)/step) - 1; k >= 0 && k < len(values) {
					values[k] = float64(s.Value)
				}
			}
		}
	}
	slices.SortFunc(set.Series, func(a, b series.Series) int { return strings.Compare(a.Labels.String(), b.Labels.String()) })
	if automatic(legend) {
		series.Abbreviate(set.Series)
	}
	series.Distinguish(set.Series)
	return nil
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

func notices(parts []v1.Warnings) []series.Notice {
	var out []series.Notice
	seen := map[string]bool{}
	for _, warnings := range parts {
		for _, w := range warnings {
			if !seen[w] {
				seen[w] = true
				out = append(out, series.Notice{Severity: series.Warning, Text: "Prometheus: " + w})
			}
		}
	}
	return out
}
