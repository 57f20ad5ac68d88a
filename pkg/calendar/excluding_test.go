package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
)

func TestMoreStretchesAreExcludedWithoutChangingTheCalendar(t *testing.T) {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	hour := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	g := series.NewGrid(start, hour(6), time.Hour)
	missing := func(c *Calendar) (out []int) {
		for i, v := range c.Learn(g, []float64{0, 1, 2, 3, 4, 5}) {
			if v != v {
				out = append(out, i)
			}
		}
		return out
	}
	own, err := New(Definition{Timezone: "Asia/Shanghai", Holidays: China, Excluded: []Span{{From: hour(4), To: hour(5)}}})
	require.NoError(t, err)
	more := own.Excluding([]Span{{From: hour(1), To: hour(2), Reason: "incident"}, {From: hour(3), To: hour(3)}, {From: hour(9), To: hour(8)}})
	require.Equal(t, []int{1, 4}, missing(more), "a stretch of no length excludes nothing")
	require.Equal(t, []int{4}, missing(own))
	require.Equal(t, own.Zone(), more.Zone())
	require.Equal(t, Holiday, more.Day(time.Date(2026, 10, 1, 4, 0, 0, 0, time.UTC)).Kind, "what was known is known still")
	require.False(t, more.Empty())

	var none *Calendar
	require.Equal(t, []int{0}, missing(none.Excluding([]Span{{From: hour(0), To: hour(1)}})))
	require.Nil(t, none.Excluding(nil))
	require.Same(t, own, own.Excluding(nil))
}
