package sql

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/logs"
	"github.com/forewarn/earlywarning/pkg/source/mysql"
)

// plugin is the plugin's own MySQL source.
func plugin(t *testing.T, s *Server, zone string) *mysql.Client {
	t.Helper()
	c, err := mysql.New(mysql.Config{URL: s.Address(), User: User, Password: Password, Database: Database, Timezone: zone})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func TestThePluginReadsOrders(t *testing.T) {
	s, w, _ := start(t)
	c := plugin(t, s, "")
	said, err := c.Check(t.Context())
	require.NoError(t, err)
	require.Contains(t, said, "MySQL 8")
	to := begin.Truncate(5 * time.Minute)
	set, err := c.Read(t.Context(), source.Request{From: to.Add(-14 * 24 * time.Hour), To: to, Step: 5 * time.Minute,
		Spec: source.Spec{Kind: source.MySQL, RawSQL: "SELECT $__timeGroup(ts, '5m') AS time, region AS metric, SUM(orders) AS orders FROM orders_per_minute WHERE $__timeFilter(ts) GROUP BY 1, 2 ORDER BY 1"}})
	require.NoError(t, err)
	require.Len(t, set.Series, 3)
	require.Equal(t, "east", set.Series[0].Name)
	require.Len(t, set.Series[0].Values, 14*24*12)
	for _, i := range []int{0, 1000, 14*24*12 - 1} {
		want := 0
		for m := range 5 {
			want += w.Orders(set.Grid.Time(i).Add(time.Duration(m) * time.Minute))[0].Orders
		}
		require.InDelta(t, want, set.Series[0].Values[i], 0)
	}
}

func TestThePluginCountsLogRows(t *testing.T) {
	s, w, _ := start(t)
	to := begin.Truncate(5 * time.Minute)
	set, err := logs.New(plugin(t, s, "")).Read(t.Context(), source.Request{From: to.Add(-3 * 24 * time.Hour), To: to, Step: 5 * time.Minute,
		Spec: source.Spec{Kind: source.Logs, Table: "app_logs", Time: "ts", Message: "message", Level: "level", Entity: "container",
			Keywords: []string{world.OutOfMemory, world.Timeout, world.ConnectionRefused}}})
	require.NoError(t, err)
	killed := w.Anchor().Add(-46*time.Hour + 35*time.Minute)
	for _, one := range set.Series {
		if one.Labels["container"] == "ingest" && one.Labels["keyword"] == world.OutOfMemory {
			require.Greater(t, one.Values[set.Grid.Index(killed)], 5.0, "the surge at the kill")
			total := 0.0
			for _, v := range one.Values {
				if !math.IsNaN(v) {
					total += v
				}
			}
			require.Greater(t, total, 60.0)
			return
		}
	}
	require.Fail(t, "no series of ingest's OutOfMemory")
}

// TestOtherSessionZones sets the zones that a data source may be configured with; DATETIME is then read in that zone, as MySQL does.
func TestOtherSessionZones(t *testing.T) {
	s, _, _ := start(t)
	for zone, hours := range map[string]int{"+00:00": 0, "UTC": 0, "+08:00": 8, "Asia/Shanghai": 8} {
		to := begin.Truncate(time.Hour).Add(-time.Duration(hours) * time.Hour)
		set, err := plugin(t, s, zone).Read(t.Context(), source.Request{From: to.Add(-3 * time.Hour), To: to, Step: time.Hour,
			Spec: source.Spec{Kind: source.MySQL, RawSQL: "SELECT $__timeGroup(ts, '1h') AS time, COUNT(*) AS n FROM orders_per_minute WHERE $__timeFilter(ts) GROUP BY 1"}})
		require.NoError(t, err, zone)
		require.Equal(t, []float64{180, 180, 180}, set.Series[0].Values, zone)
	}
}
