package query

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// pools are two disks that fill by one unit an hour, and their sizes: 1000 for a, and 2000 for b, which has no size of late.
type pools struct{ sizes map[string]float64 }

func (p pools) Read(_ context.Context, r source.Request) (*series.Set, error) {
	g := series.NewGrid(r.From, r.To, r.Step)
	set := &series.Set{Grid: g}
	for _, disk := range []string{"a", "b"} {
		v := make([]float64, g.Len)
		for i := range v {
			h := g.Time(i).Sub(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)).Hours() // 684 at the clock
			if v[i] = h + math.Sin(h*h); r.Spec.Expr == "size" {
				v[i] = p.sizes[disk]
			}
		}
		name := map[string]string{"size": "bytes_total", "used": "bytes_used"}[r.Spec.Expr]
		labels := series.Labels{"disk": disk, nameLabel: name}
		if r.Spec.Expr == "used" {
			labels["extra"] = "x"
		}
		if size, ok := p.sizes[disk]; r.Spec.Expr == "used" || ok && size > 0 {
			set.Series = append(set.Series, series.Series{Name: disk, Labels: labels, Values: v})
		}
	}
	return set, nil
}
func (pools) Check(context.Context) (string, error) { return "pools", nil }
func (pools) Close() error                          { return nil }

func poolAnswers(t *testing.T, p pools, fields string) (a, b *warn.Answer, all *Answer) {
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: p}, func() time.Time { return clock }, 1<<20, 1<<20)
	all = execute(t, e, `{"queryType": "warning", "source": {"kind": "prometheus", "expr": "used"}, "interval": "1h", "horizon": "240h", `+fields+`}`, -time.Hour, 0)
	require.Len(t, all.Results, 2)
	return all.Results[0].Warning, all.Results[1].Warning, all
}

const capacity = `"threshold": {"value": 90, "capacity": {"kind": "prometheus", "expr": "size"}}`

func TestAThresholdIsAShareOfEachSeriesCapacity(t *testing.T) {
	a, b, _ := poolAnswers(t, pools{map[string]float64{"a": 800, "b": 900}}, capacity)
	require.InDelta(t, 720, a.Threshold, 1e-9)
	require.InDelta(t, 36, a.ETA, 4)
	require.InDelta(t, 810, b.Threshold, 1e-9)
	require.InDelta(t, 126, b.ETA, 10)
}

func TestAThresholdCanBeAnotherQuery(t *testing.T) {
	a, b, _ := poolAnswers(t, pools{map[string]float64{"a": 700, "b": 740}}, `"threshold": {"query": {"kind": "prometheus", "expr": "size"}}`)
	require.Equal(t, []float64{700, 740}, []float64{a.Threshold, b.Threshold})
	require.InDelta(t, 16, a.ETA, 3)
	require.InDelta(t, 56, b.ETA, 5)
}

func TestASeriesWithoutALimitIsUncertain(t *testing.T) {
	_, b, all := poolAnswers(t, pools{map[string]float64{"a": 800, "c": 1}}, capacity)
	require.InDelta(t, 720, b.Threshold, 1e-9, "the only size there is belongs to all")
	require.Empty(t, all.Notices)
	a, b, all := poolAnswers(t, pools{}, capacity)
	for _, w := range []*warn.Answer{a, b} {
		require.True(t, math.IsNaN(w.Threshold))
		require.Equal(t, warn.UncertainState, w.State)
		require.False(t, w.Firing)
	}
	require.Contains(t, all.Notices[0].Text, "threshold.capacity: the source gives no series")
}

func TestLabelsSayWhoseLimitItIs(t *testing.T) {
	one := func(v float64, l series.Labels) series.Series {
		return series.Series{Labels: l, Values: []float64{1, v, math.NaN()}}
	}
	all := []series.Series{one(5, series.Labels{"host": "h"}), one(6, series.Labels{"host": "h", "disk": "d"}), one(7, series.Labels{"host": "g"})}
	newest := func(all []series.Series, labels series.Labels) float64 {
		return Thresholds{share: 1, grid: series.Grid{Start: clock, Step: time.Hour, Len: 3}, read: limitsOf(all, labels)}.At(clock.Add(3 * time.Hour))
	}
	require.Equal(t, 6.0, newest(all, series.Labels{"host": "h", "disk": "d", "x": "y"}), "the one with the most labels")
	require.Equal(t, 5.0, newest(all, series.Labels{"host": "h", "disk": "e"}))
	require.True(t, math.IsNaN(newest(all, series.Labels{"host": "other"})))
	require.Equal(t, 7.0, newest(all[2:], series.Labels{"host": "other"}), "the only one")
	require.True(t, math.IsNaN(newest(nil, nil)))
}

func TestAThresholdIsThatOfItsTime(t *testing.T) {
	nan := math.NaN()
	hours := func(n int) time.Time { return clock.Add(time.Duration(n) * time.Hour) }
	grid := func(values ...float64) series.Grid {
		return series.Grid{Start: clock, Step: time.Hour, Len: len(values)}
	}
	enlarged := []float64{nan, 100, 100, nan, 200, 200}
	th := Thresholds{share: 0.9, grid: grid(enlarged...), read: [][]float64{enlarged}}
	for k, want := range map[int]float64{0: 90, 1: 90, 2: 90, 3: 90, 4: 90, 5: 180, 6: 180, 20: 180, 28: 180, 31: nan} {
		got := th.At(hours(k))
		require.True(t, got == want || math.IsNaN(got) && math.IsNaN(want), "%d h: %v", k, got)
	}
	require.InDeltaSlice(t, []float64{90, 90, 180, 180}, th.over(series.Grid{Start: hours(2), Step: time.Hour, Len: 4}), 1e-12, "known when its bucket is over")
	require.Equal(t, 7.0, Thresholds{fixed: 7}.At(clock))
	require.Nil(t, Thresholds{fixed: 7}.over(grid(1, 2)))
	require.True(t, math.IsNaN(Thresholds{grid: grid(1), read: [][]float64{}}.At(clock)), "a source without a series for it")
	second := Thresholds{share: 1, grid: grid(1, 2), read: [][]float64{{nan, nan}, {1, 2}}}
	require.Equal(t, 2.0, second.At(hours(2)), "the best one knows nothing of that day")
}

func TestWhatIfTheCapacityWereLarger(t *testing.T) {
	sizes := pools{map[string]float64{"a": 800, "b": 900}}
	a, _, _ := poolAnswers(t, sizes, capacity+`, "whatIf": {"capacity": 1000}`)
	require.InDelta(t, 900, a.Threshold, 1e-9, "90 % of it")
	require.InDelta(t, 216, a.ETA, 20)
	require.False(t, a.Firing)
	a, _, _ = poolAnswers(t, sizes, `"threshold": {"value": 700}, "whatIf": {"capacity": 720}`)
	require.Equal(t, 720.0, a.Threshold, "a fixed threshold is the capacity itself")
	require.InDelta(t, 36, a.ETA, 4)
	require.True(t, a.Firing, "it needs no runs to confirm it")
	require.Less(t, a.ETAEarly, 72.0)
}

func TestWhatIfItGrewFaster(t *testing.T) {
	at := func(fields string) float64 {
		a, _, _ := poolAnswers(t, pools{}, `"threshold": {"value": 784}, `+fields)
		return a.ETA
	}
	plain := at(`"model": {}`)
	require.InDelta(t, 100, plain, 6)
	require.InDelta(t, plain/2, at(`"whatIf": {"growth": 100}`), 5)
	require.InDelta(t, plain/0.8, at(`"whatIf": {"growth": -20}`), 10)
	require.Equal(t, warn.Never, at(`"whatIf": {"growth": -100}`))
	from := clock.Truncate(time.Hour).Add(50 * time.Hour).Format(time.RFC3339)
	require.InDelta(t, 75, at(`"whatIf": {"growth": 100, "from": "`+from+`"}`), 6, "half of the way faster")
}

func TestTheChartGrowsAsFastAsIsAsked(t *testing.T) {
	future := func(fields string) []float64 {
		_, _, all := poolAnswers(t, pools{}, `"threshold": {"value": 784}, `+fields)
		r := all.Results[0]
		require.Len(t, r.Forecast, 240)
		require.LessOrEqual(t, r.ForecastLo[239], r.Forecast[239])
		require.LessOrEqual(t, r.Forecast[239], r.ForecastUp[239])
		return r.Forecast
	}
	plain := future(`"model": {}`)
	a, _, _ := poolAnswers(t, pools{}, `"threshold": {"value": 784}`)
	perHour := a.GrowthPerDay / 24
	require.Greater(t, perHour, 0.0)
	faster := future(`"whatIf": {"growth": 50}`)
	from := clock.Truncate(time.Hour).Add(100 * time.Hour).Format(time.RFC3339)
	later := future(`"whatIf": {"growth": 50, "from": "` + from + `"}`)
	for k, v := range plain {
		require.InDelta(t, v+0.5*perHour*float64(k+1), faster[k], 12, "step %d: the course of a day is about half that", k)
		require.InDelta(t, v+0.5*perHour*max(float64(k-99), 0), later[k], 12, "step %d", k)
	}
	require.Equal(t, plain[:99], later[:99], "nothing changes before")
	require.Equal(t, plain, future(`"whatIf": {"capacity": 900}`), "another limit leaves the series as it is")
	require.Equal(t, plain, future(`"model": {}`), "what is kept of a fit is not changed")
	for _, v := range future(`"bounds": {"max": 700}, "whatIf": {"growth": 1000}`) {
		require.LessOrEqual(t, v, 700.0, "no question goes beyond the metric's limits")
	}
}

func TestWrongLimitsAndQuestionsAreNamed(t *testing.T) {
	for text, fields := range map[string]string{
		`"threshold" is both query and capacity`: `"threshold": {"query": {"kind": "prometheus", "expr": "x"}, "capacity": {"kind": "prometheus", "expr": "x"}}`,
		`"threshold.value" is 5`:                 `"threshold": {"value": 5, "query": {"kind": "prometheus", "expr": "x"}}`,
		`"threshold.value" is 0`:                 `"threshold": {"capacity": {"kind": "prometheus", "expr": "x"}}`,
		`"threshold.capacity.expr" is empty`:     `"threshold": {"value": 90, "capacity": {"kind": "prometheus"}}`,
		`"threshold.query.kind"`:                 `"threshold": {"query": {"kind": "csv"}}`,
		`"whatIf" is empty`:                      `"threshold": {"value": 1}, "whatIf": {}`,
		`"whatIf.growth" is -101`:                `"threshold": {"value": 1}, "whatIf": {"growth": -101}`,
		`"whatIf.growth" is given with`:          `"threshold": {"value": 1}, "model": {"algorithm": "linear"}, "whatIf": {"growth": 1}`,
		`"whatIf.from" is "soon"`:                `"threshold": {"value": 1}, "whatIf": {"growth": 1, "from": "soon"}`,
		`given only with whatIf.growth`:          `"threshold": {"value": 1}, "whatIf": {"capacity": 1, "from": "2026-03-01T00:00:00Z"}`,
		`unknown field "size"`:                   `"threshold": {"value": 1}, "whatIf": {"size": 1}`,
	} {
		_, err := Parse([]byte(`{"queryType": "warning", `+promSource+`, `+fields+`}`), Defaults{})
		require.ErrorIs(t, err, ErrInvalid, text)
		require.ErrorContains(t, err, text)
	}
	for _, fields := range []string{`"whatIf": {"capacity": 1}`, `"threshold": {"query": {"kind": "prometheus", "expr": "x"}}`} {
		_, err := Parse([]byte(fmt.Sprintf(`{"queryType": "forecast", %s, %s}`, promSource, fields)), Defaults{})
		require.ErrorContains(t, err, "only a warning query")
	}
}

// resized is a disk of 1000 that fills by one unit an hour and was enlarged to 2000 three hours ago.
type resized struct{}

func (resized) Read(_ context.Context, r source.Request) (*series.Set, error) {
	g := series.NewGrid(r.From, r.To, r.Step)
	v := make([]float64, g.Len)
	for i := range v {
		h := g.Time(i).Sub(clock).Hours()
		switch {
		case r.Spec.Expr == "used":
			v[i] = 880 + h + math.Sin(h*h)
		case h < -3.5:
			v[i] = 1000
		default:
			v[i] = 2000
		}
	}
	return &series.Set{Grid: g, Series: []series.Series{{Name: "disk", Values: v}}}, nil
}
func (resized) Check(context.Context) (string, error) { return "resized", nil }
func (resized) Close() error                          { return nil }

// Before it was enlarged the disk was about to be full, and a warning stood; afterwards it ends by itself, and the past keeps its limit.
func TestPastUsageIsMeasuredAgainstTheSizeOfItsTime(t *testing.T) {
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: resized{}}, func() time.Time { return clock }, 1<<20, 1<<20)
	at := func(ago time.Duration) *Answer {
		return execute(t, e, `{"queryType": "warning", "source": {"kind": "prometheus", "expr": "used"}, "interval": "1h", `+capacity+`}`, -ago-2*time.Hour, -ago)
	}
	before := at(4 * time.Hour).Results[0].Warning
	require.InDelta(t, 900, before.Threshold, 1e-9)
	require.True(t, before.Firing)
	require.InDelta(t, 24, before.ETA, 4)
	now := at(0)
	require.InDelta(t, 1800, now.Results[0].Warning.Threshold, 1e-9)
	require.Equal(t, warn.OK, now.Results[0].Warning.State)
	require.False(t, now.Results[0].Warning.Firing)
	chart := execute(t, e, `{"queryType": "warning", "source": {"kind": "prometheus", "expr": "used"}, "interval": "1h", `+capacity+`}`, -5*time.Hour, 0).Results[0]
	require.InDeltaSlice(t, []float64{900, 900, 1800, 1800, 1800}, chart.Limits, 1e-9, "the line in the chart steps up")
}
