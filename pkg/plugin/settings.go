package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/logs"
	"github.com/forewarn/earlywarning/pkg/source/mysql"
	"github.com/forewarn/earlywarning/pkg/source/prometheus"
)

// settings are the data source's jsonData, with the names that Grafana's own sources use.
type settings struct {
	HTTPMethod            string         `json:"httpMethod"`
	TimeInterval          string         `json:"timeInterval"` // scrape interval
	QueryTimeout          string         `json:"queryTimeout"`
	CustomQueryParameters string         `json:"customQueryParameters"`
	MySQL                 mysqlSettings  `json:"mysql"`
	Defaults              query.Defaults `json:"defaults"`
	StorePath             string         `json:"storePath"` // of the SQLite file that keeps models
	Store                 storeSettings  `json:"store"`     // instead of a file

	Models   json.RawMessage `json:"models"` // models as code: a list of model.Definition; a mistake in it leaves queries alone
	Relay    json.RawMessage `json:"relay"`
	Channels json.RawMessage `json:"channels"` // notify.Channel; a mistake in them leaves queries alone
	Trail    struct {
		Keep string `json:"keep"` // how long lines of the trail are kept; empty = for good
	} `json:"trail"`
}

// storeSettings name a MySQL database that several replicas share. Its password is storePassword, its CA storeTLSCACert.
type storeSettings struct {
	Kind          string `json:"kind"` // mysql
	URL           string `json:"url"`
	User          string `json:"user"`
	Database      string `json:"database"`
	TLS           bool   `json:"tls"`
	TLSSkipVerify bool   `json:"tlsSkipVerify"`
}

type mysqlSettings struct {
	URL                     string `json:"url"`
	User                    string `json:"user"`
	Database                string `json:"database"`
	MaxOpenConns            int    `json:"maxOpenConns"`
	MaxIdleConns            int    `json:"maxIdleConns"`
	ConnMaxLifetime         int    `json:"connMaxLifetime"` // s
	Timezone                string `json:"timezone"`
	TLSAuth                 bool   `json:"tlsAuth"`
	TLSAuthWithCACert       bool   `json:"tlsAuthWithCACert"`
	TLSSkipVerify           bool   `json:"tlsSkipVerify"`
	AllowCleartextPasswords bool   `json:"allowCleartextPasswords"`
	QueryTimeout            string `json:"queryTimeout"`
	MaxRows                 int    `json:"maxRows"`
}

func loadSettings(s backend.DataSourceInstanceSettings) (settings, error) {
	var out settings
	if len(s.JSONData) == 0 {
		return out, nil
	}
	if err := json.Unmarshal(s.JSONData, &out); err != nil {
		return out, fmt.Errorf("the data source's settings cannot be read: %w", err)
	}
	return out, nil
}

// sources makes a client for every connection that is filled in. A connection with a mistake is kept as an error for its
// kind, so that the other one works.
func sources(ctx context.Context, s backend.DataSourceInstanceSettings, conf settings) map[source.Kind]source.Source {
	out := map[source.Kind]source.Source{}
	if s.URL != "" {
		out[source.Prometheus] = orBroken(newPrometheus(ctx, s, conf))
	}
	if conf.MySQL.URL != "" {
		db := orBroken(newMySQL(ctx, s, conf.MySQL))
		out[source.MySQL], out[source.Logs] = db, logs.New(db)
	}
	return out
}

func newPrometheus(ctx context.Context, s backend.DataSourceInstanceSettings, conf settings) (source.Source, error) {
	limits := source.DefaultLimits()
	if err := timeout(&limits, "queryTimeout", conf.QueryTimeout); err != nil {
		return nil, err
	}
	opts, err := s.HTTPClientOptions(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: prometheus: %w", source.ErrNotConfigured, err)
	}
	if token := s.DecryptedSecureJSONData["bearerToken"]; token != "" {
		if opts.Header == nil {
			opts.Header = http.Header{}
		}
		opts.Header.Set("Authorization", "Bearer "+token)
	}
	client, err := httpclient.New(opts)
	if err != nil {
		return nil, fmt.Errorf("%w: prometheus: %w", source.ErrNotConfigured, err)
	}
	custom, err := url.ParseQuery(conf.CustomQueryParameters)
	if err != nil {
		return nil, fmt.Errorf("%w: prometheus: customQueryParameters is not of the form a=b&c=d", source.ErrNotConfigured)
	}
	var scrape time.Duration
	if conf.TimeInterval != "" {
		if scrape, err = param.ParseDuration(conf.TimeInterval); err != nil {
			return nil, fmt.Errorf("%w: prometheus: timeInterval: %w", source.ErrNotConfigured, err)
		}
	}
	return prometheus.New(prometheus.Config{URL: s.URL, HTTP: client, Method: conf.HTTPMethod, CustomParams: custom, ScrapeInterval: scrape, Limits: limits})
}

func newMySQL(ctx context.Context, s backend.DataSourceInstanceSettings, conf mysqlSettings) (source.Source, error) {
	limits := source.DefaultLimits()
	if err := timeout(&limits, "mysql.queryTimeout", conf.QueryTimeout); err != nil {
		return nil, err
	}
	if conf.MaxRows > 0 {
		limits.Rows = conf.MaxRows
	}
	secret := s.DecryptedSecureJSONData
	c := mysql.Config{
		URL: conf.URL, User: conf.User, Password: secret["mysqlPassword"], Database: conf.Database, Timezone: conf.Timezone,
		TLS: conf.TLSAuth || conf.TLSAuthWithCACert, SkipVerify: conf.TLSSkipVerify, AllowCleartext: conf.AllowCleartextPasswords,
		MaxOpen: conf.MaxOpenConns, MaxIdle: conf.MaxIdleConns, MaxLifetime: time.Duration(conf.ConnMaxLifetime) * time.Second, Limits: limits,
	}
	if conf.TLSAuthWithCACert {
		c.CA = secret["mysqlTLSCACert"]
	}
	if conf.TLSAuth {
		c.ClientCert, c.ClientKey = secret["mysqlTLSClientCert"], secret["mysqlTLSClientKey"]
	}
	proxy, err := s.ProxyClient(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: mysql: secure socks proxy: %w", source.ErrNotConfigured, err)
	}
	if proxy.SecureSocksProxyEnabled() {
		dialer, err := proxy.NewSecureSocksProxyContextDialer()
		if err != nil {
			return nil, fmt.Errorf("%w: mysql: secure socks proxy: %w", source.ErrNotConfigured, err)
		}
		through, ok := dialer.(interface {
			DialContext(ctx context.Context, network, address string) (net.Conn, error)
		})
		if !ok {
			return nil, fmt.Errorf("%w: mysql: secure socks proxy: a %T cannot be cancelled", source.ErrNotConfigured, dialer)
		}
		c.Dial = through.DialContext
	}
	return mysql.New(c)
}

func timeout(l *source.Limits, field, text string) error {
	if text == "" {
		return nil
	}
	d, err := param.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", source.ErrNotConfigured, field, err)
	}
	l.Timeout = d
	return nil
}
