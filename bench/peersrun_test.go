package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The peers' scripts as the command runs them, by stand-ins in a shell.

// peersData is a folder with two small series and their truth, and the names of the files in it.
func peersData(t *testing.T) (dir, series, truth string) {
	t.Helper()
	dir = t.TempDir()
	problems, _ := scored()
	head, rest := "series,category,m,h,train\n", "series,values\n"
	for _, p := range problems {
		head += p.name + ",x,4,4," + joined(p.train) + "\n"
		rest += p.name + "," + joined(p.truth) + "\n"
	}
	return dir, plainFile(t, dir, "m4/hourly_series.csv", head), plainFile(t, dir, "m4/hourly_truth.csv", rest)
}

// A stand-in is given the series, where to write, the step and the periods; what it wrote stands in the table beside ours.
func TestAPeerIsRunAndItsForecastsStandInTheTable(t *testing.T) {
	dir, _, _ := peersData(t)
	scripts := t.TempDir()
	plainFile(t, scripts, "peers.py", `
echo "method,series,step,mean,lo95,hi95" > "$2.csv"
echo "method,series,ms" > "$2_ms.csv"
name="stand-in, $3 s, $(echo "$4" | tr , +): Theta"
for s in a b; do
  for h in 1 2 3 4; do echo "\"$name\",$s,$h,50,0,100" >> "$2.csv"; done
  echo "\"$name\",$s,7.5" >> "$2_ms.csv"
done
test "$(wc -l < "$1")" -eq 3
`)
	plainFile(t, scripts, "peers.R", "exit 3\n")
	text := printed(t, func() error {
		return run(t.Context(), []string{"peers", "-data", dir, "-out", filepath.Join(dir, "out"), "-scripts", scripts, "-python", "sh", "-rscript", "sh"})
	})
	require.Contains(t, text, "m4_hourly, 2 series, one thread")
	require.Regexp(t, `(?m)^\| stand-in, 3600 s, 24\+168: Theta \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \| 1\.000 \| 7\.5 \| theta [\d.]+; auto [\d.]+ \|$`, text)
	for _, m := range ownMethods {
		require.Contains(t, text, "| Forewarn: "+m.name+" |")
	}
	require.FileExists(t, filepath.Join(dir, "out", "m4_hourly_series.csv"), "what the scripts were given")
}

func TestTruthThatDoesNotFitIsNamed(t *testing.T) {
	for text, says := range map[string]string{
		"series,values\na,1;2;3;4\nb,1;2;3\n":       "series b has 3 values, 4 are needed",
		"series,values\na,1;2;3;4\nb,1;2;x;4\n":     "series b: value 2",
		"series,values\na,1;2;3;4\nother,1;2;3;4\n": "series b has 1 values, 4 are needed",
	} {
		dir, _, truth := peersData(t)
		require.NoError(t, os.WriteFile(truth, []byte(text), 0o600))
		require.ErrorContains(t, run(t.Context(), []string{"peers", "-data", dir}), says)
	}
	dir, _, truth := peersData(t)
	require.NoError(t, os.Remove(truth))
	require.ErrorIs(t, run(t.Context(), []string{"peers", "-data", dir}), os.ErrNotExist)
}

func TestPeersFilesThatAreWrongAreNamed(t *testing.T) {
	dir := t.TempDir()
	prefix := filepath.Join(dir, "x")
	plainFile(t, dir, "x_ms.csv", "method,series,ms\nm,a,3\n")
	for text, says := range map[string]string{
		"method,series,step,mean,lo95\nm,a,1,1,0\n":          "x.csv has 5 columns, 6 are needed",
		"method,series,step,mean,lo95,hi95\nm,a,1,far,0,2\n": `x.csv: a of m: strconv.ParseFloat: parsing "far"`,
		"method,series,step,mean,lo95,hi95\nm,a,1,1\n":       "wrong number of fields",
	} {
		plainFile(t, dir, "x.csv", text)
		_, err := readPeers(prefix, []problem{{name: "a"}})
		require.ErrorContains(t, err, says)
	}
	plainFile(t, dir, "x.csv", "")
	rows, err := readPeers(prefix, []problem{{name: "a"}})
	require.NoError(t, err)
	require.Empty(t, rows, "a script that wrote nothing has no rows")
}

func TestPeersAreSetSideBySideOnlyWhereThereIsATwin(t *testing.T) {
	own := map[string]float64{"theta": 2, "auto": 4}
	require.Equal(t, "theta 5.0; auto 2.5", against(peerRow{method: "x: Theta"}, 10, own))
	require.Empty(t, against(peerRow{method: "x: Theta", own: true}, 10, own))
	require.Empty(t, against(peerRow{method: "x: TBATS"}, 10, own), "of another kind")
	require.Empty(t, against(peerRow{method: "x: ETS"}, 10, own), "ours was not run")
}

func TestTimesAreWrittenWithTwoDigits(t *testing.T) {
	for v, want := range map[float64]string{0.00123: "0.0012", 0.5: "0.5", 0.999: "1", 1.26: "1.3", 9.96: "10.0", 10.4: "10", 12345.6: "12346"} {
		require.Equal(t, want, digits(v))
	}
	require.Equal(t, "24,168", joinInts([]int{24, 168}))
	require.Empty(t, joinInts(nil))
}

// A series that repeats itself exactly has no scale: it counts for sMAPE and for what lies inside, not for MASE and MSIS.
func TestASeriesWithoutAScaleIsLeftOutOfScaledErrors(t *testing.T) {
	problems, answers := scored()
	want := scoreAll(problems, func(p problem) answer { return answers[p.name] })
	flat := problem{name: "flat", period: 4, horizon: 1, train: []float64{5, 5, 5, 5, 5, 5, 5, 5}, truth: []float64{5}}
	answers["flat"] = answer{mean: []float64{5}, lo95: []float64{5}, hi95: []float64{5}}
	got := scoreAll(append(problems, flat), func(p problem) answer { return answers[p.name] })
	require.Equal(t, []float64{want.mase, want.msis}, []float64{got.mase, got.msis})
	require.InDelta(t, want.smape*2/3, got.smape, 1e-12)
	require.InDelta(t, 1, got.cover, 1e-12)
}

// M4's yardstick: a rhythm that is significant is repeated on the last level, one that is not is left alone.
func TestNaive2RepeatsARhythmThatIsThere(t *testing.T) {
	var x []float64
	for i := range 48 {
		x = append(x, []float64{80, 100, 140, 80}[i%4])
	}
	require.True(t, isSeasonal(x, 4))
	require.InDeltaSlice(t, []float64{80, 100, 140, 80, 80}, naive2(x, 4, 5), 1e-9)
	require.InDeltaSlice(t, []float64{0.8, 1, 1.4, 0.8}, seasonalIndex(x, 4), 1e-9)
	require.False(t, isSeasonal(x[:11], 4), "three cycles are needed")
	odd := append([]float64{1, 2, 3}, x...)
	require.Len(t, seasonalIndex(odd, 3), 3, "an odd season has a centre")
	require.False(t, isSeasonal([]float64{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, 4))
}

func TestTheTableNamesItsColumns(t *testing.T) {
	var b bytes.Buffer
	printPeers(&b, nil, nil)
	require.Equal(t, "| method | sMAPE | MASE | OWA | MSIS | within 95 % | ms | times our |\n|---|--:|--:|--:|--:|--:|--:|---|\n", b.String())
}
