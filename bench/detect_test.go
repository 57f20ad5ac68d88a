package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
)

// detectData lays out one file of one metric with timestamps (a row twice, an hour missing), one with an index, and an entity of
// two metrics with training rows.
func detectData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	wave := func(i int) float64 { return 100 + 10*math.Sin(float64(i)/144*math.Pi) + float64(i*7919%13)/13 }
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	stamped, plain, many := "timestamp,value,label\n", "value,label\n", "c0,c1,label\n"
	for i := range 2016 {
		v, label := wave(i), 0
		if i >= 1900 && i < 1910 {
			v, label = v+60, 1
		}
		switch {
		case i >= 500 && i < 512:
		case i == 700:
			stamped += fmt.Sprintf("%s,%g,%d\n", start.Add(time.Duration(i)*5*time.Minute).Format(time.DateTime), v, label)
			fallthrough
		default:
			stamped += fmt.Sprintf("%s,%g,%d\n", start.Add(time.Duration(i)*5*time.Minute).Format(time.DateTime), v, label)
		}
		plain += fmt.Sprintf("%g,%d\n", v, label)
		if i < 1000 {
			label = -1
		}
		many += fmt.Sprintf("%g,%g,%d\n", v, 2*wave(i+3), label)
	}
	zipped(t, dir, "nab/data/realX/a.csv.gz", stamped)
	zipped(t, dir, "wsd/data/1.csv.gz", plain)
	zipped(t, dir, "asd/data/omi.csv.gz", many)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wsd", "index.csv"), []byte("file,train_rows,step_s,start_unix\n1.csv,1000,300,1770000000\n"), 0o644))
	return dir
}

func readMarks(t *testing.T, path string) (head []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	return all[0], all[1:]
}

func TestDetectionsAreWrittenForEveryRowOfEverySet(t *testing.T) {
	out := t.TempDir()
	require.NoError(t, run(t.Context(), []string{"detect", "-data", detectData(t), "-out", out}))

	head, rows := readMarks(t, filepath.Join(out, "nab", "realX", "a.csv"))
	require.Equal(t, []string{"timestamp", "anomaly_score", "score", "alert", "alert_low", "alert_high"}, head)
	require.Len(t, rows, 2016-12+1)
	require.Equal(t, rows[700-12][1:], rows[701-12][1:], "rows of one time are one point")
	found := false
	for i, row := range rows {
		s, err := strconv.ParseFloat(row[1], 64)
		require.NoError(t, err)
		require.True(t, s >= 0 && s < 1)
		if i < 1900-11 {
			require.Equal(t, "0", row[3], "row %d", i)
		}
		found = found || row[3] == "1" && s >= 0.5
	}
	require.True(t, found, "the planted incident is alerted, and its beginning scores half or more")

	head, rows = readMarks(t, filepath.Join(out, "wsd", "data", "1.csv"))
	require.Equal(t, []string{"score", "alert", "alert_low", "alert_high"}, head)
	require.Len(t, rows, 2016)
	require.Equal(t, []string{"0", "0", "0", "0"}, rows[999], "history is not scored")
	require.Equal(t, []string{"1", "1", "1"}, rows[1904][1:])

	_, rows = readMarks(t, filepath.Join(out, "asd", "omi.csv"))
	require.Len(t, rows, 2016)
	require.Equal(t, "1", rows[1904][1])
}

func TestAScoreKnowsOnlyThePast(t *testing.T) {
	dir, out := detectData(t), t.TempDir()
	f := labelled{path: filepath.Join(dir, "wsd", "data", "1.csv.gz"), rel: "1.csv", train: 1000, step: 5 * time.Minute}
	require.NoError(t, f.read())
	all, err := markOne(t.Context(), f, "auto")
	require.NoError(t, err)
	short := f
	short.values = [][]float64{f.values[0][:1905]}
	part, err := markOne(t.Context(), short, "auto")
	require.NoError(t, err)
	for i := 1000; i < 1905; i++ {
		require.Equal(t, all.score[i], part.score[i], "row %d", i)
	}
	require.Equal(t, all.alert[0][:1905], part.alert[0])
	require.NoError(t, writeMarks(filepath.Join(out, "x", "1.csv"), short, part))
}

func TestAnAlertThatPausesBeginsOnce(t *testing.T) {
	nan := math.NaN()
	r := &detect.Output{Score: []float64{0.2, 3, 1.5, 0.4, 0.4, 4, nan, 0.4, 0.4, 0.4, 5, 6, 1.2},
		Anomalous: []bool{false, true, true, false, false, true, false, false, false, false, true, true, false}}
	got := openings(r)
	require.True(t, math.IsNaN(got[6]))
	got[6] = 0
	require.Equal(t, []float64{0.2, 3, 0.99, 0.4, 0.4, 0.99, 0, 0.4, 0.4, 0.4, 5, 0.99, 0.99}, got, "two rows apart it is one, three apart another")
}

func TestAFileThatIsTooShortForADetectorGetsNoAlerts(t *testing.T) {
	f := labelled{names: []string{"value"}, values: [][]float64{{1, 2, 3, 4, 5}}, labels: make([]bool, 5), step: time.Hour}
	m, err := markOne(t.Context(), f, "kmeans")
	require.NoError(t, err)
	require.Equal(t, [3][]bool{make([]bool, 5), make([]bool, 5), make([]bool, 5)}, m.alert)
	require.Equal(t, make([]float64, 5), m.score)
	require.Equal(t, [3]int{}, f.judge("kpi", m).alone)
}

func TestDetectWrongCallsSayWhatIsRight(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"detect"}), "-data and -out are needed")
	require.ErrorContains(t, run(t.Context(), []string{"detect", "-data", "x", "-out", "y", "-workers", "0"}), "-workers is 0")
	require.NoError(t, run(t.Context(), []string{"detect", "-data", t.TempDir(), "-out", t.TempDir()}), "what is absent is skipped")
	require.ErrorContains(t, run(t.Context(), []string{"detect", "-data", detectData(t), "-out", t.TempDir(), "-algorithm", "none"}), "unknown algorithm")
}
