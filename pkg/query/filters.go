package query

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// filtersField is where a query carries the filters of its dashboard.
const filtersField = "adhocFilters"

// filters reads the dashboard's filters.
func (w *wire) filters(q *Query) (err error) {
	if q.Filters, err = source.Matchers(filtersField, w.AdhocFilters); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

// unfiltered says that a source does not know the query's filters; nothing where it does, or where there are none.
func (q *Query) unfiltered(kind source.Kind) []series.Notice {
	if len(q.Filters) == 0 || kind == source.Prometheus {
		return nil
	}
	return []series.Notice{{Severity: series.Warning, Text: fmt.Sprintf("the dashboard's filters (%s) do not apply here: they pick series of Prometheus, and this is read from MySQL as its statement says", texts(q.Filters))}}
}

// choose takes the filters that stand beside a trained model's name away from a query's fields: the model was trained without them, so
// they choose among its series and change none.
func choose(own map[string]json.RawMessage) ([]*labels.Matcher, error) {
	var filters []source.Filter
	if raw, ok := own[filtersField]; ok {
		if err := json.Unmarshal(raw, &filters); err != nil {
			return nil, invalid(filtersField, raw, `a list such as [{"key": "instance", "operator": "=", "value": "db-1"}]`)
		}
		delete(own, filtersField)
	}
	out, err := source.Matchers(filtersField, filters)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return out, nil
}

// chosen leaves those of a trained model's series that pass the filters of the dashboard. A label that none of them has is of no use to
// choose by, which is said.
func (q *Query) chosen(set *series.Set, a *Answer) *series.Set {
	if len(q.choice) == 0 {
		return set
	}
	out := *set
	for _, m := range q.choice {
		if !slices.ContainsFunc(set.Series, func(s series.Series) bool { return s.Labels[m.Name] != "" }) {
			if len(set.Series) > 0 {
				a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: fmt.Sprintf("the dashboard's filter %s does not apply: no series of the model %s has a label %s", m, q.Model.Name, m.Name)})
			}
			continue
		}
		out.Series = slices.DeleteFunc(slices.Clone(out.Series), func(s series.Series) bool { return !m.Matches(s.Labels[m.Name]) })
	}
	return &out
}

func texts(filters []*labels.Matcher) string {
	out := make([]string, len(filters))
	for i, m := range filters {
		out[i] = m.String()
	}
	return join(out)
}
