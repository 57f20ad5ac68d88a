package warn

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// foreseen is an answer in which the given share of futures crosses within 72 h, at 16 h, and the rest never.
func foreseen(share float64) Answer {
	a := Answer{State: OK, ETA: Never, ETAEarly: Never, seen: sight}
	for i := range 100 {
		v := math.Inf(1)
		if float64(i) < 100*share {
			v = 16
		}
		a.times = append(a.times, v)
	}
	if share >= 0.5 {
		a.State, a.ETA, a.ETAEarly = Rising, 16, 16
	}
	return a
}

// runs feeds an alarm with shares, an hour apart, and gives when it fired.
func runs(m *Alarm, shares ...float64) (fired []bool) {
	at := m.Last
	if at.IsZero() {
		at = time.Unix(1_700_000_000, 0)
	}
	for _, s := range shares {
		at = at.Add(time.Hour)
		fired = append(fired, m.Next(DefaultRule(), foreseen(s), at).Firing)
	}
	return fired
}

func TestAnAlarmNeedsRunsInARow(t *testing.T) {
	for _, c := range []struct {
		name   string
		shares []float64
		fired  []bool
	}{
		{"three make one", []float64{0.6, 0.6, 0.6, 0.6}, []bool{false, false, true, true}},
		{"two do not", []float64{0.9, 0.9, 0.1, 0.9, 0.9}, []bool{false, false, false, false, false}},
		{"half way down it stays", []float64{0.9, 0.9, 0.9, 0.3, 0.3, 0.3, 0.3}, []bool{false, false, true, true, true, true, true}},
		{"three low ones end it", []float64{0.9, 0.9, 0.9, 0, 0, 0, 0}, []bool{false, false, true, true, true, false, false}},
		{"a dip does not", []float64{0.9, 0.9, 0.9, 0, 0, 0.9, 0, 0}, []bool{false, false, true, true, true, true, true, true}},
	} {
		require.Equal(t, c.fired, runs(&Alarm{}, c.shares...), c.name)
	}
}

func TestUntilConfirmedNoTimeIsStated(t *testing.T) {
	var m Alarm
	at := time.Unix(1_700_000_000, 0)
	a := m.Next(DefaultRule(), foreseen(0.9), at)
	require.Equal(t, []string{Unconfirmed}, a.HeldBack)
	require.False(t, a.ETAEarly < 72, "the plain rule waits too")
	require.InDelta(t, 0.9, a.Within(72), 1e-9, "the chance is told all the same")
	m.Next(DefaultRule(), foreseen(0.9), at.Add(time.Hour))
	a = m.Next(DefaultRule(), foreseen(0.9), at.Add(2*time.Hour))
	require.True(t, a.Firing)
	require.Less(t, a.ETAEarly, 72.0)
	require.Empty(t, a.HeldBack)
}

func TestAskingOftenMakesNothingSurer(t *testing.T) {
	var m Alarm
	at := time.Unix(1_700_000_000, 0)
	for k := range 100 { // once a minute
		fired := m.Next(DefaultRule(), foreseen(0.9), at.Add(time.Duration(k)*time.Minute)).Firing
		require.False(t, fired)
	}
	before := m
	m.Next(DefaultRule(), foreseen(0), at.Add(-time.Hour))
	require.Equal(t, before, m, "what is older changes nothing")
}

func TestWhatFillsFastIsToldInTime(t *testing.T) {
	var m Alarm
	at := time.Unix(1_700_000_000, 0)
	fast := foreseen(1)
	for i := range fast.times {
		fast.times[i] = 2
	}
	fast.ETA, fast.ETAEarly = 2, 2
	m.Next(DefaultRule(), fast, at)
	m.Next(DefaultRule(), fast, at.Add(10*time.Minute))
	require.True(t, m.Next(DefaultRule(), fast, at.Add(20*time.Minute)).Firing)
}

func TestWhatIsFarOffMustBeForeseenForLonger(t *testing.T) {
	for eta, hours := range map[float64]int{8: 1, 16: 2, 32: 4, 60: 4} {
		var m Alarm
		at := time.Unix(1_700_000_000, 0)
		a := foreseen(1)
		for i := range a.times {
			a.times[i] = eta
		}
		a.ETA, a.ETAEarly = eta, eta
		for k := 0; !m.Firing; k++ {
			m.Next(DefaultRule(), a, at.Add(time.Duration(k)*30*time.Minute))
			require.LessOrEqual(t, k, 2*hours, "%v h left", eta)
			require.Equal(t, k == 2*hours, m.Firing, "%v h left, after %d half hours", eta, k)
		}
	}
}

func TestABreachIsToldAtOnce(t *testing.T) {
	var m Alarm
	a := m.Next(DefaultRule(), Answer{State: Breached, Probability: 1}, time.Unix(1_700_000_000, 0))
	require.True(t, a.Firing)
	require.Equal(t, 1.0, a.Within(1))
}

func TestALongDoubtEndsAWarning(t *testing.T) {
	var m Alarm
	runs(&m, 0.9, 0.9, 0.9)
	require.True(t, m.Firing)
	half := make([]float64, 12)
	for i := range half {
		half[i] = 0.4
	}
	for _, on := range runs(&m, half...) {
		require.True(t, on)
	}
	require.False(t, runs(&m, 0.4)[0], "half a day on")
	runs(&m, 0.9, 0.9, 0.9)
	half[6] = 0.6
	require.NotContains(t, runs(&m, append(half, 0.4)...), false, "a run that speaks for it begins the doubt anew")
}

func TestAnAlarmSurvivesAsJSON(t *testing.T) {
	var m, n Alarm
	runs(&m, 0.9, 0.9)
	text, err := json.Marshal(m)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &n))
	require.Equal(t, []bool{true}, runs(&n, 0.9))
}

func TestAlarmsChangeSeldom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares := rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 60).Draw(t, "shares")
		var m Alarm
		changes, last := 0, false
		for _, on := range runs(&m, shares...) {
			if on != last {
				changes, last = changes+1, on
			}
		}
		require.LessOrEqual(t, changes, len(shares)/DefaultRule().Runs)
	})
}
