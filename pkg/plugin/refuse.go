package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

// mostBody is the greatest request that a route takes.
const mostBody = 64 << 20

// fieldError is a request's field with a mistake.
type fieldError struct{ field, text string }

func (e *fieldError) Error() string { return e.text }

func badField(field string, value any, right string) error {
	return &fieldError{field, fmt.Sprintf("field %q is %v, needed is %s", field, value, right)}
}

// refuse answers with the status that fits the error.
func refuse(w http.ResponseWriter, err error) {
	out := api.Problem{Error: err.Error()}
	status := http.StatusInternalServerError
	var field *fieldError
	var wrong *model.FieldError
	switch {
	case errors.As(err, &wrong):
		status, out.Field = http.StatusBadRequest, wrong.Field
	case errors.As(err, &field):
		status, out.Field = http.StatusBadRequest, field.field
	case errors.Is(err, errForbidden):
		status = http.StatusForbidden
	case errors.Is(err, store.ErrNotFound), errors.Is(err, query.ErrNoModel):
		status = http.StatusNotFound
	case errors.Is(err, store.ErrExists), errors.Is(err, store.ErrConflict), errors.Is(err, errReadOnly):
		status = http.StatusConflict
	case errors.Is(err, store.ErrUnavailable):
		status = http.StatusServiceUnavailable
	case errors.Is(err, query.ErrInvalid), errors.Is(err, train.ErrNoSeries), errors.Is(err, source.ErrRefused), errors.Is(err, source.ErrNotConfigured), errors.Is(err, source.ErrBadQuery), errors.Is(err, source.ErrTooLarge):
		status = http.StatusBadRequest
	case errors.Is(err, source.ErrDenied), errors.Is(err, source.ErrUnreachable):
		status = http.StatusBadGateway
	case errors.Is(err, source.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		status = http.StatusGatewayTimeout
	case errors.Is(err, context.Canceled):
		status = 499
	}
	reply(w, status, out)
}

// Errors of routes.
var (
	errForbidden = errors.New("not allowed")
	errReadOnly  = errors.New("the model comes from the data source's provisioned settings and can only be changed there")
)

// read takes a request's body strictly: an unknown field is an error that names it.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	var b bytes.Buffer
	if _, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, mostBody)); err != nil {
		return badField("body", "too large", fmt.Sprintf("at most %d MiB", mostBody>>20))
	}
	dec := json.NewDecoder(&b)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return badField(wrong.Field, "of the type "+wrong.Value, wrong.Type.String())
		}
		return &fieldError{"body", "the request cannot be read: " + err.Error()}
	}
	return nil
}

// who is the login of the user that asks.
func who(r *http.Request) string {
	if u := backend.UserFromContext(r.Context()); u != nil && u.Login != "" {
		return u.Login
	}
	return "unknown"
}
