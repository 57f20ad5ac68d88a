package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/trail"
)

const cheap = `"source":{"kind":"prometheus","expr":"ab","legendFormat":"{{host}}"},"model":{"algorithm":"ets"},"trainingWindow":"4d","interval":"30m","horizon":"6h"`

// asked runs queries of the last three hours as Grafana does.
func asked(t *testing.T, i *Instance, headers map[string]string, queries ...string) map[string]backend.DataResponse {
	t.Helper()
	now := time.Now()
	req := &backend.QueryDataRequest{Headers: headers}
	for k, q := range queries {
		req.Queries = append(req.Queries, backend.DataQuery{RefID: string(rune('A' + k)), JSON: []byte(q), TimeRange: backend.TimeRange{From: now.Add(-3 * time.Hour), To: now}})
	}
	r, err := i.QueryData(t.Context(), req)
	require.NoError(t, err)
	return r.Responses
}

func TestAPanelGetsFramesAndARuleOneNumber(t *testing.T) {
	i := served(t, nil)
	panel := asked(t, i, nil, `{`+cheap+`}`)["A"]
	require.NoError(t, panel.Error)
	require.Equal(t, "A", panel.Frames[0].RefID)
	require.Len(t, panel.Frames[0].Fields, 1+2*5)
	rule := map[string]string{"FromAlert": "true"}
	all := asked(t, i, rule, `{`+cheap+`}`)["A"]
	require.ErrorContains(t, all.Error, `field "output" is "all", an alert rule needs exactly one of actual, expected, forecast, lower, upper`)
	require.Equal(t, backend.StatusBadRequest, all.Status)
	one := asked(t, i, rule, `{`+cheap+`,"output":"forecast"}`)["A"]
	require.NoError(t, one.Error)
	require.Len(t, one.Frames, 1)
	require.Len(t, one.Frames[0].Fields, 1+2)
	eta := asked(t, i, rule, `{"queryType":"warning",`+cheap+`,"threshold":{"value":500},"output":"eta"}`)["A"]
	require.NoError(t, eta.Error)
	require.Equal(t, data.FrameTypeNumericWide, eta.Frames[0].Meta.Type, "a number, which feeds a threshold without a reduce")
}

func TestARuleWithoutDataGetsAFrameWithoutFields(t *testing.T) {
	i := served(t, nil)
	for _, q := range []string{`{"source":{"kind":"prometheus","expr":"none"},"output":"forecast"}`, `{"queryType":"warning","threshold":{"value":1},"source":{"kind":"prometheus","expr":"none"},"output":"eta"}`} {
		r := asked(t, i, map[string]string{"FromAlert": "true"}, q)["A"]
		require.NoError(t, r.Error)
		require.Len(t, r.Frames, 1)
		require.Empty(t, r.Frames[0].Fields, "which Grafana knows as no data")
	}
}

func TestEachQueryOfARequestIsAnsweredByItself(t *testing.T) {
	i := served(t, nil)
	r := asked(t, i, nil, `{`+cheap+`}`, `{"source":{"kind":"prometheus","expr":"fail"}}`, `{`, `{`+cheap+`,"interval":"soon"}`)
	require.NoError(t, r["A"].Error)
	require.ErrorIs(t, r["B"].Error, source.ErrUnreachable)
	require.Equal(t, backend.ErrorSourceDownstream, r["B"].ErrorSource)
	require.ErrorIs(t, r["C"].Error, query.ErrInvalid)
	require.ErrorContains(t, r["D"].Error, "interval")
}

func TestAQueryTakesTheNameAndTypeThatGrafanaSendsBesideIt(t *testing.T) {
	for name, c := range map[string]struct{ in, kind, want string }{
		"neither in it":         {`{"a":1}`, "forecast", `{"a":1,"refId":"X","queryType":"forecast"}`},
		"its own type":          {`{"queryType":"series"}`, "forecast", `{"queryType":"series","refId":"X"}`},
		"its own name":          {`{"refId":"B"}`, "forecast", `{"refId":"B"}`},
		"no type anywhere":      {`{}`, "", `{"refId":"X"}`},
		"something else's JSON": {`[1]`, "", `[1]`},
	} {
		require.JSONEq(t, c.want, string(merge(backend.DataQuery{RefID: "X", QueryType: c.kind, JSON: []byte(c.in)})), name)
	}
}

func TestAQueryThatIsNoLongerWantedStops(t *testing.T) {
	i := served(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := i.answer(ctx, backend.DataQuery{RefID: "A", JSON: []byte(`{` + cheap + `}`)}, false, trail.Rule{})
	require.ErrorIs(t, r.Error, context.Canceled)
	require.Equal(t, backend.ErrorSourceDownstream, r.ErrorSource, "not an error of ours")
}

func TestQueriesAreMadeWayForWhileTheyRun(t *testing.T) {
	i, begun, let := slowly(t)
	done := make(chan backend.DataResponse)
	go func() {
		done <- i.answer(context.Background(), backend.DataQuery{RefID: "A", JSON: []byte(`{` + cheap + `}`), TimeRange: backend.TimeRange{From: time.Now().Add(-time.Hour), To: time.Now()}}, false, trail.Rule{})
	}()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	i.gate.Yield(ctx, time.Hour)
	require.Error(t, ctx.Err(), "training would have waited")
	let()
	require.NoError(t, (<-done).Error)
	i.gate.Yield(t.Context(), time.Hour)
}

func TestAnnotationsAreTheAnomaliesAsEvents(t *testing.T) {
	i := served(t, nil)
	r := asked(t, i, nil, `{"queryType":"anomaly","source":{"kind":"prometheus","expr":"a"},"trainingWindow":"7d","interval":"30m","output":"annotations"}`)["A"]
	require.NoError(t, r.Error)
	require.Len(t, r.Frames, 1)
	var names []string
	for _, f := range r.Frames[0].Fields {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"time", "timeEnd", "title", "text", "tags"}, names, "also when there is nothing to show")
}

// counted gives a counter whose labels have these values.
func counted(t *testing.T, r *prometheus.Registry, name string, values ...string) float64 {
	t.Helper()
	families, err := r.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, one := range f.GetMetric() {
			have := map[string]bool{}
			for _, l := range one.GetLabel() {
				have[l.GetValue()] = true
			}
			all := f.GetName() == name
			for _, v := range values {
				all = all && have[v]
			}
			if all {
				return one.GetCounter().GetValue()
			}
		}
	}
	return 0
}

func TestTheProcessCountsWhatItDoes(t *testing.T) {
	r := prometheus.NewRegistry()
	m, err := NewMetrics(r)
	require.NoError(t, err)
	_, err = NewMetrics(r)
	require.Error(t, err, "once per registry")
	for kind, errs := range map[string][]error{
		"ok": {nil}, "query": {query.ErrInvalid, query.ErrNoModel, source.ErrRefused},
		"source":   {source.ErrTimeout, source.ErrUnreachable, source.ErrDenied, source.ErrBadQuery, source.ErrTooLarge, source.ErrNotConfigured, context.Canceled},
		"internal": {errors.New("our own")},
	} {
		for _, e := range errs {
			if e != nil {
				e = fmt.Errorf("wrapped: %w", e)
			}
			m.query("forecast", time.Second, e)
		}
		require.Equal(t, float64(len(errs)), counted(t, r, "forewarn_queries_total", "forecast", kind), kind)
	}
	m.fits(5, 3, time.Second)
	require.Equal(t, []float64{5, 3}, []float64{counted(t, r, "forewarn_series_answered_total"), counted(t, r, "forewarn_fits_cached_total")})
	w := m.watch(map[source.Kind]source.Source{source.MySQL: broken{source.ErrDenied}})[source.MySQL]
	_, err = w.Read(t.Context(), source.Request{})
	require.ErrorIs(t, err, source.ErrDenied)
	require.Equal(t, 1.0, counted(t, r, "forewarn_source_errors_total", "mysql", "denied"))
}

func TestAStoreThatIsAwayIsNotAnErrorOfThePlugin(t *testing.T) {
	r := failure(fmt.Errorf("wrapped: %w", store.ErrUnavailable))
	require.Equal(t, []any{backend.StatusBadGateway, backend.ErrorSourceDownstream}, []any{r.Status, r.ErrorSource})
	raw, err := json.Marshal(r.Error.Error())
	require.NoError(t, err)
	require.Contains(t, string(raw), "does not work")
}

// The threshold in the table is that of the series, in the metric's unit, whatever it comes from; what if asks for another.
func TestTheTableOfWarningsSaysWhatEachSeriesIsMeasuredAgainst(t *testing.T) {
	i := served(t, nil)
	capacity := `"threshold":{"value":50,"capacity":{"kind":"prometheus","expr":"cd"}}`
	for name, c := range map[string]struct {
		threshold string
		want      func(current []float64) []float64
	}{
		"a value":                {`"threshold":{"value":500}`, func([]float64) []float64 { return []float64{500, 500} }},
		"another query's":        {`"threshold":{"query":{"kind":"prometheus","expr":"cd"}}`, func(now []float64) []float64 { return now }},
		"a share of a capacity":  {capacity, func(now []float64) []float64 { return []float64{now[0] / 2, now[1] / 2} }},
		"of another capacity":    {capacity + `,"whatIf":{"capacity":3000}`, func([]float64) []float64 { return []float64{1500, 1500} }},
		"of another value":       {`"threshold":{"value":500},"whatIf":{"capacity":700}`, func([]float64) []float64 { return []float64{700, 700} }},
		"the same growing twice": {capacity + `,"whatIf":{"growth":100}`, func(now []float64) []float64 { return []float64{now[0] / 2, now[1] / 2} }},
	} {
		r := asked(t, i, nil, `{"queryType":"warning","source":{"kind":"prometheus","expr":"ab"},"trainingWindow":"4d","interval":"30m","horizon":"6h",`+c.threshold+`,"output":"table"}`)["A"]
		require.NoError(t, r.Error, name)
		column := func(name string) map[any]float64 {
			out := map[any]float64{}
			host, _ := r.Frames[0].FieldByName("host")
			field, k := r.Frames[0].FieldByName(name)
			require.GreaterOrEqual(t, k, 0, name)
			for row := range r.Frames[0].Rows() {
				out[host.At(row)] = *field.At(row).(*float64)
			}
			return out
		}
		now := column("current")
		want := c.want([]float64{now["h0"], now["h1"]}) // the fake's metrics of one host are alike
		require.InDeltaMapValues(t, map[any]float64{"h0": want[0], "h1": want[1]}, column("threshold"), 1e-9, name)
	}
}
