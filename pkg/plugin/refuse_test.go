package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

func TestEachErrorHasTheStatusThatFits(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		field  string
	}{
		{&model.FieldError{Field: "query.interval", Text: "x"}, 400, "query.interval"},
		{badField("days", 0, "1 to 92"), 400, "days"},
		{errForbidden, 403, ""},
		{store.ErrNotFound, 404, ""}, {query.ErrNoModel, 404, ""},
		{store.ErrExists, 409, ""}, {store.ErrConflict, 409, ""}, {errReadOnly, 409, ""},
		{query.ErrInvalid, 400, ""}, {train.ErrNoSeries, 400, ""}, {source.ErrRefused, 400, ""}, {source.ErrNotConfigured, 400, ""}, {source.ErrBadQuery, 400, ""}, {source.ErrTooLarge, 400, ""},
		{source.ErrDenied, 502, ""}, {source.ErrUnreachable, 502, ""},
		{source.ErrTimeout, 504, ""}, {context.DeadlineExceeded, 504, ""},
		{store.ErrUnavailable, 503, ""}, {context.Canceled, 499, ""}, {errors.New("our own"), 500, ""},
	} {
		w := httptest.NewRecorder()
		refuse(w, fmt.Errorf("wrapped: %w", c.err))
		require.Equal(t, c.status, w.Code, c.err)
		require.Equal(t, "application/json", w.Header().Get("Content-Type"))
		var p api.Problem
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
		require.Equal(t, c.field, p.Field)
		require.Contains(t, p.Error, "wrapped")
	}
}

func TestBodiesAreReadStrictly(t *testing.T) {
	for name, c := range map[string]struct{ body, field, says string }{
		"an unknown field": {`{"vursion": 1}`, "body", `unknown field "vursion"`},
		"a wrong type":     {`{"version": "one"}`, "version", "is of the type string, needed is int"},
		"no JSON":          {`version=1`, "body", "cannot be read"},
		"nothing":          {``, "body", "cannot be read"},
		"a list":           {`[1]`, "body", "of the type array"},
		"two of them":      {`{"version": 1} {"version": 2}`, "body", "text follows its closing brace"},
	} {
		t.Run(name, func(t *testing.T) {
			var into api.Promote
			err := read(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(c.body)), &into)
			var wrong *fieldError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, c.field, wrong.field)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	body := bytes.NewReader(make([]byte, mostBody+1))
	var into api.Promote
	err := read(httptest.NewRecorder(), httptest.NewRequest("POST", "/", body), &into)
	require.ErrorContains(t, err, "at most 64 MiB")
}

func TestAnswersAreJSON(t *testing.T) {
	w := httptest.NewRecorder()
	reply(w, 201, api.Pause{Paused: new(true)})
	require.Equal(t, 201, w.Code)
	require.JSONEq(t, `{"paused":true}`, w.Body.String())
}
