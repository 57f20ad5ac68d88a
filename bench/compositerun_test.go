package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

// compositeData is detectData's entity with what its one event is seen in.
func compositeData(t *testing.T) string {
	t.Helper()
	dir := detectData(t)
	plainFile(t, dir, "asd/interpretation/omi.txt", "900-909:1\n")
	return dir
}

func TestWaysOfWeighingSignalsAreComparedOnOneTable(t *testing.T) {
	out := t.TempDir()
	text := printed(t, func() error {
		return run(t.Context(), []string{"composite", "-data", compositeData(t), "-out", out, "-draws", "1", "-alone", "3"})
	})
	require.Contains(t, text, "recall at 3 false/week")
	require.Regexp(t, `(?m)^smd +skipped: `, text)
	for _, method := range append(composite.Methods(), anyMetric) {
		named := `1 of 1`
		if method == anyMetric {
			named = `-`
		}
		require.Regexp(t, `(?m)^asd +`+method+` +1 \| +1\.00 +\d+\.\d\d \| 1\.00 +\| +`+named+` +\d+\.\d$`, text, "the incident is found, and its metric named first")
		rows, err := table(filepath.Join(out, strings.ReplaceAll(method, " ", "-"), "asd", "omi.csv"))
		require.NoError(t, err)
		require.Equal(t, []string{"score", "alert"}, rows[0])
		require.Len(t, rows, 1+2016)
		require.Equal(t, []string{"0", "0"}, rows[1], "history has no score")
		require.Equal(t, "1", rows[1+1904][1])
	}
	require.Contains(t, text, "in 1 of 1 draws")
}

func TestWrongCompositeCallsSayWhatIsRight(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"composite"}), "-data is needed: the folder of smd and asd")
	err := run(t.Context(), []string{"composite", "-data", detectData(t), "-draws", "0"})
	require.ErrorContains(t, err, "asd: ", "events that nobody tells of")
	require.ErrorContains(t, err, filepath.Join("interpretation", "omi.txt"))
	dir := compositeData(t)
	plainFile(t, dir, "asd/interpretation/omi.txt", "900-909:one\n")
	require.ErrorContains(t, run(t.Context(), []string{"composite", "-data", dir, "-draws", "0"}), `omi.txt: metric "one"`)
}

// Alarms and events by brute force: alarms with no more than so many rows between them are one, an event is found by an alarm in it or
// in the ten rows behind.
func TestAlarmsAreCountedAsTheirDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 120).Draw(t, "rows")
		alarm := make([]bool, n)
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 15).Draw(t, "alarms") {
			alarm[i] = true
		}
		from, join := rapid.IntRange(0, n).Draw(t, "from"), rapid.IntRange(1, 20).Draw(t, "join")
		var events []incident
		for at := rapid.IntRange(0, 40).Draw(t, "first event"); at < n; at += rapid.IntRange(12, 60).Draw(t, "apart") {
			events = append(events, incident{from: at, to: min(at+rapid.IntRange(0, 9).Draw(t, "length"), n-1)})
		}
		covered := func(i int, e incident) bool { return e.from <= i && i <= e.to+10 }
		wantHits := 0
		for _, e := range events {
			hit := false
			for i, a := range alarm {
				hit = hit || a && covered(i, e)
			}
			wantHits += count(hit)
		}
		wantAlone, last, explained := 0, math.MinInt/2, true
		for i := from; i < n; i++ {
			if !alarm[i] {
				continue
			}
			if i-last > join {
				wantAlone += count(!explained)
				explained = false
			}
			for r := max(last, from); r <= i; r++ { // the rows between count as the alarm's
				for _, e := range events {
					explained = explained || (i-last <= join || r == i) && covered(r, e)
				}
			}
			last = i
		}
		wantAlone += count(!explained)
		hits, alone := countJoined(alarm, from, events, join)
		require.Equal(t, []int{wantHits, wantAlone}, []int{hits, alone})
	})
}

// Confirmed are points with one of the two before them at the limit too, and those at twice the limit.
func TestPointsAreConfirmedByTheirNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.5, 0.99, 1, 1.5, 2, 3, math.NaN()}), 0, 30).Draw(t, "score")
		for i, got := range confirmed(score, 1) {
			want := score[i] >= 2
			for k := max(i-2, 0); k < i; k++ {
				want = want || score[i] >= 1 && score[k] >= 1
			}
			require.Equal(t, want, got, "point %d", i)
		}
		high := confirmed(score, 100)
		require.NotContains(t, high, true)
	})
}

func TestTheLoudestMetricIsTheOneWithTheLargestShare(t *testing.T) {
	nan := math.NaN()
	out := &composite.Output{Score: []float64{0, 1, 2, nan, 9}, Shares: [][]float64{{1, 0.6, 0.3, 1, 0}, {0, 0.4, 0.7, 0, 1}}}
	require.Equal(t, 1, loudest(out, incident{from: 1, to: 2}), "0.4 + 1.4 against 0.6 + 0.6")
	require.Equal(t, 0, loudest(out, incident{from: 1, to: 1}))
	require.Equal(t, 1, loudest(out, incident{from: 1, to: 99}), "an event may last beyond the rows")
	require.Equal(t, -1, loudest(out, incident{from: 0, to: 0}), "of no score nobody is loudest")
}

// The best of single metrics: the highest score of any, and an alarm where one of them has one.
func TestAnyMetricAloneIsTheHighestOfAll(t *testing.T) {
	f := labelled{rel: "x.csv", path: filepath.Join(detectData(t), "asd", "data", "omi.csv.gz"), train: 1000, step: 5 * time.Minute}
	require.NoError(t, f.read())
	score, fading, alarm, err := anyAlone(t.Context(), f)
	require.NoError(t, err)
	one := f
	one.values = f.values[:1]
	first, _, alone, err := anyAlone(t.Context(), one)
	require.NoError(t, err)
	for i := range score {
		require.GreaterOrEqual(t, score[i], first[i])
		require.GreaterOrEqual(t, fading[i], 0.0)
		require.True(t, alarm[i] || !alone[i])
	}
	require.True(t, alarm[1904])
}

func TestScoresAreWrittenOnlyWhereAFolderIsGiven(t *testing.T) {
	m := tally{method: "two words", machines: []machine{{fading: []float64{0.25, math.NaN()}, alarm: []bool{true, false}}}}
	require.NoError(t, m.write("", "asd", "x.csv"))
	dir := t.TempDir()
	require.NoError(t, m.write(dir, "asd", filepath.Join("deep", "x.csv")))
	text, err := os.ReadFile(filepath.Join(dir, "two-words", "asd", "deep", "x.csv"))
	require.NoError(t, err)
	require.Equal(t, "score,alert\n0.25,1\n0,0\n", string(text))
}
