package plugin

import (
	"fmt"
	"net/http"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
)

// filterChoice answers POST filters: what dashboards can filter Prometheus' series by.
func (i *Instance) filterChoice(w http.ResponseWriter, r *http.Request) error {
	var body api.FilterRequest
	if err := read(w, r, &body); err != nil {
		return err
	}
	if !body.From.Before(body.To) {
		return badField("to", body.To, "a time after from")
	}
	filters, err := source.Matchers("filters", body.Filters)
	if err != nil {
		return fmt.Errorf("%w: %w", query.ErrInvalid, err)
	}
	labelled, ok := i.sources[source.Prometheus].(source.Labelled)
	if !ok {
		return fmt.Errorf("%w: prometheus: filters pick series of Prometheus; fill in its connection on the data source's settings page", source.ErrNotConfigured)
	}
	values, err := labelled.Labels(r.Context(), body.Key, filters, body.From, body.To)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, api.FilterChoice{Values: values})
	return nil
}
