package prometheus

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// server answers query_range with answer and records the forms it got.
func server(t *testing.T, answer http.HandlerFunc) (*Client, *[]url.Values) {
	var mu sync.Mutex
	var forms []url.Values
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		mu.Lock()
		forms = append(forms, r.Form)
		mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	limits := source.DefaultLimits()
	limits.Timeout, limits.Series, limits.Bytes = 500*time.Millisecond, 3, 1<<16
	c, err := New(Config{URL: s.URL, HTTP: s.Client(), Limits: limits})
	require.NoError(t, err)
	return c, &forms
}

func matrix(w http.ResponseWriter, streams ...string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[%s]},"warnings":["partial"]}`, strings.Join(streams, ","))
}

func request(expr string, n int) source.Request {
	return source.Request{Spec: source.Spec{Kind: source.Prometheus, Expr: expr, LegendFormat: "{{host}}"}, From: time.Unix(0, 0), To: time.Unix(int64(60*n), 0), Step: time.Minute}
}

func TestABucketsValueIsEvaluatedAtItsEnd(t *testing.T) {
	c, forms := server(t, func(w http.ResponseWriter, _ *http.Request) {
		matrix(w, `{"metric":{"__name__":"up","host":"b"},"values":[[60,"1"],[180,"NaN"],[240,"+Inf"]]}`, `{"metric":{"__name__":"up","host":"a"},"values":[[120,"2"]]}`)
	})
	set, err := c.Read(context.Background(), request("up", 4))
	require.NoError(t, err)
	require.Equal(t, "60", strings.TrimSuffix((*forms)[0].Get("start"), ".000"))
	require.Equal(t, "240", strings.TrimSuffix((*forms)[0].Get("end"), ".000"))
	require.Equal(t, []string{"a", "b"}, []string{set.Series[0].Name, set.Series[1].Name})
	require.Equal(t, series.Labels{"host": "b"}, set.Series[1].Labels)
	require.Equal(t, 2.0, set.Series[0].Values[1])
	require.Equal(t, 1.0, set.Series[1].Values[0])
	require.True(t, math.IsNaN(set.Series[1].Values[1]) && math.IsNaN(set.Series[1].Values[2]), "a gap and a NaN are missing")
	require.Equal(t, "Prometheus: partial", set.Notices[0].Text)
}

// points gives how many points each request asked for, longest part last but for the first, which comes first.
func points(forms []url.Values) (out []int) {
	for _, f := range forms {
		from, _ := strconv.ParseFloat(f.Get("start"), 64)
		to, _ := strconv.ParseFloat(f.Get("end"), 64)
		out = append(out, int(to-from)/60+1)
	}
	slices.Sort(out[1:])
	return out
}

func TestLongRangesAreAskedInParts(t *testing.T) {
	for name, c := range map[string]struct {
		expr   string
		series int
		n      int
		want   []int
	}{
		"short":                                   {"up", 1, 1000, []int{1000}},
		"the first part tells the series":         {"up", 1, 4032, []int{1000, 3032}},
		"never over the server's points":          {"up", 1, 25_000, []int{1000, 4000, 10_000, 10_000}},
		"many series come in shorter parts":       {"up", 40, 4032, []int{1000, 532, 2500}},
		"but not in ever so many":                 {"up", 600, 1300, []int{1000, 134, 166}},
		"no series in the first part":             {"up", 0, 4032, []int{1000, 3032}},
		"what depends on the asked range's ends":  {"up @ end()", 40, 4032, []int{4032}},
		"is parted only where the server says so": {"up @ start ( )", 1, 12_000, []int{10_000, 2000}},
	} {
		t.Run(name, func(t *testing.T) {
			cl, forms := server(t, func(w http.ResponseWriter, r *http.Request) {
				from, _ := strconv.ParseFloat(r.Form.Get("start"), 64)
				to, _ := strconv.ParseFloat(r.Form.Get("end"), 64)
				streams := make([]string, c.series)
				for i := range streams {
					streams[i] = fmt.Sprintf(`{"metric":{"host":"%d"},"values":[[%.0f,"%.0f"],[%.0f,"%.0f"]]}`, i, from, from, to, to)
				}
				matrix(w, streams...)
			})
			cl.config.Limits = source.DefaultLimits()
			set, err := cl.Read(context.Background(), request(c.expr, c.n))
			require.NoError(t, err)
			require.Equal(t, c.want, points(*forms))
			require.Len(t, set.Series, c.series)
			for _, s := range set.Series {
				at := 0
				for _, f := range *forms { // each part lies where it belongs
					from, _ := strconv.Atoi(strings.TrimSuffix(f.Get("start"), ".000"))
					require.Equal(t, float64(from), s.Values[from/60-1])
					at++
				}
				require.Equal(t, len(c.want), at)
			}
			require.Len(t, set.Notices, 1, "a warning that each part repeats is said once")
		})
	}
}

func TestAFailingPartFailsTheWhole(t *testing.T) {
	cl, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("start") != "60" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"status":"error","errorType":"bad_data","error":"too late"}`)
			return
		}
		matrix(w, `{"metric":{"host":"a"},"values":[[60,"1"]]}`)
	})
	_, err := cl.Read(context.Background(), request("up", 25_000))
	require.ErrorIs(t, err, source.ErrBadQuery)
	require.ErrorContains(t, err, "too late")
}

func TestVariablesFollowTheQuerysOwnStep(t *testing.T) {
	c, forms := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w) })
	_, err := c.Read(context.Background(), request("x[$__rate_interval] y[${__interval}] $__interval_ms $__range $__range_s ${__range_ms} $other", 10))
	require.NoError(t, err)
	require.Equal(t, "x[1m15s] y[1m] 60000 10m 600 600000 $other", (*forms)[0].Get("query"))
}

func TestErrorsNameTheirKindAndTheHostButNoSecret(t *testing.T) {
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); _, _ = fmt.Fprint(w, body) }
	}
	four := make([]string, 4)
	for i := range four {
		four[i] = fmt.Sprintf(`{"metric":{"host":"%d"},"values":[[60,"1"]]}`, i)
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
		says   string
	}{
		"bad query":    {status(400, `{"status":"error","errorType":"bad_data","error":"parse error at char 3"}`), source.ErrBadQuery, "parse error at char 3"},
		"unauthorised": {status(401, "no"), source.ErrDenied, "check user, password or token"},
		"forbidden":    {status(403, "no"), source.ErrDenied, "403"},
		"down":         {status(503, "no"), source.ErrUnreachable, "503"},
		"no JSON":      {status(200, "<html>"), source.ErrUnreachable, ""},
		"slow":         {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, source.ErrTimeout, "500ms"},
		"a scalar":     {status(200, `{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}`), source.ErrBadQuery, "scalar"},
		"many series":  {func(w http.ResponseWriter, _ *http.Request) { matrix(w, four...) }, source.ErrTooLarge, "more than 3 series"},
		"many bytes":   {status(200, strings.Repeat(" ", 1<<17)), source.ErrTooLarge, "MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := server(t, c.answer)
			_, err := client.Read(context.Background(), request("up", 4))
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
		})
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	c, err := New(Config{URL: strings.Replace(gone.URL, "http://", "http://user:secret@", 1), HTTP: http.DefaultClient})
	require.NoError(t, err)
	_, err = c.Read(context.Background(), request("up", 4))
	require.ErrorIs(t, err, source.ErrUnreachable)
	require.ErrorContains(t, err, strings.TrimPrefix(gone.URL, "http://"))
	require.NotContains(t, err.Error(), "secret")
}

func TestGETIsUsedWhereAskedFor(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, http.MethodGet, r.Method)
		require.Equal(t, "1", r.URL.Query().Get("dedup"))
		matrix(w)
	}))
	defer s.Close()
	c, err := New(Config{URL: s.URL, HTTP: s.Client(), Method: http.MethodGet, CustomParams: url.Values{"dedup": {"1"}}})
	require.NoError(t, err)
	_, err = c.Read(context.Background(), request("up", 4))
	require.NoError(t, err)
}

func TestABareCounterGetsAHint(t *testing.T) {
	for expr, want := range map[string]bool{"http_requests_total": true, `a_bucket{le="1"}`: true, "rate(a_total[5m])": false, "node_load1": false, "a_total > 5": false} {
		require.Equal(t, want, len(hints(expr)) > 0, expr)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	for _, bad := range []string{"", "localhost:9090", "ftp://x", "http://"} {
		_, err := New(Config{URL: bad, HTTP: http.DefaultClient})
		require.ErrorIs(t, err, source.ErrNotConfigured, bad)
	}
	c, _ := server(t, func(http.ResponseWriter, *http.Request) {})
	r := request("up", 4)
	r.To = r.From
	_, err := c.Read(context.Background(), r)
	require.ErrorContains(t, err, "an end after the start is needed")
}

// Whichever limit ends a read is the one that is named: the query's own, or that of the data source's HTTP client.
func TestTheLimitThatWasReachedIsNamed(t *testing.T) {
	leave := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-leave }))
	defer s.Close()
	defer close(leave)
	for says, c := range map[string]struct{ own, client time.Duration }{
		"gave no answer within 50ms":                      {50 * time.Millisecond, time.Minute},
		"gave no answer within the data source's timeout": {time.Minute, 50 * time.Millisecond},
	} {
		limits := source.DefaultLimits()
		limits.Timeout = c.own
		client, err := New(Config{URL: s.URL, HTTP: &http.Client{Timeout: c.client}, Limits: limits})
		require.NoError(t, err)
		for _, method := range []func() error{
			func() error { _, err := client.Read(t.Context(), request("up", 4)); return err },
			func() error { _, err := client.Check(t.Context()); return err },
		} {
			err := method()
			require.ErrorIs(t, err, source.ErrTimeout)
			require.ErrorContains(t, err, says)
		}
	}
}
