package detect

import (
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
)

const (
	budgetParam  = "alertBudget"
	budgetDays   = 28               // of history that are replayed
	budgetLeast  = 2                // days of it without which nothing can be said
	budgetJoined = 15 * time.Minute // alerts nearer than this are one
)

// budgetFrom is where the replay begins: in the newer half of the history, so that what it scores was learnt from something.
func budgetFrom(in Input) int {
	return max(in.From/2, in.From-int(budgetDays*day/in.Step))
}

// within replays the history that was scored before point shown, gives the least multiple of the band that would have kept it to
// so many alerts a week, and says what it took. The history's own answers are taken out again.
func (out *Output) within(in Input, a Algorithm, shown int, budget float64) float64 {
	weeks := (time.Duration(shown-in.From) * in.Step).Hours() / (7 * 24)
	scales := evaluate.Scales()
	factor := 1.0
	if weeks*7 < budgetLeast {
		out.Notices = append(out.Notices, fmt.Sprintf("the history is too short to keep to %g alerts a week: %d days of it are needed", budget, 2*budgetLeast))
	} else {
		past := in
		past.Values = in.Values[:shown]
		counts := make([]float64, len(scales))
		for k, s := range scales {
			one := out.until(shown).scaled(s, false)
			one.raise(past, a)
			counts[k] = float64(len(evaluate.Episodes(one.Anomalous, one.Score, max(int(budgetJoined/in.Step), 1)))) / weeks
		}
		k, ok := evaluate.Choose(counts, budget)
		if factor = scales[k]; ok {
			out.Why += fmt.Sprintf(" For at most %g alerts a week the band is %g times its width; in the %.2g weeks before that would have made %.2g a week.",
				budget, factor, weeks, counts[k])
		} else {
			out.Notices = append(out.Notices, fmt.Sprintf("even a band %g times as wide would have made %.2g alerts a week, more than %g: the series is quarantined", factor, counts[k], budget))
		}
	}
	out.forget(in.From, shown)
	return factor
}

// until is the output of the points before n.
func (out *Output) until(n int) *Output {
	one := *out
	one.Expected, one.Lower, one.Upper, one.Score, one.Anomalous = out.Expected[:n], out.Lower[:n], out.Upper[:n], out.Score[:n], out.Anomalous[:n]
	one.Held = nil
	return &one
}
