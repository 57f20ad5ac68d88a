// Command echo is a plugin that answers with what it was asked, so that the client's side of the protocol can be tested.
package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

type instance struct{ created int }

var created int

func newInstance(context.Context, backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	created++
	return &instance{created}, nil
}

func (i *instance) CheckHealth(_ context.Context, req *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	s := req.PluginContext.DataSourceInstanceSettings
	status := backend.HealthStatusOk
	if s.URL == "" {
		status = backend.HealthStatusError
	}
	details, err := json.Marshal(map[string]any{"instance": i.created, "secret": s.DecryptedSecureJSONData["password"], "jsonData": s.JSONData, "user": s.BasicAuthUser})
	return &backend.CheckHealthResult{Status: status, Message: s.URL, JSONDetails: details}, err
}

func (i *instance) QueryData(_ context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	out := backend.NewQueryDataResponse()
	for _, q := range req.Queries {
		if q.QueryType == "bad" {
			out.Responses[q.RefID] = backend.ErrDataResponse(backend.StatusBadRequest, "a bad query")
			continue
		}
		f := data.NewFrame(q.QueryType, data.NewField("time", nil, []int64{q.TimeRange.From.Unix(), q.TimeRange.To.Unix()}))
		f.Meta = &data.FrameMeta{Custom: map[string]any{"query": json.RawMessage(q.JSON), "alert": req.Headers["FromAlert"]}}
		out.Responses[q.RefID] = backend.DataResponse{Frames: data.Frames{f}}
	}
	return out, nil
}

func (i *instance) CallResource(_ context.Context, req *backend.CallResourceRequest, s backend.CallResourceResponseSender) error {
	if req.Path == "die" {
		os.Exit(3)
	}
	role := "nobody"
	if u := req.PluginContext.User; u != nil {
		role = u.Role
	}
	head := req.Method + " " + req.URL + " as " + role + ": "
	if err := s.Send(&backend.CallResourceResponse{Status: http.StatusTeapot, Body: []byte(head)}); err != nil {
		return err
	}
	// The rest of the answer comes in parts of its own.
	for _, part := range []string{string(req.Body), strings.Repeat(".", len(os.Environ()))} {
		if err := s.Send(&backend.CallResourceResponse{Body: []byte(part)}); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	log.DefaultLogger.Info("echo starts", "stored", os.Getenv("GF_PLUGIN_STORE_PATH"))
	if err := datasource.Manage("echo", newInstance, datasource.ManageOpts{}); err != nil {
		os.Exit(1)
	}
}
