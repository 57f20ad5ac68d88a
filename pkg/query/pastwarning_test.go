package query

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const pastQuery = `{"queryType": "warning", "source": {"kind": "prometheus", "expr": "disk"}, "interval": "30m", "threshold": {"value": %d}, "output": "hindcast"}`

func TestPastWarningsStandBesideWhatHappened(t *testing.T) {
	e := fillingEngine(filling{})
	a := execute(t, e, fmt.Sprintf(pastQuery, 80), -7*24*time.Hour, 0) // crossed 84 h ago
	require.Equal(t, time.Hour, a.Grid.Step)
	require.Equal(t, a.Grid.Len, a.Past)
	require.Zero(t, a.Grid.Start.Minute(), "full hours")
	p := a.Results[0].PastWarning
	at := func(ago time.Duration) int { return a.Grid.Index(clock.Add(-ago)) }
	for _, ago := range []time.Duration{150 * time.Hour, 120 * time.Hour, 100 * time.Hour, 90 * time.Hour} {
		i := at(ago)
		require.InDelta(t, ago.Hours()-84, p.Left[i], 3, "%s ago", ago)
		require.InEpsilon(t, p.Left[i], p.ETA[i], 0.3, "%s ago", ago)
		require.LessOrEqual(t, p.ETAEarly[i], p.ETA[i])
	}
	require.Zero(t, p.Left[at(50*time.Hour)])
	require.Zero(t, p.ETA[at(50*time.Hour)], "breached")
	require.False(t, p.Firing[0], "168 h ago 84 h were left")
	require.True(t, p.Firing[at(120*time.Hour)])
	b := p.Became
	require.Equal(t, []int{1, 1, 0, 0, 1, 0}, []int{b.Raised, b.Confirmed, b.Withdrawn, b.Open, b.Crossings, b.Missed})
	require.InDelta(t, 68, b.Lead().Hours(), 6)
	require.Less(t, p.ETAError(), 0.1)
	require.Len(t, p.Stood, 1)
	require.Contains(t, p.Stood[0].String(), "; it was crossed ")
}

// What the past says is what was said: the answers of rules that asked then.
func TestPastWarningsAreThoseThatWereGiven(t *testing.T) {
	cleaned := filling{clock.Add(-30 * time.Hour)}
	a := execute(t, fillingEngine(cleaned), fmt.Sprintf(pastQuery, 98), -72*time.Hour, 0)
	p := a.Results[0].PastWarning
	stood := 0
	for i := 30; i < a.Past; i += 7 { // after the alarm has settled
		then := warned(t, fillingEngine(cleaned), 98, clock.Sub(a.Grid.Time(i)))
		if after := a.Grid.Time(i).Sub(cleaned.cleaned); after > 0 && after < 4*time.Hour {
			continue // a process that has just started ends it at once
		}
		require.Equal(t, then.Firing, p.Firing[i], "%s", a.Grid.Time(i))
		if p.Firing[i] {
			stood++
		}
		if then.Firing && warn.Stated(then.ETA) {
			require.InEpsilon(t, then.ETA, p.ETA[i], 0.15)
		}
	}
	require.Positive(t, stood)
	require.Equal(t, 1, p.Became.Raised)
	require.True(t, math.IsNaN(p.Left[a.Past-1]), "it was cleaned, and no crossing came")
	require.Contains(t, p.Stood[0].String(), "; withdrawn")
	require.True(t, math.IsNaN(p.ETAError()))
}

func TestManySeriesAreLookedAtLessOften(t *testing.T) {
	l := newLab(t)
	l.source.hosts = 30
	a := l.ask(`{"queryType":"warning","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"3d","interval":"1h","threshold":{"value":200},"output":"hindcast"}`, -7*24*time.Hour, 0)
	require.Equal(t, 3*time.Hour, a.Grid.Step)
	require.LessOrEqual(t, 30*(a.Past-1), mostLooks)
	require.Contains(t, noticesOf(a), "looked at every 3h")
	for _, r := range a.Results {
		require.NotContains(t, r.PastWarning.Firing, true)
		require.Zero(t, r.PastWarning.Became.Raised)
		require.Len(t, r.Limits, a.Past)
		require.Equal(t, 200.0, r.Limits[0])
	}
}

func TestACrossingIsTwoOfThreeKnownValues(t *testing.T) {
	nan := math.NaN()
	values := []float64{1, 95, 1, 1, 95, nan, 95, 96, 97, 1}
	for _, above := range []bool{true, false} {
		sign := 1.0
		if !above {
			sign = -1
		}
		signed := make([]float64, len(values))
		for i, v := range values {
			signed[i] = sign * v
		}
		l := &Looks{grid: series.Grid{Start: clock, Step: time.Hour, Len: len(values)}, above: above}
		for k := range values {
			l.Known = append(l.Known, k+1)
		}
		left := l.left(series.Series{Values: signed}, Thresholds{fixed: sign * 90})
		require.InDeltaSlice(t, []float64{6, 5, 4, 3, 2, 1, 0, 0, 0}, left[:9], 1e-12)
		require.True(t, math.IsNaN(left[9]), "nothing followed")
	}
}

func TestAnAlgorithmOfOnesChoiceIsAskedInThePastToo(t *testing.T) {
	e := fillingEngine(filling{})
	a := execute(t, e, `{"queryType": "warning", "source": {"kind": "prometheus", "expr": "disk"}, "interval": "1h", "threshold": {"value": 100}, "model": {"algorithm": "drift"}, "output": "hindcast"}`, -24*time.Hour, 0)
	p := a.Results[0].PastWarning
	require.InDelta(t, 60, p.ETA[0], 4)
	require.InDelta(t, 36, p.ETA[a.Past-1], 4)
	n, _ := e.runs.Stats()
	require.Zero(t, n)
}
