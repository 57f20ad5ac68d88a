package main

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
)

// The pages as a reader meets them: queries that the plugin takes, links that lead somewhere, pictures that show what the text says.

// made are the pages of each kind, made once for all tests.
var made = sync.OnceValues(func() (map[string][]page, error) {
	out := map[string][]page{}
	for name, make := range map[string]func(context.Context) ([]page, error){"forecast": forecasters, "anomaly": detectors, "outlier": groups, "composite": composites} {
		some, err := make(context.Background())
		if err != nil {
			return nil, err
		}
		out[name] = some
	}
	return out, nil
})

// byKind gives the pages of each kind.
func byKind(t *testing.T) map[string][]page {
	t.Helper()
	out, err := made()
	require.NoError(t, err)
	return out
}

// completed is what a page tells to write, with what every query needs beside it.
func completed(t *testing.T, p page) []byte {
	t.Helper()
	var q map[string]any
	require.NoError(t, json.Unmarshal([]byte(p.query()), &q), p.id)
	one := map[string]any{"kind": "prometheus", "expr": "up"}
	q["source"] = one
	if p.kind == severalKind {
		delete(q, "source")
		q["sources"] = []any{map[string]any{"name": "a", "kind": "prometheus", "expr": "a"}, map[string]any{"name": "b", "kind": "prometheus", "expr": "b"}}
		q["join"] = []any{"instance"}
	}
	if p.id == "threshold" {
		q["threshold"] = map[string]any{"value": 340, "direction": "above"}
	}
	text, err := json.Marshal(q)
	require.NoError(t, err)
	return text
}

// What a page tells to write is taken, means that algorithm, and stands in the page as it is; an option misspelt is not taken.
func TestThePluginTakesTheQueriesOfThePages(t *testing.T) {
	for name, pages := range byKind(t) {
		for _, p := range pages {
			require.Contains(t, p.markdown(), "```json\n"+p.query()+"\n```", p.id)
			q, err := query.Parse(completed(t, p), query.Defaults{})
			require.NoError(t, err, "%s %s", name, p.id)
			require.Equal(t, p.id, q.Model.Algorithm)
			require.Equal(t, name, string(q.Type))
			if len(p.params) > 0 {
				wrong := strings.Replace(string(completed(t, p)), strconv.Quote(p.params[0].Name), `"no such option"`, 1)
				_, err = query.Parse([]byte(wrong), query.Defaults{})
				require.ErrorContains(t, err, "no such option", "%s %s", name, p.id)
			}
		}
	}
}

// Kinds are in the order of their registries, and every page is named as its kind and its algorithm.
func TestPagesAreInTheOrderOfTheRegistries(t *testing.T) {
	var want []string
	for _, a := range forecast.Algorithms() {
		want = append(want, "forecast-"+a.ID)
	}
	for _, a := range detect.Algorithms() {
		want = append(want, "anomaly-"+a.ID)
	}
	for _, a := range group.Algorithms() {
		want = append(want, "outlier-"+a.ID)
	}
	for _, a := range composite.Algorithms() {
		want = append(want, "composite-"+a.ID)
	}
	all := byKind(t)
	var got []string
	for _, kind := range []string{"forecast", "anomaly", "outlier", "composite"} {
		for _, p := range all[kind] {
			require.Equal(t, "img/"+strings.TrimSuffix(p.file(), ".md")+".svg", p.plotFile())
			got = append(got, strings.TrimSuffix(p.file(), ".md"))
		}
	}
	require.Equal(t, want, got)
}

// Every link and picture of every page is a file that is made with it, and each table has as many cells in every row as in its head.
func TestLinksAndTablesAreWhole(t *testing.T) {
	files, err := pages(t.Context())
	require.NoError(t, err)
	link, cell := regexp.MustCompile(`\]\(([^)]+)\)`), regexp.MustCompile(`[^\\]\|`)
	linked := map[string]bool{"README.md": true}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		for _, to := range link.FindAllStringSubmatch(files[name], -1) {
			require.Contains(t, files, to[1], name)
			linked[to[1]] = true
		}
		cells := 0
		for line := range strings.Lines(files[name]) {
			if !strings.HasPrefix(line, "|") {
				cells = 0
				continue
			}
			n := len(cell.FindAllString(line, -1))
			if cells == 0 {
				cells = n
			}
			require.Equal(t, cells, n, "%s: %s", name, line)
		}
		require.True(t, strings.HasPrefix(files[name], "# "), name)
		require.True(t, strings.HasSuffix(files[name], "\n") && !strings.HasSuffix(files[name], "\n\n"), name)
	}
	require.Len(t, linked, len(files), "no file that no page leads to")
}

// A page made twice is the same to the last digit, so that a change of a page is a change of an algorithm. Forecasts that compare models
// stop comparing on a slow machine, so they have no part in this.
func TestPagesAreTheSameInEveryRun(t *testing.T) {
	for _, make := range []func(context.Context) ([]page, error){detectors, groups, composites} {
		one, err := make(t.Context())
		require.NoError(t, err)
		two, err := make(t.Context())
		require.NoError(t, err)
		for i := range one {
			require.Equal(t, one[i].markdown(), two[i].markdown())
			require.Equal(t, one[i].plot.svg(), two[i].plot.svg(), one[i].id)
		}
	}
}

func TestInterruptedPagesAreNotWritten(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := filepath.Join(t.TempDir(), "docs")
	require.ErrorIs(t, write(ctx, dir), context.Canceled)
	require.NoDirExists(t, dir, "what was there before stays")
	for name, make := range map[string]func(context.Context) ([]page, error){"forecaster naive": forecasters, "detector ": detectors, "group detector ": groups, "composite ": composites} {
		_, err := make(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, name, "which one it was")
	}
}

// Writing again leaves the folder as it is, and brings back what was changed by hand.
func TestPagesAreWrittenOverWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, write(t.Context(), dir))
	page := filepath.Join(dir, "outlier-mad.md")
	first, err := os.ReadFile(page)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(page, []byte("by hand"), 0o600))
	require.NoError(t, os.Remove(filepath.Join(dir, "img", "outlier-mad.svg")))
	require.NoError(t, write(t.Context(), dir))
	again, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, string(first), string(again))
	require.FileExists(t, filepath.Join(dir, "img", "outlier-mad.svg"))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "img")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "img"), nil, 0o600))
	require.Error(t, write(t.Context(), dir), "a file where the pictures are to be")
}

// The picture of a forecast: the past to the line where the future begins, the forecast and its band from there on, and around it.
func TestAForecastIsDrawnFromWhereThePastEnds(t *testing.T) {
	for _, p := range byKind(t)["forecast"] {
		s := sceneOf(p.id)
		require.Equal(t, s.shown, p.plot.from, p.id)
		require.Len(t, p.plot.lines, 2)
		actual, ahead := p.plot.lines[0], p.plot.lines[1]
		require.True(t, !actual.dashed && ahead.dashed)
		for i := range s.shown + s.horizon {
			past := i < s.shown
			require.Equal(t, !past, math.IsNaN(actual.values[i]), "%s: %d", p.id, i)
			for _, x := range [][]float64{ahead.values, p.plot.band[0], p.plot.band[1]} {
				require.Equal(t, past, math.IsNaN(x[i]), "%s: %d", p.id, i)
			}
			if !past {
				require.LessOrEqual(t, p.plot.band[0][i], ahead.values[i]+1e-9, p.id)
				require.GreaterOrEqual(t, p.plot.band[1][i], ahead.values[i]-1e-9, p.id)
			}
		}
		require.Equal(t, s.values[len(s.values)-s.shown:], actual.values[:s.shown], p.id)
		if s.least != nil {
			require.GreaterOrEqual(t, slices.Min(p.plot.band[0][s.shown:]), *s.least, p.id)
		}
		require.Contains(t, p.notes[0], "Stored state:", p.id)
	}
}

// A picture of a detector has a mark where it flagged, at the value, or at the last one known where there is none: in the trouble that it
// is made for.
func TestDetectorsAreShownFlaggingWhatTheyAreMadeFor(t *testing.T) {
	shown := incidents()[14*dayOfFives:]
	hit := func(p page, from, to float64) bool {
		return slices.ContainsFunc(p.plot.marks[int(12*from):int(12*to)], func(v float64) bool { return !math.IsNaN(v) })
	}
	for _, p := range byKind(t)["anomaly"] {
		marks := 0
		for i, v := range p.plot.marks {
			if !math.IsNaN(v) {
				marks++
				require.True(t, v == shown[i] || math.IsNaN(shown[i]), "%s: %d", p.id, i)
			}
		}
		require.Equal(t, marks, strings.Count(p.plot.svg(), "<circle"), p.id)
		switch p.id {
		case "missing-data":
			require.True(t, hit(p, 21.5, 22.75))
		case "flat-line":
			require.True(t, hit(p, 18, 19.25))
			require.False(t, hit(p, 0, 18))
		case "threshold":
			require.Equal(t, "a threshold in the query; no history", p.needs)
			require.True(t, hit(p, 12, 15.5))
			for i, v := range p.plot.marks {
				require.True(t, math.IsNaN(v) || v > 340, "%d", i)
			}
		case "auto", "seasonal-residual":
			require.True(t, hit(p, 2, 2.2) && hit(p, 7, 8), "%s: the spike and the hole", p.id)
		}
	}
}

// Who is flagged is drawn red, the others grey: the host that does half of its work, the source that makes a third of the requests.
func TestTheOneWhoStandsOutIsRed(t *testing.T) {
	for _, p := range byKind(t)["outlier"] {
		who, of := 5, 8
		if p.id == "shares" {
			who, of = 3, 4
		}
		require.Len(t, p.plot.lines, of, p.id)
		if p.id != "kmeans" { // of eight hosts with one apart it accuses nobody
			require.Equal(t, red, p.plot.lines[who].colour, p.id)
		}
		for k, c := range p.plot.lines {
			require.Len(t, c.values, dayOfFives)
			require.Empty(t, c.name, "hosts are too many for a legend")
			if k != who && p.id != "shares" {
				require.Equal(t, grey, c.colour, "%s: host %d", p.id, k)
			}
		}
	}
}

// The container's trouble is where the text says: nothing else differs from what its signals follow.
func TestTheContainersTroubleIsWhereTheTextSaysItIs(t *testing.T) {
	signals := container()
	require.Equal(t, []string{"load", "memory", "latency", "errors"}, []string{signals[0].Name, signals[1].Name, signals[2].Name, signals[3].Name})
	at := func(hour float64) int { return 14*dayOfFives + int(12*hour) }
	usual := requests(15*dayOfFives, dayOfFives, 9)
	for i, v := range signals[0].Values {
		require.InDelta(t, map[bool]float64{true: 32}[i >= at(9) && i < at(10)], v-usual[i], 1e-9, "load at step %d", i)
	}
	jump := func(k int, hour float64) float64 { return signals[k].Values[at(hour)] - signals[k].Values[at(hour)-1] }
	for _, c := range []struct {
		signal     int
		hour, size float64
	}{{1, 3, 27}, {1, 3.5, -27}, {2, 3, 12.5}, {2, 3.5, -12.5}, {2, 9, -12}, {2, 10, 12}, {3, 15, 5}, {3, 16, -5}} {
		require.InDelta(t, c.size, jump(c.signal, c.hour), 4, "%s at %v", signals[c.signal].Name, c.hour)
	}
	for _, p := range byKind(t)["composite"] {
		require.Equal(t, []string{"score", "limit"}, []string{p.plot.lines[0].name, p.plot.lines[1].name})
		require.Len(t, p.plot.lines[0].values, dayOfFives)
		require.Equal(t, 1.0, slices.Min(p.plot.lines[1].values))
		require.Equal(t, 1.0, slices.Max(p.plot.lines[1].values))
		flagged := func(from, to float64) bool {
			return slices.ContainsFunc(p.plot.marks[int(12*from):int(12*to)], func(v float64) bool { return !math.IsNaN(v) })
		}
		require.False(t, flagged(0, 3), p.id)
		if p.id == composite.Auto {
			require.True(t, flagged(9, 10.25) && flagged(15, 16.25), "latency that falls while load rises, and errors alone")
		}
	}
}

// A line is drawn from left to right through every value there is, and is broken exactly where values are missing.
func TestALineIsBrokenWhereValuesAreMissing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 2, 5, math.NaN()}), 0, 25).Draw(t, "values")
		other := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 2, 5, math.NaN()}), 0, 25).Draw(t, "other edge")
		x, y := func(i int) float64 { return float64(10 * i) }, func(v float64) float64 { return 100 + v }
		known, stretches := 0, 0
		for i, v := range values {
			if !math.IsNaN(v) {
				known++
				if i == 0 || math.IsNaN(values[i-1]) {
					stretches++
				}
			}
		}
		line := trace(values, x, y)
		require.Equal(t, stretches, strings.Count(line, "M"))
		require.Equal(t, known, strings.Count(line, "M")+strings.Count(line, "L"))
		last := -1.0
		for _, p := range regexp.MustCompile(`[ML]([\d.]+) `).FindAllStringSubmatch(line, -1) {
			at, err := strconv.ParseFloat(p[1], 64)
			require.NoError(t, err)
			require.Greater(t, at, last)
			last = at
		}
		both, parts := 0, 0
		for i := range min(len(values), len(other)) {
			if !math.IsNaN(values[i] + other[i]) {
				both++
				if i == 0 || math.IsNaN(values[i-1]+other[i-1]) {
					parts++
				}
			}
		}
		band := areas([2][]float64{values, other}, x, y)
		require.Len(t, band, parts)
		text := strings.Join(band, "")
		require.Equal(t, 2*both, strings.Count(text, "M")+strings.Count(text, "L"), "there along the upper edge, back along the lower")
		require.Equal(t, parts, strings.Count(text, "Z"), "and closed")
	})
}
