package prometheus

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/source"
)

func matchers(t require.TestingT, texts ...string) []*labels.Matcher {
	out, err := language.ParseMetricSelector("{" + strings.Join(texts, ",") + "}")
	require.NoError(t, err)
	return out
}

func TestFiltersAreInEverySelector(t *testing.T) {
	for expr, want := range map[string]string{
		`up`:                                `up{cloud="aliyun"}`,
		`up{}`:                              `up{cloud="aliyun"}`,
		`{job="node"}`:                      `{cloud="aliyun",job="node"}`,
		`up{cloud="azure"}`:                 `up{cloud="aliyun",cloud="azure"}`,
		`rate(a_total{code=~"5.."}[5m])`:    `rate(a_total{cloud="aliyun",code=~"5.."}[5m])`,
		`sum by (instance) (a) / on () (b)`: `sum by (instance) (a{cloud="aliyun"}) / on () (b{cloud="aliyun"})`,
		`a offset 1d`:                       `a{cloud="aliyun"} offset 1d`,
		`a @ end()`:                         `a{cloud="aliyun"} @ end()`,
		`max_over_time(rate(a[5m])[1h:1m])`: `max_over_time(rate(a{cloud="aliyun"}[5m])[1h:1m])`,
		`histogram_quantile(0.95, sum by (le) (rate(h_bucket[5m])))`: `histogram_quantile(0.95, sum by (le) (rate(h_bucket{cloud="aliyun"}[5m])))`,
		`label_replace(a, "cloud", "$1", "zone", "(.*)-.*")`:         `label_replace(a{cloud="aliyun"}, "cloud", "$1", "zone", "(.*)-.*")`,
		`a > bool 5 unless b # a comment with "up{}" in it`:          `a{cloud="aliyun"} > bool 5 unless b{cloud="aliyun"}`,
		`{"a.metric", job="x"}`:                                      `{__name__="a.metric",cloud="aliyun",job="x"}`,
		`absent(a{text="up{x=\"1\"}"})`:                              `absent(a{cloud="aliyun",text="up{x=\"1\"}"})`,
		`topk(3, a) or vector(0)`:                                    `topk(3, a{cloud="aliyun"}) or vector(0)`,
		`mad_over_time(a[1h])`:                                       `mad_over_time(a{cloud="aliyun"}[1h])`,
		`1 + time()`:                                                 `1 + time()`,
	} {
		got, err := filtered(expr, matchers(t, `cloud="aliyun"`))
		require.NoError(t, err, expr)
		require.Equal(t, want, got, expr)
	}
}

func TestAnExpressionWithoutFiltersIsAsItIsWritten(t *testing.T) {
	for _, expr := range []string{"sum(rate( x[5m] ))", "WITH (x = 1) MetricsQL", ""} {
		got, err := filtered(expr, nil)
		require.NoError(t, err)
		require.Equal(t, expr, got)
	}
}

func TestWhatCannotBeParsedIsRefusedRatherThanShownUnfiltered(t *testing.T) {
	for _, expr := range []string{"rate(x[5m]", "keep_last_value(x)", "x{", "$unknown"} {
		_, err := filtered(expr, matchers(t, `a="b"`))
		require.ErrorIs(t, err, source.ErrBadQuery, expr)
		require.ErrorContains(t, err, "the dashboard's filters cannot be put into the expression")
		c, forms := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w) })
		r := request(expr, 4)
		r.Filters = matchers(t, `a="b"`)
		_, err = c.Read(t.Context(), r)
		require.ErrorIs(t, err, source.ErrBadQuery)
		require.Empty(t, *forms)
	}
}

// A metric's name can be filtered by as well: PromQL refuses the name before the braces and a matcher of names inside them.
func TestNamesOfMetricsAreLabels(t *testing.T) {
	for expr, want := range map[string]string{
		`up{job="x"}`:            `{__name__="up",__name__=~"u.*",job="x"}`,
		`{__name__="up"}`:        `{__name__="up",__name__=~"u.*"}`,
		`{__name__!="up",a="b"}`: `{__name__!="up",__name__=~"u.*",a="b"}`,
		`rate(a[5m]) / sum (b)`:  `rate({__name__="a",__name__=~"u.*"}[5m]) / sum({__name__="b",__name__=~"u.*"})`,
	} {
		got, err := filtered(expr, matchers(t, `__name__=~"u.*"`))
		require.NoError(t, err)
		require.Equal(t, want, got, expr)
	}
}

var selectors = rapid.Custom(func(t *rapid.T) string {
	name := rapid.SampledFrom([]string{"up", "a_total", "ns:b:rate5m", ""}).Draw(t, "name")
	inside := rapid.SliceOfN(rapid.SampledFrom([]string{`job="node"`, `code=~"5.."`, `path="/a b"`, `le=~"1|2"`, `msg="{}\"'\\"`}), 1, 3).Draw(t, "matchers")
	if name != "" && rapid.Bool().Draw(t, "bare") {
		return name
	}
	return name + "{" + strings.Join(inside, ", ") + "}"
})

var expressions = rapid.Custom(func(t *rapid.T) string {
	var made func(depth int) string
	made = func(depth int) string {
		s := selectors.Draw(t, "selector")
		forms := []string{s, "rate(" + s + "[5m])", s + " offset 1h", "increase(" + s + "[1h:5m])"}
		if depth > 0 {
			a, b := made(depth-1), made(depth-1)
			forms = append(forms, "sum by (job) ("+a+")", "("+a+") / on (job) group_left () ("+b+")", "100 * ("+a+")", "-("+a+")", "("+a+") > bool 3", "quantile(0.9, "+a+")", "("+a+") or ("+b+")")
		}
		return rapid.SampledFrom(forms).Draw(t, "form")
	}
	return made(3)
})

// Each selector of a filtered expression has its own matchers and the filters, and all else is as it was.
func TestFilteringAddsTheFiltersAndNothingElse(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		expr := expressions.Draw(rt, "expression")
		before, err := language.ParseExpr(expr)
		require.NoError(rt, err, expr)
		filters := matchers(rt, rapid.SliceOfNDistinct(rapid.SampledFrom([]string{`cloud="aliyun"`, `job!="x"`, `zone=~"a|b"`, `q="\"}"`}), 1, 4, rapid.ID).Draw(rt, "filters")...)
		got, err := filtered(expr, filters)
		require.NoError(rt, err)
		after, err := language.ParseExpr(got)
		require.NoError(rt, err, got)
		parser.Inspect(after, func(n parser.Node, _ []parser.Node) error {
			if s, ok := n.(*parser.VectorSelector); ok {
				for _, f := range filters {
					at := slices.IndexFunc(s.LabelMatchers, func(m *labels.Matcher) bool { return m.String() == f.String() })
					require.GreaterOrEqual(rt, at, 0, "%s in %s", f, got)
					s.LabelMatchers = slices.Delete(s.LabelMatchers, at, at+1)
				}
			}
			return nil
		})
		require.Equal(rt, before.String(), after.String())
	})
}

func TestFiltersAreExecutedAfterTheStepIsFilledIn(t *testing.T) {
	c, forms := server(t, func(w http.ResponseWriter, _ *http.Request) { matrix(w) })
	r := request("rate(x[$__rate_interval])", 10)
	r.Filters = matchers(t, `host="a"`)
	set, err := c.Read(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, `rate(x{host="a"}[1m15s])`, (*forms)[0].Get("query"))
	require.True(t, strings.HasPrefix(set.Executed, `rate(x{host="a"}[1m15s])  (step`), set.Executed)
}

func TestLabelsAreListedOfWhatPassesTheFilters(t *testing.T) {
	type asked struct{ path, match string }
	var got []asked
	c, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, asked{r.URL.Path, r.Form.Get("match[]")})
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"status":"success","data":["cloud","instance"]}`)
	})
	from, to := time.Unix(0, 0), time.Unix(3600, 0)
	for _, ask := range []struct {
		name    string
		filters []*labels.Matcher
		want    asked
	}{
		{"", nil, asked{"/api/v1/labels", ""}},
		{"", matchers(t, `cloud="aliyun"`, `job!="x"`), asked{"/api/v1/labels", `{cloud="aliyun",job!="x"}`}},
		{"cloud", nil, asked{"/api/v1/label/cloud/values", ""}},
		{"cloud", matchers(t, `job="node"`), asked{"/api/v1/label/cloud/values", `{job="node"}`}},
		{"cloud", []*labels.Matcher{labels.MustNewMatcher(labels.MatchNotEqual, "job", "x")}, asked{"/api/v1/label/cloud/values", `{__name__=~".+",job!="x"}`}},
		{"k8s.pod", nil, asked{"/api/v1/label/U__k8s_2e_pod/values", ""}},
		{"../../admin", nil, asked{"/api/v1/label/U___2e__2e__2f__2e__2e__2f_admin/values", ""}},
	} {
		got = nil
		values, err := c.Labels(t.Context(), ask.name, ask.filters, from, to)
		require.NoError(t, err)
		require.Equal(t, []string{"cloud", "instance"}, values)
		require.Equal(t, []asked{ask.want}, got)
	}
}

func TestLabelsThatCannotBeListedSayWhichSideFailed(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"refused": {400, `{"status":"error","errorType":"bad_data","error":"invalid parameter"}`, source.ErrBadQuery},
		"denied":  {403, "no", source.ErrDenied},
		"down":    {503, "no", source.ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			cl, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status); _, _ = fmt.Fprint(w, c.body) })
			for _, label := range []string{"", "cloud"} {
				values, err := cl.Labels(t.Context(), label, nil, time.Unix(0, 0), time.Unix(60, 0))
				require.ErrorIs(t, err, c.want)
				require.Empty(t, values)
			}
		})
	}
}
