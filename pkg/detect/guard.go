package detect

import (
	"math"
	"time"
)

// Names of the stages that hold flags back, as in Output.HeldBack.
const (
	heldPersistence  = "persistence"
	heldMinDeviation = "minDeviation"
	heldMinRelative  = "minRelative"
	heldFloor        = "floor"
	heldFor          = "for"
)

const (
	urgent     = 2.0 // score from which one point alone is flagged
	recovered  = 0.5 // score below which a raised episode begins to end
	recoveries = 3   // points in a row that end it
)

// flag decides which points are raised, one after another, each knowing only those before.
//
// With confirm a point needs two of three neighbouring ones outside, or a score of urgent. Once raised, an episode holds
// until its score has been below recovered for some points, so that an alert does not flap. A guard is asked at each point.
func (out *Output) flag(in Input, confirm bool) {
	var before [2]bool // whether the two known points before were outside
	open, quiet := false, 0
	for i := in.From; i < len(out.Score); i++ {
		s := out.Score[i]
		if math.IsNaN(s) {
			continue
		}
		stage := ""
		if s >= recovered {
			stage = in.Guards.holds(in.Values[i], out.Expected[i])
		}
		outside := s >= 1 && stage == ""
		switch {
		case outside && (!confirm || open || before[0] || before[1] || s >= urgent):
			out.Anomalous[i], open, quiet = true, confirm, 0
		case outside:
			out.HeldBack[heldPersistence]++
		case s >= 1:
			out.HeldBack[stage]++
		case open && s >= recovered && stage == "":
			out.Anomalous[i], quiet = true, 0
		}
		if !out.Anomalous[i] && open {
			quiet++
			open = quiet < recoveries
		}
		before[0], before[1] = before[1], outside
	}
	out.lasting(in.Guards.For, in.Step)
}

// confirmed is the score of the newest of three neighbouring points as far as flag believes it: that of the second-highest,
// but at least the part of its own with which it would be flagged alone.
func confirmed(a, b, c float64) float64 {
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
			out.HeldBack[heldFor]++
		}
	}
}
