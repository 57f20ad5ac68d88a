package detect

import "math"

// Names of the stages that hold flags back, as in Output.HeldBack.
const (
	heldDirection    = "direction"
	heldPersistence  = "persistence"
	heldMinDeviation = "minDeviation"
	heldMinRelative  = "minRelative"
	heldFloor        = "floor"
	heldFor          = "for"
)

// urgent is the score from which one point alone is flagged.
const urgent = 3.0

// flag decides which points with a score of at least 1 are raised.
func (out *Output) flag(in Input, confirm bool) {
	outside := make([]bool, len(out.Score))
	for i, s := range out.Score {
		if i < in.From || !(s >= 1) {
			continue
		}
		if stage := in.holds(in.Values[i], out.Expected[i], out.Lower[i], out.Upper[i]); stage != "" {
			out.HeldBack[stage]++
			continue
		}
		outside[i] = true
	}
	for i := range outside {
		if outside[i] {
			out.Anomalous[i] = !confirm || out.Score[i] >= urgent || recent(outside, i) >= 2
			if !out.Anomalous[i] {
				out.HeldBack[heldPersistence]++
			}
		}
	}
	out.lasting(in)
}

// holds names the first guard that holds a deviation back; empty when none does. A detector without an expectation (fixed
// threshold) is not asked for a deviation.
func (in *Input) holds(v, expected, lower, upper float64) string {
	if in.Direction == Above && v < lower || in.Direction == Below && v > upper || in.Direction == Above && v < expected || in.Direction == Below && v > expected {
		return heldDirection
	}
	g := in.Guards
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

// recent counts the points outside among i and the two before.
func recent(outside []bool, i int) int {
	n := 0
	for k := max(i-2, 0); k <= i; k++ {
		if outside[k] {
			n++
		}
	}
	return n
}

// lasting lowers flags that have not yet lasted for Guards.For. A missing point neither ends a run nor adds to it.
func (out *Output) lasting(in Input) {
	need := int((in.Guards.For + in.Step - 1) / in.Step)
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
