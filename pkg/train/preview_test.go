package train

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

func TestWhatAHistoryIsEnoughFor(t *testing.T) {
	for name, c := range map[string]struct {
		step  time.Duration
		known int
		level string
		says  string
	}{
		"one point":              {5 * time.Minute, 1, ReadyShort, "1 points: enough to repeat the last values"},
		"eleven":                 {5 * time.Minute, 11, ReadyShort, "11 points"},
		"an hour":                {5 * time.Minute, 12, ReadyBasic, "1h of history: level and trend are learnt. From two days on"},
		"not quite two days":     {time.Hour, 47, ReadyBasic, "1d23h of history"},
		"two days":               {time.Hour, 48, ReadyDaily, "2d of history: the day's rhythm is learnt. From two weeks on"},
		"thirteen days":          {time.Hour, 13 * 24, ReadyDaily, "13d of history"},
		"two weeks":              {time.Hour, 14 * 24, ReadyWeekly, "the rhythms of day and week are learnt"},
		"two weeks in 5 minutes": {5 * time.Minute, 14 * 288, ReadyWeekly, "2w of history"},
		"days, one by one":       {24 * time.Hour, 60, ReadyBasic, "60d of history: level and trend"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &series.Series{Values: series.Missing(c.known + 20)}
			for i := range c.known {
				s.Values[10+i] = 1
			}
			level, message := readiness(s, c.step)
			require.Equal(t, c.level, level)
			require.Contains(t, message, c.says)
		})
	}
}

func TestGapsCountAsHistoryAndNotAsPoints(t *testing.T) {
	s := &series.Series{Values: series.Missing(100)}
	for i := 0; i < 100; i += 10 {
		s.Values[i] = 1
	}
	level, _ := readiness(s, time.Hour)
	require.Equal(t, ReadyShort, level, "ten points over four days tell little")
}

func TestAPreviewSaysWhatATrainingCostsBeforehand(t *testing.T) {
	for _, d := range []string{"forecast", "anomaly", "warning"} {
		t.Run(d, func(t *testing.T) {
			w := made(t)
			w.metrics.hosts = 3
			q, err := query.Parse(fmt.Appendf(nil, `{"queryType":%q,"source":{"kind":"prometheus","expr":"x"},"trainingWindow":"14d","interval":"1h","threshold":{"value":90}}`, d), query.Defaults{})
			require.NoError(t, err)
			p, err := w.Preview(t.Context(), q)
			require.NoError(t, err)
			require.Equal(t, []int{3, 3 * 336}, []int{p.Series, p.Points})
			require.Greater(t, p.Fit, time.Duration(0))
			require.Greater(t, p.Source, time.Duration(0))
			require.Equal(t, ReadyWeekly, p.Level)
			require.Empty(t, p.Notices)
			require.Equal(t, noon.Add(-14*days), w.metrics.reads[len(w.metrics.reads)-1].From)
		})
	}
}

func TestThePreviewLooksAtTheFullestSeries(t *testing.T) {
	w := made(t)
	w.metrics.hosts = 3
	w.metrics.value = func(host int, at time.Time) float64 {
		switch host {
		case 0:
			return math.NaN()
		case 1:
			return since(noon.Add(-24*time.Hour), rhythm)(host, at)
		default:
			return since(noon.Add(-4*days), rhythm)(host, at)
		}
	}
	p, err := w.Preview(t.Context(), compiled(t, forecastOf("x")).Query)
	require.NoError(t, err)
	require.Equal(t, ReadyDaily, p.Level)
	require.Equal(t, []string{"1 series have no data in this time"}, p.Notices)
}

func TestAPreviewWithoutDataSaysSo(t *testing.T) {
	for name, change := range map[string]func(m *metrics){
		"no series": func(m *metrics) { m.hosts = 0 },
		"no values": func(m *metrics) { m.value = func(int, time.Time) float64 { return math.NaN() } },
	} {
		w := made(t)
		change(w.metrics)
		p, err := w.Preview(t.Context(), compiled(t, forecastOf("x")).Query)
		require.NoError(t, err, name)
		require.Equal(t, ReadyNone, p.Level, name)
		require.Zero(t, p.Fit, name)
	}
}

func TestAPreviewOfTooLittleIsNoError(t *testing.T) {
	w := made(t)
	w.metrics.value = since(noon.Add(-2*time.Hour), rhythm)
	p, err := w.Preview(t.Context(), compiled(t, forecastOf("x")).Query)
	require.NoError(t, err)
	require.Equal(t, ReadyShort, p.Level)
}

func TestAPreviewOfJoinedSourcesReadsThemAll(t *testing.T) {
	w := made(t)
	q, err := query.Parse([]byte(`{"queryType":"composite","join":["host"],"trainingWindow":"7d","interval":"1h","sources":[{"name":"cpu","kind":"prometheus","expr":"a"},{"name":"io","kind":"prometheus","expr":"b"}]}`), query.Defaults{})
	require.NoError(t, err)
	p, err := w.Preview(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, p.Sets, 2)
	require.Equal(t, 4, p.Series)
}

func TestASourceThatFailsIsAnErrorOfThePreview(t *testing.T) {
	w := made(t)
	w.metrics.err = source.ErrTimeout
	_, err := w.Preview(t.Context(), compiled(t, forecastOf("x")).Query)
	require.ErrorIs(t, err, source.ErrTimeout)
}
