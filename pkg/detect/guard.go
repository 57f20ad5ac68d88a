package detect

import (
	"fmt"
	"math"
	"math/bits"
	"time"
)

// Names of the stages that hold flags back, as in Output.HeldBack, in the order in which they are asked: impact, context,
// persistence, duration, rate.
const (
	heldFloor        = "floor"
	heldMinDeviation = "minDeviation"
	heldMinRelative  = "minRelative"
	heldMinVolume    = "minVolume"
	heldAgreement    = "agreement"
	heldMaintenance  = "maintenance"
	heldDeployment   = "deployment"
	heldPersistence  = "persistence"
	heldFor          = "for"
	heldRepeats      = "repeats"
	heldCooldown     = "cooldown"
)

const (
	urgent     = 2.0 // score from which one point alone is flagged
	recovered  = 0.5 // score below which a raised episode begins to end
	recoveries = 3   // points in a row that end it
	mostRecent = 64  // points that k of n can look at
	worse      = 1.5 // times the peak of the episode before, from which a cooldown does not hold
	badShare   = 0.1 // part of the history beyond the floor or limit that is reported
)

// flag decides which points are raised, one after another, each knowing only those before.
//
// With confirm a point needs two of three neighbouring ones outside, or a score of urgent. Once raised, an episode holds
// until its score has been below recovered for some points, so that an alert does not flap. A guard is asked at each point.
func (out *Output) flag(in Input, confirm bool, urgent float64) {
	var before uint64 // whether the known points before were outside, the newest in the lowest bit
	open, quiet := false, 0
	for i := in.From; i < len(out.Score); i++ {
		s := out.Score[i]
		if math.IsNaN(s) {
			continue
		}
		stage := ""
		if s >= recovered {
			if stage = in.Guards.holds(in.Values[i], out.Expected[i]); stage == "" {
				stage = in.excuse(i)
			}
		}
		outside := s >= 1 && stage == ""
		switch {
		case outside && in.Guards.persists(before, open, confirm, s, urgent):
			out.Anomalous[i], open, quiet = true, confirm, 0
		case outside:
			out.hold(i, heldPersistence)
		case s >= 1:
			out.hold(i, stage)
		case open && s >= recovered && stage == "":
			out.Anomalous[i], quiet = true, 0
		}
		if !out.Anomalous[i] && open {
			quiet++
			open = quiet < recoveries
		}
		before <<= 1
		if outside {
			before |= 1
		}
	}
	out.lasting(in.Guards.For, in.Step)
}

// hold notes that a stage kept point i from being raised.
func (out *Output) hold(i int, stage string) {
	out.HeldBack[stage]++
	if out.Held == nil {
		out.Held = make([]string, len(out.Score))
	}
	out.Held[i] = stage
}

// persists tells whether an outside point is raised in view of those before: k of n where that is asked for, else two of
// three or one alone at urgent.
func (g Guards) persists(before uint64, open, confirm bool, score, urgent float64) bool {
	if g.K > 0 {
		return open || bits.OnesCount64(before<<(mostRecent-g.N+1))+1 >= g.K
	}
	return !confirm || open || before&3 != 0 || score >= urgent
}

// excuse names what else is known of the point that makes a flag pointless.
func (in Input) excuse(i int) string {
	if in.Volume != nil && in.Volume[i] < in.Guards.MinVolume {
		return heldMinVolume
	}
	if stage := in.marks.stage(i); stage != "" || in.agrees(i) {
		return stage
	}
	return heldAgreement
}

// agrees tells whether the other signal was outside its band at point i, or not longer ago than asked for. A signal of which nothing is
// known then does not disagree.
func (in Input) agrees(i int) bool {
	if in.Other == nil || in.Guards.Agreement == 0 {
		return true
	}
	unknown := true
	for k := i; k >= 0 && time.Duration(i-k)*in.Step <= in.Guards.Agreement; k-- {
		if s := in.Other[k]; !math.IsNaN(s) {
			if unknown = false; s >= 1 {
				return true
			}
		}
	}
	return unknown
}

// cool holds back what is raised too soon after an episode. Missing points neither end one nor wait.
func (out *Output) cool(in Input) {
	wait := int((in.Guards.Cooldown + in.Step - 1) / in.Step)
	if wait < 1 {
		return
	}
	end, peak, open := -1, 0.0, false // of the newest raised episode
	for i := in.From; i < len(out.Anomalous); i++ {
		switch {
		case math.IsNaN(out.Score[i]):
		case !out.Anomalous[i]:
			open = false
		case open:
			end, peak = i, max(peak, out.Score[i])
		case end >= 0 && i-end <= wait && out.Score[i] < worse*peak:
			out.Anomalous[i] = false
			out.hold(i, heldCooldown)
		default:
			end, peak, open = i, out.Score[i], true
		}
	}
}

// badNormal warns where much of the history is already beyond what the user calls bad: it is learnt as normal, and nothing
// like it will be flagged.
func (in Input) badNormal() []string {
	var out []string
	say := func(what string, limit float64, beyond func(v float64) bool) {
		n, bad := 0, 0
		for _, v := range in.Values[:in.From] {
			if !math.IsNaN(v) {
				n++
				if beyond(v) {
					bad++
				}
			}
		}
		if n > 0 && float64(bad) >= badShare*float64(n) {
			out = append(out, fmt.Sprintf("%d %% of the history are already beyond the %s of %g: what is learnt as normal may be bad; exclude that time from training or use a fixed threshold", 100*bad/n, what, limit))
		}
	}
	if g := in.Guards; g.HasFloor {
		say("floor", g.Floor, func(v float64) bool { return v >= g.Floor })
	}
	if t := in.Threshold; t != nil {
		say("threshold", t.Value, func(v float64) bool {
			return t.Direction == Above && v > t.Value || t.Direction == Below && v < t.Value
		})
	}
	return out
}

// confirmed is the score of the newest of three neighbouring points as far as flag believes it: that of the second-highest,
// but at least the part of its own with which it would be flagged alone.
func confirmed(a, b, c, urgent float64) float64 {
	return max(min(c, max(a, b)), c/urgent)
}

// holds names the first guard that holds a deviation back; empty when none does. A detector without an expectation (fixed
// threshold) is not asked for a deviation.
func (g Guards) holds(v, expected float64) string {
	d := math.Abs(v - expected)
	switch {
	case g.HasFloor && v < g.Floor:
		return heldFloor
	case d < g.MinDeviation:
		return heldMinDeviation
	case d < g.MinRelative*math.Abs(expected):
		return heldMinRelative
	}
	return ""
}

// lasting lowers flags that have not yet lasted for so long. A missing point neither ends a run nor adds to it.
func (out *Output) lasting(wait, step time.Duration) {
	need := int((wait + step - 1) / step)
	if need <= 1 {
		return
	}
	run := 0
	for i, a := range out.Anomalous {
		switch {
		case a:
			run++
		case !math.IsNaN(out.Score[i]):
			run = 0
		}
		if a && run < need {
			out.Anomalous[i] = false
			out.hold(i, heldFor)
		}
	}
}
