package mysql

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
)

func TestDatesThatComeAsTextAreThoseOfTheSessionsZone(t *testing.T) {
	for zone, clock := range map[string]string{"": "2026-03-01 10:17:00", "+08:00": "2026-03-01 18:17:00", "-03:30": "2026-03-01 06:47:00", "+00:00": "2026-03-01 10:17:00"} {
		c := real(t, func(c *Config) { c.Timezone = zone })
		tableOf(t, "texts", "ts DATETIME, v INT", "('"+clock+"', 9)")
		for _, column := range []string{"ts", "CAST(ts AS CHAR)", "DATE_FORMAT(ts, '%Y-%m-%d %H:%i:%s')", "DATE_FORMAT(ts, '%Y-%m-%d %H:%i:30.250')", "CONCAT(ts, '')", "UNIX_TIMESTAMP(ts)"} {
			set, err := c.Read(t.Context(), reading("SELECT "+column+" AS time, v FROM texts"))
			require.NoError(t, err, column)
			require.Len(t, set.Series, 1, "%s in %q", column, zone)
			require.Equal(t, map[int]float64{3: 9}, known(set.Series[0]), "%s in %q", column, zone)
		}
		set, err := c.Read(t.Context(), reading("SELECT '2026-03-01T10:17:00Z' AS time, v FROM texts"))
		require.NoError(t, err)
		require.Equal(t, map[int]float64{3: 9}, known(set.Series[0]), "a text that says its zone means that one")
	}
}

// named makes a zone known to the server, whose tables of zones are empty.
func named(t *testing.T, zone string) {
	t.Helper()
	real(t)
	raw, err := exec.CommandContext(t.Context(), "mariadb-tzinfo-to-sql", "/usr/share/zoneinfo/"+zone, zone).Output()
	require.NoError(t, err)
	require.NoError(t, maria.Exec(t.Context(), "USE mysql; "+string(raw)))
}

func TestClocksThatChangeAreReadByTheirZone(t *testing.T) {
	named(t, "America/New_York")
	// At 07:00 UTC on 2026-03-08 clocks there go from 02:00 to 03:00, at 06:00 UTC on 2026-11-01 from 02:00 back to 01:00.
	for name, c := range map[string]struct {
		from   time.Time
		clocks []string
		hours  []int
	}{
		"an hour is left out":  {time.Date(2026, 3, 8, 5, 0, 0, 0, time.UTC), []string{"00:30", "01:30", "03:30", "04:30"}, []int{0, 1, 2, 3}},
		"an hour comes twice":  {time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC), []string{"00:30", "01:30", "02:30", "03:30"}, []int{0, 1, 3, 4}},
		"an ordinary winter":   {time.Date(2026, 1, 10, 5, 0, 0, 0, time.UTC), []string{"00:30", "01:30"}, []int{0, 1}},
		"an ordinary summer":   {time.Date(2026, 7, 10, 4, 0, 0, 0, time.UTC), []string{"00:30", "01:30"}, []int{0, 1}},
		"the end of the day":   {time.Date(2026, 7, 11, 2, 0, 0, 0, time.UTC), []string{"22:30", "23:30"}, []int{0, 1}},
		"midnight is the next": {time.Date(2026, 7, 11, 4, 0, 0, 0, time.UTC), []string{"00:00"}, []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			client := real(t, func(c *Config) { c.Timezone = "America/New_York" })
			zone, err := time.LoadLocation("America/New_York")
			require.NoError(t, err)
			day := c.from.In(zone).Format(time.DateOnly)
			var rows []string
			for k, clock := range c.clocks {
				rows = append(rows, "('"+day+" "+clock+":00', "+string(rune('1'+k))+")")
			}
			tableOf(t, "clocks", "ts DATETIME, v INT", rows...)
			want := map[int]float64{}
			for k, h := range c.hours {
				want[h] = float64(k + 1)
			}
			r := source.Request{Spec: source.Spec{Kind: source.MySQL}, From: c.from, To: c.from.Add(6 * time.Hour), Step: time.Hour}
			for _, column := range []string{"ts", "CAST(ts AS CHAR)", "UNIX_TIMESTAMP(ts)", "$__timeGroup(ts, '1h')"} {
				r.Spec.RawSQL = "SELECT " + column + " AS time, v FROM clocks WHERE $__timeFilter(ts)"
				set, err := client.Read(t.Context(), r)
				require.NoError(t, err)
				require.Equal(t, want, known(set.Series[0]), column)
			}
		})
	}
}

func TestAZoneThatNobodyKnowsIsRefusedBeforeAnythingIsAsked(t *testing.T) {
	for _, zone := range []string{"Mars/Base", "+8", "8", "UTC+8", "Asia/Shanghai'; DROP TABLE x; --"} {
		_, err := New(Config{URL: "127.0.0.1:1", User: "u", Timezone: zone})
		require.ErrorIs(t, err, source.ErrNotConfigured, zone)
		require.ErrorContains(t, err, "neither an offset such as +08:00 nor a name such as Asia/Shanghai")
	}
}

func TestTimesThatAreNoneAreLeftOut(t *testing.T) {
	c := real(t)
	require.NoError(t, maria.Exec(t.Context(), "SET GLOBAL sql_mode = ''"))
	t.Cleanup(func() { _ = maria.Exec(context.WithoutCancel(t.Context()), "SET GLOBAL sql_mode = DEFAULT") })
	tableOf(t, "nones", "ts DATETIME NULL, day DATE NULL, v INT", "(NULL, NULL, 1)", "('2026-03-01 10:17:00', '2026-03-01', 9)")
	set, err := c.Read(t.Context(), reading("SELECT ts AS time, v FROM nones"))
	require.NoError(t, err)
	require.Equal(t, map[int]float64{3: 9}, known(set.Series[0]), "NULL is no time")
	r := reading("SELECT day AS time, v FROM nones")
	r.From, r.To, r.Step = hour.Truncate(24*time.Hour), hour.Truncate(24*time.Hour).Add(48*time.Hour), 24*time.Hour
	set, err = c.Read(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, map[int]float64{0: 9}, known(set.Series[0]), "a date is its midnight")
	set, err = c.Read(t.Context(), reading("SELECT CAST(0 AS DATETIME) AS time, 1 AS v"))
	require.NoError(t, err)
	require.Empty(t, set.Series, "nor is the date of all zeros")
}
