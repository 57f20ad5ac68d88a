package prometheus

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

func names(set *series.Set) (out []string) {
	for _, s := range set.Series {
		out = append(out, s.Name)
	}
	return out
}

func TestNamesAreTheLegendOrWhatTellsTheSeriesApart(t *testing.T) {
	two := []string{`{"metric":{"__name__":"up","host":"a","job":"node"},"values":[[60,"1"]]}`, `{"metric":{"__name__":"up","host":"b","job":"node"},"values":[[60,"1"]]}`}
	for legend, want := range map[string][]string{
		"{{host}}": {"a", "b"}, "{{ host }} of {{job}}": {"a of node", "b of node"}, "": {"a", "b"}, "__auto": {"a", "b"}, "{{job}}": {`node {host="a", job="node"}`, `node {host="b", job="node"}`},
		"{{none}}x": {`x {host="a", job="node"}`, `x {host="b", job="node"}`}, "plain": {`plain {host="a", job="node"}`, `plain {host="b", job="node"}`},
	} {
		c, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w, two...) })
		r := request("up", 4)
		r.Spec.LegendFormat = legend
		set, err := c.Read(t.Context(), r)
		require.NoError(t, err)
		require.Equal(t, want, names(set), legend)
	}
}

func TestASeriesAloneWithoutALegendIsNamedByPrometheus(t *testing.T) {
	c, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		matrix(w, `{"metric":{"__name__":"up","host":"a","job":"node"},"values":[[60,"1"]]}`)
	})
	r := request("up", 4)
	r.Spec.LegendFormat = ""
	set, err := c.Read(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, []string{`up{host="a", job="node"}`}, names(set))
}

func TestSeriesComeInTheSameOrderEachTime(t *testing.T) {
	all := []string{`{"metric":{"host":"c"},"values":[[60,"1"]]}`, `{"metric":{"host":"a"},"values":[[60,"1"]]}`, `{"metric":{"host":"b"},"values":[[60,"1"]]}`}
	rapid.Check(t, func(rt *rapid.T) {
		order := rapid.Permutation(all).Draw(rt, "order")
		c, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w, order...) })
		set, err := c.Read(context.Background(), request("up", 4))
		require.NoError(rt, err)
		require.Equal(rt, []string{"a", "b", "c"}, names(set))
	})
}

func TestNothingFoundIsNoError(t *testing.T) {
	c, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w) })
	set, err := c.Read(t.Context(), request("up", 4))
	require.NoError(t, err)
	require.Empty(t, set.Series)
	require.Equal(t, 4, set.Grid.Len)
}

func TestARangeWithoutACompleteBucketIsNotAskedFor(t *testing.T) {
	c, forms := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w) })
	r := request("up", 1)
	r.From, r.To = time.Unix(30, 0), time.Unix(80, 0)
	set, err := c.Read(t.Context(), r)
	require.NoError(t, err)
	require.Zero(t, set.Grid.Len)
	require.Empty(t, *forms)
}

func TestWhatIsExecutedIsShown(t *testing.T) {
	c, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w) })
	set, err := c.Read(t.Context(), request("rate(x_total[$__interval])", 10))
	require.NoError(t, err)
	require.Equal(t, "rate(x_total[1m])  (step 1m, 1970-01-01T00:00:00Z to 1970-01-01T00:10:00Z)", set.Executed)
}

func TestAWarningOfAllPartsIsSaidOnce(t *testing.T) {
	c, forms := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w) })
	set, err := c.Read(t.Context(), request("up", 25_000))
	require.NoError(t, err)
	require.Greater(t, len(*forms), 1)
	require.Equal(t, []series.Notice{{Severity: series.Warning, Text: "Prometheus: partial"}}, set.Notices)
}

func TestOnePartThatFailsIsTheAnswer(t *testing.T) {
	c, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("start") != "60" && !strings.HasPrefix(r.Form.Get("start"), "60.") {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		matrix(w)
	})
	_, err := c.Read(t.Context(), request("up", 25_000))
	require.ErrorIs(t, err, source.ErrUnreachable)
}

func TestTooManyValuesAreRefused(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		matrix(w, `{"metric":{"host":"a"},"values":[[60,"1"]]}`, `{"metric":{"host":"b"},"values":[[60,"1"]]}`)
	}))
	defer s.Close()
	limits := source.DefaultLimits()
	limits.Points = 150
	c, err := New(Config{URL: s.URL, HTTP: s.Client(), Limits: limits})
	require.NoError(t, err)
	_, err = c.Read(t.Context(), request("up", 100))
	require.ErrorIs(t, err, source.ErrTooLarge)
	require.ErrorContains(t, err, "more than 150 values")
}

func TestACancelledReadSaysOnlyThat(t *testing.T) {
	c, _ := server(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := c.Read(ctx, request("up", 4))
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, source.ErrUnreachable)
}

func TestTheCheckTellsWhatAnswered(t *testing.T) {
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(code)
			_, _ = fmt.Fprint(w, body)
		}
	}
	build, query := `{"status":"success","data":{"version":"2.53.0"}}`, `{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}`
	for name, c := range map[string]struct {
		build, query http.HandlerFunc
		says         string
		err          error
	}{
		"Prometheus":                {status(200, build), nil, "Prometheus 2.53.0", nil},
		"one that tells no version": {status(404, "no"), status(200, query), "a Prometheus-compatible server", nil},
		"an empty version":          {status(200, `{"status":"success","data":{}}`), status(200, query), "a Prometheus-compatible server", nil},
		"one that denies":           {status(401, "no"), status(401, "no"), "", source.ErrDenied},
		"something else":            {status(200, "<html>"), status(200, "<html>"), "", source.ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/buildinfo") {
					c.build(w, r)
					return
				}
				c.query(w, r)
			})
			got, err := client.Check(t.Context())
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.says, got)
		})
	}
}

func TestThePathOfAProxyIsKept(t *testing.T) {
	var path string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { path = r.URL.Path; matrix(w) }))
	defer s.Close()
	c, err := New(Config{URL: s.URL + "/prom/tenant/", HTTP: s.Client()})
	require.NoError(t, err)
	_, err = c.Read(t.Context(), request("up", 4))
	require.NoError(t, err)
	require.Equal(t, "/prom/tenant/api/v1/query_range", path)
}

func TestTheRatesIntervalHoldsAtLeastFourScrapes(t *testing.T) {
	for name, c := range map[string]struct {
		scrape, step time.Duration
		least        string
		want         string
	}{
		"fine steps":         {15 * time.Second, 15 * time.Second, "", "1m"},
		"coarse steps":       {15 * time.Second, 5 * time.Minute, "", "5m15s"},
		"slow scrapes":       {time.Minute, time.Minute, "", "4m"},
		"a least step":       {15 * time.Second, time.Minute, "2m", "8m"},
		"a shorter one":      {time.Minute, time.Minute, "10s", "4m"},
		"one that is wrong":  {15 * time.Second, time.Minute, "soon", "1m15s"},
		"nothing configured": {0, 15 * time.Second, "", "1m"},
	} {
		client, err := New(Config{URL: "http://h:1", HTTP: http.DefaultClient, ScrapeInterval: c.scrape})
		require.NoError(t, err)
		r := source.Request{Spec: source.Spec{Expr: "$__rate_interval", Interval: c.least}, Step: c.step}
		require.Equal(t, c.want, client.expand(r, series.Grid{Step: c.step, Len: 10}), name)
	}
}

func TestVariablesOfOthersStay(t *testing.T) {
	client, err := New(Config{URL: "http://h:1", HTTP: http.DefaultClient})
	require.NoError(t, err)
	for in, want := range map[string]string{"$host": "$host", "$__unknown": "$__unknown", "${__interval:text}": "1m", "x$__interval_ms_y": "x$__interval_ms_y", "$__range_s/$__range": "600/10m"} {
		r := source.Request{Spec: source.Spec{Expr: in}, Step: time.Minute}
		require.Equal(t, want, client.expand(r, series.Grid{Step: time.Minute, Len: 10}), in)
	}
}
