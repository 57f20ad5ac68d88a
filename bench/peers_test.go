package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// scored are two small problems with answers; the expected measures come from an independent scorer in numpy (sMAPE 4.507, MASE
// .943, OWA 1.976, MSIS 3.491, all inside; Naive2 has sMAPE 2.257 and MASE .483).
func scored() ([]problem, map[string]answer) {
	var problems []problem
	answers := map[string]answer{}
	for k, name := range []string{"a", "b"} {
		p := problem{name: name, category: "x", period: 4, horizon: 4, step: time.Hour}
		for i := range 40 {
			v := 50 + 10*math.Sin(math.Pi/2*float64(i)+float64(k)) + 3*math.Sin(float64(i*i)*0.7) + float64(i)*0.2
			if p.train = append(p.train, v); i >= 36 {
				p.truth, p.train = append(p.truth, v), p.train[:36]
			}
		}
		var a answer
		for h := range 4 {
			f := p.train[32+h] + 2 - float64(h)*1.5
			a.mean, a.lo95, a.hi95 = append(a.mean, f), append(a.lo95, f-4), append(a.hi95, f+5)
		}
		problems, answers[name] = append(problems, p), a
	}
	return problems, answers
}

func TestMeasuresAreThoseOfM4(t *testing.T) {
	problems, answers := scored()
	s := scoreAll(problems, func(p problem) answer { return answers[p.name] })
	base := scoreAll(problems, func(p problem) answer { return answer{mean: naive2(p.train, p.period, p.horizon)} })
	require.InDelta(t, 4.507, s.smape, 1e-3)
	require.InDelta(t, 0.943, s.mase, 1e-3)
	require.InDelta(t, 3.491, s.msis, 1e-3)
	require.InDelta(t, 1, s.cover, 1e-3)
	require.InDelta(t, 2.257, base.smape, 1e-3)
	require.InDelta(t, 0.483, base.mase, 1e-3)
}

func TestNaive2WithoutASeasonIsTheLastValue(t *testing.T) {
	require.Equal(t, []float64{3, 3}, naive2([]float64{1, 5, 2, 3}, 4, 2))
	require.Equal(t, []float64{7, 7}, naive2([]float64{7, 7, 7, 7, 7, 7, 7}, 2, 2))
}

func TestThePeersTable(t *testing.T) {
	problems, answers := scored()
	rows := []peerRow{
		{method: "Forewarn: MSTL + ETS", own: true, answers: answers, ms: []float64{2, 4}},
		{method: "Forewarn: auto", own: true, answers: answers, ms: []float64{1, 1}},
		{method: "augurs 0.8.0: MSTL + ETS", answers: answers, ms: []float64{30, 30}},
	}
	var b bytes.Buffer
	printPeers(&b, problems, rows)
	require.Contains(t, b.String(), "| augurs 0.8.0: MSTL + ETS | 4.51 | 0.943 | 1.976 | 3.49 | 1.000 | 30 | MSTL + ETS 10; auto 30 |")
	require.Equal(t, 3+2, strings.Count(b.String(), "\n"))
}

func TestPeersForecastsAreReadBack(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "x")
	write := func(suffix, text string) { require.NoError(t, os.WriteFile(prefix+suffix, []byte(text), 0o600)) }
	write(".csv", "method,series,step,mean,lo95,hi95\nm,a,1,1,0,2\nm,a,2,2,1,3\nm,b,1,5,4,6\npart,a,1,1,1,1\n")
	write("_ms.csv", "method,series,ms\nm,a,3\nm,b,5\npart,a,1\n")
	rows, err := readPeers(prefix, []problem{{name: "a"}, {name: "b"}})
	require.NoError(t, err)
	require.Len(t, rows, 1, "a method that did not forecast every series is left out")
	require.Equal(t, answer{mean: []float64{1, 2}, lo95: []float64{0, 1}, hi95: []float64{2, 3}}, rows[0].answers["a"])
	require.Equal(t, []float64{3, 5}, rows[0].ms)
	_, err = readPeers(prefix+"none", nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestPeersRunsWithoutAnyPeer(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "m4"), 0o700))
	problems, _ := scored()
	series, truth := "series,category,m,h,train\n", "series,values\n"
	for _, p := range problems {
		series += p.name + ",x,4,4," + joined(p.train) + "\n"
		truth += p.name + "," + joined(p.truth) + "\n"
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m4", "hourly_series.csv"), []byte(series), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m4", "hourly_truth.csv"), []byte(truth), 0o600))
	args := []string{"peers", "-data", dir, "-out", filepath.Join(dir, "out"), "-python", "no-such-program", "-rscript", "no-such-program"}
	require.NoError(t, run(t.Context(), args))
	require.ErrorContains(t, run(t.Context(), []string{"peers"}), "-data is needed")
	require.ErrorContains(t, run(t.Context(), append(args, "-set", "x")), "m4_hourly")
}

func TestEveryPeerHasACounterpart(t *testing.T) {
	own := map[string]float64{}
	for _, m := range ownMethods {
		own[m.name] = 1
		if m.algorithm != forecast.Auto {
			_, err := forecast.Lookup(m.algorithm)
			require.NoError(t, err)
		}
	}
	for method, want := range map[string]string{
		"statsforecast 2.1.1: MSTL + AutoARIMA": "MSTL + ARIMA", "R forecast 8.20: mstl + auto.arima": "MSTL + ARIMA",
		"augurs 0.8.0: MSTL + ETS": "MSTL + ETS", "R forecast 8.20: thetaf": "theta", "Prophet 1.1.7: defaults": "piecewise",
		"statsforecast 2.1.1: AutoETS": "ETS", "R forecast 8.20: snaive": "seasonal naive", "statsforecast 2.1.1: SeasonalNaive": "seasonal naive",
	} {
		require.Contains(t, against(peerRow{method: method}, 5, own), want+" 5.0", method)
	}
}

func TestTheSameSeriesAreSampledEachTime(t *testing.T) {
	problems := make([]problem, 30)
	for i := range problems {
		problems[i].name = string(rune('a' + i))
	}
	one, two := sampled(problems, 5), sampled(problems, 7)
	require.Equal(t, one, two[:5])
	require.Len(t, sampled(problems, 0), 30)
	require.Len(t, sampled(problems, 99), 30)
}
