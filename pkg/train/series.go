package train

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// learn fits a forecaster to one series.
func learn(ctx context.Context, q *query.Query, g series.Grid, s series.Series) (model.SeriesResult, model.Series, error) {
	out := about(s)
	kept, r, err := query.Learn(ctx, q, g, s)
	switch {
	case tooShort(err):
		out.Reason = err.Error()
		return out, model.Series{Name: s.Name, Labels: s.Labels, Points: out.Points}, nil
	case err != nil:
		return out, model.Series{}, fmt.Errorf("series %s: %w", s.Name, err)
	}
	out.Algorithm, out.Reason, out.Seasons = r.Algorithm, r.Why, seasons(r.Periods, q.Interval)
	out.Notices = append(out.Notices, r.Notices...)
	if b := r.Backtest; b.Origins > 0 {
		figures(&out, s.Values, r.Periods, b.MAE, b.SeasonalNaive)
		out.Coverage = model.Known(b.Coverage)
	}
	return out, *kept, nil
}

// anomaly scores the newest part of one series with the definition's detector, and counts the alerts that each scale of its band
// would have made from the index on.
func (t *Trainer) anomaly(ctx context.Context, c *model.Compiled, g series.Grid, s series.Series, beside query.Besides, from int) (model.SeriesResult, []int, error) {
	q := c.Query
	out := about(s)
	scales := []float64{1}
	if c.Definition.AlertBudget > 0 {
		scales = evaluate.Scales()
	}
	known, err := beside(s.Labels)
	if err != nil {
		return out, nil, err
	}
	scored, err := q.Score(ctx, g, s, known, from, scales...)
	switch {
	case tooShort(err):
		out.Reason = err.Error()
		return out, nil, nil
	case err != nil:
		return out, nil, err
	}
	one := scored[0]
	out.Algorithm, out.Reason, out.Seasons = one.Algorithm, one.Why, seasons(one.Periods, q.Interval)
	out.Notices = append(out.Notices, one.Notices...)
	lag := 1
	if n := len(one.Periods); n > 0 {
		lag = one.Periods[n-1]
	}
	figures(&out, s.Values, one.Periods, evaluate.MeanError(s.Values, one.Expected), twin(s.Values, one.Expected, lag))
	out.Coverage = model.Known(evaluate.Inside(s.Values, one.Lower, one.Upper))
	counts := make([]int, len(scored))
	for k, o := range scored {
		counts[k] = len(evaluate.Episodes(o.Anomalous, o.Score, gap(q.Interval)))
	}
	return out, counts, nil
}

// gap is how many quiet points two alerts may lie apart and still be one: a quarter of an hour's.
func gap(step time.Duration) int { return max(int(15*time.Minute/step), 1) }

// twin is the mean error of repeating the value of a season before, where there is an expectation to compare it with.
func twin(values, expected []float64, lag int) float64 {
	before := series.Missing(len(values))
	for i := lag; i < len(values); i++ {
		if !math.IsNaN(expected[i]) {
			before[i] = values[i-lag]
		}
	}
	return evaluate.MeanError(values, before)
}

// threshold is the least scale that keeps to the budget over all series.
func threshold(counts [][]int, over time.Duration, budget float64) float64 {
	weeks := over.Hours() / (7 * 24)
	scales := evaluate.Scales()
	if weeks <= 0 {
		return 1
	}
	index, _ := evaluate.Choose(perWeek(counts, weeks, len(scales)), budget)
	return scales[index]
}

// perWeek sums the alerts of all series at each scale, and states them for a week.
func perWeek(counts [][]int, weeks float64, scales int) []float64 {
	out := make([]float64, scales)
	for _, one := range counts {
		for k, n := range one {
			out[k] += float64(n) / weeks
		}
	}
	return out
}

// about begins a series' result.
func about(s series.Series) model.SeriesResult {
	known := s.Known()
	labels := map[string]string(s.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	return model.SeriesResult{Name: s.Name, Labels: labels, Seasons: []string{}, Points: known, Gaps: len(s.Values) - known, Notices: []string{}}
}

// figures puts errors into numbers that can be compared between series.
func figures(out *model.SeriesResult, values []float64, periods []int, mae, naive float64) {
	season := 1
	if len(periods) > 0 {
		season = periods[0]
	}
	scale := evaluate.NaiveError(values, season)
	out.MASE, out.TwinMASE = model.Known(mae/scale), model.Known(naive/scale)
	if naive > 0 {
		out.Skill = model.Known(1 - mae/naive)
	}
}

func seasons(periods []int, step time.Duration) []string {
	out := make([]string, len(periods))
	for i, p := range periods {
		out[i] = hours(time.Duration(p) * step)
	}
	return out
}

// hours writes seasons of whole hours in hours, as people compare them: 24h, 168h.
func hours(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return param.FormatDuration(d)
}
