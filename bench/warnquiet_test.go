package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/warn"
)

// curve is a file of a metric with a day's course, a value every ten minutes.
func curve(days int, stamp string) string {
	var out strings.Builder
	header := "timestamp,value,label\n"
	if stamp == "" {
		header = "value,label\n"
	}
	out.WriteString(header)
	start := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range days * 144 {
		v := 50 + 20*math.Sin(2*math.Pi*float64(i)/144)
		if stamp != "" {
			fmt.Fprintf(&out, "%s,", start.Add(time.Duration(i)*10*time.Minute).Format(stamp))
		}
		fmt.Fprintf(&out, "%.3f,0\n", v)
	}
	return out.String()
}

func TestSetsOfEveryLayoutAreRead(t *testing.T) {
	dir := t.TempDir()
	zipped(t, dir, "nab/data/real/a.csv.gz", curve(3, time.DateTime))
	zipped(t, dir, "mscloud/data/group/b.csv.gz", curve(3, "2006-01-02T15:04:05Z"))
	zipped(t, dir, "kpi/data/c.csv.gz", curve(3, ""))
	zipped(t, dir, "m4/hourly_series.csv.gz", "series,category,m,h,train\nH1,Hourly,24,48,1;2;;4\n")
	zipped(t, dir, "asd/data/omi-1.csv.gz", "c0,c1,label\n1,8,-1\n3,6,-1\n5,4,0\n")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "asd", "index.csv"), []byte("file,train_rows,step_s\nomi-1.csv,2,300\n"), 0o600))
	zipped(t, dir, "smd/data/m.csv.gz", "c0,label\n1,-1\n3,0\n")
	zipped(t, dir, "planetlab/20110303.csv.gz", "series,values\nvm0,1;3;5;;9;11\n")
	zipped(t, dir, "ett/ETTh1.csv.gz", "date,HUFL,OT\n2016-07-01 00:00:00,5,30\n2016-07-01 01:00:00,6,31\n")
	loaded := map[string][]warnCase{}
	for _, set := range quietSets {
		cases, err := set.load(dir)
		if os.IsNotExist(err) {
			continue
		}
		require.NoError(t, err, set.name)
		loaded[set.name] = cases
	}
	require.Len(t, loaded, 8, "what is absent says so")
	require.Len(t, loaded["nab"][0].values, 432)
	require.Equal(t, loaded["nab"][0].values, loaded["mscloud"][0].values, "both ways to write a time")
	require.Equal(t, "group/b.csv value", loaded["mscloud"][0].name)
	require.Len(t, loaded["kpi"][0].values, 44, "steps of a minute are put together to ten")
	h := loaded["m4_hourly"][0]
	require.Equal(t, time.Hour, h.step)
	require.Len(t, h.values, 4)
	require.True(t, math.IsNaN(h.values[2]))
	require.Equal(t, []float64{7, 4}, loaded["asd"][1].values, "every column, at the step of the index")
	require.Equal(t, []float64{2}, loaded["smd"][0].values, "a row is a minute where nothing else is said")
	require.Equal(t, []float64{2, 5, 10}, loaded["planetlab"][0].values, "a day of five minutes")
	require.Equal(t, []float64{30, 31}, loaded["ett"][1].values)
	require.Equal(t, time.Hour, loaded["ett"][1].step)

	zipped(t, dir, "wsd/data/bad.csv.gz", "timestamp,value,label\nyesterday,1,0\n")
	require.ErrorContains(t, run(t.Context(), []string{"warn", "-quiet", dir, "-kinds", "wsd"}), "wsd")
	require.ErrorContains(t, run(t.Context(), []string{"warn", "-quiet", dir, "-kinds", "wsd"}), "bad.csv.gz")
}

func TestADaysCourseRaisesNoWarningBeyondItsRange(t *testing.T) {
	dir := t.TempDir()
	zipped(t, dir, "nab/data/real/a.csv.gz", curve(12, time.DateTime))
	loaded, err := quietFiles("nab")(dir)
	require.NoError(t, err)
	o := warnOptions{history: 14 * 24 * time.Hour, horizon: 7 * 24 * time.Hour, every: 3 * time.Hour, margin: 0.05, workers: 1}
	for _, above := range []bool{true, false} {
		c, ok := loaded[0].quiet(above, o)
		require.True(t, ok)
		require.Equal(t, 18, c.each)
		require.Equal(t, 6*144, c.first, "from its second half on, where that is before the eighth day")
		answers, err := watchAll(t.Context(), []warnCase{c}, o)
		require.NoError(t, err)
		n := countQuiet([]warnCase{c}, answers)
		require.Equal(t, quietCount{answers: 48, weeks: 48 * 3.0 / 168}, n)
	}
}

func TestFalseWarningsAreCountedByTheWeek(t *testing.T) {
	firing := func(flags ...bool) (out []watched) {
		for _, on := range flags {
			out = append(out, watched{Answer: warn.Answer{Firing: on}})
		}
		return out
	}
	cases := []warnCase{{step: time.Hour, each: 84}, {step: 10 * time.Minute, each: 6}}
	n := countQuiet(cases, [][]watched{firing(false, true, true, false), firing(true, false, true)})
	require.Equal(t, 7, n.answers)
	require.Equal(t, 4, n.firing)
	require.Equal(t, 3, n.began)
	require.InDelta(t, 4*0.5+3.0/168, n.weeks, 1e-12)
	require.Equal(t, quietCount{}, countQuiet(nil, nil))
}

func TestAThresholdIsBeyondAllThatWasByTheMargin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-100, 100), rapid.Just(math.NaN())), 2, 60).Draw(t, "values")
		o := warnOptions{margin: rapid.Float64Range(0.01, 1).Draw(t, "margin"), every: time.Hour}
		c := warnCase{step: 10 * time.Minute, values: values}
		up, ok := c.quiet(true, o)
		down, also := c.quiet(false, o)
		require.Equal(t, ok, also)
		if !ok {
			return
		}
		for _, v := range values {
			require.False(t, v >= up.threshold || v <= down.threshold)
			require.False(t, v < 0 && up.low != nil, "what was below zero may be so again")
		}
		require.True(t, up.above)
		require.False(t, down.above)
		require.LessOrEqual(t, up.first, len(values)/2)
	})
}

func TestAWatchEndsWhenItIsNoLongerWanted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := warnCase{name: "a", step: time.Hour, values: make([]float64, 300), first: 200, each: 1}
	_, err := watchAll(ctx, []warnCase{c}, warnOptions{history: time.Hour, horizon: time.Hour, workers: 1})
	require.ErrorIs(t, err, context.Canceled)
	_, err = c.watch(ctx, warnOptions{history: time.Hour, horizon: time.Hour})
	require.ErrorIs(t, err, context.Canceled)
}

func TestKindsAreChosenByName(t *testing.T) {
	require.True(t, chosen("", "anything"))
	require.True(t, chosen("a,b", "b"))
	require.False(t, chosen("a,bb", "b"))
	data := warnFileOf(t, "one,ramp,3600,90,0,100,240,24,"+ramp(60, 0.1, 270), "two,flat,3600,90,0,100,240,24,"+ramp(60, 0, 270))
	out := filepath.Join(t.TempDir(), "a.csv")
	require.NoError(t, run(t.Context(), []string{"warn", "-data", data, "-out", out, "-kinds", "flat"}))
	rows, err := table(out)
	require.NoError(t, err)
	require.Len(t, rows, 1+2)
	require.Equal(t, "two", rows[1][0])
}

func TestWhatIsNotKnownIsNoChance(t *testing.T) {
	require.Zero(t, finite(math.NaN()))
	require.Equal(t, 0.25, finite(0.25))
}
