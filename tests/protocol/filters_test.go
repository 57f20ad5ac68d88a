package protocol

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

// A dashboard's filters give what the expression gives with the same matchers written into it, says Prometheus itself.
func TestADashboardsFiltersAreThoseMatchersWrittenByHand(t *testing.T) {
	world.Need(t)
	one := `{"key": "host", "operator": "=|", "value": "host-1", "values": ["host-1", "host-2"]}`
	for name, c := range map[string]struct{ expr, filters, byHand string }{
		"sum of two":       {`sum(cpu)`, one, `sum(cpu{host=~"host-1|host-2"})`},
		"both sides":       {`sum(cpu) / count(cpu)`, one, `sum(cpu{host=~"host-1|host-2"}) / count(cpu{host=~"host-1|host-2"})`},
		"and what is held": {`max_over_time(cpu{host!="host-2"}[$__interval])`, one, `max_over_time(cpu{host!="host-2",host=~"host-1|host-2"}[$__interval])`},
		"none of them":     {`max(cpu)`, `{"key": "host", "operator": "!~", "value": "host-[0-4]"}`, `max(cpu{host!~"host-[0-4]"})`},
		"a metric's name":  {`sum({host="host-1"}) + (sum({disk="steady"}) or vector(0))`, `{"key": "__name__", "operator": "=", "value": "cpu"}`, `sum(cpu{host="host-1"}) + vector(0)`},
	} {
		t.Run(name, func(t *testing.T) {
			values := func(expr, filters string) []float64 {
				text, err := json.Marshal(expr)
				require.NoError(t, err)
				r := ask(t, source(), false, world.now.Add(-6*time.Hour), world.now, `{"queryType": "series", "interval": "5m", "source": {"kind": "prometheus", "expr": `+string(text)+`}, "adhocFilters": [`+filters+`]}`)
				require.NoError(t, r.Error)
				f := field(t, r.Frames[0], "actual", "")
				require.Greater(t, known(f), 60)
				var out []float64
				for i := range f.Len() {
					if v, ok := f.At(i).(*float64); ok && v != nil {
						out = append(out, *v)
					}
				}
				return out
			}
			filtered := values(c.expr, c.filters)
			require.Equal(t, values(c.byHand, ""), filtered)
			require.NotEqual(t, values(c.expr, ""), filtered)
		})
	}
}

func TestADashboardsFiltersAreChosenFromWhatPrometheusHas(t *testing.T) {
	world.Need(t)
	pc, err := source().Context(pluginproc.Viewer)
	require.NoError(t, err)
	choice := func(body string) []string {
		r, err := world.plugin.Resource(t.Context(), pc, http.MethodPost, "filters", []byte(body))
		require.NoError(t, err)
		require.Equal(t, 200, r.Status, string(r.Body))
		var out api.FilterChoice
		require.NoError(t, json.Unmarshal(r.Body, &out))
		return out.Values
	}
	span := `"from": "` + world.now.Add(-time.Hour).Format(time.RFC3339) + `", "to": "` + world.now.Format(time.RFC3339) + `"`
	require.Subset(t, choice(`{`+span+`}`), []string{"__name__", "disk", "host"})
	require.Equal(t, []string{"host-0", "host-1", "host-2", "host-3", "host-4", "host-5"}, choice(`{"key": "host", `+span+`}`))
	require.Equal(t, []string{"filling", "steady"}, choice(`{"key": "disk", "filters": [{"key": "host", "operator": "=", "value": ""}], `+span+`}`))
	require.Equal(t, []string{"host-3", "host-4", "host-5"}, choice(`{"key": "host", "filters": [{"key": "host", "operator": "!~", "value": "host-[0-2]"}], `+span+`}`))
	require.Empty(t, choice(`{"key": "disk", "filters": [{"key": "host", "operator": "=", "value": "host-1"}], `+span+`}`))
	require.Empty(t, choice(`{"key": "of.nothing/known", `+span+`}`))
}
