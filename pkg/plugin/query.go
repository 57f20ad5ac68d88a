package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/tracing"
	"github.com/grafana/grafana-plugin-sdk-go/experimental/concurrent"
	"go.opentelemetry.io/otel/attribute"

	"github.com/forewarn/earlywarning/pkg/frame"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/trail"
)

// parallelQueries of one request; each uses all processors for its series anyway.
const parallelQueries = 4

// QueryData answers the queries of a panel or a rule, several at a time.
func (i *Instance) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	forAlert := req.Headers["FromAlert"] == "true"
	return concurrent.QueryData(ctx, req, func(ctx context.Context, q concurrent.Query) backend.DataResponse {
		return i.answer(ctx, q.DataQuery, forAlert, ruleOf(req))
	}, parallelQueries)
}

func (i *Instance) answer(ctx context.Context, dq backend.DataQuery, forAlert bool, rule trail.Rule) backend.DataResponse {
	ctx, span := tracing.DefaultTracer().Start(ctx, "forewarn query")
	defer span.End()
	start := time.Now()
	kind := "invalid"
	defer i.gate.Enter()()
	frames, err := func() (frames backendFrames, err error) {
		if isTrail(dq) {
			kind = "trail"
			return i.answerTrail(ctx, dq)
		}
		dq, marks := wantsAnnotations(dq)
		q, err := query.Resolve(ctx, merge(dq), i.defaults, i.trainer)
		if err != nil {
			return nil, err
		}
		kind = string(q.Type)
		span.SetAttributes(attribute.String("query.type", kind), attribute.String("query.algorithm", q.Model.Algorithm))
		if forAlert && !q.Output.Single() {
			return nil, errAlertOutput(q)
		}
		a, err := i.engine.Execute(ctx, q, query.Range{From: dq.TimeRange.From, To: dq.TimeRange.To})
		if err != nil {
			return nil, err
		}
		i.metrics.fits(len(a.Results), a.Stats.FitsCached, a.Stats.Fit)
		i.alerting.trail.Sights.Saw(rule.UID, a)
		if forAlert {
			i.alerting.crossed(ctx, rule, a)
		}
		if marks {
			return annotationFrames(frame.Frames(a, false), kind), nil
		}
		return frame.Frames(a, forAlert), nil
	}()
	i.metrics.query(kind, time.Since(start), err)
	if err != nil {
		_ = tracing.Error(span, err)
		backend.Logger.FromContext(ctx).Debug("Query failed", "refId", dq.RefID, "type", kind, "error", err)
		return failure(err)
	}
	return backend.DataResponse{Frames: frames}
}

// ruleOf is the alert rule that asks, as Grafana says in the headers.
func ruleOf(req *backend.QueryDataRequest) trail.Rule {
	name := req.GetHTTPHeader("X-Rule-Name")
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	return trail.Rule{UID: req.GetHTTPHeader("X-Rule-Uid"), Name: name}
}

// merge puts the refId, which Grafana sends beside the query as well, into it when it is missing there.
func merge(dq backend.DataQuery) []byte {
	var fields map[string]json.RawMessage
	if json.Unmarshal(dq.JSON, &fields) != nil || fields["refId"] != nil {
		return dq.JSON
	}
	if fields["queryType"] == nil && dq.QueryType != "" {
		fields["queryType"], _ = json.Marshal(dq.QueryType)
	}
	fields["refId"], _ = json.Marshal(dq.RefID)
	out, err := json.Marshal(fields)
	if err != nil {
		return dq.JSON
	}
	return out
}

// failure maps an error to status and source: the source's faults are downstream, the query's and ours are the plugin's.
func failure(err error) backend.DataResponse {
	status, origin := backend.StatusInternal, backend.ErrorSourcePlugin
	switch {
	case errors.Is(err, context.Canceled):
		status, origin = statusClientLeft, backend.ErrorSourceDownstream
	case errors.Is(err, source.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		status, origin = backend.StatusTimeout, backend.ErrorSourceDownstream
	case errors.Is(err, source.ErrDenied):
		status, origin = backend.StatusForbidden, backend.ErrorSourceDownstream
	case errors.Is(err, source.ErrUnreachable):
		status, origin = backend.StatusBadGateway, backend.ErrorSourceDownstream
	case errors.Is(err, source.ErrBadQuery), errors.Is(err, source.ErrTooLarge):
		status, origin = backend.StatusBadRequest, backend.ErrorSourceDownstream
	case errors.Is(err, store.ErrUnavailable):
		status, origin = backend.StatusBadGateway, backend.ErrorSourceDownstream
	case errors.Is(err, query.ErrNoModel):
		status, origin = backend.StatusNotFound, backend.ErrorSourceDownstream
	case errors.Is(err, query.ErrInvalid), errors.Is(err, source.ErrRefused), errors.Is(err, source.ErrNotConfigured):
		status, origin = backend.StatusBadRequest, backend.ErrorSourceDownstream
	}
	return backend.DataResponse{Error: err, Status: status, ErrorSource: origin}
}
