package query

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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

// A ratio is judged where enough stands behind it: what a training reads of that, series by series.
func TestTheVolumeOfASeriesIsThatWithItsLabels(t *testing.T) {
	k := kept{"none": {}, "one": {host("x", 1, 2, 3, 4)}, "two": {host("a", 1, 2, 3, 4), host("b", 5, 6, 7, 8)}, "short": {host("a", 3, 4)}, "long": {host("a", 0, 1, 2, 3, 4)}}
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: k}, time.Now, 1<<20, 1<<20)
	g := series.Grid{Start: began, Step: time.Hour, Len: 4}
	for name, c := range map[string]struct {
		expr, of string
		want     []float64
		notice   string
	}{
		"its own":                 {"two", "b", []float64{5, 6, 7, 8}, ""},
		"of another":              {"two", "c", nil, ""},
		"the only one there is":   {"one", "a", []float64{1, 2, 3, 4}, ""},
		"of a source with none":   {"none", "a", nil, noVolume},
		"shorter than the series": {"short", "a", []float64{math.NaN(), math.NaN(), 3, 4}, ""},
		"longer than the series":  {"long", "a", []float64{1, 2, 3, 4}, ""},
	} {
		q, err := Parse([]byte(queryOf(Anomaly, `,"guards":{"minVolume":1},"volume":{"kind":"prometheus","expr":"`+c.expr+`"}`)), Defaults{})
		require.NoError(t, err)
		of, notice, err := e.VolumeFor(t.Context(), q, g)
		require.NoError(t, err, name)
		require.Equal(t, c.notice, notice, name)
		require.Equal(t, len(c.want), len(of(series.Labels{"host": c.of})), name)
		for i, v := range of(series.Labels{"host": c.of}) {
			require.True(t, v == c.want[i] || math.IsNaN(v) && math.IsNaN(c.want[i]), "%s: %v", name, v)
		}
	}
}

func TestAVolumeThatNobodyAsksForIsNotRead(t *testing.T) {
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: kept{}}, time.Now, 1<<20, 1<<20)
	q, err := Parse([]byte(queryOf(Anomaly, "")), Defaults{})
	require.NoError(t, err)
	of, notice, err := e.VolumeFor(t.Context(), q, series.Grid{Start: began, Step: time.Hour, Len: 4})
	require.NoError(t, err)
	require.Empty(t, notice)
	require.Nil(t, of(series.Labels{"host": "a"}))
}

func TestAVolumeThatCannotBeReadIsAnErrorThatNamesIt(t *testing.T) {
	e := NewEngine(map[source.Kind]source.Source{source.Prometheus: kept{"x": {host("a", 1)}}}, func() time.Time { return began }, 1<<20, 1<<20)
	q, err := Parse([]byte(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"guards":{"minVolume":1},"volume":{"kind":"prometheus","expr":"gone"}}`), Defaults{})
	require.NoError(t, err)
	_, _, err = e.VolumeFor(t.Context(), q, series.Grid{Start: began, Step: time.Hour, Len: 4})
	require.EqualError(t, err, "volume: no such expression")
	_, err = e.volume(t.Context(), q, &window{readFrom: began.Add(-time.Hour), asOf: began}, &Answer{})
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
