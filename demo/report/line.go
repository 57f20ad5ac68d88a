package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

const mostFindings = 3 // on a line; the page has all

// line is one query's line of progress.
func line(title string, a Answer) string {
	mark, text := "✓", strings.Join(firstOf(a.Findings, mostFindings), "; ")
	if a.Err != nil {
		mark, text = "✗", a.Err.Error()
	}
	return fmt.Sprintf("  %s %s [%s, %s] %s", mark, title, a.Kind, a.Took.Round(10*time.Millisecond), text)
}

func firstOf(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(list[:n:n], fmt.Sprintf("and %d more", len(list)-n))
}

// State is one word on a rule.
func (r *RuleResult) State() string {
	if r.Err != nil {
		return "error"
	}
	state := "no data"
	for _, i := range r.Instances {
		switch {
		case i.Met && r.For > 0:
			return "pending"
		case i.Met:
			return "firing"
		case !i.NoData:
			state = "normal"
		}
	}
	return state
}

// Explain says what the state means where it needs that.
func (r *RuleResult) Explain() string {
	if r.State() == "pending" {
		return fmt.Sprintf("the condition holds; fires when it has held for %s", short(r.For))
	}
	return ""
}

func short(d time.Duration) string {
	text := d.String()
	if rest, ok := strings.CutSuffix(text, "m0s"); ok {
		text = rest + "m"
	}
	if rest, ok := strings.CutSuffix(text, "h0m"); ok {
		text = rest + "h"
	}
	return text
}

// Met tells of the instances whose condition holds, and why.
func (r *RuleResult) Met() []string {
	var list []string
	for _, i := range r.Instances {
		switch {
		case i.Met && i.Why != "":
			list = append(list, i.Summary+" Why: "+i.Why)
		case i.Met:
			list = append(list, i.Summary)
		}
	}
	return list
}

func (r *RuleResult) lines() []string {
	head := fmt.Sprintf("  %-8s %s [%s, %s]", strings.ToUpper(r.State()), r.Title, r.Group, r.Took.Round(10*time.Millisecond))
	if r.Err != nil {
		return []string{head + " " + r.Err.Error()}
	}
	if text := r.Explain(); text != "" {
		head += " " + text
	}
	list := []string{head}
	for _, text := range r.Met() {
		list = append(list, "             "+text)
	}
	return list
}

// cell writes a table's cell.
func cell(f *data.Field, i int) string {
	v, ok := f.ConcreteAt(i)
	if !ok {
		return "–"
	}
	if t, isTime := v.(time.Time); isTime {
		return t.UTC().Format("Mon 2 Jan 15:04")
	}
	return fmt.Sprint(v)
}
