package query

import (
	"errors"
	"fmt"
	"slices"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
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
	if q.Type == Composite && !slices.Contains(composite.Methods(), q.Model.Algorithm) {
		return invalid("model.algorithm", fmt.Sprintf("%q", q.Model.Algorithm), "one of "+join(composite.Methods()))
	}
	specs, err := q.params()
	if err == nil {
		_, err = param.Parse(specs, q.Model.Options)
	}
	var option *param.OptionError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &option):
		return fmt.Errorf("%w: field %q: %w", ErrInvalid, "model.options."+option.Option, option.Err)
	default: // an algorithm or an option that is not there, and so has no field of its own
		return fmt.Errorf("%w: field \"model\": %w", ErrInvalid, err)
	}
}

// params gives the options that the query's algorithm declares; auto has some among the detectors only.
func (q *Query) params() ([]param.Spec, error) {
	if q.Model.Algorithm == detect.Auto && q.Type != Anomaly || q.Type == Series || q.Type == Composite {
		return nil, nil
	}
	switch q.Type {
	case Anomaly:
		a, err := detect.Lookup(q.Model.Algorithm)
		return a.Params, err
	case Outlier:
		a, err := group.Lookup(q.Model.Algorithm)
		return a.Params, err
	default:
		a, err := forecast.Lookup(q.Model.Algorithm)
		return a.Params, err
	}
}
