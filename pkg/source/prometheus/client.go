// Package prometheus reads series from a Prometheus-compatible server through its HTTP API.
package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"

	"github.com/forewarn/earlywarning/pkg/source"
)

const (
	// maxPoints is below the 11,000 points a series that a Prometheus server answers at most.
	maxPoints = 10_000
	// firstPoints are asked for first: its answer tells how many series there are, and with it how long further parts may be.
	firstPoints = 1000
	// partSamples of all series together are in a part, so that a long range of many series is never in memory as text.
	partSamples = 100_000
	// parallel is how many parts of one long range are asked for at the same time.
	parallel = 4
)

// Config is a connection. HTTP carries TLS, credentials, headers and the proxy; it is made by the caller from Grafana's SDK.
type Config struct {
	URL            string
	HTTP           *http.Client
	Method         string // POST (default) or GET
	CustomParams   url.Values
	ScrapeInterval time.Duration // 0 = 15 s; for $__rate_interval
	Limits         source.Limits
}

// Client is a source.Source.
type Client struct {
	api    v1.API
	config Config
	host   string // for error texts: no user information, no path
}

// New makes a client; the error wraps source.ErrNotConfigured for a URL that cannot be used.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%w: prometheus: the URL must look like http://host:9090", source.ErrNotConfigured)
	}
	if c.ScrapeInterval <= 0 {
		c.ScrapeInterval = 15 * time.Second
	}
	if c.Limits == (source.Limits{}) {
		c.Limits = source.DefaultLimits()
	}
	if c.HTTP == nil {
		return nil, fmt.Errorf("%w: prometheus: no HTTP client was given", source.ErrNotConfigured)
	}
	wrapped := &client{url: u, http: c.HTTP, get: c.Method == http.MethodGet, params: c.CustomParams, limit: c.Limits.Bytes}
	return &Client{api: v1.NewAPI(wrapped), config: c, host: u.Host}, nil
}

// Check asks the server for its version, or where it does not tell for the value of 1.
func (c *Client) Check(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Limits.Timeout)
	defer cancel()
	if info, err := c.api.Buildinfo(ctx); err == nil && info.Version != "" {
		return "Prometheus " + info.Version, nil
	}
	if _, _, err := c.api.Query(ctx, "1", time.Now()); err != nil {
		return "", c.explain(ctx, err)
	}
	return "a Prometheus-compatible server", nil
}

// Close gives back idle connections.
func (c *Client) Close() error {
	c.config.HTTP.CloseIdleConnections()
	return nil
}

// explain maps an error to the sentinels of package source; texts name the host and never a secret.
func (c *Client) explain(ctx context.Context, err error) error {
	var apiErr *v1.Error
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, source.ErrTooLarge):
		return err
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil:
		return fmt.Errorf("%w: prometheus at %s gave no answer within %s", source.ErrTimeout, c.host, c.config.Limits.Timeout)
	case errors.As(err, &apiErr):
		return c.explainAPI(apiErr)
	}
	var network net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout() {
		return fmt.Errorf("%w: prometheus at %s gave no answer within the data source's timeout", source.ErrTimeout, c.host)
	}
	var dial *url.Error
	if errors.As(err, &dial) {
		return fmt.Errorf("%w: prometheus at %s: %w", source.ErrUnreachable, c.host, dial.Err)
	}
	return fmt.Errorf("%w: prometheus at %s: %w", source.ErrUnreachable, c.host, err)
}

func (c *Client) explainAPI(err *v1.Error) error {
	switch err.Type {
	case v1.ErrBadData, v1.ErrExec:
		return fmt.Errorf("%w: prometheus at %s: %s", source.ErrBadQuery, c.host, err.Msg)
	case v1.ErrTimeout, v1.ErrCanceled:
		return fmt.Errorf("%w: prometheus at %s: %s", source.ErrTimeout, c.host, err.Msg)
	case errDenied:
		return fmt.Errorf("%w: prometheus at %s: %s: check user, password or token", source.ErrDenied, c.host, err.Msg)
	default:
		return fmt.Errorf("%w: prometheus at %s: %s", source.ErrUnreachable, c.host, err.Msg)
	}
}

var _ api.Client = (*client)(nil)
