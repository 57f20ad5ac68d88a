package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// How the detection benchmark's files become series on a grid, and what a person is told of them.

func TestTheIndexTellsOfAFile(t *testing.T) {
	dir := t.TempDir()
	plainFile(t, dir, "kpi/data/a.csv", "value,label\n1,0\n2,0\n")
	plainFile(t, dir, "kpi/data/deep/b.csv", "value,label\n1,0\n2,0\n")
	plainFile(t, dir, "kpi/data/notes.txt", "nothing")
	plainFile(t, dir, "kpi/index.csv", "file,train_rows,step_s,start_unix,group\na.csv.gz,7,60,1770000000.5,web\n")
	files, err := detectSet{name: "kpi"}.list(dir)
	require.NoError(t, err)
	require.Len(t, files, 2, "what is no table is no file")
	require.Equal(t, []any{"a.csv", 7, time.Minute, "web"}, []any{files[0].rel, files[0].train, files[0].step, files[0].group})
	require.Equal(t, time.Unix(1770000000, 0).UTC(), files[0].start)
	require.Equal(t, []any{filepath.Join("deep", "b.csv"), 0, time.Duration(0), ""}, []any{files[1].rel, files[1].train, files[1].step, files[1].group}, "of which the index says nothing")
}

func TestAnIndexThatIsWrongIsNamed(t *testing.T) {
	for row, says := range map[string]string{
		"a.csv,many,60,1770000000": `index: train_rows of a.csv: strconv.Atoi: parsing "many"`,
		"a.csv,7,soon,1770000000":  `index: step_s of a.csv: time: invalid duration "soons"`,
		"a.csv,7,60,noon":          `index: start_unix of a.csv: strconv.ParseFloat: parsing "noon"`,
	} {
		dir := t.TempDir()
		plainFile(t, dir, "kpi/data/a.csv", "value,label\n1,0\n")
		plainFile(t, dir, "kpi/index.csv", "file,train_rows,step_s,start_unix\n"+row+"\n")
		_, err := detectSet{name: "kpi"}.list(dir)
		require.ErrorContains(t, err, says)
	}
	dir := t.TempDir()
	_, err := detectSet{name: "kpi"}.list(dir)
	require.True(t, os.IsNotExist(err), "no folder")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "kpi", "data"), 0o755))
	_, err = detectSet{name: "kpi"}.list(dir)
	require.True(t, os.IsNotExist(err), "no file")
}

// TSB-AD's copies name neither times nor a step: they have that of what they are copies of.
func TestACopyHasTheStepOfItsSource(t *testing.T) {
	dir := t.TempDir()
	zipped(t, dir, "nab/data/real/x.csv.gz", "timestamp,value,label\n2024-01-01 00:00:00,1,0\n2024-01-01 01:00:00,2,0\n2024-01-01 02:00:00,2,0\n")
	for _, name := range []string{"a", "b", "c", "d"} {
		plainFile(t, dir, "tsbu/data/"+name+".csv", "value,label\n1,0\n2,0\n")
	}
	plainFile(t, dir, "tsbu/index.csv", "file,source,step_s\na.csv,nab/real/x.csv,\nb.csv,nab/real/gone.csv,\nc.csv,yahoo/1,\nd.csv,nab/real/x.csv,30\n")
	files, err := detectSet{name: "tsbu"}.list(dir)
	require.NoError(t, err)
	var steps []time.Duration
	for _, f := range files {
		steps = append(steps, f.step)
	}
	require.Equal(t, []time.Duration{time.Hour, 5 * time.Minute, time.Minute, 30 * time.Second}, steps, "the source's, most of its kind's, a minute, and what the index says")
}

func TestRowsAreReadWithTheirGapsAndLabels(t *testing.T) {
	path := plainFile(t, t.TempDir(), "a.csv", "timestamp,cpu,label,mem\n2024-01-01T00:00:00Z,1,-1,9\n2024-01-01 00:05:00,,-1,8\n2024-01-01 00:10:00,3,1,\n2024-01-01 00:15:00,4,0,6\n")
	f := labelled{path: path}
	require.NoError(t, f.read())
	require.Equal(t, []string{"cpu", "mem"}, f.names)
	require.True(t, math.IsNaN(f.values[0][1]) && math.IsNaN(f.values[1][2]), "an empty cell is missing")
	require.Equal(t, []bool{false, false, true, false}, f.labels)
	require.Equal(t, 2, f.train, "rows of label -1 are history")
	require.Equal(t, []any{5 * time.Minute, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}, []any{f.step, f.start})
	bare := labelled{path: plainFile(t, t.TempDir(), "b.csv", "value\n1\n2\n")}
	require.NoError(t, bare.read())
	require.Equal(t, time.Minute, bare.step, "where nothing tells a step")
	require.Nil(t, bare.labels)
}

func TestRowsThatCannotBeReadAreNumbered(t *testing.T) {
	for text, says := range map[string]string{
		"timestamp,value\n2024-01-01 00:00:00,1\nyesterday,2\n": `row 2: column timestamp: parsing time "yesterday"`,
		"value,label\n1,0\nhigh,0\n":                            `row 2: column value: strconv.ParseFloat: parsing "high"`,
		"timestamp,label\n2024-01-01 00:00:00,0\n":              "there are no values: columns are [timestamp label]",
		"value,label\n": "there are no values: columns are [value label]",
	} {
		f := labelled{path: plainFile(t, t.TempDir(), "a.csv", text)}
		require.ErrorContains(t, f.read(), says)
	}
}

// A grid has every row's value at its time; rows of one bucket are its mean, and buckets without a row are gaps.
func TestAGridHoldsEveryRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "rows")
		f := labelled{step: time.Minute, train: rapid.IntRange(0, n).Draw(t, "history"), values: [][]float64{make([]float64, n)}}
		at := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
		for i := range n {
			f.values[0][i] = rapid.SampledFrom([]float64{1, 2, 5, -3, math.NaN()}).Draw(t, "value")
			f.times = append(f.times, at)
			at = at.Add(time.Minute * time.Duration(rapid.SampledFrom([]int{0, 1, 1, 1, 1, 2, 3}).Draw(t, "apart")))
		}
		g := f.gridded()
		require.Len(t, g.rows, n)
		buckets := map[int][]float64{}
		for i, place := range g.rows {
			require.Equal(t, int(f.times[i].Sub(f.times[0])/time.Minute), place)
			if v := f.values[0][i]; !math.IsNaN(v) {
				buckets[place] = append(buckets[place], v)
			}
		}
		require.Len(t, g.values, g.rows[n-1]+1)
		for place, v := range g.values {
			if len(buckets[place]) == 0 {
				require.True(t, math.IsNaN(v), "place %d", place)
				continue
			}
			sum := 0.0
			for _, x := range buckets[place] {
				sum += x / float64(len(buckets[place]))
			}
			require.InDelta(t, sum, v, 1e-9, "place %d", place)
		}
		require.Equal(t, len(g.rows), len(pick(g.values, g.rows)), "and each row finds its own again")
		if f.train < n {
			require.Equal(t, g.rows[f.train], g.from, "history ends with the same row")
		}
	})
}

func TestRowsWithoutAnOrderAreTakenAsTheyCome(t *testing.T) {
	day := func(hours ...int) (out []time.Time) {
		for _, h := range hours {
			out = append(out, time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(h)*time.Hour))
		}
		return out
	}
	for name, times := range map[string][]time.Time{"no times": nil, "back in time": day(0, 2, 1, 3), "mostly holes": day(0, 1, 2, 500)} {
		f := labelled{step: time.Hour, train: 1, times: times, values: [][]float64{{4, 5, 6, 7}}}
		g := f.gridded()
		require.Equal(t, []float64{4, 5, 6, 7}, g.values, name)
		require.Equal(t, []int{0, 1, 2, 3}, g.rows, name)
		require.Equal(t, 1, g.from, name)
	}
}

func TestWhatAPersonGetsIsPrintedByFolder(t *testing.T) {
	text := printed(t, func() error {
		return run(t.Context(), []string{"detect", "-data", detectData(t), "-sets", "nab,wsd", "-folders", filepath.Join(t.TempDir(), "f.csv")})
	})
	require.Regexp(t, `(?m)^nab +realX +1 +1 \| +1\.00 +0\.00 \| +1\.00 +0\.00 \| +1\.00 +\d\.\d\d \|`, text, "the incident is found, and nothing else at low and medium")
	require.Regexp(t, `(?m)^wsd +\. +1 +1 \||(?m)^wsd +1 +1 \|`, text)
	require.Contains(t, text, "NAB's score, threshold of all | of the others")
	require.Regexp(t, `(?m)^nab +all +1 +1 \|`, text, "and a line for each set")
	require.Regexp(t, `(?m)^wsd +all +1 +1 \|`, text)
	require.Regexp(t, `(?m)^nab +1 +2005 +\d+\.\d{3}`, text, "what a point cost")
}

// With several folders of a set the deafest and the loudest are named.
func TestTheWorstFoldersAreNamed(t *testing.T) {
	all := []judged{
		{set: "kpi", folder: "deaf", name: "deaf/1", weeks: 2, events: 4, found: [3]int{1, 1, 2}, alone: [3]int{2, 0, 4}},
		{set: "kpi", folder: "loud", name: "loud/1", weeks: 2, events: 4, found: [3]int{3, 3, 4}, alone: [3]int{14, 4, 30}},
		{set: "kpi", folder: "quiet", name: "quiet/1", weeks: 2, events: 0, alone: [3]int{0, 0, 1}},
	}
	text := printed(t, func() error { printFolders(all); return nil })
	require.Contains(t, text, "kpi      worst at medium: recall 0.25 in deaf, 7.00 false a week in loud")
	require.Regexp(t, `(?m)^kpi +all +3 +8 \| +0\.50 +0\.67 \| +0\.50 +2\.67 \| +0\.75 +5\.83 \| 7\.00 loud/1$`, text)
	require.NotContains(t, text, "NAB's score")
}
