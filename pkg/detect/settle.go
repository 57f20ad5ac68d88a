package detect

import (
	"fmt"
	"math"
)

const (
	settleSpan  = day // how long an episode is remembered
	settleWorse = 1.1 // times the worst of them, from which another is raised all the same
)

// settle quarantines a series that alarms again and again: while it has had so many episodes within a day, only what is worse than
// all of them is raised. 0 never does.
func (out *Output) settle(in Input, most int) {
	if most == 0 {
		return
	}
	var ends []int // of the newest episodes, and their peaks
	var peaks []float64
	span := int(settleSpan / in.Step)
	raised, held := false, 0
	for i := in.From; i < len(out.Anomalous); i++ {
		s := out.Score[i]
		switch {
		case math.IsNaN(s):
		case !out.Anomalous[i]:
			raised = false
		case raised:
			ends[len(ends)-1], peaks[len(peaks)-1] = i, max(peaks[len(peaks)-1], s)
		default:
			worst := 0.0
			for len(ends) > 0 && i-ends[0] > span {
				ends, peaks = ends[1:], peaks[1:]
			}
			for _, p := range peaks {
				worst = max(worst, p)
			}
			if len(ends) >= most && s < settleWorse*worst {
				out.Anomalous[i] = false
				out.hold(i, heldRepeats)
				held++
				continue
			}
			raised = true
			ends, peaks = append(ends, i), append(peaks, s)
		}
	}
	if held > 0 {
		out.Notices = append(out.Notices, fmt.Sprintf("the series is quarantined at times: %d points were not flagged because %d alerts within a day had been as bad", held, most))
	}
}
