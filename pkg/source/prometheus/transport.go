package prometheus

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"

	"github.com/forewarn/earlywarning/pkg/source"
)

// errDenied marks a refusal by status code; Prometheus itself has no such error type.
const errDenied v1.ErrorType = "denied"

// client is the HTTP side of the API client: it adds custom parameters, limits the answer's size, and turns refusals of the
// server or of a proxy before it into errors that say so.
type client struct {
	url    *url.URL
	http   *http.Client
	get    bool
	params url.Values
	limit  int64
}

// URL gives an endpoint's address.
func (c *client) URL(endpoint string, args map[string]string) *url.URL {
	for name, value := range args {
		endpoint = strings.ReplaceAll(endpoint, ":"+name, value)
	}
	u := *c.url
	u.Path = path.Join(u.Path, endpoint)
	return &u
}

// Do sends a request and reads the answer, up to the limit.
func (c *client) Do(ctx context.Context, req *http.Request) (*http.Response, []byte, error) {
	if len(c.params) > 0 {
		q := req.URL.Query()
		for name, values := range c.params {
			q[name] = values
		}
		req.URL.RawQuery = q.Encode()
	}
	if c.get && req.Method == http.MethodPost {
		// The API client falls back to GET when it is told that POST is not allowed.
		return &http.Response{StatusCode: http.StatusMethodNotAllowed, Header: http.Header{}}, nil, nil
	}
	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.limit+1))
	if err != nil {
		return resp, nil, err
	}
	if int64(len(body)) > c.limit {
		return resp, nil, fmt.Errorf("%w: more than %d MiB from prometheus: ask for fewer series or a coarser interval", source.ErrTooLarge, c.limit>>20)
	}
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		return resp, body, &v1.Error{Type: errDenied, Msg: resp.Status}
	}
	return resp, body, nil
}
