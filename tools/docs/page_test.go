package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
)

// The pieces that pages and pictures are made of.

func TestAPageTellsWhatItIsMadeOf(t *testing.T) {
	p := page{kind: outlierKind, id: "mad", title: "Distance", summary: "Far from the middle.", reference: "Hampel (1974).", needs: "three", example: "Eight hosts.",
		notes: []string{"**One** more."}}
	require.Equal(t, `# Distance

Group detector `+"`mad`"+`. Far from the middle.

![Distance](img/outlier-mad.svg)

Eight hosts.

- **Source:** Hampel (1974).
- **Needs:** three.
- **One** more.

## Options

None.

`+"```json"+`
{ "queryType": "outlier", "model": { "algorithm": "mad" } }
`+"```"+`

[All algorithms](README.md). This page is made from the registry by `+"`go tool mage docs`"+`.
`, p.markdown())
	require.Equal(t, "outlier-mad.md", p.file())
}

func TestTheIndexListsEveryKindInItsOrder(t *testing.T) {
	text := index([]page{{kind: severalKind, id: "fisher", title: "F", summary: "s."}, {kind: forecastKind, id: "naive", title: "N", summary: "n."}, {kind: forecastKind, id: "ets", title: "E", summary: "e."}})
	require.Regexp(t, `(?s)## Forecasts.*naive.*ets.*## Anomalies.*## Outliers of a group.*## Several signals of one entity.*fisher`, text)
	require.Contains(t, text, "| [`naive`](forecast-naive.md) | N | n. |")
}

func TestWhatAFitTellsIsNamedOnce(t *testing.T) {
	explained := map[string]float64{"lag 1": 1, "lag 24": 1, "constant": 0, "season 24 swing": 3, "season 168 swing": 2, "weight of 1 mstl": .5, "weight of 2 delta": .5, "alpha": 1}
	require.Equal(t, "alpha, constant, lag k, season m swing, weight of a model", names(explained))
	require.Empty(t, names(nil))
}

func TestValuesLieBehindEachOtherOnOneAxis(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		before, n int
		want      []float64
	}{{0, 2, []float64{7, 8}}, {1, 4, []float64{nan, 7, 8, nan}}, {3, 4, []float64{nan, nan, nan, 7}}} {
		got := joined(c.before, []float64{7, 8}, c.n)
		require.Len(t, got, c.n)
		for i, v := range c.want {
			require.True(t, got[i] == v || math.IsNaN(v) && math.IsNaN(got[i]), "%v", got)
		}
	}
}

func TestTheAxisNamesDaysAtNoonAndHours(t *testing.T) {
	require.Equal(t, []tick{{12, "Mon 2 Mar"}, {36, "Tue 3 Mar"}}, days(0, 48, 24))
	require.Equal(t, []tick{{2, "Tue 3 Mar"}}, days(34, 10, 24), "a stretch from the middle of a day")
	require.LessOrEqual(t, len(days(0, 24*40, 24)), 11, "no more than there is room for")
	require.Equal(t, []tick{{0, "00:00"}, {72, "06:00"}, {144, "12:00"}, {216, "18:00"}}, hours(0, 288, 288, 6))
	require.Equal(t, []tick{{12, "03:00"}}, hours(24, 24, 288, 3))
}

// Whatever values a picture has, every coordinate lies inside it and none is no number.
func TestEverythingIsDrawnInsideThePicture(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e9, 1e9), rapid.SampledFrom([]float64{0, 1, math.NaN(), 1e-12, -5}))
	coordinate := regexp.MustCompile(`[ML]([-\d.]+) ([-\d.]+)`)
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(value, 1, 30).Draw(t, "values")
		lower := rapid.SliceOfN(value, 0, 30).Draw(t, "lower")
		p := plot{title: "t", from: rapid.IntRange(0, len(x)-1).Draw(t, "from"), band: [2][]float64{lower, lower}, lines: []curve{{"actual", blue, false, 1, x}}}
		svg := p.svg()
		require.NotContains(t, svg, "NaN")
		require.NotContains(t, svg, "Inf")
		for _, at := range coordinate.FindAllStringSubmatch(svg, -1) {
			h, err := strconv.ParseFloat(at[1], 64)
			require.NoError(t, err)
			v, err := strconv.ParseFloat(at[2], 64)
			require.NoError(t, err)
			require.True(t, 0 <= h && h <= plotWidth && 0 <= v && v <= plotHeight, "%v %v", h, v)
		}
		lo, hi, n := p.extent()
		require.Less(t, lo, hi)
		require.Equal(t, max(len(x), len(lower)), n)
	})
}

// Steps of an axis are 1, 2 or 5 times a power of ten, the least that is enough, and their labels tell them apart.
func TestAxisStepsAreRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := math.Pow(10, rapid.Float64Range(-6, 9).Draw(t, "decades"))
		step := niceStep(v)
		require.GreaterOrEqual(t, step, v*(1-1e-12))
		require.Less(t, step, 2.5*v*(1+1e-9), "no coarser than needed")
		head := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9))
		require.Contains(t, []string{"1", "2", "5"}, fmt.Sprintf("%.3g", head))
		k := float64(rapid.IntRange(-40, 40).Draw(t, "multiple"))
		got, err := strconv.ParseFloat(label(k*step, step), 64)
		require.NoError(t, err)
		require.InDelta(t, k*step, got, step/2)
		require.NotEqual(t, label(k*step, step), label((k+1)*step, step))
	})
}

func TestABandFarWiderThanTheValuesIsCut(t *testing.T) {
	p := plot{band: [2][]float64{{-1e6}, {1e6}}, lines: []curve{{values: []float64{0, 10}}}}
	lo, hi, _ := p.extent()
	require.InDelta(t, -10-1.5, lo, 1e-9, "as far beyond as the values reach, and a margin")
	require.InDelta(t, 20+1.5, hi, 1e-9)
}

// The scenes are made, not read: the same in every run, and what they say that they are.
func TestScenesAreWhatTheirTextsSay(t *testing.T) {
	for _, a := range forecast.Algorithms() {
		s := sceneOf(a.ID)
		require.Zero(t, len(s.values)%s.day, a.ID)
		require.Greater(t, len(s.values), s.shown, a.ID)
		require.Equal(t, s.values, sceneOf(a.ID).values, a.ID)
		weeks := map[int]string{2: "Two weeks", 4: "Four weeks", 6: "Six weeks"}[len(s.values)/s.day/7]
		require.True(t, strings.HasPrefix(s.text, weeks), a.ID)
		ahead := map[int]string{1: "; a day ahead.", 2: "; two days ahead.", 3: "; three days ahead.", 4: "; four days ahead."}[s.horizon/s.day]
		require.True(t, strings.HasSuffix(s.text, ahead), a.ID)
	}
	zeros := 0
	for _, v := range failures(336) {
		require.Equal(t, math.Trunc(v), v, "counts")
		if v == 0 {
			zeros++
		}
	}
	require.Greater(t, zeros, 250, "mostly none")
	used := disk(240, 24)
	require.Greater(t, used[239], used[0]+3, "it fills")
	require.Less(t, used[27], used[26], "and is cleaned at night")
}

func TestTroubleIsWhereTheTextSaysItIs(t *testing.T) {
	values, usual := incidents()[14*dayOfFives:], requests(15*dayOfFives, dayOfFives, 9)[14*dayOfFives:]
	at := func(hour float64) int { return int(hour * 12) }
	require.InDelta(t, 150, values[at(2)]-usual[at(2)], 1e-9)
	require.InDelta(t, 0.6, values[at(7.5)]/usual[at(7.5)], 1e-9)
	require.InDelta(t, 45, values[at(14)]-usual[at(14)], 1e-9)
	require.Equal(t, values[at(18)], values[at(19)-1], "standing still")
	require.True(t, math.IsNaN(values[at(22)]))
	for _, quiet := range []float64{1, 5, 11, 17, 20, 23.5} {
		require.Equal(t, usual[at(quiet)], values[at(quiet)], "nothing at %v", quiet)
	}
	require.Equal(t, usual[at(21.5)-1], lastKnown(values[:at(22)]))
	require.True(t, math.IsNaN(lastKnown(values[at(22):at(22)+3])))
}

// One source makes a third of the requests in the last hour, and their sum is what it was.
func TestTheSourcesKeepTheirSum(t *testing.T) {
	n := 15 * dayOfFives
	got := sources(n)
	sum := func(i int) (all float64) {
		for k := range got {
			all += got[k][i]
		}
		return all
	}
	for i := n - 12; i < n; i++ {
		require.InDelta(t, 0.35, got[3][i]/sum(i), 0.06, "step %d", i)
		require.InEpsilon(t, sum(i-dayOfFives*7), sum(i), 0.1)
	}
	require.InDelta(t, 0.05, got[3][n-13]/sum(n-13), 0.01, "before that it makes a twentieth")
}

func TestAPageThatCannotBeWrittenIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.ErrorContains(t, write(t.Context(), filepath.Join(path, "below")), "not a directory")
}

func TestDefaultsAreWrittenAsDurations(t *testing.T) {
	require.Equal(t, "1d", fallback(param.Spec{Default: 24 * time.Hour}))
	require.Equal(t, 3.0, fallback(param.Spec{Default: 3.0}))
	require.Equal(t, "Group", capital("group"))
}
