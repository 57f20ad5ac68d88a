package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// What is read, in every form that the data have, and what is said of files that are not as they should be.

// plainFile writes a file of a benchmark's folder as it is.
func plainFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestATableIsReadPackedOrNot(t *testing.T) {
	dir := t.TempDir()
	want := [][]string{{"a", "b"}, {"1", "x,y"}}
	zipped(t, dir, "one.csv.gz", "a,b\n1,\"x,y\"\n")
	plainFile(t, dir, "two.csv", "a,b\n1,\"x,y\"\n")
	for _, name := range []string{"one.csv.gz", "two.csv", "two.csv.gz"} { // the last is not there packed
		rows, err := table(filepath.Join(dir, name))
		require.NoError(t, err, name)
		require.Equal(t, want, rows, name)
	}
}

func TestATableThatIsNoneIsNamed(t *testing.T) {
	dir := t.TempDir()
	zipped(t, dir, "empty.csv.gz", "")
	plainFile(t, dir, "broken.csv.gz", "this is not packed")
	zipped(t, dir, "ragged.csv.gz", "a,b\n1\n")
	for name, says := range map[string]string{"empty.csv.gz": "empty.csv.gz has no header", "broken.csv.gz": "broken.csv.gz: gzip", "ragged.csv.gz": "wrong number of fields",
		"absent.csv.gz": "no such file", "absent.csv": "no such file"} {
		_, err := table(filepath.Join(dir, name))
		require.ErrorContains(t, err, says)
		require.Equal(t, strings.HasPrefix(name, "absent"), os.IsNotExist(err), "only what is absent is skipped")
	}
}

func TestNumbersAreWrittenAsTheyAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-1e12, 1e12), rapid.Just(math.NaN()), rapid.Just(0.1)), 1, 30).Draw(t, "x")
		got, err := numbers(joined(x))
		require.NoError(t, err)
		require.Len(t, got, len(x))
		for i, v := range x {
			require.True(t, got[i] == v || math.IsNaN(v) && math.IsNaN(got[i]), "value %d", i)
		}
	})
}

func TestASeriesFileSaysWhatIsWrongWithARow(t *testing.T) {
	dir := t.TempDir()
	for row, says := range map[string]string{
		"H1,x,24,48,1;2;z":  `series H1: value 2: strconv.ParseFloat: parsing "z"`,
		"H1,x,day,48,1;2":   `series H1: strconv.Atoi: parsing "day"`,
		"H1,x,24,4.5,1;2":   `series H1: strconv.Atoi: parsing "4.5"`,
		"H1,x,24,48,1;2,99": "a row has 6 columns, 5 are needed: series,category,m,h,train",
	} {
		head := "series,category,m,h,train"
		if strings.Count(row, ",") == 5 {
			head += ",more"
		}
		plainFile(t, dir, "s.csv", head+"\n"+row+"\n")
		_, err := seriesFile("s.csv", time.Hour)(dir)
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, err, "s.csv")
	}
}

func TestAVMsDayThatIsShortMakesFewerProblems(t *testing.T) {
	dir := t.TempDir()
	day := func(n int) string { return strings.Repeat("1;", n-1) + "2" }
	plainFile(t, dir, "planetlab/20110303.csv", "series,values\nlong,"+day(288)+"\nshort,"+day(245)+"\nnone,"+day(150)+"\n")
	problems, err := planetLab(dir)
	require.NoError(t, err)
	var names []string
	for _, p := range problems {
		names = append(names, p.name)
		require.Len(t, p.truth, 48)
		require.Equal(t, p.horizon, len(p.truth))
	}
	require.Equal(t, []string{"20110303.long.144", "20110303.long.192", "20110303.long.240", "20110303.short.144", "20110303.short.192"}, names)
	plainFile(t, dir, "planetlab/20110304.csv", "series,values\nbad,1;x\n")
	_, err = planetLab(dir)
	require.ErrorContains(t, err, "20110304.csv: bad: value 1")
	_, err = planetLab(t.TempDir())
	require.True(t, os.IsNotExist(err))
}

func TestEveryColumnOfETTIsAProblemOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	text := "date,HUFL,OT\n"
	for i := range 8*7*24 + 2*28*24 + 48 {
		text += fmt.Sprintf("t%d,%d,%d\n", i, i, -i)
	}
	plainFile(t, dir, "ett/ETTh1.csv", text)
	problems, err := ett(dir)
	require.NoError(t, err)
	require.Len(t, problems, 2*3, "an origin every 28 days")
	require.Equal(t, []string{"ETTh1.HUFL.1344", "ETTh1.OT.2688"}, []string{problems[0].name, problems[5].name})
	require.Equal(t, []float64{1344, -2688}, []float64{problems[0].truth[0], problems[5].truth[0]}, "what comes next")
	plainFile(t, dir, "ett/ETTh1.csv", "date,OT\nt,warm\n")
	_, err = ett(dir)
	require.ErrorContains(t, err, "OT: row 1")
	_, err = ett(t.TempDir())
	require.True(t, os.IsNotExist(err))
}

// Sets go on or are passed over by one rule: not chosen, in silence; absent, with a line; anything else is an error that names the set.
func TestASetIsWorkedOnSkippedOrRefused(t *testing.T) {
	missing := &os.PathError{Op: "open", Path: "x/y.csv.gz", Err: os.ErrNotExist}
	for name, c := range map[string]struct {
		only       string
		load, work error
		worked     bool
		prints     string
		says       string
	}{
		"whole":      {"", nil, nil, true, "", ""},
		"chosen":     {"other,this", nil, nil, true, "", ""},
		"not chosen": {"other,thi", missing, nil, false, "", ""},
		"absent":     {"", missing, nil, false, "this                skipped: open x/y.csv.gz: file does not exist\n", ""},
		"unreadable": {"", errors.New("row 3"), nil, false, "", "this: row 3"},
		"failing":    {"this", nil, errors.New("no memory"), true, "", "this: no memory"},
	} {
		t.Run(name, func(t *testing.T) {
			worked := false
			var err error
			text := printed(t, func() error {
				err = eachSet("this", c.only, func() (int, error) { return 7, c.load }, func(n int) error { worked = n == 7; return c.work })
				return nil
			})
			require.Equal(t, c.worked, worked)
			require.Equal(t, c.prints, text)
			if c.says == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, c.says)
			}
		})
	}
}

func TestForecastsAreSummedUpInALine(t *testing.T) {
	text := printed(t, func() error {
		return run(t.Context(), []string{"forecast", "-data", benchData(t), "-out", t.TempDir(), "-sets", "m4_hourly,m4_weekly", "-algorithm", "theta"})
	})
	rows := strings.Split(strings.TrimSpace(text), "\n")
	require.Len(t, rows, 4, text)
	require.Equal(t, []string{"m4_hourly", "refused:", "H2:"}, strings.Fields(rows[1])[:3])
	line := strings.Fields(rows[2])
	require.Equal(t, []string{"m4_hourly", "2"}, line[:2])
	require.Equal(t, "100.0%", line[6], "of the one that was forecast a day was found")
	require.Equal(t, []string{"theta[24]", "1"}, line[7:])
	require.Contains(t, rows[3], "m4_weekly           skipped:")
}

func TestAForecasterThatNobodyKnowsIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	out := t.TempDir()
	err := run(t.Context(), []string{"forecast", "-data", benchData(t), "-out", out, "-algorithm", "oracle"})
	require.ErrorIs(t, err, forecast.ErrUnknownAlgorithm)
	require.ErrorContains(t, err, `-algorithm: unknown algorithm: no forecaster "oracle", known are: auto, naive`)
	files, err := os.ReadDir(out)
	require.NoError(t, err)
	require.Empty(t, files)
}

func TestTablesOfNumbers(t *testing.T) {
	dir := t.TempDir()
	zipped(t, dir, "w.csv.gz", "x,y\n1,2\n3,-4.5\n")
	rows, err := numberTable(filepath.Join(dir, "w.csv.gz"), true)
	require.NoError(t, err)
	require.Equal(t, [][]float64{{1, 2}, {3, -4.5}}, rows)
	p := flat(rows)
	require.Equal(t, []any{2, 2, []float64{1, 2, 3, -4.5}}, []any{p.Dims, p.Len(), p.X})
	_, err = numberTable(filepath.Join(dir, "w.csv.gz"), false)
	require.ErrorContains(t, err, `row 1: column 1: strconv.ParseFloat: parsing "x"`)
	require.Zero(t, flat(nil).Len())
}
