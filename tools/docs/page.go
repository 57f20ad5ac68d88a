package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

// kind is what an algorithm answers.
type kind struct {
	name, prefix, queryType, heading string
}

var (
	forecastKind = kind{"forecaster", "forecast", "forecast", "Forecasts"}
	anomalyKind  = kind{"detector", "anomaly", "anomaly", "Anomalies"}
	outlierKind  = kind{"group detector", "outlier", "outlier", "Outliers of a group"}
	severalKind  = kind{"composite", "composite", "composite", "Several signals of one entity"}
)

// page is what the registry and an example say of one algorithm.
type page struct {
	kind                          kind
	id, title, summary, reference string
	needs                         string
	params                        []param.Spec
	example                       string   // what the plot shows, in words
	notes                         []string // further facts, a sentence each
	plot                          plot
}

func (p page) file() string     { return p.kind.prefix + "-" + p.id + ".md" }
func (p page) plotFile() string { return "img/" + p.kind.prefix + "-" + p.id + ".svg" }

func (p page) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", p.title)
	fmt.Fprintf(&b, "%s `%s`. %s\n\n", capital(p.kind.name), p.id, p.summary)
	fmt.Fprintf(&b, "![%s](%s)\n\n%s\n\n", p.title, p.plotFile(), p.example)
	fmt.Fprintf(&b, "- **Source:** %s.\n- **Needs:** %s.\n", strings.TrimSuffix(p.reference, "."), p.needs)
	for _, n := range p.notes {
		fmt.Fprintf(&b, "- %s\n", n)
	}
	b.WriteString("\n## Options\n\n")
	if len(p.params) == 0 {
		b.WriteString("None.\n")
	} else {
		b.WriteString("| option | values | default | meaning |\n|---|---|---|---|\n")
		for _, s := range p.params {
			fmt.Fprintf(&b, "| `%s` | %s | `%v` | %s |\n", s.Name, values(s), fallback(s), strings.ReplaceAll(s.Help, "|", "\\|"))
		}
	}
	fmt.Fprintf(&b, "\n```json\n%s\n```\n\n", p.query())
	b.WriteString("[All algorithms](README.md). This page is made from the registry by `go tool mage docs`.\n")
	return b.String()
}

// query is the part of a query that chooses the algorithm with its defaults.
func (p page) query() string {
	var options []string
	for _, s := range p.params {
		v, err := json.Marshal(fallback(s))
		if err != nil {
			v = []byte(`"?"`)
		}
		options = append(options, fmt.Sprintf("%q: %s", s.Name, v))
	}
	text := fmt.Sprintf(`{ "queryType": %q, "model": { "algorithm": %q`, p.kind.queryType, p.id)
	if len(options) > 0 {
		text += ", \"options\": { " + strings.Join(options, ", ") + " }"
	}
	return text + " } }"
}

// fallback is the default as it is written in a query.
func fallback(s param.Spec) any {
	if d, ok := s.Default.(time.Duration); ok {
		return param.FormatDuration(d)
	}
	return s.Default
}

// values says what a parameter may be.
func values(s param.Spec) string {
	switch s.Kind {
	case param.Choice:
		return "`" + strings.Join(s.Choices, "`, `") + "`"
	case param.Boolean:
		return "`true`, `false`"
	case param.Duration:
		return "duration"
	}
	text := string(s.Kind)
	switch {
	case s.Min != nil && s.Max != nil:
		text += fmt.Sprintf(" %v to %v", *s.Min, *s.Max)
	case s.Min != nil:
		text += fmt.Sprintf(" from %v", *s.Min)
	case s.Max != nil:
		text += fmt.Sprintf(" up to %v", *s.Max)
	}
	if s.Unit != "" {
		text += " " + s.Unit
	}
	return text
}

// index is the folder's front page.
func index(all []page) string {
	var b strings.Builder
	b.WriteString("# Algorithms\n\nEvery algorithm that a query can name, simplest first. `auto` is a good start: for forecasts it compares the models on\n" +
		"held-out stretches and says what it used and why.\n")
	for _, k := range []kind{forecastKind, anomalyKind, outlierKind, severalKind} {
		fmt.Fprintf(&b, "\n## %s\n\n| id | | |\n|---|---|---|\n", k.heading)
		for _, p := range all {
			if p.kind == k {
				fmt.Fprintf(&b, "| [`%s`](%s) | %s | %s |\n", p.id, p.file(), p.title, p.summary)
			}
		}
	}
	b.WriteString("\nThese pages are made from the registries by `go tool mage docs`.\n")
	return b.String()
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
