package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
)

const (
	mostName      = 100
	mostExcluded  = 500
	mostBudget    = 10_000
	leastSchedule = 5 * time.Minute
)

// Compiled is a definition that was checked.
type Compiled struct {
	Definition   Definition // normalised: no nil lists, the name trimmed
	Query        *query.Query
	RetrainEvery time.Duration // 0 = never
}

// Compile checks a definition and reads its query with the data source's defaults. Errors are FieldErrors.
func Compile(d Definition, defaults query.Defaults) (*Compiled, error) {
	d.normalise()
	if err := d.check(); err != nil {
		return nil, err
	}
	out := &Compiled{Definition: d}
	if d.RetrainEvery != "" {
		every, err := param.ParseDuration(d.RetrainEvery)
		if err != nil {
			return nil, wrong("retrainEvery", `field "retrainEvery": `+err.Error())
		}
		if every < leastSchedule {
			return nil, wrong("retrainEvery", fmt.Sprintf("field \"retrainEvery\" is %s, at least %s is needed", d.RetrainEvery, param.FormatDuration(leastSchedule)))
		}
		out.RetrainEvery = every
	}
	raw, err := Merged(d)
	if err != nil {
		return nil, err
	}
	if out.Query, err = query.Parse(raw, defaults); err != nil {
		return nil, InQuery(err)
	}
	if out.Query.Type == query.Series {
		return nil, wrong("query.queryType", `field "query.queryType" is series, which learns nothing; one of forecast, anomaly, warning, outlier, composite is needed`)
	}
	return out, nil
}

func wrong(field, text string) error { return &FieldError{Field: field, Text: text} }

var fieldName = regexp.MustCompile(`(?:field|unknown field) "([^"]+)"`)

// InQuery makes an error of query.Parse a FieldError that names the query's field as a path. Other errors pass through.
func InQuery(err error) error {
	field := "query"
	if m := fieldName.FindStringSubmatch(err.Error()); m != nil {
		field = "query." + m[1]
	}
	if !errors.Is(err, query.ErrInvalid) && !errors.Is(err, query.ErrNoModel) && !errors.Is(err, calendar.ErrInvalid) {
		return err
	}
	return wrong(field, err.Error())
}

// normalise makes two definitions that mean the same equal.
func (d *Definition) normalise() {
	d.Name, d.Description = strings.TrimSpace(d.Name), strings.TrimSpace(d.Description)
	if d.EntityLabels == nil {
		d.EntityLabels = []string{}
	}
	if d.Excluded == nil {
		d.Excluded = []Excluded{}
	}
	d.Excluded = slices.Clone(d.Excluded) // the caller's stays as it is
	for i, e := range d.Excluded {
		d.Excluded[i].From, d.Excluded[i].To = e.From.UTC(), e.To.UTC()
	}
	if d.Labels == nil {
		d.Labels = map[string]string{}
	}
}

func (d *Definition) check() error {
	if n := len([]rune(d.Name)); n == 0 || n > mostName {
		return wrong("name", fmt.Sprintf("field \"name\" has %d characters, 1 to %d are needed", n, mostName))
	}
	for _, r := range d.Name {
		if r == '/' || r == '\\' || r == '?' || r == '#' || r == '%' || !unicode.IsPrint(r) {
			return wrong("name", fmt.Sprintf("field \"name\" is %q, needed is a name without %q", d.Name, r))
		}
	}
	if d.Name == "." || d.Name == ".." || strings.EqualFold(d.Name, "import") {
		return wrong("name", fmt.Sprintf("field \"name\" is %q, needed is another name", d.Name))
	}
	if !(d.AlertBudget >= 0) || math.IsInf(d.AlertBudget, 0) || d.AlertBudget > mostBudget {
		return wrong("alertBudget", fmt.Sprintf("field \"alertBudget\" is %v, needed is 0 to %d alerts a week", d.AlertBudget, mostBudget))
	}
	for i, l := range d.EntityLabels {
		if strings.TrimSpace(l) == "" {
			return wrong(fmt.Sprintf("entityLabels[%d]", i), fmt.Sprintf("field \"entityLabels[%d]\" is empty, needed is the name of a label", i))
		}
	}
	if len(d.Excluded) > mostExcluded {
		return wrong("excluded", fmt.Sprintf("field \"excluded\" has %d entries, needed are at most %d", len(d.Excluded), mostExcluded))
	}
	for i, e := range d.Excluded {
		if !e.From.Before(e.To) {
			return wrong(fmt.Sprintf("excluded[%d].to", i), fmt.Sprintf("field \"excluded[%d].to\" is %s, needed is a time after %s", i, e.To.Format(time.RFC3339), e.From.Format(time.RFC3339)))
		}
	}
	return nil
}

// Merged gives a definition's query with its calendar in it, as query.Parse reads it. What the query itself says wins.
func Merged(d Definition) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(d.Query, &fields); err != nil || fields == nil {
		return nil, wrong("query", `field "query" is not an object, needed is a query such as {"queryType": "forecast", "source": …}`)
	}
	var m query.Model
	if raw := fields["model"]; raw != nil {
		if err := json.Unmarshal(raw, &m); err == nil && m.Name != "" {
			return nil, wrong("query.model.name", fmt.Sprintf("field \"query.model.name\" is %q, needed is an algorithm: a model is not trained from another", m.Name))
		}
	}
	if d.Timezone == "" && d.Holidays == "" && len(d.Excluded) == 0 {
		return d.Query, nil
	}
	var c calendar.Definition
	if raw := fields["calendar"]; raw != nil {
		if err := json.Unmarshal(raw, &c); err != nil {
			return nil, wrong("query.calendar", "field \"query.calendar\" cannot be read: "+err.Error())
		}
	}
	if c.Timezone == "" {
		c.Timezone = d.Timezone
	}
	if c.Holidays == "" {
		c.Holidays = d.Holidays
	}
	for _, e := range d.Excluded {
		c.Excluded = append(c.Excluded, calendar.Span{From: e.From, To: e.To, Reason: e.Reason})
	}
	if _, err := calendar.New(c); err != nil {
		field := "timezone"
		if strings.Contains(err.Error(), "holidays") {
			field = "holidays"
		}
		return nil, wrong(field, err.Error())
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	fields["calendar"] = raw
	return json.Marshal(fields)
}
