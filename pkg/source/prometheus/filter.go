package prometheus

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/forewarn/earlywarning/pkg/source"
)

// language is PromQL with all that a server may have switched on.
var language = parser.NewParser(parser.Options{EnableExperimentalFunctions: true, ExperimentalDurationExpr: true, EnableExtendedRangeSelectors: true, EnableBinopFillModifiers: true})

// filtered is the expression with the filters in each of its selectors; without filters it stays as it is written. The error wraps
// source.ErrBadQuery where the expression is none of PromQL's: an answer without the filters would look like one with them.
func filtered(expr string, filters []*labels.Matcher) (string, error) {
	if len(filters) == 0 {
		return expr, nil
	}
	parsed, err := language.ParseExpr(expr)
	if err != nil {
		return "", fmt.Errorf("%w: the dashboard's filters cannot be put into the expression: %w", source.ErrBadQuery, err)
	}
	ofNames := slices.ContainsFunc(filters, func(m *labels.Matcher) bool { return m.Name == model.MetricNameLabel })
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		if s, ok := node.(*parser.VectorSelector); ok {
			s.LabelMatchers = append(s.LabelMatchers, filters...)
			if ofNames { // a name before the braces may not be asked for again inside them
				s.Name = ""
			}
		}
		return nil
	})
	return parsed.String(), nil
}

// Labels gives the names of labels, or the values of the one that is named.
func (c *Client) Labels(ctx context.Context, name string, filters []*labels.Matcher, from, to time.Time) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Limits.Timeout)
	defer cancel()
	var selectors []string
	if len(filters) > 0 {
		selectors = []string{selector(filters)}
	}
	if name == "" {
		names, _, err := c.api.LabelNames(ctx, selectors, from, to)
		return texts(names), c.unless(ctx, err)
	}
	// a name of other letters may be part of no path
	values, _, err := c.api.LabelValues(ctx, model.EscapeName(name, model.ValueEncodingEscaping), selectors, from, to)
	return texts(values), c.unless(ctx, err)
}

// unless explains an error, where there is one.
func (c *Client) unless(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return c.explain(ctx, err)
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = string(one)
	}
	return out
}

// selector picks the series that pass the filters. Prometheus takes none that the empty selector's series pass, too.
func selector(filters []*labels.Matcher) string {
	if !slices.ContainsFunc(filters, func(m *labels.Matcher) bool { return !m.Matches("") }) {
		filters = append(slices.Clip(filters), labels.MustNewMatcher(labels.MatchRegexp, model.MetricNameLabel, ".+"))
	}
	return (&parser.VectorSelector{LabelMatchers: filters}).String()
}
