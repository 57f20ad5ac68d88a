package plugin

import (
	"context"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/source"
)

// CheckHealth connects to every configured source and names the side that fails.
func (i *Instance) CheckHealth(ctx context.Context, _ *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	if len(i.sources) == 0 {
		return &backend.CheckHealthResult{Status: backend.HealthStatusError, Message: "No source is configured: fill in the Prometheus URL or the MySQL host"}, nil
	}
	status, texts := backend.HealthStatusOk, []string{}
	for _, k := range []source.Kind{source.Prometheus, source.MySQL} {
		s := i.check(ctx, k)
		if !s.Configured {
			continue
		}
		if !s.OK {
			status = backend.HealthStatusError
			s.Message = string(k) + " fails: " + s.Message
		} else {
			s.Message += " answers"
		}
		texts = append(texts, s.Message)
	}
	return &backend.CheckHealthResult{Status: status, Message: strings.Join(texts, "; ")}, nil
}

func (i *Instance) check(ctx context.Context, k source.Kind) api.Side {
	s, ok := i.sources[k]
	if !ok {
		return api.Side{Message: "not configured"}
	}
	version, err := s.Check(ctx)
	if err != nil {
		return api.Side{Configured: true, Message: err.Error()}
	}
	return api.Side{Configured: true, OK: true, Message: version}
}
