package prom

import (
	"testing"
	"time"
	"fmt"
	"net/http"
	"io"
	"net/url"

	"github.com/stretchr/testify/require"
	"github.com/forewarn/earlywarning/demo/world"
)

func TestScratch(t *testing.T) {
	t0 := time.Now()
	w := world.New(t0, 1)
	s, err := Start(t.Context(), Config{Address: "127.0.0.1:0", Dir: t.TempDir(), World: w, Seed: 1})
	require.NoError(t, err)
	fmt.Println("start", time.Since(t0))
	defer s.Close()
	get := func(u string) {
		t0 := time.Now()
		res, err := http.Get("http://" + s.Address() + u)
		require.NoError(t, err)
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if len(b) > 600 { b = b[:600] }
		fmt.Println(u, res.StatusCode, time.Since(t0), string(b))
	}
	get("/-/ready")
	get("/api/v1/metadata")
	get("/api/v1/status/buildinfo")
	get("/api/v1/status/tsdb")
	get("/api/v1/labels")
	get("/api/v1/rules")
	get("/api/v1/status/runtimeinfo")
	get("/api/v1/targets")
	get("/api/v1/label/__name__/values")
	get("/api/v1/query?query=" + url.QueryEscape(`100*(1-rate(node_cpu_seconds_total{mode="idle"}[5m]))`))
	get("/api/v1/query_range?step=300&start="+fmt.Sprint(t0.Unix()-14*86400)+"&end="+fmt.Sprint(t0.Unix())+"&query=" + url.QueryEscape(`100*(1-sum by (instance)(rate(node_cpu_seconds_total{mode="idle"}[5m])))`))
	get("/api/v1/query_range?step=300&start="+fmt.Sprint(t0.Unix()-14*86400)+"&end="+fmt.Sprint(t0.Unix())+"&query=" + url.QueryEscape(`histogram_quantile(0.95, sum by (le, route) (rate(gateway_request_duration_seconds_bucket{job="gateway"}[5m])))`))
}
