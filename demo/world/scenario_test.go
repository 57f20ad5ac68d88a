package world

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// answers adds up what the gateway answered on a route in the minutes [from, to): requests, those with a 500, and seconds.
func answers(w *World, name string, from, to minute) (requests, bad, seconds float64) {
	out := make([]float64, len(codes)+len(buckets)+3)
	for m := from; m < to; m++ {
		for _, gw := range gateways {
			w.gateway(gw, name, m, out)
			requests, bad, seconds = requests+out[len(out)-1], bad+out[3], seconds+out[len(out)-2]
		}
	}
	return requests, bad, seconds
}

// lines counts a container's lines with a word in the minutes [from, to).
func lines(w *World, container, word string, from, to minute) (n float64) {
	for m := from; m < to; m++ {
		for _, l := range w.Logs(timeOf(m)) {
			if l.Container == container && strings.Contains(l.Message, word) {
				n++
			}
		}
	}
	return n
}

// orders counts a region's orders in the minutes [from, to).
func orders(w *World, region string, from, to minute) (n float64) {
	for m := from; m < to; m++ {
		n += float64(w.Orders(timeOf(m))[slices.Index(Regions, region)].Orders)
	}
	return n
}

// over gives the mean of a function of minutes in [from, to).
func over(from, to minute, f func(minute) float64) float64 {
	sum := 0.0
	for m := from; m < to; m++ {
		sum += f(m)
	}
	return sum / float64(to-from)
}

// signals measure what an incident of a kind does, in the minutes [from, to) of what it happens to; and how many times the usual it is at
// least, or, below one, at most.
var signals = map[Kind]struct {
	times   float64
	measure func(t *testing.T, w *World, of string, from, to minute) float64
}{
	HotCPU: {1.03, func(t *testing.T, w *World, of string, from, to minute) float64 {
		h := host(t, of)
		return over(from, to, func(m minute) float64 { return w.CPU(h, m) })
	}},
	SlowAPI: {1.5, func(_ *testing.T, w *World, _ string, from, to minute) float64 {
		return over(from, to, func(m minute) float64 { return apiCores(w, m) })
	}},
	ErrorBurst: {8, func(_ *testing.T, w *World, of string, from, to minute) float64 {
		requests, bad, _ := answers(w, of, from, to)
		return bad / requests
	}},
	SlowAnswers: {1.8, func(_ *testing.T, w *World, of string, from, to minute) float64 {
		requests, _, seconds := answers(w, of, from, to)
		return seconds / requests
	}},
	TrafficSurge: {1.6, func(_ *testing.T, w *World, of string, from, to minute) float64 {
		requests, _, _ := answers(w, of, from, to)
		return requests
	}},
	SourceShift: {3, func(_ *testing.T, w *World, of string, from, to minute) float64 {
		out, sum, all := make([]float64, len(Sources)), 0.0, 0.0
		for m := from; m < to; m++ {
			w.origins(gateways[0], m, out)
			sum += out[slices.Index(Sources, of)]
			all += out[0] + out[1] + out[2] + out[3]
		}
		return sum / all
	}},
	OrdersDown: {0.3, func(_ *testing.T, w *World, of string, from, to minute) float64 { return orders(w, of, from, to) }},
	OrdersUp:   {1.8, func(_ *testing.T, w *World, of string, from, to minute) float64 { return orders(w, of, from, to) }},
	Refused: {10, func(_ *testing.T, w *World, of string, from, to minute) float64 {
		return 0.5 + lines(w, of, ConnectionRefused, from, to)
	}},
	SlowQueries: {4, func(t *testing.T, w *World, of string, from, to minute) float64 {
		return over(from, to, measured(t, w, of, 1))
	}},
	MemorySurge: {1.02, func(_ *testing.T, w *World, of string, _, to minute) float64 {
		for i := range containers {
			if containers[i].name == of {
				return over(to-4, to, func(m minute) float64 { return containers[i].used(w, m) })
			}
		}
		return math.NaN()
	}},
}

// Whatever is listed as an incident is seen in what is measured, at its time, in comparison with a usual stretch: the same hours of a day
// without it. That holds wherever in the week the demo is started, and for what is to come in the weeks after.
func TestEveryIncidentIsSeenInWhatIsMeasured(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		seen := map[Kind]int{}
		for _, n := range w.Incidents() {
			s, ok := signals[n.Kind]
			if !ok {
				require.Equal(t, Restart, n.Kind, "a kind that nobody measures")
				continue
			}
			// Its edges are blended in and out.
			edge := (n.To.Sub(n.From) / 4).Truncate(time.Minute)
			from, to := minuteOf(n.From.Add(edge)), minuteOf(n.To.Add(-edge))
			if n.Kind == MemorySurge {
				to = minuteOf(n.To)
			}
			usual := usualDay(w, n, from, to)
			during, before := s.measure(t, w, n.Of, from, to), s.measure(t, w, n.Of, from-usual, to-usual)
			if s.times > 1 {
				require.Greater(t, during, s.times*before, "%s of %s on %s", n.Kind, n.Of, n.From)
			} else {
				require.Less(t, during, s.times*before, "%s of %s on %s", n.Kind, n.Of, n.From)
			}
			if n.Kind == HotCPU {
				require.Greater(t, during, 88.0, "%s on %s", n.Of, n.From)
			}
			seen[n.Kind]++
		}
		require.Len(t, seen, len(signals))
		require.GreaterOrEqual(t, seen[HotCPU], 60)
		require.GreaterOrEqual(t, seen[ErrorBurst], 60)
	})
}

// usualDay gives how many minutes before an incident the same hours of the same day of the week were without one of its kind.
func usualDay(w *World, n Incident, from, to minute) minute {
	for weeks := minute(1); ; weeks++ {
		back := weeks * 7 * 1440
		quiet := true
		for m := from - back; m < to-back; m++ {
			quiet = quiet && w.strength(n.Kind, n.Of, m, 1) == 0
		}
		if quiet {
			return back
		}
	}
}

// An incident is in effect within its time and never beside it, comes and goes without a leap, and touches nobody else.
func TestStrengthIsWithinAnIncidentsTime(t *testing.T) {
	w := New(anchors[0], 1)
	list := w.Incidents()
	rapid.Check(t, func(t *rapid.T) {
		n := list[rapid.IntRange(0, len(list)-1).Draw(t, "incident")]
		ramp := rapid.SampledFrom([]float64{3, 5, 10, 20}).Draw(t, "ramp")
		m := minuteOf(n.From) + rapid.Int64Range(-90, 90+int64(n.To.Sub(n.From)/time.Minute)).Draw(t, "minute")
		v, next := w.strength(n.Kind, n.Of, m, ramp), w.strength(n.Kind, n.Of, m+1, ramp)
		require.True(t, v >= 0 && v <= 1)
		require.LessOrEqual(t, math.Abs(v-next), 1/ramp+1e-12, "no leap")
		inside := slices.ContainsFunc(list, func(o Incident) bool {
			return o.Kind == n.Kind && o.Of == n.Of && m > minuteOf(o.From) && m < minuteOf(o.To)
		})
		require.Equal(t, inside, v > 0)
		require.Zero(t, w.strength(n.Kind, n.Of+"x", m, ramp))
	})
}

// Where something restarts nothing of it is measured meanwhile, all others go on, and its counters begin at zero again.
func TestRestartsTakeAwayWhatTheyShould(t *testing.T) {
	w := New(anchors[2], 1)
	var restarts []Incident
	for _, n := range w.Incidents() {
		if n.Kind == Restart && n.From.Before(w.Anchor()) {
			restarts = append(restarts, n)
		}
	}
	slices.SortFunc(restarts, func(a, b Incident) int { return a.From.Compare(b.From) })
	require.Len(t, restarts, 4)
	k := w.Walk()
	of := func(s Series) string {
		if c := s.Labels["container"]; c != "" {
			return c
		}
		return s.Labels["instance"]
	}
	between := make([]float64, len(k.Series()))
	for _, n := range restarts {
		k.To(n.From.Add(-time.Minute))
		for _, v := range k.Values() {
			require.False(t, math.IsNaN(v), "before %s", n.Text)
		}
		for k.Next(); k.Time().Before(n.To); k.Next() {
			k.Between(k.Time().Add(-20*time.Second), between)
			for i, s := range k.Series() {
				require.Equal(t, of(s) == n.Of, math.IsNaN(k.Values()[i]), "%s: %v at %s", n.Text, s.Labels, k.Time())
				require.Equal(t, of(s) == n.Of, math.IsNaN(between[i]), "and between the minutes")
			}
		}
		require.Equal(t, n.To, k.Time())
		k.Between(k.Time().Add(-20*time.Second), between)
		for i, s := range k.Series() {
			if of(s) == n.Of {
				require.True(t, math.IsNaN(between[i]), "not back before its minute")
				require.Equal(t, s.Counter, k.Values()[i] == 0, "%v", s.Labels)
			}
		}
		k.Next()
		grown := 0
		for i, s := range k.Series() {
			if of(s) == n.Of && s.Counter && k.Values()[i] > 0 {
				grown++
			}
		}
		require.Positive(t, grown, "%s: counts again", n.Text)
	}
}

// The disk is full when it is said to be, and the trainer's and the pool's leaks are, at whichever minute of a week a demo is started and
// with whichever seed.
func TestCrossingsComeWhenTheyAreSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := New(anchors[0].Add(time.Duration(rapid.IntRange(0, 7*1440).Draw(t, "minutes"))*time.Minute), rapid.Uint64().Draw(t, "seed"))
		now := minuteOf(w.Anchor())
		first := func(hours int, used func(m minute) float64) float64 {
			for m := now; m < now+minute(60*hours); m++ {
				// Half an hour above, so that one noisy minute is no crossing.
				if used(m) >= 90 && used(m+15) >= 89.5 && used(m+30) >= 89.5 {
					return float64(m-now) / 60
				}
			}
			return math.Inf(1)
		}
		disk := &Hosts[slices.IndexFunc(Hosts, func(h Host) bool { return h.Instance == fillingHost })]
		require.InDelta(t, fillAt.Hours(), first(60, func(m minute) float64 { return w.Data(disk, m) }), 6, "the disk")
		require.InDelta(t, trainerAt.Hours(), first(60, func(m minute) float64 { return trainerMemory(w, m) }), 12, "the trainer's memory")
		require.Less(t, w.Data(disk, now), 89.5)
		require.Less(t, trainerMemory(w, now), 89.5)
	})
}

// A disk only ever fills, but for the one time that somebody cleans it up; no day begins with a leap.
func TestTheDiskFillsSteadilyUntilItIsCleaned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFillCurve(anchors[0].Add(time.Duration(rapid.IntRange(0, 7*1440).Draw(t, "minutes")) * time.Minute))
		m := f.full + rapid.Int64Range(-28*1440, 90*1440).Draw(t, "minute")
		grown := f.at(m+1) - f.at(m)
		require.LessOrEqual(t, f.at(m), 97.0)
		if grown < 0 {
			require.InDelta(t, -f.cleaned, grown, 0.1, "cleaned up")
			require.Greater(t, f.at(m), 96.9, "only when it is nearly full")
		} else {
			require.LessOrEqual(t, grown, f.perDay/60, "at most the nightly load's pace")
		}
		require.InDelta(t, f.perDay, f.perDay*(f.steps(m+1440)-f.steps(m)), 1e-9, "each day as much")
	})
}

// The last evening is the last: before the moment, within a day, at that hour where the people live.
func TestTheLastTimeOfAnHour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1.5e9, 2e9).Draw(t, "now"), 0)
		hour := rapid.IntRange(0, 23).Draw(t, "hour")
		at := lastHour(now, hour)
		require.False(t, at.After(now))
		require.Less(t, now.Sub(at), 24*time.Hour)
		require.Equal(t, []int{hour, 0, 0}, []int{at.In(zone).Hour(), at.Minute(), at.Second()})
	})
}
