package dsn_test

import (
	"testing"

	driver "github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/dsn"
)

func TestAServerIsAHostAHostWithAPortOrASocket(t *testing.T) {
	for url, want := range map[string][2]string{
		"db":                          {"tcp", "db:3306"},
		"db:3307":                     {"tcp", "db:3307"},
		"10.0.0.7":                    {"tcp", "10.0.0.7:3306"},
		"::1":                         {"tcp", "[::1]:3306"},
		"[::1]":                       {"tcp", "[::1]:3306"},
		"[::1]:3307":                  {"tcp", "[::1]:3307"},
		"/run/mysqld/mysqld.sock":     {"unix", "/run/mysqld/mysqld.sock"},
		"/a folder/with:colon/s.sock": {"unix", "/a folder/with:colon/s.sock"},
	} {
		c := dsn.New(url, "u", "p", "d")
		require.Equal(t, want, [2]string{c.Net, c.Addr}, url)
	}
}

// The driver itself reads the names and passwords back as they were given, whatever they contain.
func TestNamesAndPasswordsAreNotReadAsAnythingElse(t *testing.T) {
	c := dsn.New("db", "a@b:c", "p@ss:w/rd?x=y", "a/b?c")
	back, err := driver.ParseDSN(c.FormatDSN())
	require.NoError(t, err)
	require.Equal(t, "a/b?c", back.DBName)
	require.Equal(t, [2]string{"a@b:c", "p@ss:w/rd?x=y"}, [2]string{c.User, c.Passwd})
}
