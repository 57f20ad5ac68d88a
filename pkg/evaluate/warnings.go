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

// Outcomes tells what became of warnings, looked at regularly: where each stood, and where the threshold was crossed then. A crossing
// at the very beginning is none. A warning has the time `within` to be confirmed.
func Outcomes(firing, over []bool, every, within time.Duration) (w Warnings) {
	var crossings []int
	for i := 1; i < len(over); i++ {
		if over[i] && !over[i-1] {
			crossings = append(crossings, i)
		}
	}
	w.Crossings = len(crossings)
	warned := make(map[int]bool)
	for i := 0; i < len(firing); i++ {
		if !firing[i] {
			continue
		}
		from := i
		for i < len(firing) && firing[i] {
			i++
		}
		if over[from] {
			continue
		}
		w.Raised++
		end := max(i-1, from+int(within/every))
		k := slices.IndexFunc(crossings, func(c int) bool { return c > from && c <= end })
		switch {
		case k >= 0:
			w.Confirmed++
			w.Leads = append(w.Leads, time.Duration(crossings[k]-from)*every)
			warned[crossings[k]] = true
			for _, c := range crossings[k:] { // what is crossed again while it stands was warned of as well
				warned[c] = warned[c] || c < i
			}
		case end >= len(firing) || i == len(firing):
			w.Open++
		default:
			w.Withdrawn++
		}
	}
	for _, c := range crossings {
		if !warned[c] {
			w.Missed++
		}
	}
	return w
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
