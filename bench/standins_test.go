package main

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/tests/promserver"
)

// The parts of the commands that ask a server, with a stand-in for it, and the data that they are measured on.

// prometheusOf answers range queries with so many series of so many points, and keeps what it was asked.
func prometheusOf(t *testing.T, answered, points int) (r *overheadRun, asked map[string]string) {
	t.Helper()
	asked = map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		for _, name := range []string{"query", "start", "end", "step"} {
			asked[name] = req.FormValue(name)
		}
		one := strings.TrimSuffix(strings.Repeat(`[1700000000,"1"],`, points), ",")
		each := make([]string, answered)
		for i := range each {
			each[i] = fmt.Sprintf(`{"metric":{"instance":"h%d"},"values":[%s]}`, i, one)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[%s]}}`, strings.Join(each, ","))
	}))
	t.Cleanup(server.Close)
	client, err := api.NewClient(api.Config{Address: server.URL})
	require.NoError(t, err)
	return &overheadRun{ctx: t.Context(), bare: v1.NewAPI(client), end: time.Unix(1_700_000_000, 0)}, asked
}

// The bare query reads as many points as the forecast's training needs, at the same times; an answer of anything else is no measure.
func TestTheBareQueryReadsWhatTheForecastNeeds(t *testing.T) {
	r, asked := prometheusOf(t, 10, 4032)
	require.NoError(t, r.bareQuery(10))
	require.Equal(t, map[string]string{"query": `bench_cpu_percent{set=~"1|10"}`, "start": "1698790700", "end": "1700000000", "step": "300"}, asked)
	require.ErrorContains(t, r.bareQuery(100), "the bare query gave 10 series, expected are 100 of 4032 points")
	short, _ := prometheusOf(t, 1, 4031)
	require.ErrorContains(t, short.bareQuery(1), "the bare query gave 1 series, expected are 1 of 4032 points")
	none, _ := prometheusOf(t, 0, 0)
	require.ErrorContains(t, none.bareQuery(1), "the bare query gave 0 series")
}

func TestAServerThatRefusesIsAnError(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"status":"error","errorType":"bad_data","error":"too many points"}`)
	}))
	t.Cleanup(server.Close)
	client, err := api.NewClient(api.Config{Address: server.URL})
	require.NoError(t, err)
	require.ErrorContains(t, (&overheadRun{ctx: t.Context(), bare: v1.NewAPI(client)}).bareQuery(1), "too many points")
}

// What is no plugin cannot be measured; and without Prometheus nothing is, which is said.
func TestWhatCannotBeMeasuredIsSaid(t *testing.T) {
	r, _ := prometheusOf(t, 1, 1)
	require.Error(t, r.inProcess(plainFile(t, t.TempDir(), "plugin", "no program"), nil, 1))
	require.Error(t, (&trainRun{ctx: t.Context(), binary: filepath.Join(t.TempDir(), "gone")}).measure(1, 1, "naive"))
	t.Setenv("PATH", t.TempDir())
	for _, name := range []string{"overhead", "train"} {
		text := printed(t, func() error { return run(t.Context(), []string{name}) })
		require.True(t, strings.HasPrefix(text, "SKIPPED bench "+name+": "), text)
		require.Contains(t, text, "prometheus on the PATH")
	}
}

// The series that costs are measured on: a percentage with a day's rhythm, lower at the week's end, each its own, the same in every run;
// and a set of n has n.
func TestSeriesOfUsageAreDaysOfWork(t *testing.T) {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	metrics := usage([]int{1, 4}, start, 14*24*time.Hour)
	require.Len(t, metrics, 4)
	for k, m := range metrics {
		require.Equal(t, fmt.Sprintf("host-%03d:9100", k), m.Labels["instance"])
		require.Equal(t, start, m.Start)
		require.Equal(t, map[bool]string{true: "1", false: "4"}[k == 0], m.Labels["set"])
		lag := func(minutes int) float64 { // of what a value tells of the one so many minutes later
			both, of := 0.0, 0.0
			middle := mean(m.Values)
			for i := range len(m.Values) - minutes {
				both += (m.Values[i] - middle) * (m.Values[i+minutes] - middle)
				of += (m.Values[i] - middle) * (m.Values[i] - middle)
			}
			return both / of
		}
		require.Greater(t, lag(24*60), 0.5, "a day later it is alike")
		require.Less(t, lag(12*60), 0.2, "half a day later it is not")
		for _, v := range m.Values {
			require.Equal(t, math.Round(100*v)/100, v, "two digits, as an exporter writes them")
		}
	}
	require.NotEqual(t, metrics[0].Values, metrics[1].Values)
	require.Equal(t, metrics[2].Values[:60], usage([]int{3}, start, time.Hour)[2].Values, "whatever sizes are asked for, and however long")
}

func TestEverySizeSelectsTheSmallerOnesToo(t *testing.T) {
	for n, want := range map[int]string{1: `{set=~"1"}`, 10: `{set=~"1|10"}`, 100: `{set=~"1|10|100"}`} {
		require.Equal(t, "bench_cpu_percent"+want, usageExpr(n))
	}
	coarser := coarse([]promserver.Metric{{Step: time.Minute, Values: []float64{1, 2, 3}}, {Step: time.Minute}})
	require.Equal(t, [][]float64{{1}, {}}, [][]float64{coarser[0].Values, coarser[1].Values}, "what is shorter than a step has its first")
}

// A fleet's series has the same value at the same time, from whichever moment and with whatever end it is read, and none before its history.
func TestAFleetsValuesBelongToTheirTimes(t *testing.T) {
	f := newFleet(12, 10)
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(0, 11).Draw(t, "series")
		from := fleetEnd.Add(-time.Duration(rapid.IntRange(1, 15*144).Draw(t, "from")) * fleetStep)
		g := series.NewGrid(from, from.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "points"))*fleetStep), fleetStep)
		got := f.one(k, g)
		require.Len(t, got.Values, g.Len)
		require.Equal(t, fmt.Sprintf("host-%05d", k), got.Name)
		for i, v := range got.Values {
			at := int(g.Start.Add(time.Duration(i)*fleetStep).Sub(fleetEnd.Add(-15*24*time.Hour)) / fleetStep)
			if at < len(f.curves[k%10]) {
				require.Equal(t, f.curves[k%10][at], v, "point %d", i)
			} else {
				require.True(t, math.IsNaN(v), "there is none after the end")
			}
		}
	})
	before := series.NewGrid(fleetEnd.Add(-20*24*time.Hour), fleetEnd.Add(-19*24*time.Hour), fleetStep)
	require.Zero(t, series.CountKnown(f.one(0, before).Values))
	message, err := f.Check(t.Context())
	require.NoError(t, err)
	require.Equal(t, "generated", message)
	require.NoError(t, f.Close())
}

// Batches hold every series once, however many there are.
func TestBatchesHoldEverySeriesOnce(t *testing.T) {
	for _, n := range []int{1, fleetBatch - 1, fleetBatch, fleetBatch + 1, 3*fleetBatch + 7} {
		f := newFleet(n, 2)
		seen := map[string]bool{}
		for b := range f.batches() {
			set, err := f.Read(t.Context(), source.Request{Spec: source.Spec{Expr: fmt.Sprint(b)}, From: fleetEnd.Add(-time.Hour), To: fleetEnd, Step: fleetStep})
			require.NoError(t, err)
			require.NotEmpty(t, set.Series)
			require.LessOrEqual(t, len(set.Series), fleetBatch)
			for _, s := range set.Series {
				require.False(t, seen[s.Name], s.Name)
				seen[s.Name] = true
			}
		}
		require.Len(t, seen, n)
		require.Len(t, f.curves, min(n, 2), "no more histories than series")
	}
	require.Equal(t, 0, (&fleet{}).batches())
}

// Every cost is printed with what the answers were: of ten histories one rises.
func TestCostsArePrintedWithTheirAnswers(t *testing.T) {
	text := printed(t, func() error { return run(t.Context(), []string{"warncost", "-series", "10", "-curves", "10"}) })
	rows := strings.Split(strings.TrimSpace(text), "\n")
	require.Equal(t, "10 series of 14 days at 10m0s", rows[0])
	require.Equal(t, []string{"processor", "s", "ms", "a", "series", "ok", "rising", "uncertain", "breached"}, strings.Fields(rows[1]))
	require.Len(t, rows, 2+3)
	for k, name := range []string{"raw", "next", "stored"} {
		require.Regexp(t, `^`+name+` +\d+\.\d +\d+\.\d\d +9 +1 +0 +0$`, rows[2+k])
	}
}

// Each of Forewarn's methods is told as many periods as its row says, and gives as many steps as are asked for with a band around them.
func TestOwnMethodsAnswerEverySeries(t *testing.T) {
	problems, _ := scored()
	rows, err := ownRows(t.Context(), problems, []int{4, 8})
	require.NoError(t, err)
	require.Len(t, rows, len(ownMethods))
	for k, row := range rows {
		require.Equal(t, "Forewarn: "+ownMethods[k].name, row.method)
		require.True(t, row.own)
		require.Len(t, row.ms, len(problems))
		for _, p := range problems {
			a := row.answers[p.name]
			require.Len(t, a.mean, p.horizon, row.method)
			for h := range p.horizon {
				require.True(t, a.lo95[h] <= a.mean[h] && a.mean[h] <= a.hi95[h], row.method)
			}
		}
	}
	_, err = ownRows(t.Context(), []problem{{name: "short", horizon: 2, step: time.Hour, train: []float64{1}}}, []int{4})
	require.ErrorContains(t, err, "short: ")
	require.ErrorIs(t, err, forecast.ErrTooShort)
}

// A folder's tables in the order of their names, packed or not; what is no table is no file.
func TestFoldersAreListedByName(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.csv", "a.csv.gz", "notes.txt", "c.csv.bak", "d.csv.gz"} {
		plainFile(t, dir, name, "")
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "deep"), 0o755))
	got, err := folder(dir)
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "a.csv.gz"), filepath.Join(dir, "b.csv"), filepath.Join(dir, "d.csv.gz")}, got)
	_, err = folder(filepath.Join(dir, "deep"))
	require.True(t, os.IsNotExist(err))
	require.ErrorContains(t, err, "deep")
}
