package plugin

import (
	"net/http"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
)

func (i *Instance) algorithms(w http.ResponseWriter, _ *http.Request) error {
	out := api.Algorithms{Forecast: forecast.Algorithms(), Anomaly: detect.Algorithms(), Outlier: group.Algorithms()}
	for k := range out.Forecast {
		out.Forecast[k].Params = readable(out.Forecast[k].Params)
	}
	for k := range out.Anomaly {
		out.Anomaly[k].Params = readable(out.Anomaly[k].Params)
	}
	for k := range out.Outlier {
		out.Outlier[k].Params = readable(out.Outlier[k].Params)
	}
	reply(w, http.StatusOK, out)
	return nil
}

// readable writes defaults that are durations as a query writes them.
func readable(specs []param.Spec) []param.Spec {
	out := make([]param.Spec, len(specs))
	for k, s := range specs {
		if d, ok := s.Default.(time.Duration); ok {
			s.Default = param.FormatDuration(d)
		}
		out[k] = s
	}
	return out
}
