package query

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// fixed is a source of given values that end at the clock's last whole 5 minutes, by expression.
type fixed map[string][]series.Series

func (f fixed) Read(_ context.Context, r source.Request) (*series.Set, error) {
	g := series.NewGrid(r.From, r.To, r.Step)
	set := &series.Set{Grid: g}
	for _, s := range f[r.Spec.Expr] {
		s.Values = aligned(s.Values, g.Len)
		set.Series = append(set.Series, s)
	}
	return set, nil
}
func (fixed) Check(context.Context) (string, error) { return "fixed", nil }
func (fixed) Close() error                          { return nil }

func engineOf(f fixed) *Engine {
	return NewEngine(map[source.Kind]source.Source{source.Prometheus: f}, func() time.Time { return clock }, 1<<20, 1<<20)
}

func answerOf(t *testing.T, f fixed, raw string) *Answer {
	return execute(t, engineOf(f), raw, -2*time.Hour, 0)
}

// hot is a quiet series whose last hour is far too high.
func hot() []float64 {
	out := make([]float64, 4032)
	for i := range out {
		out[i] = 10 + float64(i%5)
		if i >= len(out)-12 {
			out[i] = 90
		}
	}
	return out
}

const anomaly = `"queryType": "anomaly", "source": {"kind": "prometheus", "expr": "cpu"}`

func TestMaintenanceSilencesAQueryVisibly(t *testing.T) {
	f := fixed{"cpu": {{Name: "a", Values: hot()}}}
	plain := answerOf(t, f, `{`+anomaly+`}`).Results[0]
	require.True(t, plain.Anomalous[len(plain.Anomalous)-1])
	require.Nil(t, plain.Held)
	from, to := clock.Add(-2*time.Hour).Format(time.RFC3339), clock.Add(time.Hour).Format(time.RFC3339)
	window := fmt.Sprintf(`{"from": %q, "to": %q, "reason": "upgrade"}`, from, to)
	out := answerOf(t, f, `{`+anomaly+`, "calendar": {"timezone": "Asia/Shanghai", "holidays": "CN", "maintenance": [`+window+`]}}`).Results[0]
	last := len(out.Anomalous) - 1
	require.NotContains(t, out.Anomalous, true)
	require.Equal(t, "maintenance", out.Held[last])
	require.Len(t, out.Held, len(out.Anomalous))
	require.Greater(t, out.Score[last], 1.0)
	require.Positive(t, out.HeldBack["maintenance"])
}

func TestExcludedTimeIsNotLearntByForecasts(t *testing.T) {
	f := fixed{"cpu": {{Name: "a", Values: hot()}}}
	from, to := clock.Add(-2*time.Hour).Format(time.RFC3339), clock.Format(time.RFC3339)
	const ask = `{"source": {"kind": "prometheus", "expr": "cpu"}, "model": {"algorithm": "ets"}, "horizon": "1h"`
	with := answerOf(t, f, ask+`}`).Results[0]
	without := answerOf(t, f, fmt.Sprintf(`%s, "calendar": {"excluded": [{"from": %q, "to": %q}]}}`, ask, from, to)).Results[0]
	require.Greater(t, with.Forecast[0], 50.0)
	require.Less(t, without.Forecast[0], 20.0)
}

func TestAYearWithoutHolidaysIsNamed(t *testing.T) {
	f := fixed{"cpu": {{Name: "a", Values: hot()}}}
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: f}, func() time.Time { return clock.AddDate(1, 0, 0) }, 1<<20, 1<<20)
	q, err := Parse([]byte(`{`+anomaly+`, "calendar": {"holidays": "CN"}}`), Defaults{})
	require.NoError(t, err)
	a, err := e.Execute(context.Background(), q, Range{clock.AddDate(1, 0, -1), clock.AddDate(1, 0, 0)})
	require.NoError(t, err)
	require.Len(t, a.Notices, 1)
	require.Contains(t, a.Notices[0].Text, "2027")
	q, err = Parse([]byte(queryOf(Composite, `,"calendar": {"holidays": "CN"}`)), Defaults{})
	require.NoError(t, err)
	a, err = e.Execute(context.Background(), q, Range{clock.AddDate(1, 0, -1), clock.AddDate(1, 0, 0)})
	require.NoError(t, err)
	require.Contains(t, noticesOf(a), "2027", "and so of several signals")
}

// One of three hosts is far from the others in the newest hour.
func apart() fixed {
	return fixed{"cpu": {host("a", late(12)...), host("b", late(12)...), host("c", late(0)...)}}
}

const grouped = `{"queryType": "outlier", "source": {"kind": "prometheus", "expr": "cpu"}`

func TestMaintenanceAndDeploymentsSilenceOutliersVisibly(t *testing.T) {
	plain := answerOf(t, apart(), grouped+`}`)
	require.True(t, plain.Results[2].Outlier.Outlier)
	require.Contains(t, plain.Results[2].Anomalous, true)
	for list, stage := range map[string]string{"maintenance": "maintenance", "events": "deployment"} {
		from, to := clock.Add(-40*time.Minute).Format(time.RFC3339), clock.Add(-20*time.Minute).Format(time.RFC3339)
		a := answerOf(t, apart(), fmt.Sprintf(`%s, "calendar": {%q: [{"from": %q, "to": %q, "reason": "disk swap"}]}}`, grouped, list, from, to))
		r := a.Results[2]
		require.False(t, r.Outlier.Outlier, stage)
		require.Equal(t, plain.Results[2].Outlier.Score, r.Outlier.Score, "what it was is still told")
		require.NotContains(t, r.Anomalous, true)
		require.Len(t, r.Episodes, 1)
		require.Equal(t, [2]string{stage, "disk swap"}, [2]string{r.Episodes[0].HeldBack, r.Episodes[0].Reason})
		require.Contains(t, noticesOf(a), "outliers held back by")
		require.NotContains(t, noticesOf(a), "all instances agree")
		require.Empty(t, a.Results[0].Episodes)
		over := answerOf(t, apart(), fmt.Sprintf(`%s, "calendar": {%q: [{"from": %q, "to": %q}]}}`, grouped, list, clock.Add(-3*time.Hour).Format(time.RFC3339), clock.Add(-90*time.Minute).Format(time.RFC3339)))
		require.True(t, over.Results[2].Outlier.Outlier, "it was over when the window compared began")
	}
}

func TestARatioOfFewRequestsIsHeldBack(t *testing.T) {
	volume := make([]float64, 4032)
	for i := range volume {
		volume[i] = 3
	}
	guard := `{` + anomaly + `, "guards": {"minVolume": 20}, "volume": {"kind": "prometheus", "expr": "requests"}}`
	f := fixed{"cpu": {{Name: "a", Labels: series.Labels{"h": "a"}, Values: hot()}, {Name: "b", Labels: series.Labels{"h": "b"}, Values: hot()}},
		"requests": {{Labels: series.Labels{"h": "b"}, Values: volume}, {Labels: series.Labels{"h": "c"}, Values: volume}}}
	a := answerOf(t, f, guard)
	require.Contains(t, a.Results[0].Anomalous, true, "no volume is known of it")
	require.NotContains(t, a.Results[1].Anomalous, true)
	require.Positive(t, a.Results[1].HeldBack["minVolume"])
	f["requests"] = f["requests"][:1]
	require.NotContains(t, answerOf(t, f, guard).Results[0].Anomalous, true, "a single volume is that of all")
	f["requests"] = nil
	a = answerOf(t, f, guard)
	require.Contains(t, a.Results[1].Anomalous, true)
	require.Contains(t, a.Notices[0].Text, "guards.minVolume")
}

// What is set and does nothing would be trusted all the same.
func TestGuardsAreRefusedWhereNothingReadsThem(t *testing.T) {
	for kind, more := range map[string]string{"outlier": "", "warning": `, "threshold": {"value": 90}`} {
		_, err := Parse([]byte(`{`+promSource+`, "queryType": "`+kind+`", "guards": {"floor": 50}`+more+`}`), Defaults{})
		require.ErrorIs(t, err, ErrInvalid)
		require.ErrorContains(t, err, `"guards" is given, needed is none with queryType `+kind)
	}
	for _, kind := range []string{"anomaly", "series"} { // the series beside an anomaly in a rule is often the same query
		_, err := Parse([]byte(`{`+promSource+`, "queryType": "`+kind+`", "guards": {"floor": 50}}`), Defaults{})
		require.NoError(t, err)
	}
}

func TestRefusalsOfCalendarsAndGuards(t *testing.T) {
	for query, says := range map[string]string{
		`"calendar": {"timezone": "Moon/Base"}`:                               "timezone",
		`"calendar": {"holiday": "CN"}`:                                       `unknown field "holiday"`,
		`"calendar": {"maintenance": [{"start": "25:00", "duration": "1h"}]}`: "maintenance[0]",
		`"guards": {"k": 3, "n": 2}`:                                          "guards.k",
		`"guards": {"k": 3, "n": 65}`:                                         "guards.k",
		`"guards": {"cooldown": "soon"}`:                                      "guards.cooldown",
		`"guards": {"minVolume": -1}`:                                         "guards.minVolume",
		`"guards": {"minVolume": 5}`:                                          `"volume" is missing`,
		`"volume": {"kind": "prometheus", "expr": "x"}`:                       `"volume" is given`,
		`"guards": {"minVolume": 5}, "volume": {"kind": "prometheus"}`:        "volume.expr",
	} {
		_, err := Parse([]byte(`{`+anomaly+`, `+query+`}`), Defaults{})
		require.ErrorIs(t, err, ErrInvalid)
		require.ErrorContains(t, err, says)
	}
	q, err := Parse([]byte(`{`+anomaly+`, "guards": {"k": 3, "n": 5, "cooldown": "5m", "for": "0"}}`), Defaults{})
	require.NoError(t, err)
	require.Equal(t, [2]int{3, 5}, [2]int{q.Guards.K, q.Guards.N})
	require.Equal(t, 5*time.Minute, q.Guards.Cooldown)
}

func TestAFlagIsExplainedInTheLanguageAskedFor(t *testing.T) {
	f := fixed{"cpu": {{Name: "a", Values: hot()}}, "mem": {{Name: "a", Labels: series.Labels{"h": "a"}, Values: hot()}},
		"load": {{Name: "a", Labels: series.Labels{"h": "a"}, Values: hot()}}}
	a := answerOf(t, f, `{`+anomaly+`, "language": "zh-Hans"}`)
	e := a.Results[0].Episodes
	require.Len(t, e, 1)
	require.Equal(t, 90.0, *e[0].Actual)
	require.NotNil(t, e[0].Yesterday)
	require.Less(t, *e[0].LastWeek, 15.0)
	require.Contains(t, e[0].Sentence(a.Query.Language), "昨日同一时刻为")
	_, err := Parse([]byte(`{`+anomaly+`, "language": "fr"}`), Defaults{})
	require.ErrorContains(t, err, "en-US, zh-Hans")

	const both = `"queryType": "composite", "join": ["h"], "sources": [{"name": "mem", "kind": "prometheus", "expr": "mem"}, {"name": "load", "kind": "prometheus", "expr": "load"}]`
	for _, method := range []string{"auto", "fisher", "mahalanobis"} {
		a = answerOf(t, f, `{`+both+`, "model": {"algorithm": "`+method+`"}}`)
		require.Equal(t, method, a.Results[0].Algorithm)
		require.NotEmpty(t, a.Results[0].Episodes)
		require.Len(t, a.Results[0].Episodes[0].Shares, 2)
	}
	_, err = Parse([]byte(`{`+both+`, "model": {"algorithm": "magic"}}`), Defaults{})
	require.ErrorContains(t, err, "auto, fisher")
}
