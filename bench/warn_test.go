package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/warn"
)

const warnHeader = "series,kind,step_s,threshold,floor,ceiling,first_eval,every,values\n"

// warnFileOf writes cases: a disk that fills by 0.1 an hour from 60, and one that stays.
func warnFileOf(t *testing.T, rows ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cases.csv")
	require.NoError(t, os.WriteFile(path, []byte(warnHeader+strings.Join(rows, "\n")+"\n"), 0o600))
	return path
}

func ramp(from, perHour float64, n int) string {
	x := make([]float64, n)
	for i := range x {
		x[i] = from + perHour*float64(i) + 0.3*math.Sin(float64(i)*0.7)
	}
	return joined(x)
}

func TestWarningsAreWrittenForEveryPointInTheScorersFormat(t *testing.T) {
	data := warnFileOf(t, "filling,ramp,3600,90,0,100,240,6,"+ramp(60, 0.1, 290), "staying,flat,3600,90,0,100,240,6,"+ramp(60, 0, 290))
	out := filepath.Join(t.TempDir(), "deep", "answers.csv")
	require.NoError(t, run(t.Context(), []string{"warn", "-data", data, "-out", out}))
	rows, err := table(out)
	require.NoError(t, err)
	require.Equal(t, strings.Split("series,index,eta_h,early_h,prob24,prob72,fire", ","), rows[0])
	require.Len(t, rows, 1+2*9)
	require.Equal(t, []string{"filling", "240"}, rows[1][:2])
	require.Equal(t, "1", rows[9][6], "two days before the crossing")
	for _, row := range rows[10:] {
		require.Equal(t, []string{"staying", "inf", "inf", "0", "0"}, []string{row[0], row[2], row[3], row[4], row[6]})
	}
}

func TestAnAnswerKnowsThePastOnly(t *testing.T) {
	answers := func(values string) [][]watched {
		cases, err := warnCases(warnFileOf(t, "a,k,3600,90,0,100,200,10,"+values))
		require.NoError(t, err)
		out, err := watchAll(t.Context(), cases, warnOptions{history: 14 * 24 * time.Hour, horizon: 72 * time.Hour, workers: 1})
		require.NoError(t, err)
		return out
	}
	calm, changed := answers(ramp(60, 0.1, 260)), answers(ramp(60, 0.1, 231)+strings.Repeat(";99", 29))
	require.Equal(t, render(calm[0][:4]), render(changed[0][:4]))
	require.NotEqual(t, render(calm[0][4:]), render(changed[0][4:]))
}

func render(answers []watched) (out []string) {
	for _, a := range answers {
		out = append(out, hours(a.ETA), hours(a.ETAEarly), string(a.State))
	}
	return out
}

func TestQuietSeriesAreReadAndTheirWarningsCounted(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "kpi", "data"), 0o755))
	_, err := quietFiles("kpi")(dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	zipped(t, dir, "nab/data/one.csv.gz", "timestamp,value,label\n2024-01-01 00:00:00,1,0\n2024-01-01 00:05:00,3,0\n2024-01-01 00:20:00,6,0\n2024-01-01 00:25:00,8,0\n")
	loaded, err := quietFiles("nab")(dir)
	require.NoError(t, err)
	c := loaded[0]
	require.InDeltaSlice(t, []float64{2, 7}, []float64{c.values[0], c.values[2]}, 1e-12)
	require.True(t, math.IsNaN(c.values[1]), "a gap stays one")

	up, ok := c.quiet(true, warnOptions{margin: 0.1, every: time.Hour})
	require.True(t, ok)
	require.InDelta(t, 7.5, up.threshold, 1e-12)
	down, _ := c.quiet(false, warnOptions{margin: 0.1, every: time.Hour})
	require.InDelta(t, 1.5, down.threshold, 1e-12)
	_, ok = warnCase{values: []float64{4, 4, math.NaN()}}.quiet(true, warnOptions{margin: 0.1})
	require.False(t, ok, "a constant has no range")
	require.NoError(t, run(t.Context(), []string{"warn", "-quiet", dir}), "what is absent is skipped, and what is too short asked nothing")
}

func TestEpisodesAreBeginnings(t *testing.T) {
	var answers []watched
	for _, on := range []bool{true, true, false, true, false, false, true} {
		answers = append(answers, watched{Answer: warn.Answer{Firing: on}})
	}
	require.Equal(t, 3, episodes(answers))
	require.Zero(t, episodes(nil))
}

func TestNoTimeIsWrittenAsInfinite(t *testing.T) {
	require.Equal(t, []string{"0", "12.5", "inf", "inf"}, []string{hours(0), hours(12.5), hours(warn.Never), hours(warn.Uncertain)})
}

func TestWrongWarningCallsSayWhatIsRight(t *testing.T) {
	bad := func(want string, args ...string) {
		t.Helper()
		require.ErrorContains(t, run(t.Context(), append([]string{"warn"}, args...)), want)
	}
	bad("-data and -out are needed")
	bad("-workers is 0", "-data", "x", "-out", "y", "-workers", "0")
	bad("-horizon 0s", "-quiet", "x", "-horizon", "0s")
	bad("-margin is 0", "-quiet", "x", "-margin", "0")
	bad("threshold", "-data", warnFileOf(t, "a,k,600,x,0,100,1,1,1;2"), "-out", "y")
	bad("must be positive", "-data", warnFileOf(t, "a,k,600,9,0,100,1,0,1;2"), "-out", "y")
	bad("value 1", "-data", warnFileOf(t, "a,k,600,9,0,100,1,1,1;z"), "-out", "y")
}
