package detect

import (
	"fmt"
	"math"
)

const (
	settleSpan  = day // within which so many episodes quarantine a series
	settleWorse = 1.1 // times the worst of them, from which another is raised all the same
	settleWeek  = 10  // episodes within a week, beyond which each asks more of the next one
	settleRaise = 0.1 // of the band, that each of them asks more
)

// episode is what was raised: its newest point and its highest score.
type episode struct {
	end  int
	peak float64
}

// settle quarantines a series that alarms again and again. While it has had so many episodes within a day, only what is worse than
// all of them is raised. Beyond settleWeek within a week each one raises the level that the next has to reach, and the level falls
// as they grow old: what adaptive conformal inference does with its threshold (Gibbs, Candes, NeurIPS 2021), once the series has used
// up what is forgiven. 0 never does.
func (out *Output) settle(in Input, most int) {
	if most == 0 {
		return
	}
	span := int(settleSpan / in.Step)
	var recent []episode // of the newest week, oldest first
	raised, day, week := false, 0, 0
	for i := in.From; i < len(out.Anomalous); i++ {
		s := out.Score[i]
		switch {
		case math.IsNaN(s):
		case !out.Anomalous[i]:
			raised = false
		case raised:
			newest := &recent[len(recent)-1]
			newest.end, newest.peak = i, max(newest.peak, s)
		default:
			for len(recent) > 0 && i-recent[0].end > 7*span {
				recent = recent[1:]
			}
			switch {
			case s < worseThan(recent, i-span, most):
				day++
			case s < raisedLevel(len(recent)):
				week++
			default:
				raised = true
				recent = append(recent, episode{i, s})
				continue
			}
			out.Anomalous[i] = false
			out.hold(i, heldRepeats)
		}
	}
	if day+week > 0 {
		out.Notices = append(out.Notices, quarantined(day, week, most))
	}
}

// worseThan is what has to be reached where there were so many episodes since a point; 0 where there were fewer.
func worseThan(recent []episode, since, most int) float64 {
	n, worst := 0, 0.0
	for _, e := range recent {
		if e.end >= since {
			n++
			worst = max(worst, e.peak)
		}
	}
	if n < most {
		return 0
	}
	return settleWorse * worst
}

// raisedLevel is what has to be reached after so many episodes within a week; 0 as long as there are few.
func raisedLevel(episodes int) float64 {
	if episodes < settleWeek {
		return 0
	}
	return 1 + settleRaise*float64(episodes-settleWeek+1)
}

// quarantined says how many points were held back, and why.
func quarantined(day, week, most int) string {
	switch n := day + week; {
	case week == 0:
		return fmt.Sprintf("the series is quarantined at times: %d points were not flagged because %d alerts within a day had been as bad", n, most)
	case day == 0:
		return fmt.Sprintf("the series is quarantined at times: %d points were not flagged because beyond %d alerts within a week each has to go further out", n, settleWeek)
	default:
		return fmt.Sprintf("the series is quarantined at times: %d points were not flagged because %d alerts within a day had been as bad, and beyond %d alerts within a week each has to go further out", n, most, settleWeek)
	}
}
