package query

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// memory is a source of one series: the time of each bucket in hours since the epoch, plus a daily season.
type memory struct {
	reads atomic.Int32
	last  source.Request
	err   error
	n     int // series; 0 = 1
}

func (m *memory) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	m.reads.Add(1)
	m.last = r
	if m.err != nil {
		return nil, m.err
	}
	g := series.NewGrid(r.From, r.To, r.Step)
	set := &series.Set{Grid: g, Executed: r.Spec.Expr}
	for k := range max(m.n, 1) {
		v := make([]float64, g.Len)
		for i := range v {
			h := g.Time(i).Sub(time.Unix(0, 0)).Hours()
			v[i] = 100 + float64(k) + 10*math.Sin(2*math.Pi*h/24)
		}
		set.Series = append(set.Series, series.Series{Name: fmt.Sprint("s", k), Labels: series.Labels{"k": fmt.Sprint(k)}, Values: v})
	}
	return set, ctx.Err()
}
func (*memory) Check(context.Context) (string, error) { return "memory", nil }
func (*memory) Close() error                          { return nil }

var clock = time.Date(2026, 3, 1, 12, 2, 0, 0, time.UTC)

func engine(m *memory) *Engine {
	return NewEngine(map[source.Kind]source.Source{source.Prometheus: m}, func() time.Time { return clock }, 1<<20, 1<<20)
}

func execute(t *testing.T, e *Engine, raw string, from, to time.Duration) *Answer {
	q, err := Parse([]byte(raw), Defaults{})
	require.NoError(t, err)
	a, err := e.Execute(context.Background(), q, Range{clock.Add(from), clock.Add(to)})
	require.NoError(t, err)
	return a
}

func TestReadsNeverGoPastNow(t *testing.T) {
	m := &memory{}
	a := execute(t, engine(m), `{`+promSource+`}`, -6*time.Hour, 24*time.Hour)
	require.Equal(t, clock.Truncate(5*time.Minute), m.last.To)
	require.Equal(t, clock.Truncate(5*time.Minute), a.AsOf)
	require.Equal(t, 72, a.Past)
	require.Equal(t, 72+288, a.Grid.Len)
	require.Len(t, a.Results[0].Forecast, 288)
	require.InDelta(t, 100+10*math.Sin(2*math.Pi*12/24), a.Results[0].Forecast[0], 0.5)
}

func TestAPanelOverThePastForecastsAsOfItsOwnEnd(t *testing.T) {
	m := &memory{}
	a := execute(t, engine(m), `{`+promSource+`}`, -10*24*time.Hour, -5*24*time.Hour)
	require.Equal(t, clock.Add(-5*24*time.Hour).Truncate(5*time.Minute), a.AsOf)
	require.False(t, m.last.To.After(a.AsOf), "nothing that came later is looked at")
}

func TestARangeInTheFutureAnswersForTheNewestBucket(t *testing.T) {
	a := execute(t, engine(&memory{}), `{`+promSource+`}`, time.Hour, 24*time.Hour)
	require.Equal(t, 1, a.Past)
}

func TestTheSameDataIsFittedOnce(t *testing.T) {
	e := engine(&memory{})
	require.Zero(t, execute(t, e, `{`+promSource+`}`, -time.Hour, 0).Stats.FitsCached)
	require.Equal(t, 1, execute(t, e, `{`+promSource+`}`, -6*time.Hour, 0).Stats.FitsCached, "the range shown is no part of the fit")
	require.Zero(t, execute(t, e, `{`+promSource+`, "horizon": "1h"}`, -time.Hour, 0).Stats.FitsCached)
	e.ClearCache()
	require.Zero(t, execute(t, e, `{`+promSource+`}`, -time.Hour, 0).Stats.FitsCached)
}

func TestALaterReadFetchesOnlyItsEnd(t *testing.T) {
	m := &memory{}
	e := engine(m)
	now := clock
	e.now = func() time.Time { return now }
	execute(t, e, `{`+promSource+`}`, -time.Hour, 0)
	first := m.last
	execute(t, e, `{`+promSource+`}`, -time.Hour, 0)
	require.EqualValues(t, 1, m.reads.Load(), "what is held is not read again")

	now = now.Add(15 * time.Minute)
	q, err := Parse([]byte(`{`+promSource+`}`), Defaults{})
	require.NoError(t, err)
	a, err := e.Execute(context.Background(), q, Range{now.Add(-time.Hour), now})
	require.NoError(t, err)
	require.EqualValues(t, 2, m.reads.Load())
	require.Equal(t, first.To.Add(-overlap), m.last.From, "late samples are read again")
	for i, v := range a.Results[0].Actual {
		h := a.Grid.Time(i).Sub(time.Unix(0, 0)).Hours()
		require.InDelta(t, 100+10*math.Sin(2*math.Pi*h/24), v, 1e-9)
	}
}

func TestAnExpressionOverItsOwnRangeIsNotJoinedFromParts(t *testing.T) {
	m := &memory{}
	e := engine(m)
	now := clock
	e.now = func() time.Time { return now }
	query := `{"source": {"kind": "prometheus", "expr": "increase(x[$__range])"}}`
	execute(t, e, query, -time.Hour, 0)
	now = now.Add(5 * time.Minute)
	execute(t, e, query, -time.Hour, 5*time.Minute)
	require.Equal(t, 14*24*time.Hour, m.last.To.Sub(m.last.From), "read in full")
}

func TestErrorsOfTheSourceKeepTheirKind(t *testing.T) {
	for _, want := range []error{source.ErrTimeout, source.ErrDenied, source.ErrUnreachable} {
		q, err := Parse([]byte(`{`+promSource+`}`), Defaults{})
		require.NoError(t, err)
		_, err = engine(&memory{err: want}).Execute(context.Background(), q, Range{clock.Add(-time.Hour), clock})
		require.ErrorIs(t, err, want)
	}
	q, err := Parse([]byte(`{"source": {"kind": "mysql", "rawSql": "SELECT 1"}}`), Defaults{})
	require.NoError(t, err)
	_, err = engine(&memory{}).Execute(context.Background(), q, Range{clock.Add(-time.Hour), clock})
	require.ErrorIs(t, err, source.ErrNotConfigured)
}

func TestARangeThatEndsBeforeItStartsIsRefused(t *testing.T) {
	q, err := Parse([]byte(`{`+promSource+`}`), Defaults{})
	require.NoError(t, err)
	_, err = engine(&memory{}).Execute(context.Background(), q, Range{clock, clock.Add(-time.Hour)})
	require.ErrorIs(t, err, ErrInvalid)
}

func TestARangeOfTooManyPointsIsRefused(t *testing.T) {
	q, err := Parse([]byte(`{`+promSource+`, "interval": "1m"}`), Defaults{})
	require.NoError(t, err)
	_, err = engine(&memory{}).Execute(context.Background(), q, Range{clock.Add(-90 * 24 * time.Hour), clock})
	require.ErrorContains(t, err, "choose a coarser interval or a shorter range")
}

func TestManySeries(t *testing.T) {
	a := execute(t, engine(&memory{n: 2000}), `{`+promSource+`, "trainingWindow": "1d", "interval": "30m", "horizon": "3h"}`, -time.Hour, 0)
	require.Len(t, a.Results, 2000)
	for _, r := range a.Results {
		require.Len(t, r.Forecast, 6)
	}
}

func TestACancelledQueryStops(t *testing.T) {
	q, err := Parse([]byte(`{`+promSource+`}`), Defaults{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = engine(&memory{n: 50}).Execute(ctx, q, Range{clock.Add(-time.Hour), clock})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAPanicInAWorkerIsAnError(t *testing.T) {
	err := each(context.Background(), 3, func(_ context.Context, i int) error {
		if i == 1 {
			var none []int
			_ = none[i]
		}
		return nil
	})
	require.ErrorContains(t, err, "internal error")
	require.ErrorIs(t, each(context.Background(), 2, func(context.Context, int) error { return errors.ErrUnsupported }), errors.ErrUnsupported)
}

func TestComponentsAddUpToTheActualAndTheForecast(t *testing.T) {
	for _, from := range []time.Duration{-6 * time.Hour, -20 * 24 * time.Hour} {
		a := execute(t, engine(&memory{}), `{`+promSource+`, "output": "components"}`, from, 0)
		r := a.Results[0]
		require.Equal(t, "trend", r.Components[0].Name)
		require.Equal(t, "daily season", r.Components[1].Name)
		require.Equal(t, "remainder", r.Components[len(r.Components)-1].Name)
		for i := a.Past - 10; i < a.Past; i++ {
			sum := 0.0
			for _, c := range r.Components {
				require.Len(t, c.Past, a.Past)
				sum += c.Past[i]
			}
			require.InDelta(t, r.Actual[i], sum, 1e-9)
		}
		for h, v := range r.Forecast {
			require.InDelta(t, v, r.Components[0].Future[h]+r.Components[1].Future[h], 1e-9)
		}
	}
	plain := execute(t, engine(&memory{}), `{`+promSource+`}`, -6*time.Hour, 0)
	require.Nil(t, plain.Results[0].Components)
}
