// Package mysql reads series from MySQL-compatible servers with one read-only statement.
package mysql

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"fmt"
	"net"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/forewarn/earlywarning/pkg/dsn"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Config is a connection, with the names of Grafana's own MySQL source.
type Config struct {
	URL      string // host:port or /path/of/a/socket
	User     string
	Password string
	Database string
	Timezone string // of the session: an offset such as +08:00, or a name the server knows; empty = the server's

	TLS        bool // client certificate or own CA
	SkipVerify bool
	CA         string // PEM
	ClientCert string // PEM
	ClientKey  string // PEM

	AllowCleartext bool
	MaxOpen        int // 0 = 10
	MaxIdle        int // 0 = 2
	MaxLifetime    time.Duration
	Limits         source.Limits

	// Dial replaces the dialler, for Grafana's secure socks proxy; nil dials directly.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client is a source.Source.
type Client struct {
	db     *sql.DB
	config Config
	zone   *time.Location // of the session
}

// New makes a client; it does not connect yet. The error wraps source.ErrNotConfigured.
func New(c Config) (*Client, error) {
	if c.URL == "" || c.User == "" {
		return nil, fmt.Errorf("%w: mysql: host and user are needed", source.ErrNotConfigured)
	}
	if c.Limits == (source.Limits{}) {
		c.Limits = source.DefaultLimits()
	}
	conf, err := c.driver()
	if err != nil {
		return nil, err
	}
	connector, err := driver.NewConnector(conf)
	if err != nil {
		return nil, fmt.Errorf("%w: mysql: %w", source.ErrNotConfigured, err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(orElse(c.MaxOpen, 10))
	db.SetMaxIdleConns(orElse(c.MaxIdle, 2))
	if c.MaxLifetime <= 0 {
		c.MaxLifetime = 4 * time.Hour
	}
	db.SetConnMaxLifetime(c.MaxLifetime)
	return &Client{db: db, config: c, zone: conf.Loc}, nil
}

func (c Config) driver() (*driver.Config, error) {
	d := dsn.New(c.URL, c.User, c.Password, c.Database)
	// Dates come back in the session's zone and are understood in it.
	loc, err := zone(c.Timezone)
	if err != nil {
		return nil, err
	}
	d.ParseTime, d.Loc, d.Collation = true, loc, "utf8mb4_general_ci"
	d.Timeout, d.MaxAllowedPacket = 10*time.Second, 64<<20
	d.InterpolateParams = true // as the session's mode wants it, and in one round trip
	d.AllowCleartextPasswords, d.AllowAllFiles, d.MultiStatements = c.AllowCleartext, false, false
	if c.Timezone != "" {
		d.Params = map[string]string{"time_zone": "'" + strings.ReplaceAll(c.Timezone, "'", "") + "'"}
	}
	if c.Dial != nil {
		d.DialFunc = c.Dial
	}
	if !c.TLS && !c.SkipVerify && c.CA == "" {
		return d, nil
	}
	t, err := c.tls(d.Addr)
	d.TLS = t
	return d, err
}

// TLSFor gives the TLS settings for a server's address, for others that connect to MySQL the same way.
func (c Config) TLSFor(address string) (*tls.Config, error) { return c.tls(address) }

func (c Config) tls(address string) (*tls.Config, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	t := &tls.Config{ServerName: host, InsecureSkipVerify: c.SkipVerify, MinVersion: tls.VersionTLS12} //nolint:gosec // the administrator's own setting
	if c.CA != "" {
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM([]byte(c.CA)) {
			return nil, fmt.Errorf("%w: mysql: the CA certificate is not PEM", source.ErrNotConfigured)
		}
	}
	if c.ClientCert != "" || c.ClientKey != "" {
		pair, err := tls.X509KeyPair([]byte(c.ClientCert), []byte(c.ClientKey))
		if err != nil {
			return nil, fmt.Errorf("%w: mysql: client certificate and key do not fit each other or are not PEM", source.ErrNotConfigured)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}

// Check connects and asks for the version.
func (c *Client) Check(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Limits.Timeout)
	defer cancel()
	var version string
	if err := c.db.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return "", c.explain(ctx, err)
	}
	return "MySQL " + version, nil
}

// Close closes all connections.
func (c *Client) Close() error { return c.db.Close() }

func orElse(v, other int) int {
	if v > 0 {
		return v
	}
	return other
}
