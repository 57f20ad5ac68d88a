package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// scene is what an algorithm is shown on.
type scene struct {
	text    string
	values  []float64
	day     int
	shown   int // steps of the past in the picture
	horizon int
	periods []int // nil finds them
	least   *float64
}

func sceneOf(id string) scene {
	none := 0.0
	switch id {
	case "naive", "drift", "linear":
		return scene{"Four weeks of used disk space, an hour a step, with a clean-up each night; three days ahead.", disk(24*28, 24), 24, 24 * 9, 72, nil, nil}
	case "intermittent":
		return scene{"Two weeks of failures an hour, mostly none; a day ahead.", failures(24 * 14), 24, 24 * 6, 24, nil, &none}
	case "piecewise":
		return scene{"Six weeks of a load whose growth ended after three and a half, an hour a step; four days ahead.", kinked(24*42, 24), 24, 24 * 28, 96, []int{24, 168}, nil}
	}
	return scene{"Four weeks of requests a second, an hour a step, with the rhythms of the day and the week; two days ahead.", requests(24*28, 24, 4), 24, 24 * 6, 48, nil, nil}
}

func forecasters(ctx context.Context) ([]page, error) {
	var out []page
	for _, a := range forecast.Algorithms() {
		s := sceneOf(a.ID)
		state, r, err := forecast.Train(ctx, forecast.Input{Values: s.values, Step: time.Hour, Start: start,
			Periods: s.periods, Bounds: forecast.Bounds{Min: s.least}},
			forecast.Options{Algorithm: a.ID, Horizon: s.horizon, Confidence: 0.95})
		if err != nil {
			return nil, fmt.Errorf("forecaster %s: %w", a.ID, err)
		}
		blob, err := forecast.Marshal(state)
		if err != nil {
			return nil, fmt.Errorf("forecaster %s: %w", a.ID, err)
		}
		p := page{kind: forecastKind, id: a.ID, title: a.Title, summary: a.Summary, reference: a.Reference, params: a.Params,
			needs:   fmt.Sprintf("%d known values for the model; a backtest, and with it a measured band, from about 12", a.MinPoints),
			example: s.text + " Blue: the values, dashed: the forecast with its 95 % band.",
			plot:    s.plot(a.Title, r)}
		p.notes = append(p.notes, fmt.Sprintf("**Stored state:** %.1f KiB in this example, at most %d KiB with two seasons; it takes new points one by one.",
			float64(len(blob))/1024, forecast.StateSize/1024), "**What a fit tells** (`Explain`): "+names(r.Explain)+".")
		out = append(out, p)
	}
	return out, nil
}

// names lists what is explained, numbered names once.
func names(explain map[string]float64) string {
	seen := map[string]bool{}
	for k := range explain {
		k = strings.TrimRight(k, "0123456789")
		if before, ok := strings.CutSuffix(k, " swing"); ok {
			k = strings.TrimRight(before, "0123456789 ") + " m swing"
		}
		if strings.HasSuffix(k, "lag ") {
			k = "lag k"
		}
		if strings.HasPrefix(k, "weight of ") {
			k = "weight of a model"
		}
		seen[k] = true
	}
	var out []string
	for k := range seen {
		out = append(out, k)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (s scene) plot(title string, r *forecast.Result) plot {
	n := len(s.values)
	all := s.shown + s.horizon
	past := s.values[n-s.shown:]
	return plot{title: title, ticks: days(n-s.shown, all, s.day), from: s.shown,
		band: [2][]float64{joined(s.shown, r.Lower, all), joined(s.shown, r.Upper, all)},
		lines: []curve{
			{"actual", blue, false, 1.4, joined(0, past, all)},
			{"forecast", orange, true, 1.8, joined(s.shown, r.Mean, all)},
		}}
}
