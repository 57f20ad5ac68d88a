package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

// A picture from its parts: what is drawn where.

// numbersOf gives what a pattern's groups match in a picture.
func numbersOf(t require.TestingT, svg, pattern string) (out [][]float64) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(svg, -1) {
		var row []float64
		for _, text := range m[1:] {
			v, err := strconv.ParseFloat(text, 64)
			require.NoError(t, err)
			row = append(row, v)
		}
		out = append(out, row)
	}
	return out
}

// The scale tells the truth: a value lies at the height that the axis' labels give it, and marks lie on the line.
func TestAValueIsReadOffTheAxis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-1000, 1000).Draw(t, "low")
		span := rapid.Float64Range(1, 5000).Draw(t, "span")
		values := []float64{low, low + span, low + span*rapid.Float64Range(0, 1).Draw(t, "part")}
		svg := plot{lines: []curve{{"a", blue, false, 1, values}}, marks: []float64{math.NaN(), math.NaN(), values[2]}}.svg()
		axis := numbersOf(t, svg, `<path d="M52 ([-\d.]+)H748" stroke="#e4e4e4"/><text [^>]*>([-\d.]+)</text>`)
		require.NotEmpty(t, axis)
		require.LessOrEqual(t, len(axis), axisSteps+1, "no crowd")
		if len(axis) == 1 { // 0 of -300 to 499
			return
		}
		first, last := axis[0], axis[len(axis)-1]
		perPixel := (last[1] - first[1]) / (last[0] - first[0])
		line := numbersOf(t, regexp.MustCompile(`<path d="[^"]*" fill="none"`).FindString(svg), `[ML]([\d.]+) ([\d.]+)`)
		require.Len(t, line, len(values))
		for k, at := range line {
			require.InDelta(t, values[k], first[1]+perPixel*(at[1]-first[0]), 0.02*span, "value %d", k)
		}
		require.Equal(t, line[2:], numbersOf(t, svg, `<circle cx="([\d.]+)" cy="([\d.]+)"`))
	})
}

func TestNamedLinesStandInTheLegendAndTheFutureBehindALine(t *testing.T) {
	p := plot{title: "T", from: 2, lines: []curve{{"actual", blue, false, 1, []float64{1, 2, 3}}, {"a & b", orange, true, 2, []float64{1, 2, 3}}, {"", grey, false, 1, []float64{3, 2, 1}}}}
	svg := p.svg()
	require.Contains(t, svg, ">actual</text>")
	require.Contains(t, svg, ">a &amp; b</text>")
	require.Equal(t, 2, strings.Count(svg, `" y="18" fill="#3a3a3a">`), "what has no name has no place in it")
	require.Equal(t, 2, strings.Count(svg, `stroke-dasharray="6 4"`), "dashed are the line and its sample")
	require.Equal(t, [][]float64{{748}}, numbersOf(t, svg, `<path d="M([\d.]+) 30V254" stroke="#8e8e8e"`), "at its position")
	p.from = 0
	require.NotContains(t, p.svg(), `stroke-dasharray="3 3"`)
}

func TestTicksStandUnderTheirPositions(t *testing.T) {
	svg := plot{lines: []curve{{values: make([]float64, 11)}}, ticks: []tick{{0, "first"}, {5, "middle"}, {10, "<last>"}}}.svg()
	require.Equal(t, [][]float64{{52}, {400}, {748}}, numbersOf(t, svg, `<text x="([\d.]+)" y="272"`))
	require.Contains(t, svg, ">&lt;last&gt;</text>")
}

// Days that do not fit are left out evenly; hours come so many apart, from whichever step the stretch begins.
func TestTicksAreEvenlyApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, n := rapid.IntRange(0, 24*60).Draw(t, "first"), rapid.IntRange(1, 24*60).Draw(t, "steps")
		each := days(first, n, 24)
		require.LessOrEqual(t, len(each), 12)
		for k, at := range each {
			require.Equal(t, 12, (first+at.at)%24, "at noon")
			require.Equal(t, start.AddDate(0, 0, (first+at.at)/24).Format("Mon 2 Jan"), at.text)
			if k > 1 {
				require.Equal(t, each[k-1].at-each[k-2].at, at.at-each[k-1].at)
			}
		}
		every := rapid.SampledFrom([]int{1, 3, 6}).Draw(t, "hours")
		for _, at := range hours(first, n, 24, every) {
			hour, err := strconv.Atoi(strings.TrimSuffix(at.text, ":00"))
			require.NoError(t, err)
			require.Equal(t, (first+at.at)%24, hour)
			require.Zero(t, hour%every)
		}
	})
}

func TestLimitsOfOptionsAreWrittenOut(t *testing.T) {
	for want, s := range map[string]param.Spec{
		"number": {Kind: param.Number}, "number 0 to 0.5": {Kind: param.Number, Min: param.Bound(0), Max: param.Bound(0.5)},
		"integer from 3 points": {Kind: param.Integer, Min: param.Bound(3), Unit: "points"}, "number up to 1e+06": {Kind: param.Number, Max: param.Bound(1e6)},
		"duration": {Kind: param.Duration, Min: param.Bound(1)}, "`a`": {Kind: param.Choice, Choices: []string{"a"}},
	} {
		require.Equal(t, want, values(s))
	}
}
