package frame

import (
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// style gives the least field configuration that draws band, dashed forecast and marked points; what is set here wins over the
// panel's own defaults, so a query can turn it off (`style: none`).
func style(a *query.Answer, r *query.Result, o query.Output, several bool) *data.FieldConfig {
	c := &data.FieldConfig{DisplayNameFromDS: nameOf(r, o)}
	if !a.Query.Styled {
		return c
	}
	if o == query.Actual && !a.Query.Output.Single() {
		c.Color = fixed(actualColour(a, r))
	}
	if !several {
		return c
	}
	hidden := map[string]any{"legend": true, "tooltip": false, "viz": false}
	c.Custom = thin()
	switch o {
	case query.Actual:
		c.Custom["lineWidth"] = 2
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
		if !slices.Contains(r.Anomalous, true) {
			c.Custom["hideFrom"] = hidden
		}
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

// actualColours tell the values of several series apart. Grafana's own palette would give some of them red, orange or yellow, which
// say anomaly, forecast and threshold here.
var actualColours = []string{"blue", "green", "purple", "super-light-blue", "dark-green", "super-light-purple", "dark-blue", "super-light-green",
	"dark-purple", "#6ed0e0", "semi-dark-green", "#b3a2c7"}

func actualColour(a *query.Answer, r *query.Result) string {
	for i := range a.Results {
		if r == &a.Results[i] {
			return actualColours[i%len(actualColours)]
		}
	}
	return actualColours[0]
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
