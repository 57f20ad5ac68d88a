package train

import (
	"context"
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Levels of readiness: what the history is long enough for.
const (
	ReadyNone   = "none"   // no data
	ReadyShort  = "short"  // repeats the last values
	ReadyBasic  = "basic"  // level and trend
	ReadyDaily  = "daily"  // days are learnt
	ReadyWeekly = "weekly" // days and weeks are learnt
)

// Preview is what a query's training would read, cost and be good for.
type Preview struct {
	Sets           []*series.Set
	Series, Points int
	Source, Fit    time.Duration // of the read as measured, and of the training as estimated
	Level, Message string
	Notices        []string
}

// Preview reads what a training would read, and fits one series to tell what all take.
func (t *Trainer) Preview(ctx context.Context, q *query.Query) (*Preview, error) {
	defer t.gate.Enter()()
	start := time.Now()
	sets, err := t.engine.ReadFor(ctx, q, t.now(), q.TrainingWindow)
	if err != nil {
		return nil, err
	}
	p := &Preview{Sets: sets, Source: time.Since(start)}
	var fullest *series.Series
	var grid series.Grid
	empty := 0
	for _, set := range sets {
		p.Series += len(set.Series)
		p.Points += len(set.Series) * set.Grid.Len
		for i := range set.Series {
			s := &set.Series[i]
			if s.Known() == 0 {
				empty++
			}
			if fullest == nil || s.Known() > fullest.Known() {
				fullest, grid = s, set.Grid
			}
		}
		for _, n := range set.Notices {
			p.Notices = append(p.Notices, n.Text)
		}
	}
	if empty > 0 {
		p.Notices = append(p.Notices, fmt.Sprintf("%d series have no data in this time", empty))
	}
	if fullest == nil || fullest.Known() == 0 {
		p.Level, p.Message = ReadyNone, "There is no data yet: nothing can be learnt."
		return p, nil
	}
	p.Level, p.Message = readiness(fullest, q.Interval)
	one, err := t.cost(ctx, q, grid, *fullest)
	if err != nil {
		return nil, err
	}
	p.Fit = time.Duration(float64(one) * float64(p.Series) / float64(workers()))
	return p, nil
}

// cost measures the training of one series.
func (t *Trainer) cost(ctx context.Context, q *query.Query, g series.Grid, s series.Series) (time.Duration, error) {
	start := time.Now()
	var err error
	switch q.Type {
	case query.Forecast, query.Warning:
		_, _, err = query.Learn(ctx, q, g, s)
	case query.Anomaly:
		_, err = q.Score(ctx, g, s, query.Beside{}, g.Len/2, 1)
	}
	if err != nil && !tooShort(err) {
		return 0, err
	}
	return time.Since(start), nil
}

// readiness says what the history of the fullest series is enough for.
func readiness(s *series.Series, step time.Duration) (level, message string) {
	first, last, _ := s.Extent()
	span := time.Duration(last-first+1) * step
	days := span.Hours() / 24
	text := param.FormatDuration(span.Truncate(step))
	switch {
	case s.Known() < 12:
		return ReadyShort, fmt.Sprintf("%d points: enough to repeat the last values, not to learn from.", s.Known())
	case days < 2 || step > 12*time.Hour:
		return ReadyBasic, fmt.Sprintf("%s of history: level and trend are learnt. From two days on, the day's rhythm is, too.", text)
	case days < 13.5:
		return ReadyDaily, fmt.Sprintf("%s of history: the day's rhythm is learnt. From two weeks on, the week's is, too.", text)
	default:
		return ReadyWeekly, fmt.Sprintf("%s of history: the rhythms of day and week are learnt.", text)
	}
}
