package frame

import (
	"math"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
)

// Outputs that only a hindcast has.
const (
	ahead query.Output = "ahead" // what was forecast of a point some time before
	left  query.Output = "left"  // hours that were left to the crossing
)

// furthest is the time left, in hours, up to which a hindcast draws what a warning said: two weeks, beyond which one scale shows
// nothing of what matters.
const furthest = 336

// hindcast gives what was said before beside what came, and for a warning the stretches in which it stood.
func hindcast(a *query.Answer) data.Frames {
	if a.Query.Type == query.Forecast {
		return wide(a, []query.Output{query.Actual, ahead, query.Lower, query.Upper})
	}
	frames := wide(a, []query.Output{query.Actual, threshold, query.ETA, query.ETAEarly, left, query.Firing})
	if notes := annotations(a); notes != nil {
		frames = append(frames, notes)
	}
	return frames
}

// before gives an output of the past's answers.
func before(r *query.Result, o query.Output) []float64 {
	p := r.PastWarning
	switch {
	case o == ahead:
		return r.Ahead
	case p == nil:
		return nil
	case o == query.ETA:
		return near(p.ETA)
	case o == query.ETAEarly:
		return near(p.ETAEarly)
	case o == left:
		return near(p.Left)
	}
	out := make([]float64, len(p.Firing))
	for i, on := range p.Firing {
		if on {
			out[i] = 1
		}
	}
	return out
}

// near leaves out what is too far off to be drawn.
func near(hours []float64) []float64 {
	out := make([]float64, len(hours))
	for i, h := range hours {
		if out[i] = h; h > furthest {
			out[i] = math.NaN()
		}
	}
	return out
}

// stood are the stretches in which a warning stood, and what became of it.
func stood(r *query.Result) []region {
	if r.PastWarning == nil {
		return nil
	}
	out := make([]region, 0, len(r.PastWarning.Stood))
	for _, s := range r.PastWarning.Stood {
		out = append(out, region{s.From, s.To, true, "orange", r.Name, s.String()})
	}
	return out
}

// ofForecast and ofWarning are what a hindcast says of itself in the frame's meta.
type ofForecast struct {
	Lead        string   `json:"lead"`
	OriginEvery string   `json:"originEvery"`
	RefitEvery  string   `json:"refitEvery"`
	Fits        int      `json:"fits"`
	Points      int      `json:"points"`
	MAE         *float64 `json:"mae"`
	TwinMAE     *float64 `json:"twinMae"`
	Skill       *float64 `json:"skill"`
	Coverage    *float64 `json:"coverage"`
}

type ofWarning struct {
	Every     string   `json:"every"`
	Raised    int      `json:"raised"`
	Confirmed int      `json:"confirmed"`
	Withdrawn int      `json:"withdrawn"`
	Open      int      `json:"open"`
	Crossings int      `json:"crossings"`
	Missed    int      `json:"missed"`
	LeadHours *float64 `json:"leadHours"` // median, of the confirmed ones
	ETAError  *float64 `json:"etaError"`
}

// compared gives the figures of a hindcast; nil where the result is none.
func compared(r *query.Result) any {
	if h := r.Hindcast; h != nil {
		return ofForecast{param.FormatDuration(h.Lead), param.FormatDuration(h.OriginEvery), param.FormatDuration(h.RefitEvery), h.Fits, h.Points,
			finite(h.MAE), finite(h.Twin), finite(h.Skill()), finite(h.Coverage)}
	}
	if p := r.PastWarning; p != nil {
		b := p.Became
		out := ofWarning{Every: param.FormatDuration(p.Every), Raised: b.Raised, Confirmed: b.Confirmed, Withdrawn: b.Withdrawn, Open: b.Open, Crossings: b.Crossings, Missed: b.Missed,
			ETAError: finite(p.ETAError())}
		if b.Confirmed > 0 {
			hours := b.Lead().Hours()
			out.LeadHours = &hours
		}
		return out
	}
	return nil
}

// stylePast styles what is drawn of a past warning: times on the left axis, the metric on the right one, and whether the warning stood
// as a faint ground.
func stylePast(c *data.FieldConfig, o query.Output) {
	switch o {
	case query.Actual, threshold:
		c.Custom["axisPlacement"] = "right"
		return
	case query.Firing:
		c.Custom["lineWidth"], c.Custom["fillOpacity"] = 0, 12
		c.Custom["lineInterpolation"], c.Custom["axisPlacement"] = "stepAfter", "hidden"
		c.Color = fixed("dark-yellow")
		return
	case left:
		c.Custom["lineWidth"] = 2
		c.Color = fixed("blue")
	case query.ETA:
		c.Custom["lineWidth"], c.Custom["lineStyle"] = 2, dash(10, 10)
		c.Color = fixed("semi-dark-orange")
	case query.ETAEarly:
		c.Custom["lineStyle"] = dash(2, 4)
		c.Color = fixed("semi-dark-orange")
	}
	c.Unit = "h"
}
