package query

import (
	"fmt"
)

// checkModel refuses an unknown algorithm or option before anything is read from the source.
func (q *Query) checkModel() error {
	if q.Model.Name != "" {
		if q.Model.Algorithm != "" || len(q.Model.Options) > 0 {
			return invalid("model", "both a trained model's name and an algorithm", "one of the two")
		}
		return fmt.Errorf("%w: field \"model.name\": no model %q is trained on this data source", ErrNoModel, q.Model.Name)
	}
	if q.Model.Version != 0 {
		return invalid("model.version", q.Model.Version, "given only with model.name")
	}
	return nil
}
