package query

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// kept answers each expression with its series, whatever the range; one that it does not know is an error.
type kept map[string][]series.Series

func (k kept) Read(_ context.Context, r source.Request) (*series.Set, error) {
	all, ok := k[r.Spec.Expr]
	if !ok {
		return nil, errors.New("no such expression")
	}
	return &series.Set{Grid: series.NewGrid(r.From, r.To, r.Step), Series: all}, nil
}
func (kept) Check(context.Context) (string, error) { return "kept", nil }
func (kept) Close() error                          { return nil }

func host(name string, values ...float64) series.Series {
	return series.Series{Name: name, Labels: series.Labels{"host": name}, Values: values}
}

// A ratio is judged where enough stands behind it: what a training reads of that, series by series. A series that is told apart by more
// than its volume is, such as by route, has that of all its routes.
func TestTheVolumeOfASeriesIsThatWithItsLabels(t *testing.T) {
	k := kept{"none": {}, "one": {host("x", 1, 2, 3, 4)}, "two": {host("a", 1, 2, 3, 4), host("b", 5, 6, 7, 8)}, "short": {host("a", 3, 4)}, "long": {host("a", 0, 1, 2, 3, 4)}}
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: k}, time.Now, 1<<20, 1<<20)
	g := series.Grid{Start: began, Step: time.Hour, Len: 4}
	for name, c := range map[string]struct {
		expr, of string
		want     []float64
		notices  []string
	}{
		"its own":                 {"two", "b", []float64{5, 6, 7, 8}, nil},
		"of another":              {"two", "c", nil, nil},
		"the only one there is":   {"one", "a", []float64{1, 2, 3, 4}, nil},
		"of a source with none":   {"none", "a", nil, []string{nothingFrom("volume")}},
		"shorter than the series": {"short", "a", []float64{math.NaN(), math.NaN(), 3, 4}, nil},
		"longer than the series":  {"long", "a", []float64{1, 2, 3, 4}, nil},
	} {
		q, err := Parse([]byte(queryOf(Anomaly, `,"guards":{"minVolume":1},"volume":{"kind":"prometheus","expr":"`+c.expr+`"}`)), Defaults{})
		require.NoError(t, err)
		of, notices, err := e.BesideFor(t.Context(), q, g)
		require.NoError(t, err, name)
		require.Equal(t, c.notices, notices, name)
		known, err := of(series.Labels{"host": c.of, "route": "/v1"})
		require.NoError(t, err, name)
		require.Equal(t, len(c.want), len(known.Volume), name)
		for i, v := range known.Volume {
			require.True(t, v == c.want[i] || math.IsNaN(v) && math.IsNaN(c.want[i]), "%s: %v", name, v)
		}
	}
}

func TestAVolumeThatNobodyAsksForIsNotRead(t *testing.T) {
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: kept{}}, time.Now, 1<<20, 1<<20)
	q, err := Parse([]byte(queryOf(Anomaly, "")), Defaults{})
	require.NoError(t, err)
	of, notices, err := e.BesideFor(t.Context(), q, series.Grid{Start: began, Step: time.Hour, Len: 4})
	require.NoError(t, err)
	require.Empty(t, notices)
	known, err := of(series.Labels{"host": "a"})
	require.NoError(t, err)
	require.Equal(t, Beside{}, known)
}

func TestAVolumeThatCannotBeReadIsAnErrorThatNamesIt(t *testing.T) {
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: kept{"x": {host("a", 1)}}}, func() time.Time { return began }, 1<<20, 1<<20)
	q, err := Parse([]byte(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"guards":{"minVolume":1},"volume":{"kind":"prometheus","expr":"gone"}}`), Defaults{})
	require.NoError(t, err)
	_, _, err = e.BesideFor(t.Context(), q, series.Grid{Start: began, Step: time.Hour, Len: 4})
	require.EqualError(t, err, "volume: no such expression")
	_, err = e.beside(t.Context(), q, &window{readFrom: began.Add(-time.Hour), asOf: began}, &Answer{})
	require.EqualError(t, err, "volume: no such expression", "and so for a panel")
}

// However long the two are, the newest values meet, and what is not known before is missing.
func TestVolumesAreAlignedByTheirEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 0, 20).Draw(t, "values")
		n := rapid.IntRange(0, 25).Draw(t, "n")
		got := aligned(values, n)
		require.Len(t, got, n)
		for back := 1; back <= n; back++ {
			if back <= len(values) {
				require.Equal(t, values[len(values)-back], got[n-back])
			} else {
				require.True(t, math.IsNaN(got[n-back]))
			}
		}
	})
}

// late is a fortnight of five-minute values around 10 of which the newest hour, but for some points at its end, is 80 more.
func late(quiet int) []float64 {
	out := make([]float64, 4032)
	for i := range out {
		if out[i] = 10 + float64(i%5); i >= len(out)-12 && i < len(out)-quiet {
			out[i] += 80
		}
	}
	return out
}

func TestAFlagWaitsForAnotherSignalsAgreement(t *testing.T) {
	calm := late(12)
	soon := late(12) // unusual for the last quarter of an hour only
	copy(soon[len(soon)-3:], []float64{90, 91, 92})
	gone := late(12)
	for i := len(gone) - 60; i < len(gone); i++ {
		gone[i] = math.NaN()
	}
	f := fixed{"cpu": {host("a", late(0)...), host("b", late(0)...)}}
	ask := func(within string, others ...series.Series) *Answer {
		f["errors"] = others
		return answerOf(t, f, `{`+anomaly+`, "guards": {"agreement": "`+within+`"}, "agreement": {"kind": "prometheus", "expr": "errors"}}`)
	}
	newest := func(a *Answer, k int) []bool { return a.Results[k].Anomalous[len(a.Results[k].Anomalous)-12:] }

	a := ask("15m", host("a", calm...), host("b", late(0)...))
	require.NotContains(t, a.Results[0].Anomalous, true, "errors of a are as usual")
	require.Equal(t, 12, a.Results[0].HeldBack["agreement"])
	require.Contains(t, newest(a, 1), true, "those of b are not")
	e := a.Results[0].Episodes[0]
	require.Equal(t, "agreement", e.HeldBack)
	require.Contains(t, e.Sentence("en-US"), "held back by the other signal")
	require.Contains(t, e.Sentence("zh-Hans"), "已抑制：另一信号佐证")
	require.Contains(t, a.Results[1].Episodes[len(a.Results[1].Episodes)-1].Passed, "agreement")

	a = ask("15m", host("a", soon...))
	require.NotContains(t, newest(a, 0)[:9], true, "it has to have come, not to come")
	require.Contains(t, newest(a, 0)[9:], true)
	require.Contains(t, newest(a, 1)[9:], true, "the only one there is stands beside all")

	early := late(12)
	copy(early[len(early)-12:], []float64{90, 91, 92})
	require.NotContains(t, newest(ask("15m", host("a", early...)), 0)[6:], true, "longer ago than a quarter of an hour")
	require.Contains(t, newest(ask("2h", host("a", early...)), 0)[6:], true)

	require.Contains(t, newest(ask("15m", host("a", gone...)), 0), true, "a signal that is away does not disagree")
	require.Contains(t, newest(ask("15m", host("a", 1, 2, 3)), 0), true, "nor one that is too young to tell")
	a = ask("15m")
	require.Contains(t, newest(a, 0), true)
	require.Contains(t, noticesOf(a), "guards.agreement holds nothing back")
}

// A deployment is told by a source: whatever is above 0, for the services that it names.
func TestDeploymentsOfASourceKeepQuiet(t *testing.T) {
	deployed := func(back int) []float64 {
		out := make([]float64, 4032)
		out[len(out)-back] = 1
		return out
	}
	f := fixed{"cpu": {host("a", late(0)...), host("b", late(0)...)}, "mem": {host("a", late(0)...), host("b", late(0)...)}}
	const asked = `, "deployments": {"kind": "prometheus", "expr": "releases"`
	ask := func(query string, all ...series.Series) *Answer {
		f["releases"] = all
		return answerOf(t, f, query)
	}
	release := series.Series{Name: "shop 4.2", Labels: series.Labels{"host": "a", "__name__": "release"}, Values: deployed(13)}
	a := ask(`{`+anomaly+asked+`, "quiet": "2h"}}`, release)
	require.NotContains(t, a.Results[0].Anomalous, true)
	require.Equal(t, 12, a.Results[0].HeldBack["deployment"])
	require.Equal(t, "shop 4.2", a.Results[0].Episodes[0].Reason, "which it was")
	require.Contains(t, a.Results[1].Anomalous, true, "b was not deployed")

	a = ask(`{`+anomaly+asked+`}}`, release)
	require.Equal(t, 6, a.Results[0].HeldBack["deployment"], "half an hour from the deployment's own interval on")
	require.NotContains(t, a.Results[0].Anomalous, true, "the level that it left behind is the new one")
	further := late(0)
	for i := len(further) - 3; i < len(further); i++ {
		further[i] += 300
	}
	f["cpu"][0] = host("a", further...)
	require.Contains(t, ask(`{`+anomaly+asked+`}}`, release).Results[0].Anomalous, true, "what goes further is told")
	f["cpu"][0] = host("a", late(0)...)

	release.Labels = series.Labels{"metric": "shop 4.2", "host": "a"}
	a = ask(`{`+anomaly+asked+`, "quiet": "2h"}}`, release)
	require.Equal(t, 12, a.Results[0].HeldBack["deployment"], "the column metric of a table names the deployment")
	require.Contains(t, a.Results[1].Anomalous, true)

	release.Labels = nil
	require.NotContains(t, ask(`{`+anomaly+asked+`, "quiet": "2h"}}`, release).Results[1].Anomalous, true, "one without labels concerns all")
	require.Contains(t, noticesOf(ask(`{`+anomaly+asked+`}}`)), "no deployment is known")

	release.Labels = series.Labels{"host": "a"}
	const both = `{"queryType": "composite", "join": ["host"], "sources": [{"name": "cpu", "kind": "prometheus", "expr": "cpu"}, {"name": "mem", "kind": "prometheus", "expr": "mem"}]`
	a = ask(both+asked+`, "quiet": "2h"}}`, release)
	require.NotContains(t, a.Results[0].Anomalous, true)
	require.Equal(t, "deployment", a.Results[0].Episodes[0].HeldBack)
	require.Contains(t, a.Results[1].Anomalous, true)
}

func TestOtherSignalsAndDeploymentsAreRefusedWhereNothingReadsThem(t *testing.T) {
	const other, deployments = `"agreement":{"kind":"prometheus","expr":"x"}`, `"deployments":{"kind":"prometheus","expr":"x"}`
	for query, says := range map[string]string{
		queryOf(Anomaly, `,`+other):                                             "only an anomaly query with guards.agreement",
		queryOf(Outlier, `,`+other):                                             "only an anomaly query",
		queryOf(Anomaly, `,"guards":{"agreement":"5m"}`):                        `field "agreement" is missing`,
		queryOf(Anomaly, `,"guards":{"agreement":"soon"},`+other):               `field "guards.agreement"`,
		queryOf(Anomaly, `,"guards":{"agreement":"5m"},"agreement":{}`):         `field "agreement.kind" is missing`,
		queryOf(Outlier, `,`+deployments):                                       `field "deployments" is given`,
		queryOf(Forecast, `,`+deployments):                                      "only an anomaly or composite query reads them",
		queryOf(Anomaly, `,"deployments":{"kind":"mysql"}`):                     `field "deployments.rawSql" is empty`,
		queryOf(Anomaly, `,"deployments":{"kind":"prometheus","quiet":"long"}`): `field "deployments.quiet"`,
		queryOf(Composite, `,"deployments":{"kind":"prometheus","expr":""}`):    `field "deployments.expr" is empty`,
	} {
		_, err := Parse([]byte(query), Defaults{})
		require.ErrorIs(t, err, ErrInvalid, query)
		require.ErrorContains(t, err, says, query)
	}
}

// However many series it stands beside, another signal is scored once, and for each further output of a rule not again.
func TestAnotherSignalIsScoredOnce(t *testing.T) {
	l := newLab(t)
	q, err := Parse([]byte(queryOf(Anomaly, `,"guards":{"agreement":"5m"},"agreement":{"kind":"prometheus","expr":"x"}`)), Defaults{})
	require.NoError(t, err)
	scored := 0
	read := func(source.Spec) (*series.Set, error) {
		return &series.Set{Series: []series.Series{host("a", 1, 2, 3)}}, nil
	}
	of, _, err := q.beside(t.Context(), series.Grid{Start: began, Step: time.Minute, Len: 3}, read, func(context.Context, detect.Input) ([]float64, error) {
		scored++
		return []float64{0, 0, 2}, nil
	})
	require.NoError(t, err)
	for _, name := range []string{"a", "b", "c"} {
		known, err := of(series.Labels{"host": name})
		require.NoError(t, err)
		require.Equal(t, []float64{0, 0, 2}, known.Other)
	}
	require.Equal(t, 1, scored)

	const ask = `{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"interval":"1h","guards":{"agreement":"2h"},"agreement":{"kind":"prometheus","expr":"y"},"output":"`
	l.ask(ask+`score"}`, -3*time.Hour, 0)
	before, _ := l.scores.Stats()
	l.ask(ask+`anomalous"}`, -3*time.Hour, 0)
	after, _ := l.scores.Stats()
	require.Equal(t, 4, before, "two series and their two others")
	require.Equal(t, before, after)
}
