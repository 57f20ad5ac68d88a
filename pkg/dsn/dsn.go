// Package dsn says how to reach a MySQL-compatible server, for what reads from one and for what is kept in one.
package dsn

import (
	"io"
	"log"
	"net"
	"strings"

	driver "github.com/go-sql-driver/mysql"
)

// port is the one that MySQL listens on by default.
const port = "3306"

// New is a configuration of the driver for a host, a host:port or the /path/of/a/socket. What the driver has to say it says in errors.
func New(url, user, password, database string) *driver.Config {
	d := driver.NewConfig()
	d.User, d.Passwd, d.DBName = user, password, database
	d.Net, d.Addr = "tcp", url
	if strings.HasPrefix(url, "/") {
		d.Net = "unix"
	} else if _, _, err := net.SplitHostPort(url); err != nil {
		d.Addr = net.JoinHostPort(strings.Trim(url, "[]"), port)
	}
	d.Logger = log.New(io.Discard, "", 0)
	return d
}
