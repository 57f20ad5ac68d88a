package query

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const ofAliyun = `"adhocFilters":[{"key":"cloud","operator":"=","value":"aliyun"}]`

// totals are one series without labels, as `sum(…)` gives it: the filters decide what is in it, and no label tells.
type totals struct{ asked []string }

func (s *totals) Read(_ context.Context, r source.Request) (*series.Set, error) {
	all := texts(r.Filters)
	s.asked = append(s.asked, all)
	g := series.NewGrid(r.From, r.To, r.Step)
	v := make([]float64, g.Len)
	for i := range v {
		h := g.Time(i).Sub(clock).Hours()
		if v[i] = 70 + h/10; all != "" { // the part grows ten times as fast
			v[i] = 70 + h
		}
	}
	return &series.Set{Grid: g, Series: []series.Series{{Name: "total", Values: v}}}, nil
}
func (*totals) Check(context.Context) (string, error) { return "totals", nil }
func (*totals) Close() error                          { return nil }

func TestTheDashboardsFiltersReachEveryPromQLExpression(t *testing.T) {
	size := `{"kind":"prometheus","expr":"size"}`
	for name, c := range map[string]struct {
		raw   string
		reads int
	}{
		"source":      {`{"queryType":"series",` + promSource + `,` + ofAliyun + `}`, 1},
		"limit":       {`{"queryType":"warning",` + promSource + `,"threshold":{"query":` + size + `},` + ofAliyun + `}`, 2},
		"capacity":    {`{"queryType":"warning",` + promSource + `,"threshold":{"value":90,"capacity":` + size + `},` + ofAliyun + `}`, 2},
		"volume":      {`{"queryType":"anomaly",` + promSource + `,"guards":{"minVolume":3},"volume":` + size + `,` + ofAliyun + `}`, 2},
		"agreement":   {`{"queryType":"anomaly",` + promSource + `,"guards":{"agreement":"10m"},"agreement":` + size + `,` + ofAliyun + `}`, 2},
		"deployments": {`{"queryType":"anomaly",` + promSource + `,"deployments":{"kind":"prometheus","expr":"size","quiet":"30m"},` + ofAliyun + `}`, 2},
		"composite":   {`{"queryType":"composite","sources":[{"name":"a","kind":"prometheus","expr":"a"},{"name":"b","kind":"prometheus","expr":"b"}],"join":["host"],` + ofAliyun + `}`, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := &totals{}
			e := NewEngine(map[source.Kind]source.Source{source.Prometheus: s}, func() time.Time { return clock }, 1<<20, 1<<20)
			execute(t, e, c.raw, -time.Hour, 0)
			require.Len(t, s.asked, c.reads)
			for _, filters := range s.asked {
				require.Equal(t, `cloud="aliyun"`, filters)
			}
		})
	}
}

// What was read, scored and worked out for one choice of filters is never shown for another, though the series has the same labels.
func TestAnswersOfOtherFiltersAreNotMixedUp(t *testing.T) {
	s := &totals{}
	fresh := func() *Engine {
		return NewEngine(map[source.Kind]source.Source{source.Prometheus: s}, func() time.Time { return clock }, 1<<22, 1<<22)
	}
	ask := func(e *Engine, filters string) *warn.Answer {
		return execute(t, e, `{"queryType":"warning",`+promSource+`,"threshold":{"value":90},"interval":"1h","horizon":"720h"`+filters+`}`, -time.Hour, 0).Results[0].Warning
	}
	all, part := ask(fresh(), ""), ask(fresh(), ","+ofAliyun)
	require.InDelta(t, 20, part.ETA, 3)
	require.Greater(t, all.ETA, 100.0)
	one := fresh()
	require.Equal(t, all, ask(one, ""))
	require.Equal(t, part, ask(one, ","+ofAliyun))
	reads := len(s.asked)
	require.Equal(t, all, ask(one, ""))
	require.Equal(t, part, ask(one, ","+ofAliyun))
	require.Len(t, s.asked, reads, "both are held")
}

func TestWhatIsReadFromMySQLSaysThatFiltersDoNotApply(t *testing.T) {
	for kind, text := range map[source.Kind]string{source.MySQL: `"kind":"mysql","rawSql":"SELECT 1"`, source.Logs: `"kind":"logs","table":"l","time":"ts"`} {
		m := &memory{}
		e := NewEngine(map[source.Kind]source.Source{kind: m, source.Prometheus: m}, func() time.Time { return clock }, 1<<20, 1<<20)
		a := execute(t, e, `{"queryType":"series","source":{`+text+`},`+ofAliyun+`}`, -time.Hour, 0)
		require.Equal(t, 1, strings.Count(noticesOf(a), `the dashboard's filters (cloud="aliyun") do not apply here`))
		require.NotEmpty(t, a.Results)
		require.Empty(t, noticesOf(execute(t, e, `{"queryType":"series","source":{`+text+`}}`, -time.Hour, 0)))
		require.Empty(t, noticesOf(execute(t, e, `{"queryType":"series",`+promSource+`,`+ofAliyun+`}`, -time.Hour, 0)))
		both := execute(t, e, `{"queryType":"composite","sources":[{"name":"a",`+text+`},{"name":"b",`+text+`}],"join":["host"],`+ofAliyun+`}`, -time.Hour, 0)
		require.Equal(t, 1, strings.Count(noticesOf(both), "do not apply here"), "once for both")
	}
}

// A trained model knows the series as they were without filters: these choose among them, and the states stay right.
func TestFiltersChooseAmongATrainedModelsSeries(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(2 * time.Hour)
	whole := l.ask(byName, -3*time.Hour, 0)
	for filters, want := range map[string][]string{
		`{"key":"host","operator":"=","value":"h1"}`:                                                  {"h1"},
		`{"key":"host","operator":"!=","value":"h1"}`:                                                 {"h0"},
		`{"key":"host","operator":"=~","value":"h.*"}`:                                                {"h0", "h1"},
		`{"key":"host","operator":"=|","value":"h0","values":["h0","h1"]}`:                            {"h0", "h1"},
		`{"key":"host","operator":"=","value":"gone"}`:                                                {},
		`{"key":"host","operator":"=","value":"h0"},{"key":"host","operator":"!=","value":"h0"}`:      {},
		`{"key":"host","operator":"=~","value":"h.*"},{"key":"host","operator":"!~","value":".*0.*"}`: {"h1"},
	} {
		a := l.ask(`{"model":{"name":"cpu"},"adhocFilters":[`+filters+`]}`, -3*time.Hour, 0)
		got := []string{}
		for _, r := range a.Results {
			got = append(got, r.Name)
			require.Contains(t, r.Why, "Version 1 of the model cpu", "answered by its state")
			for _, w := range whole.Results {
				if w.Name == r.Name {
					require.Equal(t, w.Forecast, r.Forecast)
				}
			}
		}
		require.Equal(t, want, got, filters)
		require.Empty(t, noticesOf(a))
	}
	for _, r := range l.source.asked {
		require.Empty(t, r.Filters, "the expression is read as it was trained")
	}
}

func TestAFilterThatNoSeriesOfAModelKnowsIsNamed(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	a := l.ask(`{"model":{"name":"cpu"},`+ofAliyun+`}`, -time.Hour, 0)
	require.Len(t, a.Results, 2)
	require.Contains(t, noticesOf(a), `the dashboard's filter cloud="aliyun" does not apply: no series of the model cpu has a label cloud`)
}

// A definition that says filters itself, as one from Explore may, is trained with them.
func TestADefinitionsOwnFiltersAreReadForTraining(t *testing.T) {
	l := newLab(t)
	q, err := Parse([]byte(`{"queryType":"anomaly",`+learntFrom[:strings.Index(learntFrom, `,"horizon"`)]+`,"guards":{"minVolume":1},"volume":{"kind":"prometheus","expr":"n"},`+ofAliyun+`}`), Defaults{})
	require.NoError(t, err)
	sets, err := l.ReadFor(t.Context(), q, began, 24*time.Hour)
	require.NoError(t, err)
	_, _, err = l.BesideFor(t.Context(), q, sets[0].Grid)
	require.NoError(t, err)
	require.Len(t, l.source.asked, 2)
	for _, r := range l.source.asked {
		require.Equal(t, `cloud="aliyun"`, texts(r.Filters))
	}
}

func TestFiltersThatSayNothingUsableAreRefusedByName(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	for filters, says := range map[string]string{
		`[{"key":"","operator":"=","value":"x"}]`:       `field "adhocFilters[0]": field "key" is empty`,
		`[{"key":"a","operator":"equals","value":"x"}]`: `field "operator" is "equals", needed is one of =`,
		`[{"key":"a","operator":"=~","value":"("}]`:     `field "value" is "("`,
		`{"key":"a"}`: `adhocFilters`,
		`[{"key":"a","operator":"=","value":["x","y"]}]`: `adhocFilters`,
	} {
		for _, query := range []string{promSource, `"model":{"name":"cpu"}`} {
			_, err := Resolve(t.Context(), []byte(`{`+query+`,"adhocFilters":`+filters+`}`), Defaults{}, l.shelf)
			require.ErrorIs(t, err, ErrInvalid)
			require.ErrorContains(t, err, says)
		}
	}
	q, err := Resolve(t.Context(), []byte(`{"model":{"name":"cpu"},"adhocFilters":null}`), Defaults{}, l.shelf)
	require.NoError(t, err)
	require.Empty(t, q.choice)
}
