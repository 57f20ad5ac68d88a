package composite

import (
	"fmt"
	"math"
	"time"
)

const (
	urgent     = 2         // score from which one point alone is flagged
	recovered  = 0.8       // score below which an alarm can end
	settled    = 3         // points below that until it has
	cooling    = time.Hour // after an alarm in which only a worse one is raised
	coolest    = 10        // points that this is at least
	mostAlarms = 3         // within a day, from which on only a worse one is raised
	worse      = 1.5       // times the score of the alarms before
)

// The stages that hold an alarm back, named as those of a single series' detector.
const (
	heldCooldown = "cooldown"
	heldRepeats  = "repeats"
)

// flag raises points that are confirmed by a neighbour before, or urgent. Until a few points in a row have recovered, all others
// belong to the alarm: a score about 1 is one alarm, not many. Nothing is raised where silent names a stage; it is nil where nothing
// is. Soon after an alarm, and where an entity had several within a day, only what is clearly worse is raised again.
func (out *Output) flag(from int, step time.Duration, silent []string) {
	var before [2]bool
	a := alarms{cool: max(int(cooling/step), coolest), day: max(int(24*time.Hour/step), 1)}
	quiet, repeats := settled, 0
	for i := from; i < len(out.Score); i++ {
		s := out.Score[i]
		if math.IsNaN(s) {
			continue
		}
		outside := s >= 1
		confirmed := outside && (before[0] || before[1] || s >= urgent)
		before[0], before[1] = before[1], outside
		switch {
		case silent != nil && silent[i] != "":
			if quiet < settled { // whatever goes on afterwards is a new alarm
				quiet, a.ended = settled, i
			}
			if outside {
				out.hold(i, silent[i])
			}
		case quiet < settled && s >= recovered:
			quiet = 0
		case quiet < settled:
			if quiet++; quiet == settled {
				a.ended = i
			}
		case confirmed:
			stage := a.holds(i, s)
			if stage == "" {
				quiet = 0
				a.begin(i)
				break
			}
			out.hold(i, stage)
			if stage == heldRepeats {
				repeats++
			}
		}
		if quiet < settled {
			a.list[len(a.list)-1].peak = max(a.list[len(a.list)-1].peak, s)
		}
		out.Anomalous[i] = quiet == 0
	}
	if repeats > 0 {
		out.Notices = append(out.Notices, fmt.Sprintf("after %d alarms within a day only a worse one is raised: %d points were held back", mostAlarms, repeats))
	}
}

func (out *Output) hold(i int, stage string) {
	if out.Held == nil {
		out.Held = make([]string, len(out.Score))
	}
	out.Held[i] = stage
}

// alarms are those that were raised, the newest last.
type alarms struct {
	cool, day int // points
	list      []alarm
	ended     int // where the newest had settled
}

type alarm struct {
	begun int
	peak  float64
}

func (a *alarms) begin(i int) { a.list = append(a.list, alarm{begun: i}) }

// holds names the stage that keeps a new alarm at point i from being raised; empty where none does.
func (a *alarms) holds(i int, score float64) string {
	n := len(a.list)
	if n == 0 {
		return ""
	}
	if i-a.ended < a.cool && score < worse*a.list[n-1].peak {
		return heldCooldown
	}
	if n < mostAlarms || i-a.list[n-mostAlarms].begun >= a.day {
		return ""
	}
	for _, one := range a.list[n-mostAlarms:] {
		if score < worse*one.peak {
			return heldRepeats
		}
	}
	return ""
}
