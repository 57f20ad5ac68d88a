package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// benchData lays out a small copy of the data: two hourly series, one of them too short, one VM's day and one ETT column.
func benchData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	wave := func(n int) (out []string) {
		for i := range n {
			out = append(out, strconv.FormatFloat(100+10*math.Sin(float64(i)/24*2*math.Pi)+float64(i*7919%13), 'g', 6, 64))
		}
		return out
	}
	gaps := wave(340)
	gaps[40], gaps[41] = "", ""
	zipped(t, dir, "m4/hourly_series.csv.gz", "series,category,m,h,train\nH1,Hourly,24,48,"+strings.Join(gaps, ";")+"\nH2,Hourly,24,6,5;6\n")
	zipped(t, dir, "planetlab/20110303.csv.gz", "series,values\nvm0,"+strings.Join(wave(288), ";")+"\n")
	lines := "date,OT\n"
	for i, v := range wave(8*7*24 + 50) {
		lines += fmt.Sprintf("2016-07-01 00:00:%d,%s\n", i, v)
	}
	zipped(t, dir, "ett/ETTh9.csv.gz", lines)
	return dir
}

func TestForecastsAreWrittenForEveryStepWithBandsInsideEachOther(t *testing.T) {
	out := t.TempDir()
	require.NoError(t, run(t.Context(), []string{"forecast", "-data", benchData(t), "-out", out}))
	f, err := os.Open(filepath.Join(out, "m4_hourly.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"series", "step", "mean", "lo80", "hi80", "lo95", "hi95"}, rows[0])
	require.Len(t, rows, 1+48+6, "a series that is too short is answered by its last value")
	for i, row := range rows[1:49] {
		require.Equal(t, []string{"H1", strconv.Itoa(i + 1)}, row[:2])
		v := make([]float64, 5)
		for k := range v {
			v[k], err = strconv.ParseFloat(row[2+k], 64)
			require.NoError(t, err)
		}
		require.True(t, v[3] <= v[1] && v[1] < v[0] && v[0] < v[2] && v[2] <= v[4], "%v", row)
	}
	require.Equal(t, []string{"H2", "1", "6", "6", "6", "6", "6"}, rows[49])
}

func TestRollingEvaluationsWriteTheirSplit(t *testing.T) {
	out := t.TempDir()
	require.NoError(t, run(t.Context(), []string{"forecast", "-data", benchData(t), "-out", out, "-sets", "planetlab,ett"}))
	require.NoFileExists(t, filepath.Join(out, "m4_hourly.csv"))
	problems, err := seriesFile("planetlab_series.csv", 1)(out)
	require.NoError(t, err)
	require.Len(t, problems, 3)
	require.Equal(t, "20110303.vm0.144", problems[0].name)
	require.Len(t, problems[0].train, 144)
	require.Len(t, problems[2].train, 240)
	truth, err := table(filepath.Join(out, "planetlab_truth.csv"))
	require.NoError(t, err)
	values, err := numbers(truth[1][1])
	require.NoError(t, err)
	require.Equal(t, problems[1].train[144:], values, "what follows 12 hours is what 16 hours end with")
	problems, err = seriesFile("ett_series.csv", 1)(out)
	require.NoError(t, err)
	require.Len(t, problems, 1)
	require.Equal(t, "ETTh9.OT.1344", problems[0].name)
}

// A horizon earlier, what was the end of the series is the test part, and the split is written beside the forecasts.
func TestSeriesCanEndEarlier(t *testing.T) {
	for _, back := range []int{1, 2} {
		out := t.TempDir()
		require.NoError(t, run(t.Context(), []string{"forecast", "-data", benchData(t), "-out", out, "-sets", "m4_hourly", "-earlier", strconv.Itoa(back)}))
		given, err := table(filepath.Join(benchData(t), "m4", "hourly_series.csv.gz"))
		require.NoError(t, err)
		series, err := table(filepath.Join(out, "m4_hourly_series.csv"))
		require.NoError(t, err)
		truth, err := table(filepath.Join(out, "m4_hourly_truth.csv"))
		require.NoError(t, err)
		require.Len(t, series, 2, "the series without room is left out")
		require.Equal(t, given[1][:4], series[1][:4])
		whole := strings.Split(given[1][4], ";")
		at := len(whole) - 48*back
		require.Equal(t, strings.Join(whole[:at], ";"), series[1][4])
		require.Equal(t, strings.Join(whole[at:at+48], ";"), truth[1][1])
		forecasts, err := table(filepath.Join(out, "m4_hourly.csv"))
		require.NoError(t, err)
		require.Len(t, forecasts, 1+48)
	}
}

func TestWhatCannotEndEarlierIsLeftOut(t *testing.T) {
	nan := math.NaN()
	whole := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	kept := earlier([]problem{
		{name: "enough", horizon: 2, train: whole},
		{name: "too short", horizon: 3, train: whole},
		{name: "a gap in the test part", horizon: 2, train: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, nan, 12}},
		{name: "has its own truth", horizon: 3, train: whole, truth: []float64{7, 7, 7}},
	}, 1)
	require.Equal(t, []problem{
		{name: "enough", horizon: 2, train: whole[:10], truth: whole[10:]},
		{name: "has its own truth", horizon: 3, train: whole, truth: []float64{7, 7, 7}},
	}, kept)
}

func TestMissingValuesAreReadAsMissing(t *testing.T) {
	x, err := numbers("1;;3")
	require.NoError(t, err)
	require.True(t, x[0] == 1 && math.IsNaN(x[1]) && x[2] == 3)
	require.Equal(t, "1;;3", joined(x))
	_, err = numbers("1;two")
	require.ErrorContains(t, err, "value 1")
}

func TestWrongForecastCalls(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"forecast", "-data", "x", "-out", "y", "-earlier", "-1"}), "-earlier is -1")
	require.ErrorContains(t, run(t.Context(), []string{"forecast"}), "-data and -out are needed")
	dir := t.TempDir()
	require.NoError(t, run(t.Context(), []string{"forecast", "-data", dir, "-out", dir}), "absent sets are skipped")
	require.ErrorContains(t, run(t.Context(), []string{"forecast", "-data", dir, "-out", dir, "-workers", "0"}), "-workers is 0")
	data := benchData(t)
	require.NoError(t, os.WriteFile(filepath.Join(data, "m4", "weekly_series.csv"), []byte("series,category,m,h,train\nW1,x,1,a,1;2\n"), 0o600))
	require.ErrorContains(t, run(t.Context(), []string{"forecast", "-data", data, "-out", dir, "-sets", "m4_weekly"}), "series W1")
}
