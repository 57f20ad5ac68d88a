package prom

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
)

// begin is a fixed "now", some way into a two-hour block.
var begin = time.Date(2026, 3, 11, 9, 41, 30, 0, time.UTC)

func start(t *testing.T, dir string, now time.Time) *Server {
	t.Helper()
	w := world.New(Anchor(dir, now, 1), 1)
	s, err := Start(t.Context(), Config{Address: "127.0.0.1:0", Dir: dir, World: w, Seed: 1, Now: func() time.Time { return now }})
	require.NoError(t, err)
	return s
}

func client(t *testing.T, s *Server) v1.API {
	c, err := api.NewClient(api.Config{Address: "http://" + s.Address()})
	require.NoError(t, err)
	return v1.NewAPI(c)
}

// instant gives the one number that an instant query answers.
func instant(t *testing.T, c v1.API, query string, at time.Time) float64 {
	t.Helper()
	v, warnings, err := c.Query(t.Context(), query, at)
	require.NoError(t, err)
	require.Empty(t, warnings)
	require.Len(t, v.(model.Vector), 1, query)
	return float64(v.(model.Vector)[0].Value)
}

func TestServerAnswersAsPrometheusDoes(t *testing.T) {
	s := start(t, t.TempDir(), begin)
	defer func() { require.NoError(t, s.Close()) }()
	c := client(t, s)
	minute := begin.Truncate(time.Minute)

	t.Run("history is whole", func(t *testing.T) {
		require.InDelta(t, 28*24*60+1, instant(t, c, `count_over_time(node_cpu_seconds_total{instance="tencent-bj-01:9100",mode="idle"}[29d])`, begin), 0)
		require.InDelta(t, 179, instant(t, c, `count({job=~".+"})`, begin), 0)
		require.InDelta(t, 1, instant(t, c, `min(count_over_time(gateway_requests_total[1m]))`, minute), 0, "up to the last minute")
	})
	t.Run("the engine computes", func(t *testing.T) {
		require.InDelta(t, 1, instant(t, c, `sum by (instance) (rate(node_cpu_seconds_total{instance="aliyun-hz-01:9100"}[5m]))`, begin), 1e-3)
		require.Greater(t, instant(t, c, `100 * (1 - rate(node_cpu_seconds_total{mode="idle",instance="tencent-bj-02:9100"}[5m]))`, begin), 85.0)
		p95 := instant(t, c, `histogram_quantile(0.95, sum by (le) (rate(gateway_request_duration_seconds_bucket{route="/v1/generate"}[5m])))`, begin)
		require.True(t, p95 > 1 && p95 < 10, "P95 is %g s", p95)
		require.InDelta(t, 4, instant(t, c, `sum(resets(node_cpu_seconds_total[28d]))`, begin), 0, "one reboot, four modes")
	})
	t.Run("the answers are the world's", func(t *testing.T) { answersAreTheWorlds(t, c, world.New(begin, 1)) })
	t.Run("ranges", func(t *testing.T) {
		r := v1.Range{Start: minute.Add(-14 * 24 * time.Hour), End: minute, Step: 5 * time.Minute}
		v, _, err := c.QueryRange(t.Context(), `100 * (1 - sum by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])))`, r)
		require.NoError(t, err)
		require.Len(t, v.(model.Matrix), 6)
		for _, one := range v.(model.Matrix) {
			if one.Metric["instance"] == "tencent-bj-02:9100" {
				require.Len(t, one.Values, 14*24*12+1)
			}
		}
		_, _, err = c.QueryRange(t.Context(), "up", v1.Range{Start: r.Start, End: r.End, Step: time.Second})
		require.ErrorContains(t, err, "11,000", "its limit of points as well")
	})
	t.Run("names", func(t *testing.T) {
		labels, _, err := c.LabelNames(t.Context(), nil, world0, begin)
		require.NoError(t, err)
		require.Contains(t, labels, model.LabelName("mountpoint"))
		values, _, err := c.LabelValues(t.Context(), "route", nil, world0, begin)
		require.NoError(t, err)
		require.Equal(t, model.LabelValues{"/v1/chat/completions", "/v1/generate"}, values)
		series, _, err := c.Series(t.Context(), []string{`node_filesystem_size_bytes{mountpoint="/data"}`}, begin.Add(-time.Hour), begin)
		require.NoError(t, err)
		require.Len(t, series, 6)
		require.Equal(t, model.LabelValue("ext4"), series[0]["fstype"])
	})
	t.Run("about itself", func(t *testing.T) {
		about, err := c.Metadata(t.Context(), "", "")
		require.NoError(t, err)
		require.Len(t, about, len(world.Metrics()))
		require.Equal(t, v1.MetricTypeCounter, about["node_cpu_seconds_total"][0].Type)
		one, err := c.Metadata(t.Context(), "gateway_request_duration_seconds", "")
		require.NoError(t, err)
		require.Equal(t, v1.MetricTypeHistogram, one["gateway_request_duration_seconds"][0].Type)
		build, err := c.Buildinfo(t.Context())
		require.NoError(t, err)
		require.Equal(t, version, build.Version)
		info, err := c.Runtimeinfo(t.Context())
		require.NoError(t, err)
		require.True(t, info.ReloadConfigSuccess)
		rules, err := c.Rules(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, rules.Groups)
		stats, err := c.TSDB(t.Context())
		require.NoError(t, err)
		require.Equal(t, 179, stats.HeadStats.NumSeries)
	})
	t.Run("nothing can be changed", func(t *testing.T) {
		require.Error(t, c.DeleteSeries(t.Context(), []string{"{job=~\".+\"}"}, world0, begin))
		res, err := http.Post("http://"+s.Address()+"/api/v1/write", "application/x-protobuf", nil)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.GreaterOrEqual(t, res.StatusCode, 400)
	})
	t.Run("plain HTTP", func(t *testing.T) { plainHTTP(t, "http://"+s.Address()) })
	t.Run("a taken port is told", func(t *testing.T) {
		_, err := Start(t.Context(), Config{Address: s.Address(), Dir: t.TempDir(), World: world.New(begin, 1), Seed: 1})
		require.ErrorContains(t, err, s.Address())
	})
}

var world0 = time.Unix(0, 0)

// plainHTTP looks at the shapes that clients other than client_golang rely on, by GET and by POST.
func plainHTTP(t *testing.T, base string) {
	read := func(res *http.Response, err error) (int, string) {
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res.StatusCode, string(body)
	}
	form := url.Values{"query": {`node_memory_MemTotal_bytes{instance="azure-ea-01:9100"}`}, "time": {begin.Format(time.RFC3339)}}
	status, got := read(http.Get(base + "/api/v1/query?" + form.Encode()))
	require.Equal(t, http.StatusOK, status)
	_, posted := read(http.PostForm(base+"/api/v1/query", form))
	require.JSONEq(t, got, posted)
	var answer struct {
		Status string
		Data   struct {
			ResultType string
			Result     []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got), &answer))
	require.Equal(t, "success", answer.Status)
	require.Equal(t, "vector", answer.Data.ResultType)
	require.Equal(t, "azure", answer.Data.Result[0].Metric["cloud"])
	require.Equal(t, "34359738368", answer.Data.Result[0].Value[1])

	status, got = read(http.Get(base + "/api/v1/query?query=" + url.QueryEscape("sum(")))
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, got, `"status":"error"`)
	require.Contains(t, got, `"errorType":"bad_data"`)
	for _, path := range []string{"/-/ready", "/-/healthy"} {
		status, _ = read(http.Get(base + path))
		require.Equal(t, http.StatusOK, status, path)
	}
	status, _ = read(http.Get(base + "/nothing"))
	require.Equal(t, http.StatusNotFound, status)
}

func TestAFreshFolderIsUsedAgainAndAnOldOneIsNot(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, start(t, dir, begin).Close())
	blocks := func() []string {
		list, err := filepath.Glob(filepath.Join(dir, "tsdb", "01*"))
		require.NoError(t, err)
		require.NotEmpty(t, list)
		return list
	}
	first := blocks()

	later := begin.Add(50 * time.Minute)
	require.Equal(t, begin.Truncate(time.Minute), Anchor(dir, later, 1))
	s := start(t, dir, later)
	require.Equal(t, first, blocks(), "no block was written anew")
	require.InDelta(t, 120, instant(t, client(t, s), `count_over_time(node_memory_MemAvailable_bytes{instance="azure-ea-01:9100"}[2h])`, later), 0, "the time between is filled")
	require.NoError(t, s.Close())

	require.NotEqual(t, begin.Truncate(time.Minute), Anchor(dir, later, 2), "another seed")
	require.NotEqual(t, begin.Truncate(time.Minute), Anchor(dir, begin.Add(-time.Hour), 1), "a clock that went back")
	tooLate := begin.Add(freshFor + time.Minute)
	require.Equal(t, tooLate.Truncate(time.Minute), Anchor(dir, tooLate, 1))
	s = start(t, dir, tooLate)
	require.NotEqual(t, first, blocks())
	require.NoError(t, s.Close())

	require.NoError(t, os.WriteFile(filepath.Join(dir, markerName), []byte("{"), 0o600))
	require.Equal(t, begin.Truncate(time.Minute), Anchor(dir, begin, 1), "a broken marker is none")
}

func TestABackfillThatIsInterruptedLeavesNoMarker(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Start(ctx, Config{Address: "127.0.0.1:0", Dir: dir, World: world.New(begin, 1), Seed: 1, Progress: func(float64) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	require.NoFileExists(t, filepath.Join(dir, markerName))
}
