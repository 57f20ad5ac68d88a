package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// A column is put into buckets without losing a value: what a bucket holds is the mean of what fell into it, wherever there are gaps.
func TestNoValueOfAColumnIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]time.Duration{time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute, time.Hour}).Draw(t, "step")
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-50, 50), rapid.Just(math.NaN())), 1, 80).Draw(t, "values")
		f := labelled{step: step, values: [][]float64{values}}
		if rapid.Bool().Draw(t, "stamped") {
			at := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
			for range values {
				f.times = append(f.times, at)
				at = at.Add(step * time.Duration(rapid.IntRange(1, 5).Draw(t, "apart")))
			}
		}
		c := f.quiet(0, "a")
		require.Equal(t, max(quietStep, step), c.step)
		within := map[int][]float64{}
		for i, v := range values {
			after := time.Duration(i) * step
			if f.times != nil {
				after = f.times[i].Sub(f.times[0])
			}
			if !math.IsNaN(v) {
				within[int(after/c.step)] = append(within[int(after/c.step)], v)
			}
		}
		require.Equal(t, len(within), series.CountKnown(c.values), "a bucket of nothing is a gap")
		for slot, all := range within {
			require.InDelta(t, mean(all), c.values[slot], 1e-9)
		}
	})
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// Answers are those of their case, whoever works beside, and evaluating more seldom tells the same of the same moment.
func TestAnswersAreThoseOfTheirCaseAlone(t *testing.T) {
	rows := []string{"a,ramp,3600,90,0,100,240,1," + ramp(60, 0.1, 290), "b,flat,3600,90,0,100,240,1," + ramp(60, 0, 290), "c,fall,3600,90,0,100,240,1," + ramp(80, -0.1, 290)}
	cases, err := warnCases(warnFileOf(t, rows...))
	require.NoError(t, err)
	o := warnOptions{history: 14 * 24 * time.Hour, horizon: 7 * 24 * time.Hour, workers: 1}
	alone, err := watchAll(t.Context(), cases, o)
	require.NoError(t, err)
	o.workers = 3
	slices.Reverse(cases)
	beside, err := watchAll(t.Context(), cases, o)
	require.NoError(t, err)
	for k := range alone {
		require.Equal(t, indexes(alone[k]), indexes(beside[2-k]))
		require.Equal(t, render(alone[k]), render(beside[2-k]))
	}
	seldom := cases[0]
	seldom.each = 7
	few, err := seldom.watch(t.Context(), o)
	require.NoError(t, err)
	for _, a := range few {
		same := beside[0][a.index-240]
		require.Equal(t, a.index, same.index)
		require.Equal(t, a.Prob72, same.Prob72)
	}
	require.InDelta(t, 8*7.0/168, seldom.weeks(len(few)), 1e-12, "eight answers, seven hours each")
}

func indexes(answers []watched) (out []int) {
	for _, a := range answers {
		out = append(out, a.index)
	}
	return out
}

// What the history and the horizon are is what the answers are told from.
func TestHistoryAndHorizonAreTheOptions(t *testing.T) {
	cases, err := warnCases(warnFileOf(t, "a,ramp,3600,90,0,100,240,50,"+ramp(60, 0.08, 290)))
	require.NoError(t, err)
	ask := func(history, horizon time.Duration) warn.Answer {
		answers, err := watchAll(t.Context(), cases, warnOptions{history: history, horizon: horizon, workers: 1})
		require.NoError(t, err)
		return answers[0][0].Answer
	}
	week := 7 * 24 * time.Hour
	require.Less(t, ask(2*week, 24*time.Hour).Probability, 0.5, "the crossing is five days away")
	require.Greater(t, ask(2*week, week).Probability, 0.5)
	require.True(t, ask(3*time.Hour, week).Unknown(), "three values are nothing to answer from")
}

func TestSetsThatCannotBeReadNameTheFile(t *testing.T) {
	for set, file := range map[string]string{
		"planetlab": "planetlab/20110303.csv.gz", "ett": "ett/ETTh1.csv.gz", "m4_hourly": "m4/hourly_series.csv.gz", "kpi": "kpi/data/c.csv.gz", "tsbu": "tsbu/data/d.csv.gz",
	} {
		dir := t.TempDir()
		zipped(t, dir, file, "series,values\nvm0,1;high\n")
		err := run(t.Context(), []string{"warn", "-quiet", dir, "-kinds", set})
		require.ErrorContains(t, err, set)
		require.ErrorContains(t, err, filepath.Base(file), set)
	}
	require.ErrorIs(t, run(t.Context(), []string{"warn", "-data", filepath.Join(t.TempDir(), "none.csv"), "-out", "x"}), os.ErrNotExist)
	path := filepath.Join(t.TempDir(), "cases.csv")
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(warnHeader, "ceiling", "top", 1)), 0o600))
	require.ErrorContains(t, run(t.Context(), []string{"warn", "-data", path, "-out", "x"}), "series,kind,step_s,threshold,floor,ceiling")
}

// The histories of which costs are measured are what they say: within 0 and 100, the same each time, and of the ten one fills up and
// one comes down again and again.
func TestCostsAreMeasuredOnHistoriesOfEveryKind(t *testing.T) {
	for k := range 20 {
		c := fleetCurve(k)
		require.Equal(t, c, fleetCurve(k))
		require.Len(t, c, 16*144)
		lo, hi := series.Extent(c)
		require.GreaterOrEqual(t, lo, 0.0)
		require.LessOrEqual(t, hi, 100.0)
		falls := 0
		for i := 1; i < len(c); i++ {
			if c[i] < c[i-1]-15 {
				falls++
			}
		}
		grown := mean(c[len(c)-144:]) - mean(c[:144])
		switch k % 10 {
		case 7:
			require.Greater(t, grown, 20.0)
		case 8:
			require.GreaterOrEqual(t, falls, 4)
		case 9:
			require.Less(t, hi-lo, 0.2)
		default:
			require.Less(t, math.Abs(grown), 16.0)
			require.Zero(t, falls)
		}
	}
	require.NotEqual(t, fleetCurve(0), fleetCurve(10), "kinds come again, histories do not")
}
