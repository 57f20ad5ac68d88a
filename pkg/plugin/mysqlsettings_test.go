package plugin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/tests/certs"
	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// overMySQL is a data source over the real server with these settings beside address, user and password.
func overMySQL(t *testing.T, more map[string]any, secret map[string]string) *Instance {
	t.Helper()
	conf := map[string]any{"url": maria.Address, "user": "forewarn", "database": "metrics"}
	for k, v := range more {
		conf[k] = v
	}
	secrets := map[string]string{"mysqlPassword": "forewarn"}
	for k, v := range secret {
		secrets[k] = v
	}
	raw, err := json.Marshal(map[string]any{"mysql": conf})
	require.NoError(t, err)
	return instance(t, backend.DataSourceInstanceSettings{JSONData: raw, DecryptedSecureJSONData: secrets})
}

// rows reads a statement over an hour.
func rows(t *testing.T, i *Instance, sql string) ([]float64, error) {
	from := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	set, err := i.sources[source.MySQL].Read(t.Context(), source.Request{Spec: source.Spec{Kind: source.MySQL, RawSQL: sql}, From: from, To: from.Add(time.Hour), Step: 15 * time.Minute})
	if err != nil || len(set.Series) == 0 {
		return nil, err
	}
	return set.Series[0].Values, nil
}

// Each field of the MySQL connection does on a real server what its name says.
func TestEachSettingOfTheMySQLConnectionTakesEffect(t *testing.T) {
	mariaserver.Need(t, maria)
	require.NoError(t, maria.Exec(t.Context(), "CREATE OR REPLACE TABLE metrics.stamped (ts DATETIME, v INT)"))
	require.NoError(t, maria.Exec(t.Context(), "INSERT INTO metrics.stamped VALUES ('2026-03-01 10:01:00', 1), ('2026-03-01 10:16:00', 2), ('2026-03-01 18:31:00', 3)"))
	require.NoError(t, maria.Exec(t.Context(), "CREATE OR REPLACE USER bycert@'127.0.0.1' IDENTIFIED BY 'forewarn' REQUIRE X509"))
	mine, err := maria.CA.Issue("grafana")
	require.NoError(t, err)
	other, err := certs.New()
	require.NoError(t, err)
	const all = "SELECT ts AS time, v FROM stamped"
	const encrypted = "SELECT 1772359260 AS time, LENGTH(VARIABLE_VALUE) > 0 AS v FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'"
	const slow = "SELECT 1772359260 AS time, COUNT(*) AS v FROM information_schema.columns a, information_schema.columns b, information_schema.columns c"
	for name, c := range map[string]struct {
		conf   map[string]any
		secret map[string]string
		sql    string
		first  float64 // of the first bucket
		at     int     // or another one
		err    error
		says   string
	}{
		"nothing more":              {nil, nil, all, 1, 0, nil, ""},
		"a time zone":               {map[string]any{"timezone": "+08:00"}, nil, all, 3, 2, nil, ""},
		"few rows":                  {map[string]any{"maxRows": 2}, nil, all, 0, 0, source.ErrTooLarge, "more than 2 rows"},
		"rows enough":               {map[string]any{"maxRows": 3}, nil, all, 1, 0, nil, ""},
		"little time":               {map[string]any{"queryTimeout": "1s"}, nil, slow, 0, 0, source.ErrTimeout, "1s"},
		"another database":          {map[string]any{"database": "information_schema"}, nil, "SELECT 1772359260 AS time, COUNT(*) > 0 AS v FROM columns", 1, 0, nil, ""},
		"one that is not there":     {map[string]any{"database": "none"}, nil, all, 0, 0, source.ErrDenied, "check password and grants"},
		"another user":              {map[string]any{"user": "nobody"}, nil, all, 0, 0, source.ErrDenied, `user "nobody"`},
		"another password":          {nil, map[string]string{"mysqlPassword": "guess"}, all, 0, 0, source.ErrDenied, "check password and grants"},
		"no TLS":                    {nil, map[string]string{"mysqlTLSCACert": maria.CA.PEM}, encrypted, 0, 0, nil, ""},
		"TLS with an authority":     {map[string]any{"tlsAuthWithCACert": true}, map[string]string{"mysqlTLSCACert": maria.CA.PEM}, encrypted, 1, 0, nil, ""},
		"TLS with another":          {map[string]any{"tlsAuthWithCACert": true}, map[string]string{"mysqlTLSCACert": other.PEM}, encrypted, 0, 0, source.ErrUnreachable, "unknown authority"},
		"TLS with whomever":         {map[string]any{"tlsSkipVerify": true}, nil, encrypted, 1, 0, nil, ""},
		"TLS with a certificate":    {map[string]any{"user": "bycert", "database": "", "tlsAuth": true, "tlsAuthWithCACert": true}, map[string]string{"mysqlTLSCACert": maria.CA.PEM, "mysqlTLSClientCert": mine.Cert, "mysqlTLSClientKey": mine.Key}, encrypted, 1, 0, nil, ""},
		"a certificate left behind": {map[string]any{"user": "bycert", "database": "", "tlsAuthWithCACert": true}, map[string]string{"mysqlTLSCACert": maria.CA.PEM, "mysqlTLSClientCert": mine.Cert, "mysqlTLSClientKey": mine.Key}, encrypted, 0, 0, source.ErrDenied, "check password and grants"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := rows(t, overMySQL(t, c.conf, c.secret), c.sql)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
				require.ErrorContains(t, err, c.says)
				require.NotContains(t, err.Error(), "guess")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.first, got[c.at])
		})
	}
}

func TestConnectionsToMySQLAreAsManyAsIsSaid(t *testing.T) {
	mariaserver.Need(t, maria)
	open := func() (n int) {
		require.NoError(t, maria.Admin.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'forewarn'").Scan(&n))
		return n
	}
	require.Eventually(t, func() bool { return open() == 0 }, 10*time.Second, 20*time.Millisecond, "those of other tests are closed")
	i := overMySQL(t, map[string]any{"maxOpenConns": 3, "maxIdleConns": 2}, nil)
	seen := together(t, 8, func(int) int { // the user sees its own connections
		got, err := rows(t, i, "SELECT 1772359260 AS time, COUNT(*) AS v FROM information_schema.PROCESSLIST WHERE USER = 'forewarn'")
		if err != nil {
			return -1
		}
		return int(got[0])
	})
	for n := range seen {
		require.Contains(t, []int{1, 2, 3}, n)
	}
	require.Eventually(t, func() bool { return open() == 2 }, 10*time.Second, 20*time.Millisecond, "two are kept")
	i.Dispose()
	require.Eventually(t, func() bool { return open() == 0 }, 10*time.Second, 20*time.Millisecond, "a data source that is gone keeps none")
}
