package source

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// Filter is a label filter of a dashboard, written as Grafana hands it to data sources.
type Filter struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"` // =, !=, =~, !~; one of Values: =|, none of them: !=|
	Value    string   `json:"value"`
	Values   []string `json:"values,omitempty"`
}

// Matcher is what the filter asks of a label, as PromQL has it. The error names what is wrong with the filter, and what would be right.
func (f Filter) Matcher() (*labels.Matcher, error) {
	if f.Key == "" {
		return nil, fmt.Errorf("field \"key\" is empty, needed is the name of a label")
	}
	value := f.Value
	var as labels.MatchType
	switch f.Operator {
	case "=":
		as = labels.MatchEqual
	case "!=":
		as = labels.MatchNotEqual
	case "=~", "=|":
		as = labels.MatchRegexp
	case "!~", "!=|":
		as = labels.MatchNotRegexp
	default:
		return nil, fmt.Errorf("field \"operator\" is %q, needed is one of =, !=, =~, !~, =|, !=|", f.Operator)
	}
	if strings.HasSuffix(f.Operator, "|") {
		value = anyOf(f.Values, f.Value)
	}
	m, err := labels.NewMatcher(as, f.Key, value)
	if err != nil {
		return nil, fmt.Errorf("field \"value\" is %q, needed is a regular expression: %w", value, err)
	}
	return m, nil
}

// anyOf is the expression that matches each of the texts literally; Grafana repeats the first as the value, which stands alone where there
// are no others.
func anyOf(texts []string, alone string) string {
	if len(texts) == 0 {
		texts = []string{alone}
	}
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = regexp.QuoteMeta(text)
	}
	return strings.Join(out, "|")
}

// Matchers are those of several filters. The error names the filter at fault by its place in the field.
func Matchers(field string, filters []Filter) ([]*labels.Matcher, error) {
	var out []*labels.Matcher
	for i, f := range filters {
		m, err := f.Matcher()
		if err != nil {
			return nil, fmt.Errorf("field \"%s[%d]\": %w", field, i, err)
		}
		out = append(out, m)
	}
	return out, nil
}
