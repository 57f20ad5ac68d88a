package main

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/warn"
)

// NAB's sum by brute force, and what is counted of warnings, from their definitions.

// rawByRows goes through the rows one by one, as NAB's definition does, and keeps of each window the detection that is worth most.
func rawByRows(opening []float64, windows []incident, p nabProfile, threshold float64) float64 {
	n := len(opening)
	live := min(int(math.Floor(0.15*float64(n))), 750)
	s := func(x float64) float64 { return 2/(1+math.Exp(5*x)) - 1 }
	best := map[int]float64{}
	for k, w := range windows {
		if w.to >= live {
			best[k] = -p.miss
		}
	}
	sum := 0.0
	for i := live; i < n; i++ {
		if !(opening[i] >= 1) || opening[i]/(1+opening[i]) < threshold {
			continue
		}
		inside, before := -1, -1
		for k, w := range windows {
			if w.from <= i && i <= w.to {
				inside = k
			}
			if w.to < i {
				before = k
			}
		}
		switch {
		case inside >= 0:
			w := windows[inside]
			length := float64(w.to - w.from + 1)
			best[inside] = max(best[inside], p.hit*s(-float64(w.to-i+1)/length)/s(-1))
		case before < 0:
			sum -= p.mistake
		default:
			w := windows[before]
			if d := float64(i-w.to) / float64(w.to-w.from); d <= 3 {
				sum += p.mistake * s(d)
			} else {
				sum -= p.mistake
			}
		}
	}
	for _, v := range best {
		sum += v
	}
	return sum
}

func TestNABsSumIsThatOfItsRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opening, windows := drawnNAB(t)
		p := rapid.SampledFrom(nabProfiles).Draw(t, "profile")
		threshold := rapid.SampledFrom([]float64{0.1, 0.5, 0.6, 0.8, 1.1}).Draw(t, "threshold")
		raw, none, all := newNABFile(opening, windows).raw(p, threshold)
		require.InDelta(t, rawByRows(opening, windows, p, threshold), raw, 1e-9)
		require.InDelta(t, rawByRows(make([]float64, len(opening)), windows, p, threshold), none, 1e-9, "of no detection")
		require.InDelta(t, p.hit*float64(len(windows)), all, 1e-12)
	})
}

// A score of several files is that of their sums, whatever their order; a threshold above all scores is worth nothing.
func TestNABsScoreIsOfAllFilesTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var files []*nabFile
		for range rapid.IntRange(1, 4).Draw(t, "files") {
			opening, windows := drawnNAB(t)
			files = append(files, newNABFile(opening, windows))
		}
		if !slices.ContainsFunc(files, func(f *nabFile) bool { return f.windows > 0 }) {
			return
		}
		p := nabProfiles[0]
		turned := slices.Clone(files)
		slices.Reverse(turned)
		best := nabThreshold(files, p)
		require.Equal(t, best, nabThreshold(turned, p))
		require.InDelta(t, nabScore(files, p, best), nabScore(turned, p, best), 1e-9)
		require.InDelta(t, 0, nabScore(files, p, 1.1), 1e-9)
		quiet := newNABFile(make([]float64, 100), nil)
		require.InDelta(t, nabScore(files, p, best), nabScore(append(turned, quiet), p, best), 1e-9, "a file without windows and alerts changes nothing")
	})
}

// Beginnings of warnings are counted per case: what one fires at its end does not go on in the next.
func TestWarningsBeginInTheirCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cases []warnCase
		var answers [][]watched
		began, firing, all, weeks := 0, 0, 0, 0.0
		for range rapid.IntRange(0, 4).Draw(t, "cases") {
			c := warnCase{step: time.Duration(rapid.IntRange(1, 60).Draw(t, "minutes")) * time.Minute, each: rapid.IntRange(1, 9).Draw(t, "every")}
			var of []watched
			before := false
			for _, on := range rapid.SliceOfN(rapid.Bool(), 0, 12).Draw(t, "fires") {
				of = append(of, watched{Answer: warn.Answer{Firing: on}})
				began, firing = began+count(on && !before), firing+count(on)
				before = on
			}
			all += len(of)
			weeks += (time.Duration(len(of)*c.each) * c.step).Hours() / 168
			cases, answers = append(cases, c), append(answers, of)
		}
		n := countQuiet(cases, answers)
		require.Equal(t, []int{all, firing, began}, []int{n.answers, n.firing, n.began})
		require.InDelta(t, weeks, n.weeks, 1e-9)
	})
}

// A series is asked from its eighth day on, a short one from its middle, every so often, and never less than every value.
func TestQuietSeriesAreAskedFromTheirEighthDay(t *testing.T) {
	o := warnOptions{margin: 0.1, every: time.Hour}
	for name, c := range map[string]struct {
		step        time.Duration
		values      int
		first, each int
	}{
		"four weeks of ten minutes": {10 * time.Minute, 28 * 144, 7 * 144, 6},
		"four weeks of hours":       {time.Hour, 28 * 24, 7 * 24, 1},
		"ten days of hours":         {time.Hour, 240, 120, 1},
		"a year of weeks":           {7 * 24 * time.Hour, 52, 1, 1},
		"two values":                {time.Hour, 2, 1, 1},
	} {
		x := make([]float64, c.values)
		x[0] = -3
		got, ok := warnCase{step: c.step, values: x}.quiet(true, o)
		require.True(t, ok, name)
		require.Equal(t, []int{c.first, c.each}, []int{got.first, got.each}, name)
		require.InDelta(t, 0.3, got.threshold, 1e-12, name)
		require.Nil(t, got.low, "%s: what was below zero is not held above it", name)
		require.Nil(t, got.high, name)
		x[0] = 3
		got, _ = warnCase{step: c.step, values: x}.quiet(false, o)
		require.Equal(t, 0.0, *got.low, "%s: what never was below zero is", name)
		require.InDelta(t, -0.3, got.threshold, 1e-12, name)
	}
}
