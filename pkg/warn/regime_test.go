package warn

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// course is days of history by the hour from a function of the hour, with noise.
func course(days int, noise float64, seed uint64, at func(h float64) float64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 11))
	out := make([]float64, 24*days)
	for i := range out {
		out[i] = at(float64(i)) + noise*rng.NormFloat64()
	}
	return out
}

func answer(values []float64, threshold float64) Answer {
	return Evaluate(Input{Values: values, Step: time.Hour, Threshold: threshold, Above: true, Seed: 1}, DefaultGuards())
}

// sawtooth rises by `height` over `period` hours and falls, over a floor that rises by drift an hour.
func sawtooth(floor, height, period, drift float64) func(float64) float64 {
	return func(h float64) float64 { return floor + drift*h + height*math.Mod(h, period)/period }
}

func TestWhatWillCrossIsTold(t *testing.T) {
	for _, c := range []struct {
		name      string
		values    []float64
		threshold float64
		eta       float64
	}{
		{"steady growth", course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h }), 78.5, 50},
		{"growth under a season of the day", course(14, 0.3, 2, func(h float64) float64 { return 30 + 0.15*h + 4*math.Sin(2*math.Pi*h/24) }), 90, 42},
		{"flat for twelve days, then a steep ramp", course(14, 0.3, 3, func(h float64) float64 { return 40 + 0.5*max(h-300, 0) }), 78, 40},
		{"a season of working days with growth", course(21, 0.3, 4, func(h float64) float64 {
			return 30 + 0.1*h + 6*math.Min(1, math.Floor(math.Mod(h/24, 7)/5))
		}), 87.5, 71},
		{"a floor that rises under daily clean-ups", course(14, 0.2, 5, sawtooth(40, 10, 24, 0.1)), 87.5, 47},
		{"stairs", course(14, 0.1, 6, func(h float64) float64 { return 30 + 2*math.Floor(h/17) }), 80, 85},
		{"a clean-up that did not come", append(course(12, 0.2, 7, sawtooth(20, 50, 72, 0)), course(4, 0.2, 8, func(h float64) float64 { return 20 + 0.7*h })[1:]...), 98, 15},
	} {
		a := answer(c.values, c.threshold)
		require.Equal(t, Rising, a.State, "%s: %v %v", c.name, a.Probability, a.HeldBack)
		require.InEpsilon(t, c.eta, a.ETA, 0.35, c.name)
		require.LessOrEqual(t, a.ETAEarly, a.ETA, c.name)
		require.Empty(t, a.HeldBack, c.name)
	}
}

func TestWhatWillNotCrossIsNotTold(t *testing.T) {
	for _, c := range []struct {
		name      string
		values    []float64
		threshold float64
		why       []string // one of these
	}{
		{"a busy day", course(14, 1, 1, func(h float64) float64 { return 60 + 15*math.Sin(2*math.Pi*(h-3)/24) }), 90, []string{Seasonal}},
		{"just under, for ever", course(14, 0.2, 2, func(float64) float64 { return 86 }), 90, nil},
		{"a clean-up every three days", course(14, 0.2, 3, sawtooth(30, 50, 72, 0)), 90, []string{Contained, Restarted}},
		{"a jump, then level", course(14, 0.4, 4, func(h float64) float64 {
			if h < 326 {
				return 35
			}
			return 70
		}), 90, []string{Restarted, NoTrend}},
		{"it grew, and stopped", course(14, 0.3, 5, func(h float64) float64 { return 30 + 0.2*min(h, 270) }), 95, nil},
		{"the disk was enlarged", course(14, 0.15, 6, func(h float64) float64 {
			if h < 322 {
				return 55 + 0.1*h
			}
			return (55 + 0.1*h) / 2
		}), 90, []string{Restarted}},
		{"it slows down below", course(14, 0.2, 7, func(h float64) float64 { return 82 - 50*math.Exp(-h/120) }), 90, nil},
		{"a wave of five days", course(14, 0.5, 8, func(h float64) float64 { return 60 + 18*math.Sin(2*math.Pi*h/120) }), 90, []string{Contained}},
		{"it falls", course(14, 0.3, 9, func(h float64) float64 { return 85 - 0.1*h }), 90, nil},
	} {
		a := answer(c.values, c.threshold)
		require.Less(t, a.Prob72, 0.5, "%s", c.name)
		for _, g := range a.HeldBack {
			require.Contains(t, c.why, g, c.name)
		}
	}
}

func TestTheReasonIsNamed(t *testing.T) {
	rising := func(h float64) float64 { return 60 + 15*math.Sin(2*math.Pi*h/24) }
	require.Equal(t, []string{Seasonal}, answer(course(15, 0.5, 1, rising)[:14*24+2], 82).HeldBack, "from morning to noon")
	teeth := course(14, 0.2, 3, sawtooth(30, 50, 72, 0))[:13*24]
	a := answer(teeth, 90)
	require.Equal(t, []string{Contained}, a.HeldBack, "%+v", a.Prob72)
}

func TestStretchesAndBreaksAreFound(t *testing.T) {
	values := course(10, 0.2, 1, func(h float64) float64 {
		switch {
		case h < 80:
			return 10 + 0.2*h
		case h < 150:
			return 50
		default:
			return 50 - 0.3*(h-150)
		}
	})
	p := divide(values)
	lines := p.lines(p.last[p.n])
	require.Len(t, lines, 3)
	for k, want := range []struct {
		from  float64
		slope float64
	}{{0, 0.2}, {80, 0}, {150, -0.3}} {
		require.InDelta(t, want.from, lines[k].from, 3)
		require.InDelta(t, want.slope, lines[k].slope, 0.01)
	}
	require.InDelta(t, 0.04, p.noise, 0.02)
}

// The cost of the pruned search is that of the full one.
func TestPruningLosesNothing(t *testing.T) {
	for seed := range uint64(5) {
		values := course(5, 1, seed, sawtooth(0, 12, 31, 0.05))
		p := divide(values)
		full := make([]float64, p.n+1)
		full[0] = -p.price
		for b := 1; b <= p.n; b++ {
			full[b] = math.Inf(1)
			for a := range b {
				full[b] = min(full[b], full[a]+p.sums.rss(a, b)+p.price)
			}
		}
		require.InDelta(t, full[p.n], p.cost[p.n], 1e-6*math.Abs(full[p.n]))
	}
}

func TestLinesAreLeastSquares(t *testing.T) {
	s := newSums([]float64{1, 2, math.NaN(), 4.5, 5})
	l := s.line(0, 5)
	// scipy 1.17.1: stats.linregress([0, 1, 3, 4], [1, 2, 4.5, 5]) and its squared residuals
	require.InDelta(t, 1.05, l.slope, 1e-12)
	require.InDelta(t, 1.025+4*1.05, l.level, 1e-12)
	require.InDelta(t, 0.1625, s.rss(0, 5), 1e-12)
	require.InDelta(t, 1.025, l.start(), 1e-12)
	short := newSums([]float64{3, 9})
	require.Zero(t, short.rss(0, 1))
	require.InDelta(t, 18, short.rss(0, 2), 1e-12, "too short for a slope")
}

func TestGapsAndShortHistories(t *testing.T) {
	values := course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h })
	for i := 100; i < 140; i++ {
		values[i] = math.NaN()
	}
	require.InDelta(t, 50, answer(values, 78.5).ETA, 8)
	for _, n := range []int{0, 1, 3, 7} {
		a := answer(values[:n], 78.5)
		require.Equal(t, UncertainState, a.State)
		require.True(t, math.IsNaN(a.Probability))
	}
	a := answer(values[:16], 42.5)
	require.Contains(t, a.HeldBack, ShortHistory)
}

func TestAGrowingSwingIsCarriedOn(t *testing.T) {
	values := course(14, 0.3, 1, func(h float64) float64 { return 50 + (8+0.06*h)*math.Sin(2*math.Pi*h/24) })
	b := newBlocks(Input{Values: values, Step: time.Hour, Above: true})
	require.Greater(t, b.swell.rate, 0.0)
	require.InDelta(t, 8+0.06*(14*24+24+6), b.at(14*24+24+6, 1), 1.5)
	a := answer(values, 80) // the peak of the third day ahead is the first above
	require.Equal(t, Rising, a.State)
	require.InDelta(t, 54, a.ETA, 26)
	even := newBlocks(Input{Values: course(14, 1, 1, func(h float64) float64 { return 50 + 8*math.Sin(2*math.Pi*h/24) }), Step: time.Hour, Above: true})
	require.Zero(t, even.swell)
}
