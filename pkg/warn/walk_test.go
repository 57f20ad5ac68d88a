package warn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// regimeOf takes a history apart as of its likeliest reading.
func regimeOf(x []float64) regime {
	b := blocks{hours: 1, x: x}
	p := divide(x)
	return newRegime(&b, &p, p.last[p.n])
}

func TestBreaksAndLengthsAreLearnt(t *testing.T) {
	r := regimeOf(course(10, 0.2, 1, sawtooth(30, 50, 60, 0)))
	require.Len(t, r.lines, 4)
	for _, c := range r.breaks {
		require.InDelta(t, -50, c.jump, 2)
		require.InDelta(t, 30, c.level, 2)
		require.InDelta(t, 50.0/60, c.slope, 0.05)
	}
	require.InDeltaSlice(t, []float64{60, 60, 60}, r.lasted, 1)
	require.InDelta(t, 50, r.width, 3)
	require.True(t, r.byPeak, "it falls from the same height each time")
	require.Len(t, r.peaks, 3)
	require.InDelta(t, 80, r.peaks[0], 3)
}

func TestWhetherFallsComeToALevelOrByASize(t *testing.T) {
	to := regimeOf(course(12, 0.2, 1, func(h float64) float64 { // teeth of different heights down to 30
		start := 0.0
		for _, p := range []float64{40, 70, 55, 85} {
			if h < start+p {
				break
			}
			start += p
		}
		return 30 + 0.8*(h-start)
	}))
	require.True(t, to.byLevel[0], "down to the same floor")
	by := regimeOf(course(12, 0.2, 1, func(h float64) float64 { return 0.8*h - 30*math.Floor(h/50) }))
	require.False(t, by.byLevel[0], "by the same amount")
	level, _ := by.next(100, false, rand.New(rand.NewPCG(1, 2)))
	require.True(t, math.Abs(level-70) < 3 || level == 100, "%v: a fall as before, or the end of growth", level)
}

func TestAStretchLastsAsLongAsOthersDidOrAsAnyMay(t *testing.T) {
	r := regimeOf(course(14, 0.2, 1, sawtooth(30, 50, 60, 0)))
	rng := rand.New(rand.NewPCG(1, 1))
	var left []float64
	for range 4000 {
		left = append(left, r.remaining(20, 50.0/60, rng))
	}
	slices.Sort(left)
	near := 0
	for _, v := range left {
		require.Greater(t, v, 0.0)
		if math.Abs(v-40) < 3 {
			near++
		}
	}
	require.Greater(t, near, 2500, "mostly the rest of sixty hours")
	require.Greater(t, left[len(left)-1], 200.0, "now and then far longer")
}

// With m breaks and no earlier stretch like it the law is Lomax's of shape m + 1/2: its median has a closed form.
func TestWithoutAnExampleTheLawIsLomaxs(t *testing.T) {
	for m := range 4 {
		r := regime{total: 300, breaks: make([]change, m), before: m}
		rng := rand.New(rand.NewPCG(uint64(m), 1))
		var draws []float64
		for range 20_000 {
			draws = append(draws, r.lomax(rng))
		}
		slices.Sort(draws)
		shape := float64(m) + 0.5
		require.InEpsilon(t, (300+48)*(math.Pow(2, 1/shape)-1), draws[len(draws)/2], 0.08)
		require.InEpsilon(t, (300+48)*(math.Pow(4.0/3, 1/shape)-1), draws[len(draws)/4], 0.08)
	}
}

func TestSlopesAreAlike(t *testing.T) {
	for _, c := range []struct {
		a, b float64
		like bool
	}{{1, 1, true}, {1, 4, true}, {1, 6, false}, {1, -1, false}, {0, 0, true}, {0, 1, false}, {-2, -3, true}, {-2, -20, false}} {
		require.Equal(t, c.like, similar(c.a, c.b), "%v %v", c.a, c.b)
		require.Equal(t, c.like, similar(c.b, c.a), "%v %v", c.b, c.a)
	}
}

func TestARiseBeyondAllEarlierOnesIsFree(t *testing.T) {
	r := regimeOf(course(10, 0.2, 1, sawtooth(30, 50, 60, 0)))
	rng := rand.New(rand.NewPCG(1, 1))
	ends := 0
	for range 1000 {
		if p := r.peak(50, rng); !math.IsInf(p, 1) {
			require.InDelta(t, 80, p, 4)
			ends++
		}
	}
	require.InDelta(t, 1000*3/3.5, ends, 60, "one half of an example more speaks against it")
	require.True(t, math.IsInf(r.peak(90, rng), 1))
	never := regimeOf(course(10, 0.2, 1, func(h float64) float64 { return 0.1 * h }))
	require.True(t, math.IsInf(never.peak(10, rng), 1), "nothing ever ended")
}

func TestGrowthThatSpeedsUpOrSlowsDownIsFound(t *testing.T) {
	bent := func(slopes ...float64) regime {
		level := 0.0
		var x []float64
		for k, s := range slopes {
			for range 60 {
				level += s
				x = append(x, level+0.05*math.Sin(float64(7*len(x)+k)))
			}
		}
		return regimeOf(x)
	}
	require.Greater(t, bent(0.1, 0.3, 0.5).bend, 0.0)
	require.Less(t, bent(0.5, 0.3, 0.1).bend, 0.0)
	require.InEpsilon(t, math.Ln2/60, bent(0.1, 0.2, 0.4).bend, 0.02, "doubles in 60 hours")
	require.InEpsilon(t, -math.Ln2/60, bent(0.4, 0.2, 0.1).bend, 0.02, "halves in 60 hours")
	require.InEpsilon(t, math.Ln2/60, bent(-0.1, -0.2, -0.4).bend, 0.02, "which way it goes does not matter")
	require.Zero(t, bent(0.1, 0.5, 0.3).bend, "to and fro")
	require.Zero(t, bent(0.1, 0.2, 2).bend, "not by comparable amounts")
	require.Zero(t, bent(0.3, 0.1, -0.1).bend, "it turned")
	require.Zero(t, bent(0.1, 0.3).bend, "two are no rule")
}

// Where straight lines had to be broken to follow a curve nothing happened: no such break comes again, and the curve is as old as all of
// them. What happened before it may.
func TestTheBreaksOfACurveAreNoExamples(t *testing.T) {
	draw := func(from float64, slopes ...float64) regime {
		x := make([]float64, 0, 400)
		for i := range 60 { // at rest until it jumps
			x = append(x, 0.05*math.Sin(float64(7*i)))
		}
		level := from
		for k, s := range slopes {
			for range 60 {
				level += s
				x = append(x, level+0.05*math.Sin(float64(7*len(x)+k)))
			}
		}
		return regimeOf(x)
	}
	for name, c := range map[string]struct {
		from   float64
		slopes []float64
		before int     // breaks that may come again
		age    float64 // blocks
	}{
		"a curve after a jump":       {20, []float64{0.1, 0.2, 0.4, 0.8}, 1, 240},
		"that slows down":            {20, []float64{0.8, 0.4, 0.2, 0.1}, 1, 240},
		"after a turn":               {20, []float64{0.8, 0.1, 0.2, 0.4}, 2, 180},
		"a straight line":            {20, []float64{0.4, 0.4, 0.4}, 1, 180},
		"lines of one bend only":     {20, []float64{0.1, 0.4}, 2, 60},
		"to and fro, and no example": {20, []float64{0.1, 0.4, 0.1}, 3, 60},
	} {
		r := draw(c.from, c.slopes...)
		require.Equal(t, c.before, r.before, name)
		require.InDelta(t, c.age, r.age(), 2, name)
	}
	r := draw(20, 0.1, 0.2, 0.4, 0.8)
	r.before = 0
	_, slope := r.next(50, false, rand.New(rand.NewPCG(1, 1)))
	require.Zero(t, slope, "where nothing ever broke a break is the end of all growth")
}

// Growth that speeds up goes on by a factor, as it came, and what slows down comes to rest without turning round.
func TestWhatSpeedsUpGoesOnByAFactorAndWhatSlowsDownRests(t *testing.T) {
	ends := func(slope, bend float64) []float64 {
		lines := []stretch{{from: 0, to: 100, known: 100, level: 50, slope: slope, spread: 1e12}}
		r := regime{lines: lines, total: 100, bend: bend, noise: 1e-9}
		rng, path := rand.New(rand.NewPCG(3, 3)), make([]float64, 24)
		var out []float64
		for range 400 {
			r.walk(path, rng)
			out = append(out, path[len(path)-1]-50)
		}
		slices.Sort(out)
		return out
	}
	steady, faster, slower := ends(1, 0), ends(1, 0.01), ends(1, -0.02)
	require.InDelta(t, 24, steady[200], 2)
	// In the median a slope of 1 that became exp(0.5) by now and grows by a hundredth an hour.
	require.InDelta(t, math.Exp(0.5)*(math.Exp(0.24)-1)/(math.Exp(0.01)-1), faster[200], 5)
	require.Less(t, slower[200], 0.5*steady[200])
	require.Greater(t, slower[0], 0.0, "it does not come down")
	require.Less(t, faster[399], 24*3*1.3*math.Exp(2), "and not without end")
}

func TestASlopeOfFewNoisyBlocksIsNotBelieved(t *testing.T) {
	s := newSums([]float64{0, 1, 0.5, 2, 1.5, 2.5})
	l := s.line(0, 6)
	was := l.slope
	l.trust(1, 0)
	require.Zero(t, l.slope, "it may well be chance")
	require.Greater(t, l.doubt, 0.0)
	sure := s.line(0, 6)
	sure.trust(1e-6, 0)
	require.InDelta(t, was, sure.slope, 1e-4)
	doubted := s.line(0, 6)
	doubted.trust(1e-6, was*was/8)
	require.InDelta(t, was/2, doubted.slope, 1e-3, "half of what was, where the season may make as much of it")
	flat := s.line(0, 1)
	flat.trust(1, 0)
	require.Zero(t, flat.slope)
}

func TestOpeningsAreProbabilitiesTheLikeliestFirst(t *testing.T) {
	for seed := range uint64(6) {
		p := divide(course(8, 1, seed, sawtooth(0, 12, 31, 0.05)))
		list := p.openings()
		sum := 0.0
		for i, o := range list {
			sum += o.weight
			require.True(t, i == 0 || o.weight <= list[i-1].weight)
			require.Less(t, o.from, p.n)
		}
		require.InDelta(t, 1, sum, 1e-9)
		require.LessOrEqual(t, len(list), mostOpenings)
		require.Equal(t, p.last[p.n], list[0].from, "the best division's own")
	}
}

func TestAWalkGoesOnAsTheSeriesDid(t *testing.T) {
	for name, c := range map[string]struct {
		x     []float64
		ahead int     // hours
		want  float64 // in the median then
	}{
		"growth": {course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h }), 48, 40 + 0.1*(336+48)},
		"level":  {course(14, 0.3, 2, func(float64) float64 { return 40 }), 48, 40},
		"teeth":  {course(14, 0.3, 3, sawtooth(30, 50, 72, 0)), 16, 30 + 50.0*64/72},
	} {
		r := regimeOf(c.x)
		rng, path := rand.New(rand.NewPCG(1, 1)), make([]float64, c.ahead)
		var ends []float64
		for range 400 {
			r.walk(path, rng)
			ends = append(ends, path[c.ahead-1])
		}
		slices.Sort(ends)
		require.InDelta(t, c.want, ends[200], 3, name)
	}
}

func TestCrossingsAreInterpolatedAndSorted(t *testing.T) {
	f := read(Input{Values: course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h }), Step: time.Hour, Threshold: 78.5, Above: true, Seed: 7}, 73.5)
	times := f.crossings(78.5, 168)
	require.InDelta(t, samples, len(times), mostOpenings, "rounded by reading")
	require.True(t, slices.IsSorted(times))
	require.InDelta(t, 50, quantile(times, 0.5), 6)
	require.Equal(t, times, f.crossings(78.5, 168), "the same seed gives the same futures")
	shorter := f.crossings(78.5, 24)
	require.True(t, math.IsInf(shorter[len(shorter)-1], 1), "what lies beyond is not seen")
	require.InDelta(t, share(times, 24), share(shorter, 24), 0.03)
	none := f.crossings(1e6, 168)
	require.True(t, math.IsInf(none[0], 1))
}

func TestGrowthIsHastenedFromThenOn(t *testing.T) {
	f := &futures{faster: 1, regimes: []regime{{lines: []stretch{{level: 10}}}}}
	path := []float64{11, 12, 13, 14}
	f.hasten(path)
	require.Equal(t, []float64{12, 14, 16, 18}, path, "twice as fast from now on")
	f.since, path = 2, []float64{11, 12, 13, 14}
	f.hasten(path)
	require.Equal(t, []float64{11, 12, 14, 16}, path, "and from then on")
	f.faster, f.since, path = -1, 0, []float64{11, 12}
	f.hasten(path)
	require.Equal(t, []float64{10, 10}, path, "no growth at all")
	f.since = 9
	f.hasten(path)
	require.Equal(t, []float64{10, 10}, path, "after what is looked at")
}

func TestSharesAndQuantilesOfTimes(t *testing.T) {
	inf := math.Inf(1)
	times := []float64{1, 2, 2, 5, inf, inf, inf, inf, inf, inf}
	for limit, want := range map[float64]float64{0.5: 0, 1: 0.1, 2: 0.3, 4.9: 0.3, 5: 0.4, 1e9: 0.4} {
		require.InDelta(t, want, share(times, limit), 1e-12, "%v", limit)
	}
	for p, want := range map[float64]float64{0: 1, 0.1: 1, 0.11: 2, 0.3: 2, 0.4: 5, 0.41: inf, 1: inf} {
		require.Equal(t, want, quantile(times, p), "%v", p)
	}
	require.Zero(t, share(nil, 5))
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 50).Draw(t, "times")
		slices.Sort(x)
		p := rapid.Float64Range(0.01, 1).Draw(t, "p")
		require.GreaterOrEqual(t, share(x, quantile(x, p)), p-1e-12, "at least the share has crossed by then")
	})
}
