package prom

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/demo/world"
)

// short serves the API over the world's last hour and three quarters: from eight o'clock, where the head block begins, to begin. What is
// asked of it needs no four weeks.
func short(t *testing.T) string {
	t.Helper()
	db := emptyDB(t)
	require.NoError(t, newLive(db, world.New(begin, 1), time.Minute).until(t.Context(), begin))
	server := httptest.NewServer(handler(slog.New(slog.DiscardHandler), db, prometheus.NewRegistry()))
	t.Cleanup(server.Close)
	return server.URL + "/api/v1"
}

// reply is the envelope of every answer.
type reply struct {
	Status, ErrorType, Error string
	Warnings                 []string
	Data                     json.RawMessage
}

type result struct {
	ResultType string
	Result     json.RawMessage
}

type matrix []struct {
	Metric map[string]string
	Values [][2]any
}

func get(t require.TestingT, address string, form url.Values) (int, string) {
	return whole(t)(http.Get(address + "?" + form.Encode()))
}

func post(t require.TestingT, address string, form url.Values) (int, string) {
	return whole(t)(http.PostForm(address, form))
}

func whole(t require.TestingT) func(*http.Response, error) (int, string) {
	return func(res *http.Response, err error) (int, string) {
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res.StatusCode, string(body)
	}
}

func decode[T any](t require.TestingT, text string) (out T) {
	require.NoError(t, json.Unmarshal([]byte(text), &out), text)
	return out
}

// asked is a form from pairs; a name may come twice.
func asked(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// over is a form for query_range in the served time.
func over(query, start, end, step string) url.Values {
	return asked("query", query, "start", start, "end", end, "step", step)
}

const memory = "node_memory_MemTotal_bytes"

// What is malformed is refused with the status, the type and the words of Prometheus, by GET and by POST alike.
func TestWhatIsMalformedIsRefused(t *testing.T) {
	base, from, to := short(t), "2026-03-11T08:00:00Z", "2026-03-11T09:00:00Z"
	const badData, execution = "bad_data", "execution"
	for name, c := range map[string]struct {
		path, kind, says string
		form             url.Values
	}{
		"no query":            {"/query", badData, "no expression found in input", asked()},
		"half a query":        {"/query", badData, "unclosed left parenthesis", asked("query", "sum(")},
		"no such function":    {"/query", badData, `unknown function with name "summ"`, asked("query", "summ(up)")},
		"rate of an instant":  {"/query", badData, "expected type range vector", asked("query", "rate(up)")},
		"a text in a sum":     {"/query", badData, "binary expression must contain only scalar and instant vector types", asked("query", `"a" + 1`)},
		"all series":          {"/query", badData, "must contain at least one non-empty matcher", asked("query", `{job=~".*"}`)},
		"half a regex":        {"/query", badData, "error parsing regexp", asked("query", `up{job=~"("}`)},
		"a duration of 0":     {"/query", badData, "duration must be greater than 0", asked("query", "rate(up[0s])")},
		"an odd time":         {"/query", badData, `cannot parse "yesterday" to a valid timestamp`, asked("query", "1", "time", "yesterday")},
		"an odd timeout":      {"/query", badData, `invalid parameter "timeout"`, asked("query", "1", "timeout", "soon")},
		"a limit below 0":     {"/query", badData, `invalid parameter "limit"`, asked("query", "1", "limit", "-1")},
		"joined to several":   {"/query", execution, "found duplicate series for the match group", asked("query", memory+" * on (job) "+memory, "time", to)},
		"labels made alike":   {"/query", execution, "vector cannot contain metrics with the same labelset", asked("query", `label_replace(`+memory+`, "instance", "x", "instance", ".*") * 1 > bool 0`, "time", to)},
		"range: no start":     {"/query_range", badData, `invalid parameter "start": cannot parse "" to a valid timestamp`, over("1", "", to, "1m")},
		"range: no end":       {"/query_range", badData, `invalid parameter "end": cannot parse "" to a valid timestamp`, over("1", from, "", "1m")},
		"range: no step":      {"/query_range", badData, `invalid parameter "step": cannot parse "" to a valid duration`, over("1", from, to, "")},
		"range: backwards":    {"/query_range", badData, `invalid parameter "end": end timestamp must not be before start time`, over("1", to, from, "1m")},
		"range: a step of 0":  {"/query_range", badData, "zero or negative query resolution step widths are not accepted", over("1", from, to, "0")},
		"range: a step below": {"/query_range", badData, "zero or negative query resolution step widths are not accepted", over("1", from, to, "-60")},
		"range: an odd step":  {"/query_range", badData, `cannot parse "a minute" to a valid duration`, over("1", from, to, "a minute")},
		"range: a matrix":     {"/query_range", badData, `invalid expression type "range vector" for range query`, over("up[5m]", from, to, "1m")},
		"range: too fine":     {"/query_range", badData, "exceeded maximum resolution of 11,000 points per timeseries", over("1", from, to, "0.3")},
		"series: of what":     {"/series", badData, "no match[] parameter provided", asked()},
		"series: half a name": {"/series", badData, "unexpected end of input inside braces", asked("match[]", "up{")},
		"series: of all":      {"/series", badData, "match[] must contain at least one non-empty matcher", asked("match[]", `{job=~".*"}`)},
		"series: an odd time": {"/series", badData, `invalid parameter "start"`, asked("match[]", "up", "start", "noon")},
		"labels: half a name": {"/labels", badData, "unexpected end of input inside braces", asked("match[]", "up{")},
		"labels: odd limit":   {"/labels", badData, `invalid parameter "limit"`, asked("limit", "few")},
		"format: nothing":     {"/format_query", badData, "no expression found in input", asked()},
	} {
		status, body := get(t, base+c.path, c.form)
		want := map[string]int{badData: http.StatusBadRequest, execution: http.StatusUnprocessableEntity}[c.kind]
		require.Equal(t, want, status, "%s: %s", name, body)
		r := decode[reply](t, body)
		require.Equal(t, []string{"error", c.kind}, []string{r.Status, r.ErrorType}, name)
		require.Contains(t, r.Error, c.says, name)
		again, posted := post(t, base+c.path, c.form)
		require.Equal(t, want, again, name)
		require.JSONEq(t, body, posted, name)
	}
	for _, path := range []string{"/label/job/values?match[]=up{", "/label/job/values?start=noon", "/label/job/values?limit=-1"} {
		status, body := get(t, base+path[:strings.Index(path, "?")], decodeQuery(t, path))
		require.Equal(t, http.StatusBadRequest, status, path)
		require.Contains(t, body, badData, path)
	}
}

func decodeQuery(t *testing.T, path string) url.Values {
	_, query, _ := strings.Cut(path, "?")
	form, err := url.ParseQuery(query)
	require.NoError(t, err)
	return form
}

// 11,000 points are the most; one step fewer than that is answered.
func TestTheLimitOfPointsIsThatOfPrometheus(t *testing.T) {
	base := short(t)
	for points, want := range map[int]int{11_000: http.StatusOK, 11_001: http.StatusOK, 11_002: http.StatusBadRequest} {
		start := begin.Add(-time.Duration(points-1) * time.Second)
		status, body := get(t, base+"/query_range", over("vector(1)", start.Format(time.RFC3339), begin.Format(time.RFC3339), "1s"))
		require.Equal(t, want, status, "%d points: %.200s", points, body)
		if want == http.StatusOK {
			r := decode[result](t, string(decode[reply](t, body).Data))
			require.Len(t, decode[matrix](t, string(r.Result))[0].Values, points)
		}
	}
}

// Times come as seconds, with a fraction or as RFC 3339 in any zone; steps as seconds or durations. They mean the same.
func TestTimesAndStepsInAllTheirForms(t *testing.T) {
	base := short(t)
	var first string
	for _, at := range []string{"1773220500", "1773220500.000", "2026-03-11T09:15:00Z", "2026-03-11T17:15:00+08:00", "2026-03-11T09:15:00.000Z"} {
		_, body := get(t, base+"/query", asked("query", "node_memory_MemAvailable_bytes", "time", at))
		if first == "" {
			first = body
		}
		require.JSONEq(t, first, body, at)
	}
	require.Contains(t, first, `[1773220500,"`)
	first = ""
	for _, step := range []string{"300", "300.0", "5m", "4m60s", "300000ms"} {
		_, body := get(t, base+"/query_range", over("node_memory_MemAvailable_bytes", "1773217800", "1773220500", step))
		if first == "" {
			first = body
		}
		require.JSONEq(t, first, body, step)
	}
}

// An instant query tells the type of its result, and numbers are texts, so that none is lost.
func TestTypesOfResults(t *testing.T) {
	base := short(t)
	for query, want := range map[string]string{
		"1 + 1":                    `{"resultType":"scalar","result":[1773220500,"2"]}`,
		`"a text"`:                 `{"resultType":"string","result":[1773220500,"a text"]}`,
		"vector(7)":                `{"resultType":"vector","result":[{"metric":{},"value":[1773220500,"7"]}]}`,
		"vector(0) / 0":            `{"resultType":"vector","result":[{"metric":{},"value":[1773220500,"NaN"]}]}`,
		"vector(1) / 0":            `{"resultType":"vector","result":[{"metric":{},"value":[1773220500,"+Inf"]}]}`,
		"-vector(1) / 0":           `{"resultType":"vector","result":[{"metric":{},"value":[1773220500,"-Inf"]}]}`,
		"no_such_metric":           `{"resultType":"vector","result":[]}`,
		"absent(no_such)":          `{"resultType":"vector","result":[{"metric":{},"value":[1773220500,"1"]}]}`,
		"no_such_metric[5m]":       `{"resultType":"matrix","result":[]}`,
		`time()`:                   `{"resultType":"scalar","result":[1773220500,"1773220500"]}`,
		"vector(1)[2m:1m]":         `{"resultType":"matrix","result":[{"metric":{},"values":[[1773220440,"1"],[1773220500,"1"]]}]}`,
		"vector(9007199254740993)": `{"resultType":"vector","result":[{"metric":{},"value":[1773220500,"9007199254740992"]}]}`,
	} {
		status, body := get(t, base+"/query", asked("query", query, "time", "1773220500"))
		require.Equal(t, http.StatusOK, status, body)
		r := decode[reply](t, body)
		require.Equal(t, "success", r.Status)
		require.JSONEq(t, want, string(r.Data), query)
	}
}

// Matchers match whole values, and a label that is missing is an empty one.
func TestMatchersMatchAsGosRegexpsDo(t *testing.T) {
	base := short(t)
	var hosts []string
	for _, h := range world.Hosts {
		hosts = append(hosts, h.Instance)
	}
	pattern := rapid.SampledFrom([]string{".*", ".+", "", "azure.*", "azure", ".*01:9100", "azure-ea-01:9100", "(aliyun|azure)-.*", "[a-t].*-0[12]:.*", `.*-0\d:9100`, "tencent-bj-01:9100|azure-ea-02:9100", "(?i)AZURE.*", "azure.ea.*", "^azure-.*$", ".{16}"})
	rapid.Check(t, func(t *rapid.T) {
		label := rapid.SampledFrom([]string{"instance", "nothing"}).Draw(t, "label")
		op := rapid.SampledFrom([]string{"=", "!=", "=~", "!~"}).Draw(t, "operator")
		value := pattern.Draw(t, "value")
		whole := regexp.MustCompile("^(?s:" + value + ")$")
		var want []string
		for _, h := range hosts {
			has := map[string]string{"instance": h}[label]
			fits := map[string]bool{"=": has == value, "!=": has != value, "=~": whole.MatchString(has), "!~": !whole.MatchString(has)}[op]
			if fits {
				want = append(want, h)
			}
		}
		quoted, err := json.Marshal(value)
		require.NoError(t, err)
		status, body := get(t, base+"/series", asked("match[]", memory+"{"+label+op+string(quoted)+"}", "start", "1773217800", "end", "1773220500"))
		require.Equal(t, http.StatusOK, status, body)
		var got []string
		for _, s := range decode[[]map[string]string](t, string(decode[reply](t, body).Data)) {
			got = append(got, s["instance"])
		}
		require.ElementsMatch(t, want, got)
	})
}

// A range answers at its start and every step after it, with the newest sample of the five minutes before each.
func TestARangeStandsOnItsOwnSteps(t *testing.T) {
	base, p := short(t), newPast(world.New(begin, 1), 1)
	const metric, host = "node_memory_MemAvailable_bytes", "azure-ea-01:9100"
	values := p.of(t, metric+" instance="+host)
	first, last := begin.Truncate(2*time.Hour), begin.Truncate(time.Minute)
	rapid.Check(t, func(t *rapid.T) {
		start := first.Add(time.Duration(rapid.IntRange(-900, 6600).Draw(t, "start")) * time.Second)
		step := time.Duration(rapid.IntRange(1, 1000).Draw(t, "step")) * time.Second
		span := time.Duration(rapid.IntRange(0, 3600).Draw(t, "span")) * time.Second
		want := map[int64]float64{}
		for at := start; !at.After(start.Add(span)); at = at.Add(step) {
			sample := at.Truncate(time.Minute)
			if sample.After(last) {
				sample = last
			}
			if !sample.Before(first) && at.Sub(sample) < lookbackDelta {
				want[at.Unix()] = values[p.index(sample)]
			}
		}
		status, body := get(t, base+"/query_range", over(metric+`{instance="`+host+`"}`, start.Format(time.RFC3339), start.Add(span).Format(time.RFC3339), step.String()))
		require.Equal(t, http.StatusOK, status, body)
		got := map[int64]float64{}
		for _, s := range decode[matrix](t, string(decode[result](t, string(decode[reply](t, body).Data)).Result)) {
			for _, v := range s.Values {
				got[int64(v[0].(float64))] = decode[float64](t, v[1].(string))
			}
		}
		require.Equal(t, want, got)
	})
}

// Names and values of labels, all or those of the series that are matched; a limit shortens them and says so.
func TestLabelsOfWhatIsMatched(t *testing.T) {
	base := short(t)
	list := func(path string, pairs ...string) ([]string, reply) {
		status, body := get(t, base+path, asked(append(pairs, "start", "1773217800", "end", "1773220500")...))
		require.Equal(t, http.StatusOK, status, body)
		r := decode[reply](t, body)
		return decode[[]string](t, string(r.Data)), r
	}
	got, _ := list("/labels", "match[]", memory)
	require.Equal(t, []string{"__name__", "cloud", "instance", "job"}, got)
	got, _ = list("/labels", "match[]", memory, "match[]", "gateway_requests_total")
	require.Equal(t, []string{"__name__", "cloud", "code", "instance", "job", "route"}, got, "those of either")
	got, _ = list("/label/cloud/values", "match[]", `{instance=~".*-02:9100"}`)
	require.Equal(t, []string{"aliyun", "azure", "tencent"}, got)
	got, _ = list("/label/code/values", "match[]", memory)
	require.Empty(t, got, "no series of it has one")
	got, _ = list("/label/no_such/values")
	require.Empty(t, got)
	names, _ := list("/label/__name__/values")
	want := slices.Sorted(maps.Keys(metricNames()))
	require.Equal(t, want, names)
	got, r := list("/label/__name__/values", "limit", "3")
	require.Len(t, got, 3)
	require.Subset(t, want, got)
	require.NotEmpty(t, r.Warnings, "cut short")
	_, body := get(t, base+"/label/cloud/values", asked("start", "1000000000", "end", "1000003600"))
	require.JSONEq(t, `{"status":"success","data":[]}`, body, "nothing was there then")
}

func metricNames() map[string]bool {
	names := map[string]bool{}
	for _, s := range world.New(begin, 1).Walk().Series() {
		names[s.Labels["__name__"]] = true
	}
	return names
}

// Every page of the API answers in JSON, also what has nothing to tell; none breaks off.
func TestNoPageBreaksOff(t *testing.T) {
	base := short(t)
	for path, holds := range map[string]string{
		"/targets": `"activeTargets"`, "/targets?state=dropped": `"droppedTargets"`, "/scrape_pools": `"scrapePools"`, "/alertmanagers": `"activeAlertmanagers"`,
		"/alerts": `"alerts":[]`, "/rules": `"groups":[]`, "/status/config": `"yaml"`, "/status/flags": `"data":{}`, "/status/tsdb": `"headStats"`, "/status/tsdb/blocks": `"blocks"`,
		"/status/walreplay": `"error"`, "/notifications": `"success"`, "/features": `"error"`, "/metadata?limit=1": `"success"`, "/query_exemplars?query=up&start=1&end=2": `"data":[]`,
		"/targets/metadata?limit=2": `"success"`, "/scrape_pools/config?scrape_pool=x": `"error"`, "/format_query?query=sum(up)by(job)": `sum by (job) (up)`,
	} {
		status, body := whole(t)(http.Get(base + path))
		require.NotEqual(t, http.StatusNotFound, status, path)
		require.Contains(t, body, holds, path)
		require.True(t, json.Valid([]byte(body)), "%s: %s", path, body)
	}
	for _, path := range []string{"/admin/tsdb/delete_series?match[]=up", "/admin/tsdb/clean_tombstones", "/admin/tsdb/snapshot"} {
		status, body := post(t, base+path, nil)
		require.GreaterOrEqual(t, status, 400, path)
		require.Contains(t, body, "admin APIs disabled", path)
	}
	for _, path := range []string{"/write", "/otlp/v1/metrics"} {
		status, _ := post(t, base+path, nil)
		require.GreaterOrEqual(t, status, 400, path)
	}
	status, _ := whole(t)(http.Get(base + "/notifications/live"))
	require.Equal(t, http.StatusNoContent, status, "nothing is pushed")
}

// A page of another origin, in a browser, is not allowed to read what is served here.
func TestOtherOriginsAreNotLetIn(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, short(t)+"/query?query=1", nil)
	require.NoError(t, err)
	req.Header.Set("Origin", "http://elsewhere.example")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Empty(t, res.Header.Get("Access-Control-Allow-Origin"))
}
