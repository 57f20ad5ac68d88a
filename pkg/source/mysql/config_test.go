package mysql

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
)

func TestAddressesAreThoseOfGrafanasSource(t *testing.T) {
	for url, want := range map[string][2]string{"db": {"tcp", "db:3306"}, "db:3307": {"tcp", "db:3307"}, "::1": {"tcp", "[::1]:3306"}, "[::1]:3307": {"tcp", "[::1]:3307"}, "/run/mysqld.sock": {"unix", "/run/mysqld.sock"}} {
		d, err := Config{URL: url, User: "u"}.driver()
		require.NoError(t, err)
		require.Equal(t, want, [2]string{d.Net, d.Addr})
	}
}

func TestOneConnectionRunsOneStatementAndReadsNoFile(t *testing.T) {
	d, err := Config{URL: "db", User: "u", Timezone: "+08:00", AllowCleartext: true}.driver()
	require.NoError(t, err)
	require.False(t, d.MultiStatements)
	require.False(t, d.AllowAllFiles)
	require.True(t, d.AllowCleartextPasswords)
	require.True(t, d.ParseTime)
	require.Equal(t, "'+08:00'", d.Params["time_zone"])
	require.Nil(t, d.TLS)
}

func TestTLSIsThatOfTheServersName(t *testing.T) {
	d, err := Config{URL: "db.example:3307", User: "u", TLS: true}.driver()
	require.NoError(t, err)
	require.Equal(t, "db.example", d.TLS.ServerName)
	require.False(t, d.TLS.InsecureSkipVerify)
	d, err = Config{URL: "db.example", User: "u", SkipVerify: true}.driver()
	require.NoError(t, err)
	require.True(t, d.TLS.InsecureSkipVerify)
	c, err := Config{}.TLSFor("db.example")
	require.NoError(t, err)
	require.Equal(t, "db.example", c.ServerName)
	_, err = Config{CA: "no PEM"}.TLSFor("x:1")
	require.ErrorIs(t, err, source.ErrNotConfigured)
}

func TestPoolsHaveTheUsualSizes(t *testing.T) {
	c, err := New(Config{URL: "db", User: "u"})
	require.NoError(t, err)
	require.Equal(t, 10, c.db.Stats().MaxOpenConnections)
	require.Equal(t, source.DefaultLimits(), c.config.Limits)
	require.Equal(t, 4*time.Hour, c.config.MaxLifetime)
	c, err = New(Config{URL: "db", User: "u", MaxOpen: 3, MaxLifetime: time.Minute})
	require.NoError(t, err)
	require.Equal(t, 3, c.db.Stats().MaxOpenConnections)
	require.Equal(t, time.Minute, c.config.MaxLifetime)
}

func TestBitsAreANumberAlsoWhereTheyLookLikeText(t *testing.T) {
	for want, in := range map[float64]any{49: []byte("1"), 257: []byte{1, 1}, 0: []byte{0}, 18446744073709551615: []byte{255, 255, 255, 255, 255, 255, 255, 255}, 7: int64(7)} {
		got, err := bitsOf(in)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	got, err := bitsOf(nil)
	require.NoError(t, err)
	require.True(t, got != got, "NULL is missing")
}

func TestStatementsThatWaitOrLockAreRefused(t *testing.T) {
	for _, sql := range []string{"SELECT MASTER_POS_WAIT('a', 1)", "SELECT * FROM t FOR SHARE", "SELECT * FROM t LOCK IN SHARE MODE", "SELECT wait_for_executed_gtid_set('x')", "SELECT source_pos_wait ('a',1)"} {
		require.ErrorIs(t, usual.guard(sql), source.ErrRefused, sql)
	}
	for _, sql := range []string{"SELECT share FROM funds", "SELECT t.share FROM t", "SELECT source_pos_wait FROM t"} {
		require.NoError(t, usual.guard(sql), sql)
	}
}

func TestLabelsAreText(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.FixedZone("", 8*3600))
	for want, in := range map[string]any{"": nil, "磁盘": []byte("磁盘"), "a\uFFFDb": []byte("a\xffb"), "7": int64(7), "2026-03-01T02:00:00Z": at, "true": true} {
		require.Equal(t, want, text(in))
	}
}
