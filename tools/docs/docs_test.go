package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
)

const committed = "../../docs/algorithms"

// What the repository holds is what the registries say now. Plots may differ by the last digits of another processor, and by
// what a small change of an algorithm moves; a page may not.
func TestThePagesAreCurrent(t *testing.T) {
	files, err := pages(t.Context())
	require.NoError(t, err)
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(committed, filepath.FromSlash(name)))
		require.NoError(t, err, "run `go tool mage docs`")
		if strings.HasSuffix(name, ".svg") {
			require.Less(t, apart(string(got), want), 25.0, "%s is not current: run `go tool mage docs`", name)
		} else {
			require.Equal(t, masked(want), masked(string(got)), "%s is not current: run `go tool mage docs`", name)
		}
	}
	for _, pattern := range []string{"*.md", "img/*.svg"} {
		have, err := filepath.Glob(filepath.Join(committed, filepath.FromSlash(pattern)))
		require.NoError(t, err)
		for _, path := range have {
			name, err := filepath.Rel(committed, path)
			require.NoError(t, err)
			require.Contains(t, files, filepath.ToSlash(name), "no algorithm has this file: run `go tool mage docs`")
		}
	}
}

// masked hides the one figure of a page that is measured.
func masked(text string) string {
	return regexp.MustCompile(`[\d.]+ KiB in this example`).ReplaceAllString(text, "? KiB in this example")
}

// apart gives the mean distance in pixels between the vertical extents of the pictures' lines.
func apart(a, b string) float64 {
	x, y := lineHeights(a), lineHeights(b)
	if len(x) != len(y) {
		return math.Inf(1)
	}
	sum := 0.0
	for i := range x {
		sum += math.Abs(x[i] - y[i])
	}
	return sum / float64(max(len(x), 1))
}

// lineHeights gives least and greatest height of each drawn line.
func lineHeights(svg string) []float64 {
	var out []float64
	for _, path := range regexp.MustCompile(`<path d="([^"]*)" fill="none"`).FindAllStringSubmatch(svg, -1) {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, point := range regexp.MustCompile(`[ML][\d.]+ ([\d.]+)`).FindAllStringSubmatch(path[1], -1) {
			v, _ := strconv.ParseFloat(point[1], 64)
			lo, hi = min(lo, v), max(hi, v)
		}
		out = append(out, lo, hi)
	}
	return out
}

func TestEveryAlgorithmHasAPage(t *testing.T) {
	files, err := pages(t.Context())
	require.NoError(t, err)
	n := 1
	for _, a := range forecast.Algorithms() {
		require.Contains(t, files["forecast-"+a.ID+".md"], a.Summary)
		n += 2
	}
	for _, a := range detect.Algorithms() {
		require.Contains(t, files["anomaly-"+a.ID+".md"], a.Reference)
		n += 2
	}
	for _, a := range group.Algorithms() {
		require.Contains(t, files["outlier-"+a.ID+".md"], "# "+a.Title)
		n += 2
	}
	for _, a := range composite.Algorithms() {
		require.Contains(t, files["composite-"+a.ID+".md"], a.Summary)
		n += 2
	}
	require.Len(t, files, n)
	for name, text := range files {
		if strings.HasSuffix(name, ".md") && name != "README.md" {
			require.Contains(t, files["README.md"], "("+name+")")
		}
		if !strings.HasSuffix(name, ".svg") {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else {
				require.NoError(t, err, name)
			}
		}
		require.NotContains(t, text, "NaN", name)
	}
}

func TestWritingRemovesWhatNoAlgorithmHas(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "img"), 0o700))
	for _, name := range []string{"forecast-gone.md", "img/forecast-gone.svg", "kept.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
	}
	require.NoError(t, write(t.Context(), dir))
	require.NoFileExists(t, filepath.Join(dir, "forecast-gone.md"))
	require.NoFileExists(t, filepath.Join(dir, "img", "forecast-gone.svg"))
	require.FileExists(t, filepath.Join(dir, "kept.txt"))
	require.FileExists(t, filepath.Join(dir, "forecast-mstl.md"))
}

func TestOptionsAreWrittenAsInAQuery(t *testing.T) {
	p := page{kind: anomalyKind, id: "x", params: []param.Spec{
		{Name: "window", Kind: param.Duration, Default: 24 * time.Hour, Help: "a|b"},
		{Name: "k", Kind: param.Number, Default: 3.0, Min: param.Bound(1), Max: param.Bound(9), Unit: "sd"},
		{Name: "n", Kind: param.Integer, Default: 2, Min: param.Bound(1)},
		{Name: "m", Kind: param.Integer, Default: 2, Max: param.Bound(7)},
		{Name: "on", Kind: param.Boolean, Default: true},
		{Name: "way", Kind: param.Choice, Default: "up", Choices: []string{"up", "down"}},
	}}
	require.Equal(t, `{ "queryType": "anomaly", "model": { "algorithm": "x", "options": { "window": "1d", "k": 3, "n": 2, "m": 2, "on": true, "way": "up" } } }`, p.query())
	text := p.markdown()
	for _, row := range []string{
		"| `window` | duration | `1d` | a\\|b |", "| `k` | number 1 to 9 sd | `3` |", "| `n` | integer from 1 |", "| `m` | integer up to 7 |",
		"| `on` | `true`, `false` | `true` |", "| `way` | `up`, `down` | `up` |",
	} {
		require.Contains(t, text, row)
	}
}

func TestAPlotDrawsGapsMarksAndTheFuture(t *testing.T) {
	nan := math.NaN()
	p := plot{title: "a < b", from: 2, band: [2][]float64{{nan, 1, 1, nan, 0}, {nan, 3, 3, nan, 4}}, marks: []float64{nan, 2, nan, nan, nan},
		lines: []curve{{"actual", blue, false, 1, []float64{1, 2, nan, 3, 2}}}, ticks: []tick{{0, "Mon"}}}
	svg := p.svg()
	require.Contains(t, svg, "<title>a &lt; b</title>")
	require.Equal(t, 1, strings.Count(svg, "<circle"))
	require.Equal(t, 2, strings.Count(svg, `fill-opacity="0.18"`), "a gap parts the band")
	require.Regexp(t, `M[\d.]+ [\d.]+L[\d.]+ [\d.]+M`, svg, "and the line")
	require.Contains(t, plot{lines: []curve{{values: []float64{5, 5}}}}.svg(), "<svg", "a constant has a picture")
	require.Equal(t, 0.5, niceStep(0.31))
	require.Equal(t, 20.0, niceStep(12))
	require.Equal(t, "0.50", label(0.5, 0.05))
	require.Equal(t, "0", label(-1e-17, 2))
}
