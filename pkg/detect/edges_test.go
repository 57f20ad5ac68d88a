package detect

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/series"
)

// edge is a series in which nothing has happened, though it may look so.
type edge struct {
	name     string
	values   []float64
	from     int
	start    time.Time
	zone     string
	mayRefer bool // an answer that there is too little to judge is as good
}

// edges last three weeks of five minutes.
func edges() []edge {
	const n, week = 21 * 288, 7 * 288
	nan := math.NaN()
	rng := rand.New(rand.NewPCG(11, 3))
	base := times(n, func(i int) float64 { return 60 + 20*math.Sin(2*math.Pi*float64(i)/288) + rng.NormFloat64() })
	with := func(f func(i int, v float64) float64) []float64 {
		return times(n, func(i int) float64 { return f(i, base[i]) })
	}
	total := 0.0
	counter := times(n, func(i int) float64 { // increases of a counter that begins again: what half a minute had counted is lost
		before := total
		if total += base[i]; i == n-100 {
			total = 0.9 * base[i]
		}
		if total < before {
			return total
		}
		return total - before
	})
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	clocks := func(start time.Time) []float64 { // a day by the local clock
		return times(n, func(i int) float64 {
			at := start.Add(time.Duration(i) * fiveMinutes).In(berlin)
			return 60 + 20*math.Sin(2*math.Pi*(float64(at.Hour())+float64(at.Minute())/60)/24) + rng.NormFloat64()
		})
	}
	now := monday.Add(n*fiveMinutes - 3*time.Minute) // within the last bucket, which is 0.4 of what it will be
	closed := with(func(i int, v float64) float64 { return map[bool]float64{true: 0.4 * v, false: v}[i == n-1] })
	closed = closed[:series.NewGrid(monday, now, fiveMinutes).Len]
	spring, autumn := time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 7, 0, 0, 0, 0, time.UTC) // clocks change on day 19
	return []edge{
		{name: "constant", values: times(n, func(int) float64 { return 5 })},
		{name: "zero", values: times(n, func(int) float64 { return 0 })},
		{name: "tiny variance", values: times(n, func(i int) float64 { return 5 + 1e-9*rng.NormFloat64() })},
		{name: "mostly missing", values: with(func(i int, v float64) float64 { return map[bool]float64{true: v, false: nan}[i%10 == 0] }), mayRefer: true},
		{name: "missing at random", values: with(func(_ int, v float64) float64 { return map[bool]float64{true: v, false: nan}[rng.IntN(4) == 0] }), mayRefer: true},
		{name: "one hour of history", values: base[:13], from: 6, mayRefer: true},
		{name: "two hours of history", values: base[:25], from: 12, mayRefer: true},
		{name: "counter reset", values: counter, from: n - week},
		{name: "the night the clock goes forward", values: clocks(spring), from: 18 * 288, start: spring, zone: "Europe/Berlin"},
		{name: "the night the clock goes back", values: clocks(autumn), from: 18 * 288, start: autumn, zone: "Europe/Berlin"},
		{name: "a partial last bucket", values: closed, from: n - 12},
	}
}

// A hair's breadth of movement at first makes everything after it immense in its units: every detector still answers.
func TestWhatHardlyMovedAndThenDoesIsAnsweredByEveryDetector(t *testing.T) {
	x := daily(900, 1)
	for i := range 209 {
		x[i] = 5e-147
	}
	for _, a := range Algorithms() {
		out, err := Run(t.Context(), Input{Values: x, Step: fiveMinutes, Start: monday, Threshold: &Threshold{Value: 1e6}}, Options{Algorithm: a.ID})
		require.NoError(t, err, a.ID)
		for i, s := range out.Score {
			require.False(t, s < 0 || math.IsInf(s, 0), "%s at %d", a.ID, i)
		}
	}
}

func TestNothingAtTheEdgesRaisesAFlagByItself(t *testing.T) {
	limit := Threshold{Value: 1e6}
	for _, e := range edges() {
		for _, a := range Algorithms() {
			t.Run(e.name+"/"+a.ID, func(t *testing.T) {
				in := Input{Values: e.values, Step: fiveMinutes, Start: e.start, From: e.from, Threshold: &limit}
				if in.Start.IsZero() {
					in.Start = monday
				}
				if e.from == 0 {
					in.From = 14 * 288
				}
				if e.zone != "" {
					in.Calendar = calendarOf(t, calendar.Definition{Timezone: e.zone})
				}
				out, err := Run(t.Context(), in, Options{Algorithm: a.ID})
				if e.mayRefer && errors.Is(err, ErrTooShort) {
					return
				}
				require.NoError(t, err)
				for i, flagged := range out.Anomalous {
					require.False(t, flagged, "point %d: score %v, value %v, band %v to %v", i-in.From, out.Score[i], in.Values[i], out.Lower[i], out.Upper[i])
				}
			})
		}
	}
}

// However a series follows the local clock, and wherever: neither the hour that is missing nor the one that comes twice is flagged,
// nor the day after.
func TestNoNightOfTheClockRaisesAFlag(t *testing.T) {
	for zone, changes := range map[string][]time.Time{
		"America/New_York":    {time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
		"Australia/Lord_Howe": {time.Date(2026, 4, 4, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC)}, // by half an hour
		"Africa/Casablanca":   {time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 22, 0, 0, 0, 0, time.UTC)},
	} {
		at, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for _, change := range changes {
			rapid.Check(t, func(t *rapid.T) {
				start := change.AddDate(0, 0, -18)
				follows := rapid.Float64Range(-1, 1).Draw(t, "follows the clock") // and a course of its own
				x := noise(21*288, rapid.SampledFrom([]float64{0, 0.6}).Draw(t, "memory"), rapid.Uint64Range(1, 20).Draw(t, "seed"))
				for i := range x {
					now := start.Add(time.Duration(i) * fiveMinutes)
					local := now.In(at)
					hour := float64(local.Hour()) + float64(local.Minute())/60
					x[i] += 60 + 20*follows*math.Sin(2*math.Pi*hour/24) + 20*(1-math.Abs(follows))*math.Sin(4*math.Pi*float64(now.Unix()%86400)/86400)
				}
				in := Input{Values: x, Step: fiveMinutes, Start: start, From: 17 * 288, Calendar: calendarOf(t, calendar.Definition{Timezone: zone})}
				out, err := Run(context.Background(), in, Options{})
				require.NoError(t, err)
				require.Zero(t, flags(out))
			})
		}
	}
}
