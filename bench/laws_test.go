package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/forecast"
)

// The measures by their laws and by brute force, and the lines that are printed of them.

// A message is grouped rightly if all that are in its group, and no others, are of its kind: by comparing every pair.
func TestGroupingIsWhatEveryPairSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "messages")
		found, truth := make([]int, n), make([]string, n)
		for i := range n {
			found[i], truth[i] = rapid.IntRange(0, 3).Draw(t, "group"), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "kind")
		}
		right := 0
		for i := range n {
			good := true
			for k := range n {
				good = good && (found[i] == found[k]) == (truth[i] == truth[k])
			}
			right += count(good)
		}
		require.InDelta(t, float64(right)/float64(n), grouping(found, truth), 1e-12)
		shifted := make([]int, n)
		for i, g := range found {
			shifted[i] = 7 - 2*g
		}
		require.Equal(t, grouping(found, truth), grouping(shifted, truth), "what groups are called is nothing")
	})
}

// More false alarms allowed find no less, and none of the score finds nothing.
func TestRecallGrowsWithWhatIsAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 8), rapid.Just(0.0), rapid.Just(math.NaN())), 30, 200).Draw(t, "score")
		var events []incident
		for at := 5; at+4 < len(score); at += rapid.IntRange(15, 50).Draw(t, "apart") {
			events = append(events, incident{from: at, to: at + 3})
		}
		m := tally{machines: []machine{{score: score, events: events}, {score: make([]float64, 20), events: []incident{{from: 3, to: 4}}}}}
		last := 0.0
		for most := range 6 {
			got := m.recallAt(float64(most))
			require.GreaterOrEqual(t, got, last)
			require.LessOrEqual(t, got, float64(len(events))/float64(len(events)+1), "the machine that says nothing finds nothing")
			last = got
		}
	})
}

// An answer opens where an alert begins, and nowhere is it more than was said.
func TestOpeningsAreBeginningsOfAlerts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "points")
		r := &detect.Output{Score: make([]float64, n), Anomalous: make([]bool, n)}
		for i := range n {
			r.Score[i] = rapid.SampledFrom([]float64{0, 0.4, 0.99, 1, 1.7, 5}).Draw(t, "score")
			r.Anomalous[i] = r.Score[i] >= 1 && rapid.Bool().Draw(t, "alert")
		}
		before := slices.Clone(r.Score)
		got := openings(r)
		require.Equal(t, before, r.Score, "what was said is left as it is")
		last := math.MinInt / 2
		for i, v := range got {
			begins := r.Anomalous[i] && i-last > nearRows
			if r.Anomalous[i] {
				last = i
			}
			if begins {
				require.Equal(t, r.Score[i], v, "point %d", i)
			} else {
				require.Equal(t, min(r.Score[i], 0.99), v, "point %d", i)
			}
		}
	})
}

// M4's measures by their definitions, one series at a time: twice the values is the same but for nothing, and the mean over series is the
// mean.
func TestMeasuresHaveNoUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		factor := rapid.Float64Range(0.01, 100).Draw(t, "factor")
		problems, answers := scored()
		var scaled []problem
		times := func(x []float64) []float64 {
			out := make([]float64, len(x))
			for i, v := range x {
				out[i] = factor * v
			}
			return out
		}
		for _, p := range problems {
			p.train, p.truth = times(p.train), times(p.truth)
			scaled = append(scaled, p)
		}
		want := scoreAll(problems, func(p problem) answer { return answers[p.name] })
		got := scoreAll(scaled, func(p problem) answer {
			a := answers[p.name]
			return answer{mean: times(a.mean), lo95: times(a.lo95), hi95: times(a.hi95)}
		})
		for k, pair := range [][2]float64{{want.smape, got.smape}, {want.mase, got.mase}, {want.msis, got.msis}} {
			require.InEpsilon(t, pair[0], pair[1], 1e-9, "measure %d", k)
		}
		one, two := scoreAll(problems[:1], func(p problem) answer { return answers[p.name] }), scoreAll(problems[1:], func(p problem) answer { return answers[p.name] })
		require.InEpsilon(t, want.mase, (one.mase+two.mase)/2, 1e-12)
		require.InEpsilon(t, want.msis, (one.msis+two.msis)/2, 1e-12)
	})
}

func TestAPerfectForecastHasNoErrorAndALateBoundCosts(t *testing.T) {
	problems, _ := scored()
	exact := scoreAll(problems, func(p problem) answer { return answer{mean: p.truth, lo95: p.truth, hi95: p.truth} })
	require.Equal(t, scores{cover: 1}, exact)
	off := scoreAll(problems, func(p problem) answer {
		low := make([]float64, len(p.truth))
		for i, v := range p.truth {
			low[i] = v - 1
		}
		return answer{mean: p.truth, lo95: low, hi95: low}
	})
	require.Zero(t, off.cover)
	require.Positive(t, off.msis)
	twice := scoreAll(problems, func(p problem) answer {
		low := make([]float64, len(p.truth))
		for i, v := range p.truth {
			low[i] = v - 2
		}
		return answer{mean: p.truth, lo95: low, hi95: low}
	})
	require.InEpsilon(t, 2*off.msis, twice.msis, 1e-9, "forty times what is beyond the bound")
	points := scoreAll(problems, func(p problem) answer { return answer{mean: p.truth} })
	require.Zero(t, points.msis+points.cover, "a peer without a band has none")
}

// Seasonal indices have mean 1, and a level or a factor on all changes nothing of them.
func TestSeasonalIndicesAreShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 12).Draw(t, "season")
		shape := rapid.SliceOfN(rapid.Float64Range(0.5, 1.5), m, m).Draw(t, "shape")
		level := rapid.Float64Range(1, 1000).Draw(t, "level")
		mean := 0.0
		for _, v := range shape {
			mean += v / float64(m)
		}
		x := make([]float64, 5*m)
		for i := range x {
			x[i] = level * shape[i%m]
		}
		index := seasonalIndex(x, m)
		sum := 0.0
		for k, v := range index {
			require.InEpsilon(t, shape[k]/mean, v, 1e-9)
			sum += v
		}
		require.InDelta(t, float64(m), sum, 1e-9)
	})
}

func TestTwoDigitsAreNeverFarOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := math.Pow(10, rapid.Float64Range(-5, 6).Draw(t, "decades"))
		got, err := strconv.ParseFloat(digits(v), 64)
		require.NoError(t, err)
		require.InEpsilon(t, v, got, 0.051)
	})
}

// Times are sorted by their size, not by their order.
func TestQuantilesLieBetweenTheirNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 1e6), func(n int) time.Duration { return time.Duration(n) }), 1, 20).Draw(t, "times")
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		sorted := slices.Sorted(slices.Values(x))
		at := p * float64(len(x)-1)
		got := quantile(x, p)
		require.GreaterOrEqual(t, got, sorted[int(at)]-1)
		require.LessOrEqual(t, got, sorted[min(int(at)+1, len(x)-1)]+1)
	})
}

// One line for a set and one for each series that was refused; what was chosen most comes first.
func TestASummaryCountsWhatWasChosen(t *testing.T) {
	found := func(algorithm string, seconds float64, periods ...int) answer {
		return answer{seconds: seconds, result: &forecast.Result{Algorithm: algorithm, Periods: periods}}
	}
	var b bytes.Buffer
	problems := slices.Repeat([]problem{{step: time.Hour}}, 5)
	summarise(&b, "m4_hourly", problems, []answer{found("ets", 3, 24), found("theta", 1, 24, 168), {err: errors.New("H3: too short")}, found("ets", 2, 24), found("naive", 6)}, 0.5)
	require.Equal(t, []string{"m4_hourly           refused: H3: too short",
		"m4_hourly                 5    3.000000    3.000000    6.000000    0.500000  75.0%  ets[24] 2, naive[] 1, theta[24 168] 1", ""}, strings.Split(b.String(), "\n"))
	b.Reset()
	summarise(&b, "m4_weekly", problems[:1], []answer{{err: errors.New("W1: no values")}}, 0)
	require.Equal(t, "m4_weekly           refused: W1: no values\n", b.String(), "where nothing was forecast there is nothing to sum up")
	b.Reset()
	many := make([]answer, 9)
	for k := range many {
		many[k] = found(fmt.Sprintf("a%d", k), 1)
	}
	summarise(&b, "ett", slices.Repeat(problems, 2)[:9], many, 0)
	require.Contains(t, b.String(), "a0[] 1, a1[] 1, a2[] 1, a3[] 1, a4[] 1, a5[] 1\n", "six of them at most, in the order of their names")
}

// A series that a forecaster refuses is answered by its last known value, and says why; one that was interrupted says that.
func TestARefusedSeriesIsItsLastKnownValue(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		train []float64
		last  float64
	}{"a gap at the end": {[]float64{4, 7, nan, nan}, 7}, "nothing": {[]float64{nan, nan}, 0}, "one": {[]float64{-2}, -2}} {
		a := solve(t.Context(), problem{name: "H", horizon: 3, step: time.Hour, train: c.train}, "ets")
		require.ErrorContains(t, a.err, "H: ", name)
		for _, x := range [][]float64{a.mean, a.lo80, a.hi80, a.lo95, a.hi95} {
			require.Equal(t, []float64{c.last, c.last, c.last}, x, name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	x := make([]float64, 200)
	for i := range x {
		x[i] = float64(i % 24)
	}
	require.ErrorIs(t, solve(ctx, problem{name: "H", horizon: 3, step: time.Hour, train: x}, "theta").err, context.Canceled)
	_, err := solveAll(ctx, []problem{{name: "H", horizon: 3, step: time.Hour, train: x}}, "theta", 4)
	require.ErrorIs(t, err, context.Canceled)
}

// What a set's line says: points and time of all files, the median and the slowest of them, and how many are quarantined.
func TestTheCostsOfASetAreThoseOfItsFiles(t *testing.T) {
	text := printed(t, func() error {
		costs("kpi", []marked{{points: 1000, seconds: 0.001, state: 10}, {points: 3000, seconds: 0.009, state: 70, noisy: true}, {points: 1000, seconds: 0.002, state: 30}})
		return nil
	})
	require.Equal(t, []string{"kpi", "3", "5000", "2.400", "2.000", "3.000", "70", "1"}, strings.Fields(text))
}

func TestAWeighingIsPrintedByWhatItFound(t *testing.T) {
	alarm := func(n int, at ...int) []bool {
		out := make([]bool, n)
		for _, i := range at {
			out[i] = true
		}
		return out
	}
	quiet := make([]float64, 300)
	m := tally{method: "fisher", named: 1, points: 600, time: 3 * time.Millisecond, machines: []machine{
		{score: quiet, alarm: alarm(300, 101, 250), events: []incident{{from: 100, to: 105}, {from: 180, to: 185}}, weeks: 0.5},
		{score: quiet, alarm: alarm(300, 20), events: []incident{{from: 200, to: 210}}, weeks: 0.5},
	}}
	require.Regexp(t, `^asd +fisher +3 \| +0\.33 +2\.00 \| 0\.00 +\| +1 of 3 +5\.0\n$`, printed(t, func() error { m.print("asd", 2); return nil }))
	m.method = anyMetric
	require.Regexp(t, `\| +- +5\.0\n$`, printed(t, func() error { m.print("asd", 2); return nil }), "single metrics name themselves")
}

// The order of shares, of which a missing one comes last.
func TestSharesAreOrderedFromTheLargest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "signals")
		out := &composite.Output{}
		for range n {
			out.Shares = append(out.Shares, []float64{rapid.SampledFrom([]float64{0, 0.1, 0.1, 0.5, 1, math.NaN()}).Draw(t, "share")})
		}
		got := byShare(out, 0)
		require.ElementsMatch(t, got, byShare(&composite.Output{Shares: slices.Repeat([][]float64{{0}}, n)}, 0), "every signal once")
		for k := 1; k < n; k++ {
			a, b := out.Shares[got[k-1]][0], out.Shares[got[k]][0]
			require.True(t, a > b || a == b && got[k-1] < got[k] || math.IsNaN(b), "%v then %v", a, b)
		}
	})
}
