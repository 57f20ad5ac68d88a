package evaluate

import (
	"fmt"
	"slices"
	"time"
)

// Warnings says how the warnings of one series, or of many together, turned out.
type Warnings struct {
	Raised    int             // stretches in which a warning stood, but for those that began with the threshold crossed
	Confirmed int             // the threshold was crossed while it stood, or within the time given after it was raised
	Withdrawn int             // it was not
	Open      int             // that time is not over yet, or it still stands
	Crossings int             // times that the threshold was crossed
	Missed    int             // of those, without a warning before
	Leads     []time.Duration // from the raising to the crossing, of the confirmed ones
}

// Span is a stretch of time in which a warning stood or a threshold was crossed.
type Span struct {
	From, To time.Time // To is zero while it lasts
	Aside    bool      // known, but not counted: it began before the time that is judged, or was there when one first looked
}

func (s Span) lasts(at time.Time) bool {
	return !at.Before(s.From) && (s.To.IsZero() || at.Before(s.To))
}

// Judge tells what has become of one series' warnings until now, from its crossings. A warning that came with the threshold crossed is
// none. A warning is confirmed by a crossing while it stands or within the given time of its raising. Both lists are in order of time.
func Judge(warnings, crossings []Span, now time.Time, within time.Duration) (w Warnings) {
	warned := make([]bool, len(crossings))
	for _, one := range warnings {
		if slices.ContainsFunc(crossings, func(c Span) bool { return c.lasts(one.From) }) {
			continue
		}
		until := one.From.Add(within)
		k := slices.IndexFunc(crossings, func(c Span) bool {
			return c.From.After(one.From) && (one.lasts(c.From) || !c.From.After(until))
		})
		if k >= 0 {
			warned[k] = true
			for i := k; i < len(crossings); i++ { // what is crossed again while it stands was warned of as well
				warned[i] = warned[i] || one.lasts(crossings[i].From)
			}
		}
		if one.Aside {
			continue
		}
		switch w.Raised++; {
		case k >= 0:
			w.Confirmed++
			w.Leads = append(w.Leads, crossings[k].From.Sub(one.From))
		case one.To.IsZero() || !now.After(until):
			w.Open++
		default:
			w.Withdrawn++
		}
	}
	for i, c := range crossings {
		if !c.Aside {
			if w.Crossings++; !warned[i] {
				w.Missed++
			}
		}
	}
	return w
}

// Outcomes tells what became of warnings, looked at regularly: where each stood, and where the threshold was crossed then. A crossing
// at the very beginning is none. A warning has the time `within` to be confirmed.
func Outcomes(firing, over []bool, every, within time.Duration) Warnings {
	at := func(i int) time.Time { return time.Unix(0, 0).Add(time.Duration(i) * every) }
	spans := func(flags []bool) (out []Span) {
		for i, on := range flags {
			switch {
			case on && (i == 0 || !flags[i-1]):
				out = append(out, Span{From: at(i)})
			case !on && i > 0 && flags[i-1]:
				out[len(out)-1].To = at(i)
			}
		}
		return out
	}
	crossings := spans(over)
	if len(over) > 0 && over[0] {
		crossings[0].Aside = true
	}
	return Judge(spans(firing), crossings, at(len(over)), within)
}

// Add takes the warnings of another series in.
func (w *Warnings) Add(o Warnings) {
	w.Raised, w.Confirmed, w.Withdrawn, w.Open = w.Raised+o.Raised, w.Confirmed+o.Confirmed, w.Withdrawn+o.Withdrawn, w.Open+o.Open
	w.Crossings, w.Missed, w.Leads = w.Crossings+o.Crossings, w.Missed+o.Missed, append(w.Leads, o.Leads...)
}

// Lead is the median time from a confirmed warning to the crossing; 0 where there is none.
func (w *Warnings) Lead() time.Duration {
	if len(w.Leads) == 0 {
		return 0
	}
	leads := slices.Sorted(slices.Values(w.Leads))
	return (leads[(len(leads)-1)/2] + leads[len(leads)/2]) / 2
}

// String says it in a sentence.
func (w *Warnings) String() string {
	text := fmt.Sprintf("Of %d warnings %d were confirmed", w.Raised, w.Confirmed)
	if w.Confirmed > 0 {
		text += fmt.Sprintf(" (%.0f h ahead in the median)", w.Lead().Hours())
	}
	return text + fmt.Sprintf(", %d were withdrawn and %d are open; of %d crossings %d came without a warning.", w.Withdrawn, w.Open, w.Crossings, w.Missed)
}
