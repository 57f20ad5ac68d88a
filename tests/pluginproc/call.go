package pluginproc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// QueryData runs queries. An error is one of the transport; those of the queries are in the response, by refId.
func (p *Process) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	res, err := p.data.QueryData(ctx, backend.ToProto().QueryDataRequest(req))
	if err != nil {
		return nil, fmt.Errorf("query data: %w", err)
	}
	return backend.FromProto().QueryDataResponse(res)
}

// Ask runs one query of a time range, as a panel or as an alert rule does. The error is one of the transport; the query's own is in
// the answer.
func (p *Process) Ask(ctx context.Context, pc backend.PluginContext, alert bool, from, to time.Time, model any) (backend.DataResponse, error) {
	q, err := Query("A", from, to, model)
	if err != nil {
		return backend.DataResponse{}, err
	}
	req := &backend.QueryDataRequest{PluginContext: pc, Queries: []backend.DataQuery{q}}
	if alert {
		req.Headers = AlertHeaders()
	}
	res, err := p.QueryData(ctx, req)
	if err != nil {
		return backend.DataResponse{}, err
	}
	return res.Responses["A"], nil
}

// CheckHealth asks a data source whether it works.
func (p *Process) CheckHealth(ctx context.Context, pc backend.PluginContext) (*backend.CheckHealthResult, error) {
	res, err := p.diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: backend.ToProto().PluginContext(pc)})
	if err != nil {
		return nil, fmt.Errorf("check health: %w", err)
	}
	return backend.FromProto().CheckHealthResponse(res), nil
}

// CollectMetrics gives the process's own metrics in Prometheus' text format.
func (p *Process) CollectMetrics(ctx context.Context) ([]byte, error) {
	res, err := p.diagnostics.CollectMetrics(ctx, backend.ToProto().CollectMetricsRequest(&backend.CollectMetricsRequest{}))
	if err != nil {
		return nil, fmt.Errorf("collect metrics: %w", err)
	}
	return backend.FromProto().CollectMetricsResponse(res).PrometheusMetrics, nil
}

// CallResource sends one request to the resource API and joins the parts of the answer.
func (p *Process) CallResource(ctx context.Context, req *backend.CallResourceRequest) (*backend.CallResourceResponse, error) {
	stream, err := p.resource.CallResource(ctx, backend.ToProto().CallResourceRequest(req))
	if err != nil {
		return nil, fmt.Errorf("call resource: %w", err)
	}
	var out *backend.CallResourceResponse
	for {
		part, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF) && out != nil:
			return out, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("call resource: %s %s: no answer", req.Method, req.Path)
		case err != nil:
			return nil, fmt.Errorf("call resource: %w", err)
		}
		// Status and headers come with the first part only.
		if next := backend.FromProto().CallResourceResponse(part); out == nil {
			out = next
		} else {
			out.Body = append(out.Body, next.Body...)
		}
	}
}

// Resource calls a route of the resource API, as the data source's /resources/… in Grafana; path may carry a query string.
func (p *Process) Resource(ctx context.Context, pc backend.PluginContext, method, path string, body []byte) (*backend.CallResourceResponse, error) {
	path = strings.TrimPrefix(path, "/")
	bare, _, _ := strings.Cut(path, "?")
	req := &backend.CallResourceRequest{PluginContext: pc, Method: method, Path: bare, URL: path, Body: body}
	if body != nil {
		req.Headers = http.Header{"Content-Type": {"application/json"}}
	}
	return p.CallResource(ctx, req)
}
