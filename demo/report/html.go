package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/demo/chart"
	"github.com/forewarn/earlywarning/demo/world"
)

//go:embed page.html
var pageText string

//go:embed page.css
var styleText string

var page = template.Must(template.New("page").Parse(pageText))

type pageData struct {
	Style      template.CSS
	Made       string
	Health     string
	Rules      []ruleView
	Dashboards []dashboardView
	Incidents  []incidentView
	Queries    int
	Failed     int
}

type ruleView struct {
	State, Title, Group, Explain, Error string
	Met                                 []string
}

type dashboardView struct {
	UID, Title string
	Panels     []panelView
}

type panelView struct {
	Title, Description string
	Answers            []answerView
}

type answerView struct {
	Kind, Took, Error, Models string
	Findings, Notices         []string
	Figures                   []figure
	Tables                    []tableView
}

type tableView struct {
	Head []string
	Rows [][]string
}

type incidentView struct{ When, Of, Text string }

// Write writes the page: one file that refers to nothing outside itself.
func Write(to io.Writer, r *Result, incidents []world.Incident) error {
	p := pageData{Style: template.CSS(styleText), Made: r.Now.UTC().Format("2 January 2006 15:04 UTC"), Health: r.Health, Failed: r.Failed} //nolint:gosec // embedded text
	for i := range r.Rules {
		rule := &r.Rules[i]
		v := ruleView{State: rule.State(), Title: rule.Title, Group: rule.Group, Explain: rule.Explain(), Met: rule.Met()}
		if rule.Err != nil {
			v.Error = rule.Err.Error()
		}
		p.Rules = append(p.Rules, v)
	}
	for _, d := range r.Dashboards {
		v := dashboardView{UID: d.UID, Title: d.Title}
		for _, panel := range d.Panels {
			pv := panelView{Title: panel.Title, Description: panel.Description}
			for _, a := range panel.Answers {
				pv.Answers = append(pv.Answers, viewOf(a, panel.Unit, r.Now))
				p.Queries++
			}
			v.Panels = append(v.Panels, pv)
		}
		p.Dashboards = append(p.Dashboards, v)
	}
	p.Incidents = past(incidents, r.Now)
	if err := page.Execute(to, p); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func viewOf(a Answer, unit string, now time.Time) answerView {
	v := answerView{Kind: a.Kind, Took: a.Took.Round(time.Millisecond).String(), Findings: firstOf(a.Findings, 5)}
	if a.Err != nil {
		v.Error = a.Err.Error()
	}
	for _, f := range a.Frames {
		if f.Meta != nil {
			for _, n := range f.Meta.Notices {
				v.Notices = append(v.Notices, n.Text)
			}
		}
		switch {
		case isAnnotation(f) || len(f.Fields) == 0:
		case isTable(f):
			v.Tables = append(v.Tables, tableOf(f))
			v.Models = models(f)
		default:
			v.Figures = append(v.Figures, figures(f, a.Kind, unit, now)...)
			v.Models = models(f)
		}
	}
	return v
}

// tableOf writes a table; columns that hold nothing are left out.
func tableOf(f *data.Frame) tableView {
	var t tableView
	rows, _ := f.RowLen()
	t.Rows = make([][]string, rows)
	for _, c := range f.Fields {
		column := make([]string, rows)
		for i := range column {
			column[i] = tableCell(c, i)
		}
		if !slices.ContainsFunc(column, func(s string) bool { return s != "" && s != "–" }) {
			continue
		}
		t.Head = append(t.Head, c.Name)
		for i := range column {
			t.Rows[i] = append(t.Rows[i], column[i])
		}
	}
	return t
}

func tableCell(c *data.Field, i int) string {
	if !c.Type().Numeric() {
		return cell(c, i)
	}
	v := numbersOf(c)[i]
	switch {
	case strings.HasPrefix(c.Name, "eta"):
		return hours(v)
	case c.Config != nil && c.Config.Unit != "":
		return chart.Number(v, c.Config.Unit)
	default:
		return chart.Number(v, "")
	}
}

// past lists what was injected before now, the newest first.
func past(list []world.Incident, now time.Time) []incidentView {
	var out []incidentView
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b world.Incident) int { return b.From.Compare(a.From) })
	for _, n := range sorted {
		if !n.From.After(now) {
			out = append(out, incidentView{n.From.UTC().Format("Mon 2 Jan 15:04"), n.Of, n.Text})
		}
	}
	return out
}
