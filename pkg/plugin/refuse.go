package plugin

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/notify"
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
	var field *fieldError
	var wrong *model.FieldError
	switch {
	case errors.As(err, &wrong):
		out.Field = wrong.Field
	case errors.As(err, &field):
		out.Field = field.field
	case errors.Is(err, notify.ErrBody):
		out.Field = "body"
	}
	reply(w, statusFor(err, out.Field != ""), out)
}

func statusFor(err error, field bool) int {
	if field {
		return http.StatusBadRequest
	}
	for _, one := range []struct {
		status int
		errs   []error
	}{
		{http.StatusForbidden, []error{errForbidden}},
		{http.StatusNotFound, []error{store.ErrNotFound, query.ErrNoModel, notify.ErrUnknown}},
		{http.StatusConflict, []error{store.ErrExists, store.ErrConflict, errReadOnly, notify.ErrConfig}},
		{http.StatusServiceUnavailable, []error{store.ErrUnavailable}},
		{http.StatusBadRequest, []error{query.ErrInvalid, train.ErrNoSeries, source.ErrRefused, source.ErrNotConfigured, source.ErrBadQuery, source.ErrTooLarge}},
		{http.StatusBadGateway, []error{source.ErrDenied, source.ErrUnreachable}},
		{http.StatusGatewayTimeout, []error{source.ErrTimeout, context.DeadlineExceeded}},
		{statusClientLeft, []error{context.Canceled}},
	} {
		if slices.ContainsFunc(one.errs, func(e error) bool { return errors.Is(err, e) }) {
			return one.status
		}
	}
	return http.StatusInternalServerError
}

// statusClientLeft is what servers note for an answer that nobody waits for.
const statusClientLeft = 499

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
			return badField(cmp.Or(wrong.Field, "body"), "of the type "+wrong.Value, wrong.Type.String())
		}
		return &fieldError{"body", "the request cannot be read: " + err.Error()}
	}
	if _, err := dec.Token(); err != io.EOF {
		return &fieldError{"body", "the request cannot be read: text follows its closing brace"}
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
