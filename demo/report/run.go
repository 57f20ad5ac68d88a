// Package report asks a running plugin what Grafana would ask it for the provisioned dashboards and alert rules, and writes
// down what it found: as lines while it works, and as one HTML page.
package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/demo/alert"
	"github.com/forewarn/earlywarning/demo/grafana"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

// Plugin is a running plugin.
type Plugin interface {
	QueryData(context.Context, *backend.QueryDataRequest) (*backend.QueryDataResponse, error)
	CheckHealth(context.Context, backend.PluginContext) (*backend.CheckHealthResult, error)
}

// Work is what to ask.
type Work struct {
	Plugin     Plugin
	Source     pluginproc.DataSource
	Dashboards []grafana.Dashboard
	Rules      []grafana.Rule
	Now        time.Time
	Print      func(line string) // told as it goes
}

// Result is what was found.
type Result struct {
	Now        time.Time
	Health     string
	Dashboards []DashboardResult
	Rules      []RuleResult
	Failed     int // queries and rules with an error
}

// DashboardResult is one dashboard's panels.
type DashboardResult struct {
	grafana.Dashboard
	Panels []PanelResult
}

// PanelResult is one panel's answers, in the order of its queries.
type PanelResult struct {
	grafana.Panel
	Answers []Answer
}

// Answer is the answer to one query.
type Answer struct {
	RefID    string
	Kind     string // the query type
	Frames   data.Frames
	Findings []string // what it says, in sentences
	Err      error
	Took     time.Duration
}

// RuleResult is one rule's state.
type RuleResult struct {
	grafana.Rule
	Instances []alert.Instance
	Err       error
	Took      time.Duration
}

// Run asks everything, one panel and one rule after the other. An error is one of asking at all; those of queries are in the result.
func Run(ctx context.Context, w Work) (*Result, error) {
	pc, err := w.Source.Context(pluginproc.Viewer)
	if err != nil {
		return nil, err
	}
	health, err := w.Plugin.CheckHealth(ctx, pc)
	if err != nil {
		return nil, err
	}
	if health.Status != backend.HealthStatusOk {
		return nil, fmt.Errorf("the data source is not healthy: %s", health.Message)
	}
	w.Print("Health: " + health.Message)
	out := &Result{Now: w.Now, Health: health.Message}
	for _, d := range w.Dashboards {
		w.Print("")
		w.Print(d.Title)
		dr := DashboardResult{Dashboard: d}
		for _, p := range d.Panels {
			pr, err := w.panel(ctx, p)
			if err != nil {
				return nil, err
			}
			for _, a := range pr.Answers {
				if a.Err != nil {
					out.Failed++
				}
				w.Print(line(p.Title, a))
			}
			dr.Panels = append(dr.Panels, pr)
		}
		out.Dashboards = append(out.Dashboards, dr)
	}
	w.Print("")
	w.Print("Alert rules")
	for _, r := range w.Rules {
		rr := w.rule(ctx, r)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if rr.Err != nil {
			out.Failed++
		}
		for _, text := range rr.lines() {
			w.Print(text)
		}
		out.Rules = append(out.Rules, rr)
	}
	return out, nil
}

func (w *Work) panel(ctx context.Context, p grafana.Panel) (PanelResult, error) {
	out := PanelResult{Panel: p}
	for _, q := range p.Queries {
		start := time.Now()
		frames, kind, err := w.ask(ctx, pluginproc.Viewer, nil, q, p.From, p.To)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		a := Answer{RefID: q.RefID, Kind: kind, Frames: frames, Err: err, Took: time.Since(start)}
		if err == nil {
			a.Findings = findings(a, w.Now, p.Unit)
		}
		out.Answers = append(out.Answers, a)
	}
	return out, nil
}

func (w *Work) rule(ctx context.Context, r grafana.Rule) RuleResult {
	out, start := RuleResult{Rule: r}, time.Now()
	answers := map[string]data.Frames{}
	for _, n := range r.Nodes {
		if n.SourceUID == grafana.ExpressionUID {
			continue
		}
		q := grafana.Query{RefID: n.RefID, Model: n.Model}
		frames, _, err := w.ask(ctx, pluginproc.Nobody, pluginproc.AlertHeaders(), q, w.Now.Add(-n.Back), w.Now.Add(-n.Till))
		if err != nil {
			out.Err = fmt.Errorf("query %s: %w", n.RefID, err)
			return out
		}
		answers[n.RefID] = frames
	}
	out.Instances, out.Err = alert.Evaluate(&r, answers)
	out.Took = time.Since(start)
	return out
}

// ask sends one query as Grafana would.
func (w *Work) ask(ctx context.Context, role pluginproc.Role, headers map[string]string, q grafana.Query, from, to time.Time) (data.Frames, string, error) {
	pc, err := w.Source.Context(role)
	if err != nil {
		return nil, "", err
	}
	dq, err := pluginproc.Query(q.RefID, from, to, []byte(q.Model))
	if err != nil {
		return nil, "", err
	}
	res, err := w.Plugin.QueryData(ctx, &backend.QueryDataRequest{PluginContext: pc, Headers: headers, Queries: []backend.DataQuery{dq}})
	if err != nil {
		return nil, dq.QueryType, err
	}
	one, ok := res.Responses[q.RefID]
	switch {
	case !ok:
		return nil, dq.QueryType, errors.New("no answer to this query")
	case one.Error != nil:
		return nil, dq.QueryType, one.Error
	}
	return one.Frames, dq.QueryType, nil
}
