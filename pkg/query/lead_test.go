package query

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bursts is a fortnight of a quiet series in which something began a quarter of an hour ago; before it, every two hours, were so many like it
// that lasted an hour.
func bursts(before int) []float64 {
	out, rng := make([]float64, 4032+288), rand.New(rand.NewPCG(1, 2))
	for i := range out {
		back := len(out) - i // points before now, 1 the newest
		if out[i] = 10 + rng.NormFloat64(); back <= 3 || (back+20)%24 >= 12 && back <= 24*before {
			out[i] += 80
		}
	}
	return out
}

// What holds a flag back may lie before the range that is looked at: a rule over its last ten minutes says at its newest point what a
// panel over two days shows there.
func TestARuleAndAPanelAgreeOnWhatIsHeldBack(t *testing.T) {
	for name, c := range map[string]struct {
		before       int
		query, stage string
	}{
		"a cooldown":          {1, `, "model": {"algorithm": "mad"}, "guards": {"cooldown": "3h"}`, "cooldown"},
		"a wait":              {0, `, "model": {"algorithm": "mad"}, "guards": {"for": "30m"}`, "for"},
		"most of many":        {0, `, "model": {"algorithm": "mad"}, "guards": {"k": 10, "n": 12}`, "persistence"},
		"the quarantine":      {12, `, "model": {"algorithm": "auto"}`, "repeats"},
		"a limit and a quiet": {1, `, "model": {"algorithm": "threshold"}, "threshold": {"value": 60}, "guards": {"cooldown": "3h"}`, "cooldown"},
	} {
		f := fixed{"cpu": {{Name: "a", Values: bursts(c.before)}}}
		e := func(from time.Duration) Result {
			return execute(t, engineOf(f), `{`+anomaly+c.query+`}`, from, 0).Results[0]
		}
		panel, rule := e(-48*time.Hour), e(-10*time.Minute)
		for back := 1; back <= 2; back++ {
			at, now := len(panel.Anomalous)-back, len(rule.Anomalous)-back
			require.Equal(t, panel.Anomalous[at], rule.Anomalous[now], "%s, %d back", name, back)
			require.Equal(t, heldAt(panel, at), heldAt(rule, now), "%s, %d back", name, back)
		}
		require.Equal(t, c.stage, heldAt(rule, len(rule.Anomalous)-1), name)
		require.Equal(t, map[string]int{c.stage: 2}, rule.HeldBack, "%s: what lies before is not counted", name)
	}
}

func TestALeadLeavesEnoughToLearnFrom(t *testing.T) {
	for query, want := range map[string]int{
		``: 7 * 288, `, "model": {"algorithm": "mad"}`: 12, `, "model": {"algorithm": "mad"}, "guards": {"cooldown": "6h", "for": "1h", "k": 2, "n": 6}`: 12 + 2*72 + 12 + 6,
		`, "trainingWindow": "2d"`: 288, `, "guards": {"cooldown": "10d"}`: 14 * 288 / 2,
	} {
		q, err := Parse([]byte(`{`+anomaly+query+`}`), Defaults{})
		require.NoError(t, err)
		shown := int(q.TrainingWindow / q.Interval)
		require.Equal(t, shown-want, q.stagesFrom(shown), fmt.Sprint(query))
	}
}
