package warn

import (
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Names of the guards that hold a warning back, as in Answer.HeldBack. The first three turn a stated time into Uncertain; the others
// say why no time is stated although the last day, drawn on as a straight line, would cross.
const (
	ShortHistory = "short-history" // too little history for a trend
	PoorFit      = "poor-fit"      // the forecast asked for was worse than repeating the last cycle
	Unconfirmed  = "unconfirmed"   // not yet foreseen in as many runs in a row as are asked for

	Seasonal  = "season"    // it is the course of the day or week
	Restarted = "restarted" // a jump (clean-up, resize, deployment, restart) began a new count; the line before it no longer holds
	NoTrend   = "no-trend"  // the growth is within what chance makes, or has stopped
	Slowing   = "slowing"   // the growth is slowing down
	Contained = "contained" // rises ended below the threshold each time, at a clean-up or by themselves
)

// Guards hold a warning back until there is evidence for it. The zero value of a field turns that guard off.
type Guards struct {
	History time.Duration // least known history
	Fit     float64       // most that the error of a forecast asked for may be in its backtest, in multiples of the seasonal-naive twin's
}

// DefaultGuards ask for a day of history, and for a forecast that is not a fifth worse than its twin.
func DefaultGuards() Guards {
	return Guards{History: 24 * time.Hour, Fit: 1.2}
}

// holdBack names the guards that do not let a stated time pass.
func (g Guards) holdBack(in Input) (names []string) {
	if time.Duration(series.CountKnown(in.Values))*in.Step < g.History {
		names = append(names, ShortHistory)
	}
	if in.Modelled && g.Fit > 0 && in.Forecast != nil {
		if b := in.Forecast.Backtest; b.Origins > 0 && b.MAE > g.Fit*b.SeasonalNaive {
			names = append(names, PoorFit)
		}
	}
	return names
}

// why names the reason why no time is stated although the last day, drawn on as a straight line, crosses the limit within three days,
// or the last six hours do by the course of the day alone, or what a fall of the last day ended did; nil where they do not.
func (f *futures) why(limit float64) []string {
	day := max(int(24/f.blocks.hours), shortest)
	if f.fell(day, limit) {
		return []string{Restarted}
	}
	raw, plain := f.drawnOn(day)
	if raw < limit {
		if raw, plain = f.drawnOn(max(day/4, shortest)); raw >= limit && plain < limit && f.blocks.season != nil {
			return []string{Seasonal}
		}
		return nil
	}
	r := &f.regimes[0]
	now := r.lines[len(r.lines)-1]
	ahead := now.level + now.slope*72/f.blocks.hours
	switch {
	case plain < limit:
		return []string{Seasonal}
	case now.length() < float64(day) && len(r.breaks) > 0 && math.Abs(r.breaks[len(r.breaks)-1].jump) > r.large():
		return []string{Restarted}
	case ahead < limit:
		return []string{NoTrend}
	case r.bend < 0:
		return []string{Slowing}
	}
	return []string{Contained}
}

// fell tells whether the newest stretch that is long enough for a slope ended less than a day ago with a fall, without which the limit
// would be crossed within three days.
func (f *futures) fell(day int, limit float64) bool {
	r := &f.regimes[0]
	now := r.lines[len(r.lines)-1]
	for k := len(r.lines) - 2; k >= 0 && now.to-r.lines[k].to < day; k-- {
		if l := r.lines[k]; l.spread > 0 {
			since := float64(now.from - l.to + 1)
			return now.start()-l.level-l.slope*since < -r.large() && l.level+l.slope*(float64(now.to-l.to)+72/f.blocks.hours) >= limit
		}
	}
	return false
}

// drawnOn gives where the straight line over the last blocks leads within three days: with the season, as it was seen, and without.
func (f *futures) drawnOn(blocks int) (raw, plain float64) {
	b := &f.blocks
	x := b.x[max(len(b.x)-blocks, 0):]
	seen := make([]float64, len(x))
	for i, v := range x {
		seen[i] = v + b.at(len(b.x)-len(x)+i, 1)
	}
	lead := func(x []float64) float64 {
		s := newSums(x)
		l := s.line(0, len(x))
		return l.level + l.slope*72/b.hours
	}
	return lead(seen), lead(x)
}

// pace is the growth of the present stretch per day where it has lasted for a day; else 0.
func (f *futures) pace() float64 {
	lines := f.regimes[0].lines
	now := lines[len(lines)-1]
	if perDay := 24 / f.blocks.hours; now.length() >= perDay {
		return now.slope * perDay
	}
	return 0
}

// growth is the slope over the whole history per day (Theil-Sen, of medians): of whole days where there are at least five, so that the
// season of the day is no growth, else of a twentieth of the history.
func growth(in Input) float64 {
	n := len(in.Values)
	day := int(24 * time.Hour / in.Step)
	block := day
	if day < 1 || n < 5*day {
		block = max(n/20, 1)
	}
	at, mid := forecast.BlockMedians(in.Values, block)
	return forecast.TheilSen(at, mid) * (24 * time.Hour).Seconds() / in.Step.Seconds()
}
