package store

import (
	"crypto/tls"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheKindFollowsFromWhatIsFilledIn(t *testing.T) {
	for name, c := range map[string]struct {
		config Config
		kind   Kind
		where  string
	}{
		"nothing": {Config{}, Memory, ""},
		"a path":  {Config{Path: "/var/lib/x.db"}, SQLite, "/var/lib/x.db"},
		"a host":  {Config{URL: "db:3306", User: "u", Password: "secret", Database: "d"}, MySQL, "db:3306/d"},
		"both":    {Config{Path: "/x", URL: "db", User: "u", Database: "d"}, MySQL, "db/d"},
	} {
		require.Equal(t, c.kind, c.config.Kind(), name)
		require.Equal(t, c.where, c.config.Where(), name)
		d, err := Open(c.config)
		require.NoError(t, err, name)
		require.Equal(t, []any{c.kind, c.where}, []any{d.Kind(), d.Where()}, name)
		require.NotContains(t, d.Where(), "secret")
		require.NoError(t, d.Close())
	}
}

func TestPathsOfAllSystemsAreAddresses(t *testing.T) {
	for path, want := range map[string]string{"/var/lib/models.db": "file:/var/lib/models.db?", "/a b/m#1?.db": "file:/a%20b/m%231%3F.db?", `C:\data\models.db`: "file:C:/data/models.db?"} {
		got := Config{Path: path}.sqlite(true)
		require.True(t, strings.HasPrefix(got, want), got)
	}
	_, query, _ := strings.Cut(Config{Path: "/x"}.sqlite(true), "?")
	q, err := url.ParseQuery(query)
	require.NoError(t, err)
	require.Equal(t, []string{"rwc", "immediate"}, []string{q.Get("mode"), q.Get("_txlock")})
	require.Subset(t, q["_pragma"], []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, "what is told to be kept is on the disk")
	require.NotContains(t, Config{Path: "/x"}.sqlite(false), "mode=rwc", "a file that is gone is not made anew")
}

func TestMySQLIsReachedAsAsked(t *testing.T) {
	for address, want := range map[string][2]string{"db": {"tcp", "db:3306"}, "db:3307": {"tcp", "db:3307"}, "::1": {"tcp", "[::1]:3306"}, "/run/mysqld.sock": {"unix", "/run/mysqld.sock"}} {
		d, err := Config{URL: address, User: "u", Database: "d"}.mysql()
		require.NoError(t, err)
		require.Equal(t, want, [2]string{d.Net, d.Addr})
		require.Equal(t, "'+00:00'", d.Params["time_zone"])
		require.True(t, d.RejectReadOnly, "a replica that was the primary is left")
		require.True(t, d.ClientFoundRows)
	}
	for _, c := range []Config{{URL: "db", User: "u"}, {URL: "db", Database: "d"}} {
		_, err := Open(c)
		require.ErrorIs(t, err, ErrUnavailable)
		require.ErrorContains(t, err, "user and database")
	}
	c := Config{URL: "db", User: "u", Database: "d", TLS: &tls.Config{ServerName: "db"}}
	d, err := c.mysql()
	require.NoError(t, err)
	require.Equal(t, "db", d.TLS.ServerName)
}

func TestAClosedStoreSaysSo(t *testing.T) {
	d := open(t, Config{})
	works(t, d)
	require.NoError(t, d.Close())
	fails(t, d, "it is closed")
	require.NoError(t, d.Close(), "twice is no harm")
}

func TestWaitsForOthersDiffer(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 50 {
		d := jitter(20 * time.Millisecond)
		require.GreaterOrEqual(t, d, 10*time.Millisecond)
		require.LessOrEqual(t, d, 30*time.Millisecond)
		seen[d] = true
	}
	require.Greater(t, len(seen), 10, "so that processes do not go on colliding")
}

func TestTimesAreKeptToTheMillisecond(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 123_456_789, time.FixedZone("", 3600))
	require.Equal(t, at.UTC().Truncate(time.Millisecond), fromMillis(millis(at)))
	require.True(t, fromMillis(millis(time.Time{})).IsZero(), "no time stays none")
}
