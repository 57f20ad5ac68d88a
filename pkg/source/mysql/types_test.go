package mysql

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
)

// Each type of number at both of its ends, as a column and through an expression, whose type the server makes up.
func TestEveryNumberIsReadAtBothOfItsEnds(t *testing.T) {
	c := real(t)
	for kind, ends := range map[string][2]string{
		"TINYINT": {"-128", "127"}, "TINYINT UNSIGNED": {"0", "255"}, "SMALLINT": {"-32768", "32767"}, "SMALLINT UNSIGNED": {"0", "65535"},
		"MEDIUMINT": {"-8388608", "8388607"}, "MEDIUMINT UNSIGNED": {"0", "16777215"}, "INT": {"-2147483648", "2147483647"}, "INT UNSIGNED": {"0", "4294967295"},
		"BIGINT": {"-9223372036854775808", "9223372036854775807"}, "BIGINT UNSIGNED": {"0", "18446744073709551615"}, "INT(8) ZEROFILL": {"0", "7"},
		"DECIMAL(10,0)": {"-9999999999", "9999999999"}, "DECIMAL(30,10)": {"-99999999999999999999.5", "99999999999999999999.5"}, "DECIMAL(5,2) UNSIGNED": {"0.01", "999.99"}, "NUMERIC(12,3)": {"-0.001", "123456789.125"},
		"FLOAT": {"-1.5", "3.25e8"}, "FLOAT UNSIGNED": {"0", "0.5"}, "DOUBLE": {"-1.7e308", "1.7e308"}, "DOUBLE UNSIGNED": {"0", "4.9e-300"}, "REAL": {"-0.125", "0.125"},
		"BOOLEAN": {"0", "1"}, "BIT(1)": {"0", "1"}, "BIT(64)": {"0", "18446744073709551615"}, "YEAR": {"1901", "2155"},
	} {
		t.Run(kind, func(t *testing.T) {
			tableOf(t, "ends", "ts DATETIME, v "+kind, "('2026-03-01 10:01:00', "+ends[0]+")", "('2026-03-01 10:16:00', "+ends[1]+")", "('2026-03-01 10:31:00', NULL)")
			want := map[int]float64{}
			for k, text := range ends {
				var f float64
				_, err := fmt.Sscan(text, &f)
				require.NoError(t, err)
				want[3*k] = f
			}
			for _, column := range []string{"v", "v + 0", "MAX(v)"} {
				set, err := c.Read(t.Context(), reading("SELECT ts AS time, "+column+" AS v FROM ends GROUP BY ts ORDER BY ts"))
				require.NoError(t, err, column)
				require.Len(t, set.Series, 1, column)
				got := known(set.Series[0])
				require.Len(t, got, 2, "%s: NULL is missing, not zero", column)
				for k, v := range want {
					require.InDelta(t, v, got[k], 1e-7*math.Abs(v), "%s in bucket %d", column, k)
				}
			}
		})
	}
}

// Each type of time to each of its precisions, on both sides of a bucket's edge.
func TestEveryTimeFallsOnItsSideOfABucketsEdge(t *testing.T) {
	c := real(t)
	for kind, last := range map[string]string{
		"DATETIME": "10:14:59", "DATETIME(1)": "10:14:59.9", "DATETIME(3)": "10:14:59.999", "DATETIME(6)": "10:14:59.999999",
		"TIMESTAMP NULL": "10:14:59", "TIMESTAMP(3) NULL": "10:14:59.999", "TIMESTAMP(6) NULL": "10:14:59.999999", "VARCHAR(30)": "10:14:59.5",
	} {
		tableOf(t, "edges", "ts "+kind+", v INT", "('2026-03-01 "+last+"', 1)", "('2026-03-01 10:15:00', 2)", "('2026-03-01 09:59:59', 8)", "('2026-03-01 11:00:00', 9)")
		set, err := c.Read(t.Context(), reading("SELECT ts AS time, v FROM edges"))
		require.NoError(t, err, kind)
		require.Equal(t, map[int]float64{2: 1, 3: 2}, known(set.Series[0]), "%s: and nothing of before and after the range", kind)
	}
	for kind, scale := range map[string]int64{"INT UNSIGNED": 1, "BIGINT": 1000, "BIGINT UNSIGNED": 1_000_000, "DECIMAL(20,0)": 1_000_000_000, "DOUBLE": 1000, "VARCHAR(20)": 1000} {
		at := hour.Add(15 * time.Minute).Unix()
		tableOf(t, "edges", "ts "+kind+", v INT", fmt.Sprintf("(%d, 1)", (at-1)*scale), fmt.Sprintf("(%d, 2)", at*scale))
		set, err := c.Read(t.Context(), reading("SELECT ts AS time, v FROM edges"))
		require.NoError(t, err, kind)
		require.Equal(t, map[int]float64{2: 1, 3: 2}, known(set.Series[0]), kind)
	}
}

// A long result has a row for each series and time, a wide one a column for each series: they are the same to whoever reads them.
func TestALongAndAWideResultAreTheSameValues(t *testing.T) {
	c := real(t)
	tableOf(t, "long1", "ts DATETIME, host VARCHAR(5), v INT", "('2026-03-01 10:01:00', 'a', 1)", "('2026-03-01 10:01:00', 'b', 2)", "('2026-03-01 10:16:00', 'a', 3)")
	for _, format := range []string{"", "time_series", "table"} {
		got := map[string]map[string]map[int]float64{}
		for shape, sql := range map[string]string{
			"long": "SELECT ts AS time, host AS metric, v FROM long1 ORDER BY ts",
			"wide": "SELECT ts AS time, MAX(IF(host = 'a', v, NULL)) AS a, MAX(IF(host = 'b', v, NULL)) AS b FROM long1 GROUP BY ts ORDER BY ts",
		} {
			r := reading(sql)
			r.Spec.Format = format
			set, err := c.Read(t.Context(), r)
			require.NoError(t, err)
			got[shape] = map[string]map[int]float64{}
			for _, s := range set.Series {
				got[shape][s.Name] = known(s)
			}
		}
		require.Equal(t, map[string]map[int]float64{"a": {0: 1, 3: 3}, "b": {0: 2}}, got["long"], format)
		require.Equal(t, got["long"], got["wide"], format)
	}
}

// session is the number of the connection that answers.
func session(t *testing.T, c *Client) float64 {
	t.Helper()
	set, err := c.Read(t.Context(), reading("SELECT 1772359260 AS time, CONNECTION_ID() AS v"))
	require.NoError(t, err)
	return known(set.Series[0])[0]
}

func TestConnectionsAreKeptAsLongAndAsManyAsIsSaid(t *testing.T) {
	usual := real(t)
	require.Equal(t, session(t, usual), session(t, usual), "one connection, used again")
	brief := real(t, func(c *Config) { c.MaxLifetime = time.Nanosecond })
	require.NotEqual(t, session(t, brief), session(t, brief), "one that is too old is not")

	few := real(t, func(c *Config) { c.MaxOpen, c.MaxIdle = 6, 1 })
	errs := make(chan error, 6)
	for range cap(errs) {
		go func() {
			_, err := few.Read(t.Context(), reading("SELECT 1772359260 AS time, COUNT(*) AS v FROM information_schema.columns"))
			errs <- err
		}()
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
	require.Eventually(t, func() bool { return few.db.Stats().OpenConnections <= 1 }, 10*time.Second, 5*time.Millisecond, "those that are idle are given back")
}

// The server itself stops what takes too long, and holds the whole statement to reading, whoever asks.
func TestTheServerIsToldToReadOnlyAndForHowLong(t *testing.T) {
	c := real(t, func(c *Config) {
		c.Limits = source.DefaultLimits()
		c.Limits.Timeout = 7 * time.Second
	})
	for variable, want := range map[string]float64{"@@tx_read_only": 1, "@@max_statement_time": 7} {
		set, err := c.Read(t.Context(), reading("SELECT 1772359260 AS time, "+variable+" AS v"))
		require.NoError(t, err, variable)
		require.Equal(t, map[int]float64{0: want}, known(set.Series[0]), variable)
	}
}
