package mysql

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// maria is a real server that the tests of this package share; nil where this machine has none.
var maria *mariaserver.Server

func TestMain(m *testing.M) { mariaserver.Main(m, &maria) }

// usual is how a session reads texts if nobody says otherwise.
var usual dialect

// real is a client of the real server as the user who may only read.
func real(t *testing.T, change ...func(c *Config)) *Client {
	t.Helper()
	mariaserver.Need(t, maria)
	conf := Config{URL: maria.Address, User: "forewarn", Password: "forewarn", Database: "metrics"}
	for _, c := range change {
		c(&conf)
	}
	c, err := New(conf)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// table makes one anew with these statements, and drops it when the test ends.
func tableOf(t *testing.T, name, columns string, rows ...string) {
	t.Helper()
	real(t)
	require.NoError(t, maria.Exec(t.Context(), "DROP TABLE IF EXISTS "+name))
	require.NoError(t, maria.Exec(t.Context(), "CREATE TABLE "+name+" ("+columns+")"))
	for _, r := range rows {
		require.NoError(t, maria.Exec(t.Context(), "INSERT INTO "+name+" VALUES "+r))
	}
	t.Cleanup(func() { _ = maria.Exec(context.WithoutCancel(t.Context()), "DROP TABLE "+name) })
}

// hour is the stretch that the tests read: twelve buckets of five minutes.
var hour = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

func reading(sql string) source.Request {
	return source.Request{Spec: source.Spec{Kind: source.MySQL, RawSQL: sql}, From: hour, To: hour.Add(time.Hour), Step: 5 * time.Minute}
}

// known gives the values of a series that are there, by bucket.
func known(s series.Series) map[int]float64 {
	out := map[int]float64{}
	for i, v := range s.Values {
		if v == v {
			out[i] = v
		}
	}
	return out
}
