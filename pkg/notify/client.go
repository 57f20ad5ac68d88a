package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 10

// newClient makes the HTTP client of the relay: it connects through the guard only, follows no redirect, uses no proxy, and
// keeps no cookies.
func newClient(g *Guard, timeout time.Duration) (*http.Client, error) {
	return httpclient.New(httpclient.Options{
		Timeouts:    &httpclient.TimeoutOptions{Timeout: timeout, DialTimeout: timeout, KeepAlive: 15 * time.Second, TLSHandshakeTimeout: timeout, MaxIdleConns: 20, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute},
		TLS:         &httpclient.TLSOptions{},
		Middlewares: []httpclient.Middleware{httpclient.CustomHeadersMiddleware()},
		ConfigureTransport: func(_ httpclient.Options, t *http.Transport) {
			t.Proxy, t.DialContext, t.DialTLSContext = nil, g.Dial, nil
		},
		ConfigureClient: func(_ httpclient.Options, c *http.Client) {
			c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			c.Jar = nil
		},
	})
}

// sender sends one request and sorts what can go wrong: an error is a *Failure without the address, which may hold a token.
func sender(client *http.Client) do {
	return func(ctx context.Context, r request) (answer, error) {
		req, err := http.NewRequestWithContext(ctx, r.method, r.url.String(), bytes.NewReader(r.body))
		if err != nil {
			return answer{}, &Failure{Err: errors.New("the request cannot be written")}
		}
		for name, values := range r.header {
			req.Header[name] = values
		}
		req.Header.Set("User-Agent", "Forewarn")
		res, err := client.Do(req)
		if err != nil {
			var u *url.Error
			if errors.As(err, &u) {
				err = u.Err
			}
			if errors.Is(err, context.DeadlineExceeded) || u != nil && u.Timeout() {
				return answer{}, &Failure{Temporary: true, Err: fmt.Errorf("%w: %s gave no answer in time", ErrTimeout, r.url.Host)}
			}
			return answer{}, &Failure{Temporary: !errors.Is(err, ErrForbidden) && !errors.Is(err, context.Canceled), Err: fmt.Errorf("%s cannot be reached: %w", r.url.Host, err)}
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
		a := answer{status: res.StatusCode, body: body}
		if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
			a.after = time.Duration(s) * time.Second
		}
		switch {
		case res.StatusCode >= 300 && res.StatusCode < 400:
			return a, &Failure{Status: a.status, Err: fmt.Errorf("%w: %s answers with a redirect, which is not followed", ErrForbidden, r.url.Host)}
		case res.StatusCode >= 300:
			return a, &Failure{Status: a.status, Answer: string(body), After: a.after,
				Temporary: res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusRequestTimeout}
		case err != nil:
			return a, &Failure{Status: a.status, Temporary: true, Err: fmt.Errorf("the answer broke off: %w", err)}
		}
		return a, nil
	}
}
