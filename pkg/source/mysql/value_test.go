package mysql

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

func TestNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		in   any
		want float64
	}{
		"int": {int64(-3), -3}, "unsigned": {uint64(math.MaxUint64), math.MaxUint64}, "float": {float32(1.5), 1.5}, "double": {2.25, 2.25},
		"decimal": {[]byte("12345678901.2345"), 12345678901.2345}, "true": {true, 1}, "false": {false, 0}, "text": {"7", 7},
	} {
		got, err := float(c.in)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
	}
	null, err := float(nil)
	require.NoError(t, err)
	require.True(t, math.IsNaN(null), "NULL is missing, not zero")
	_, err = float([]byte("not a number"))
	require.Error(t, err)
}

func TestTimesAreToldApartBySize(t *testing.T) {
	want := time.Unix(1_700_000_000, 0)
	shanghai, err := zone("Asia/Shanghai")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		in   any
		zone *time.Location
	}{
		"seconds": {int64(1_700_000_000), time.UTC}, "milliseconds": {int64(1_700_000_000_000), time.UTC}, "microseconds": {int64(1_700_000_000_000_000), time.UTC},
		"nanoseconds": {int64(1_700_000_000_000_000_000), time.UTC}, "decimal seconds": {[]byte("1700000000.0000"), time.UTC}, "a time": {want, time.UTC},
		"text in UTC": {[]byte("2023-11-14 22:13:20"), time.UTC}, "text in Shanghai": {[]byte("2023-11-15 06:13:20"), shanghai},
	} {
		got, ok, err := moment(c.in, c.zone)
		require.NoError(t, err, name)
		require.True(t, ok, name)
		require.True(t, got.Equal(want), "%s: %s", name, got)
	}
	_, ok, err := moment(nil, time.UTC)
	require.NoError(t, err)
	require.False(t, ok)
	_, _, err = moment([]byte("yesterday"), time.UTC)
	require.ErrorContains(t, err, "neither a date nor an epoch")
}

func TestZones(t *testing.T) {
	for name, offset := range map[string]int{"": 0, "+08:00": 8 * 3600, "-03:30": -(3*3600 + 1800), "SYSTEM": 0} {
		loc, err := zone(name)
		require.NoError(t, err)
		_, got := time.Unix(0, 0).In(loc).Zone()
		require.Equal(t, offset, got, name)
	}
	_, err := zone("Mars/Olympus")
	require.ErrorIs(t, err, source.ErrNotConfigured)
}

func TestRowsOnAGrid(t *testing.T) {
	grid := series.NewGrid(time.Unix(0, 0), time.Unix(300, 0), time.Minute)
	tab := newTable(grid, source.DefaultLimits(), time.UTC)
	tab.columns, tab.kinds, tab.at = []string{"time", "metric", "v"}, []kind{clock, label, number}, 0
	rows := [][]any{
		{int64(60), []byte("a"), 1.0}, {int64(90), []byte("a"), 3.0}, // one bucket: the mean
		{int64(180), []byte("a"), nil}, {int64(-1), []byte("a"), 9.0}, {int64(300), []byte("a"), 9.0}, // missing, before, after
		{int64(0), []byte("b"), 5.0}, {int64(0), []byte("b"), 7.0}, // the same time twice
		{nil, []byte("b"), 1.0},
	}
	for _, r := range rows {
		require.NoError(t, tab.row(r))
	}
	set := tab.set(fill{})
	require.Len(t, set.Series, 2)
	require.Equal(t, "a", set.Series[0].Name)
	require.Equal(t, series.Labels{"metric": "a"}, set.Series[0].Labels)
	nan := math.NaN()
	for i, want := range []float64{nan, 2, nan, nan, nan} {
		if math.IsNaN(want) {
			require.True(t, math.IsNaN(set.Series[0].Values[i]), "gaps are gaps")
		} else {
			require.Equal(t, want, set.Series[0].Values[i])
		}
	}
	require.Equal(t, 6.0, set.Series[1].Values[0])
	require.Contains(t, set.Notices[0].Text, "repeat the time")

	zero := 0.0
	require.Equal(t, []float64{0, 2, 0, 0, 0}, tab.set(fill{value: &zero}).Series[0].Values)
}

func TestLimits(t *testing.T) {
	grid := series.NewGrid(time.Unix(0, 0), time.Unix(300, 0), time.Minute)
	tab := newTable(grid, source.Limits{Series: 1, Points: 100}, time.UTC)
	tab.columns, tab.kinds, tab.at = []string{"time", "host", "v"}, []kind{clock, label, number}, 0
	require.NoError(t, tab.row([]any{int64(0), []byte("a"), 1.0}))
	require.ErrorIs(t, tab.row([]any{int64(0), []byte("b"), 1.0}), source.ErrTooLarge)
}

func TestSettingsAreChecked(t *testing.T) {
	for name, c := range map[string]Config{
		"no host": {User: "u"}, "no user": {URL: "h:1"}, "zone": {URL: "h:1", User: "u", Timezone: "Nowhere"},
		"CA": {URL: "h:1", User: "u", CA: "no PEM"}, "pair": {URL: "h:1", User: "u", TLS: true, ClientCert: "x", ClientKey: "y"},
	} {
		_, err := New(c)
		require.ErrorIs(t, err, source.ErrNotConfigured, name)
	}
	c, err := New(Config{URL: "h", User: "u", Password: "secret"})
	require.NoError(t, err)
	require.NoError(t, c.Close())
}
