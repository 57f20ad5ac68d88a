package main

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

const signalsText = "Load, memory, latency and errors of one container over 15 days at 5 minutes, of which the last day is shown: from 3:00 memory and latency " +
	"are each a little high for half an hour, from 9:00 latency falls for an hour although load rises, from 15:00 errors alone are high. Blue: the score, " +
	"dashed: its limit, red: what is flagged."

// container is the four signals: memory and latency follow the load.
func container() []composite.Signal {
	n := 15 * dayOfFives
	load := requests(n, dayOfFives, 9)
	out := []composite.Signal{{Name: "load", Values: load}, {Name: "memory"}, {Name: "latency"}, {Name: "errors"}}
	for k, of := range []struct{ base, share, noise float64 }{{200, 0.5, 0.4}, {20, 0.2, 0.2}, {5, 0, 0.1}} {
		own := requests(n, dayOfFives, uint64(40+k))
		plain := requests(n, dayOfFives, 50)
		values := make([]float64, n)
		for i := range values {
			values[i] = of.base + of.share*load[i] + of.noise*(own[i]-plain[i])
		}
		out[k+1].Values = values
	}
	at := func(hour float64) int { return 14*dayOfFives + int(12*hour) }
	for i := at(3); i < at(3.5); i++ {
		out[1].Values[i] += 27
		out[2].Values[i] += 12.5
	}
	for i := at(9); i < at(10); i++ {
		out[0].Values[i] += 32
		out[2].Values[i] -= 12
	}
	for i := at(15); i < at(16); i++ {
		out[3].Values[i] += 5
	}
	return out
}

func composites(ctx context.Context) ([]page, error) {
	signals := container()
	from := 14 * dayOfFives
	limit := make([]float64, dayOfFives)
	for i := range limit {
		limit[i] = 1
	}
	var out []page
	for _, a := range composite.Algorithms() {
		r, err := composite.Run(ctx, composite.Input{Signals: signals, Step: fiveMinutes, Start: start, From: from, Method: a.ID})
		if err != nil {
			return nil, fmt.Errorf("composite %s: %w", a.ID, err)
		}
		shown := r.Score[from:]
		marks := make([]float64, len(shown))
		for i := range marks {
			if marks[i] = math.NaN(); r.Anomalous[from+i] {
				marks[i] = shown[i]
			}
		}
		needs := "20 known values of each signal"
		if a.PerSignal > 0 {
			needs = fmt.Sprintf("100 known values of each signal before what is shown, and %d for each signal there is; with fewer it falls back to Fisher's method", a.PerSignal)
		}
		out = append(out, page{kind: severalKind, id: a.ID, title: a.Title, summary: a.Summary, reference: a.Reference, needs: needs, example: signalsText,
			notes: []string{"**Flags** need two of three neighbouring points at 1 or more, or one at 2; until three points in a row are below 0.8 the alarm goes on.",
				"**Repeats**: for an hour after an alarm, ten points at least, and after three within a day, only one whose score is half as high again is raised; the others are shown as held back."},
			plot: plot{title: a.Title, ticks: hours(from, len(shown), dayOfFives, 3), marks: marks,
				lines: []curve{{"score", blue, false, 1.4, shown}, {"limit", grey, true, 1, limit}}}})
	}
	return out, nil
}
