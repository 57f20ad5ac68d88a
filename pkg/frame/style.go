package frame

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// style gives the least field configuration that draws band, dashed forecast and marked points; what is set here wins over the
// panel's own defaults, so a query can turn it off (`style: none`). The colour of the actual series is left to the panel
// where there are several series: each needs its own.
func style(a *query.Answer, r *query.Result, o query.Output, several bool) *data.FieldConfig {
	c := &data.FieldConfig{DisplayNameFromDS: nameOf(r, o)}
	if !several || !a.Query.Styled {
		return c
	}
	hidden := map[string]any{"legend": true, "tooltip": false, "viz": false}
	c.Custom = thin()
	switch o {
	case query.Actual:
		c.Custom["lineWidth"] = 2
		if len(a.Results) == 1 {
			c.Color = fixed("blue")
		}
	case query.Expected:
		c.Custom["lineStyle"] = dash(2, 4)
		c.Custom["hideFrom"] = hidden
		c.Color = fixed("semi-dark-orange")
	case query.ForecastOutput, ahead:
		c.Custom["lineWidth"] = 2
		c.Custom["lineStyle"] = dash(10, 10)
		c.Color = fixed("semi-dark-orange")
	case query.Lower:
		c.Custom["lineWidth"] = 0
		c.Custom["hideFrom"] = hidden
		c.Color = fixed(bandColour(a))
	case query.Upper:
		c.Custom["lineWidth"] = 0
		c.Custom["hideFrom"] = hidden
		c.Custom["fillOpacity"] = 18
		c.Custom["fillBelowTo"] = nameOf(r, query.Lower)
		c.Color = fixed(bandColour(a))
	case anomaly:
		c.Custom["drawStyle"] = "points"
		c.Custom["pointSize"] = 7
		c.Custom["showPoints"] = "always"
		c.Color = fixed("red")
	case threshold:
		c.Custom["lineStyle"] = dash(4, 4)
		c.Color = fixed("dark-yellow")
		if r != &a.Results[0] {
			c.Custom["hideFrom"] = map[string]any{"legend": true, "tooltip": true, "viz": true}
		}
	}
	if r.PastWarning != nil {
		stylePast(c, o)
	}
	return c
}

// thin is a line without points, broken where values are missing.
func thin() map[string]any {
	return map[string]any{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 0, "showPoints": "never", "spanNulls": false}
}

func bandColour(a *query.Answer) string {
	if a.Query.Type == query.Anomaly {
		return "blue"
	}
	return "semi-dark-orange"
}

func fixed(colour string) map[string]any {
	return map[string]any{"mode": "fixed", "fixedColor": colour}
}

func dash(line, gap int) map[string]any {
	return map[string]any{"fill": "dash", "dash": []int{line, gap}}
}
