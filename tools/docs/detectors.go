package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/group"
)

const (
	fiveMinutes = 5 * time.Minute
	dayOfFives  = 288
)

// incidents is a service's load at 5 minutes with trouble on its last day: a spike at 2:00, an hour too low from 7:00, a lasting
// step up from 12:00 to 15:30, standing still from 18:00 and no values from 21:30, each for an hour.
func incidents() []float64 {
	out := requests(15*dayOfFives, dayOfFives, 9)
	last := out[14*dayOfFives:]
	at := func(hour float64) int { return int(hour * 12) }
	for i := at(2); i < at(2)+2; i++ {
		last[i] += 150
	}
	for i := at(7); i < at(8); i++ {
		last[i] *= 0.6
	}
	for i := at(12); i < at(15.5); i++ {
		last[i] += 45
	}
	for i := at(18); i < at(19); i++ {
		last[i] = last[at(18)]
	}
	for i := at(21.5); i < at(22.5); i++ {
		last[i] = math.NaN()
	}
	return out
}

const incidentsText = "Two weeks of requests a second at 5 minutes, of which the last day is shown: a spike at 2:00, an hour too low from 7:00, a step up " +
	"from 12:00 to 15:30, standing still from 18:00, no values from 21:30. Blue: the values, shaded: what is allowed, red: what is flagged. " +
	"No detector is made for all of these."

func detectors(ctx context.Context) ([]page, error) {
	values := incidents()
	from := 14 * dayOfFives
	var out []page
	for _, a := range detect.Algorithms() {
		in := detect.Input{Values: values, Step: fiveMinutes, Start: start, From: from, Direction: detect.Both}
		if a.ID == "threshold" {
			in.Threshold = &detect.Threshold{Value: 340, Direction: detect.Above}
		}
		r, err := detect.Run(ctx, in, detect.Options{Algorithm: a.ID})
		if err != nil {
			return nil, fmt.Errorf("detector %s: %w", a.ID, err)
		}
		shown := values[from:]
		marks := make([]float64, len(shown))
		for i := range marks {
			if marks[i] = math.NaN(); r.Anomalous[from+i] {
				if marks[i] = shown[i]; math.IsNaN(marks[i]) {
					marks[i] = lastKnown(values[:from+i])
				}
			}
		}
		p := page{kind: anomalyKind, id: a.ID, title: a.Title, summary: a.Summary, reference: a.Reference, params: a.Params,
			needs: fmt.Sprintf("%d known values of history", a.MinPoints), example: incidentsText,
			plot: plot{title: a.Title, ticks: hours(from, len(shown), dayOfFives, 3), marks: marks,
				band: [2][]float64{r.Lower[from:], r.Upper[from:]}, lines: []curve{{"actual", blue, false, 1.4, shown}}}}
		if a.ID == "threshold" {
			p.needs = "a threshold in the query; no history"
		}
		if a.Confirm {
			alone := "twice"
			if a.Urgent > 0 {
				alone = fmt.Sprintf("%g times", a.Urgent)
			}
			p.notes = append(p.notes, fmt.Sprintf("**Flags** need two of three neighbouring points outside, or one at %s the band, unless the guards ask for others.", alone))
		}
		out = append(out, p)
	}
	return out, nil
}

// lastKnown gives the newest value that is not missing.
func lastKnown(x []float64) float64 {
	for i := len(x) - 1; i >= 0; i-- {
		if !math.IsNaN(x[i]) {
			return x[i]
		}
	}
	return math.NaN()
}

const fleetText = "Eight hosts of one service over 15 days at 5 minutes; in the last six hours one of them does half of its usual work. " +
	"Grey: the group, red: who is flagged."

const sourcesText = "Requests a minute from four sources over 15 days at 5 minutes; in the last hour a crawler makes a third of them, while their sum " +
	"stays as it was. Grey: the sources, red: who is flagged."

// sources share one sum of requests; the last one takes a third of it in the end.
func sources(n int) [][]float64 {
	out := make([][]float64, 4)
	for k, part := range []float64{0.45, 0.3, 0.2, 0.05} {
		out[k] = requests(n, dayOfFives, uint64(30+k))
		for i := range out[k] {
			out[k][i] *= part
			if i >= n-12 {
				out[k][i] *= 0.65
			}
		}
	}
	for i := n - 12; i < n; i++ {
		out[3][i] += (out[0][i] + out[1][i] + out[2][i] + out[3][i]) * 0.35 / 0.65
	}
	return out
}

func groups(ctx context.Context) ([]page, error) {
	hosts := make([][]float64, 8)
	n := 15 * dayOfFives
	for k := range hosts {
		hosts[k] = requests(n, dayOfFives, 9)
		for i, v := range requests(n, dayOfFives, uint64(20+k)) {
			hosts[k][i] = 0.6*hosts[k][i] + 0.4*v + float64(2*k)
		}
	}
	for i := n - 72; i < n; i++ {
		hosts[5][i] *= 0.5
	}
	var out []page
	for _, a := range group.Algorithms() {
		hosts, text, needs := hosts, fleetText, "and at least three instances"
		if a.ID == "shares" {
			hosts, text, needs = sources(n), sourcesText, "and at least two of them"
		}
		r, err := group.Run(ctx, group.Input{Values: hosts, Step: fiveMinutes, From: n - 12}, detect.Options{Algorithm: a.ID})
		if err != nil {
			return nil, fmt.Errorf("group detector %s: %w", a.ID, err)
		}
		p := page{kind: outlierKind, id: a.ID, title: a.Title, summary: a.Summary, reference: a.Reference, params: a.Params,
			needs: fmt.Sprintf("%d known values of each series, %s", a.MinPoints, needs), example: text,
			plot: plot{title: a.Title, ticks: hours(n-dayOfFives, dayOfFives, dayOfFives, 3)}}
		for k, host := range hosts {
			c := curve{"", grey, false, 0.9, host[n-dayOfFives:]}
			if r.Outlier[k] {
				c.colour, c.width = red, 1.6
			}
			p.plot.lines = append(p.plot.lines, c)
		}
		out = append(out, p)
	}
	return out, nil
}
