package train

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const (
	lookEvery  = time.Hour          // of the past at which a warning is asked for again
	learnEvery = 7 * 24 * time.Hour // after which the replay trains anew
)

// replayWarning asks at each hour of the past for the warning that would have been given: trained on what was known then, once a
// week, and going on from there.
func (t *Trainer) replayWarning(ctx context.Context, q *query.Query, set *series.Set, r *Replayed) error {
	alerts := make([][]Alert, len(set.Series))
	err := t.each(ctx, len(set.Series), false, func(ctx context.Context, i int) error {
		var err error
		alerts[i], err = warnings(ctx, q, set.Grid, set.Series[i], r.From)
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range alerts {
		r.Alerts = append(r.Alerts, a...)
	}
	r.PerWeek = float64(len(r.Alerts)) / r.weeks()
	r.Scales, r.Curve = []float64{1}, []float64{r.PerWeek}
	r.end()
	return nil
}

// warnings gives the stretches in which one series' warning stood.
func warnings(ctx context.Context, q *query.Query, g series.Grid, s series.Series, from time.Time) ([]Alert, error) {
	window, every := int(q.TrainingWindow/q.Interval), max(int(lookEvery/q.Interval), 1)
	var kept *query.TrainedSeries
	var trainedAt int
	var answers []warn.Answer
	var times []int
	for at := max(g.Index(from), 3); at <= g.Len; at += every {
		begin := max(at-window, 0)
		part := g.Slice(begin, at)
		known := series.Series{Name: s.Name, Labels: s.Labels, Values: s.Values[begin:at]}
		if kept == nil || time.Duration(at-trainedAt)*q.Interval >= learnEvery {
			one, _, err := query.Learn(ctx, q, part, known)
			if tooShort(err) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("series %s: %w", s.Name, err)
			}
			kept, trainedAt = one, at
		} else {
			kept.State.Advance(q.Calendar.Learn(g.Slice(at-every, at), s.Values[at-every:at]))
		}
		forecast, err := kept.State.Result(q.Steps(), q.Confidence)
		if err != nil {
			return nil, fmt.Errorf("series %s: %w", s.Name, err)
		}
		answers = append(answers, warn.Evaluate(warn.Input{Values: known.Values, Step: q.Interval, Threshold: q.Threshold.Value,
			Above: q.Threshold.Direction == detect.Above, Forecast: forecast, Seed: uint64(at)}, warn.DefaultGuards()))
		times = append(times, at)
	}
	return stretches(g, s, answers, times, every), nil
}

// stretches joins the hours at which the warning stood.
func stretches(g series.Grid, s series.Series, answers []warn.Answer, times []int, every int) (out []Alert) {
	flags, score := make([]bool, len(answers)), make([]float64, len(answers))
	for k, a := range answers {
		flags[k] = a.State == warn.Rising || a.State == warn.Breached
		score[k] = a.Probability
	}
	for _, e := range evaluate.Episodes(flags, score, int(6*time.Hour/(time.Duration(every)*g.Step))) {
		first := answers[e.From]
		text := fmt.Sprintf("%.4g, the threshold of %.4g was crossed", first.Current, first.Threshold)
		if first.State == warn.Rising {
			text = fmt.Sprintf("%.4g, and the threshold of %.4g expected in %.0f h (earliest %.0f h)", first.Current, first.Threshold, first.ETA, first.ETAEarly)
		}
		out = append(out, Alert{Series: s.Name, Labels: s.Labels, From: g.Time(times[e.From]), To: g.Time(min(times[e.To-1]+every, g.Len)), Peak: e.Peak,
			Actual: first.Current, Expected: math.NaN(), Reason: text})
	}
	return out
}
