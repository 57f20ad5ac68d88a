package protocol

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/certs"
	"github.com/forewarn/earlywarning/tests/pluginproc"
	"github.com/forewarn/earlywarning/tests/promserver"
)

// secured is what a Prometheus asks of whoever comes: a certificate of its authority, and a user called reader with the password test
// (whose bcrypt hash this is).
const secured = `
tls_server_config: {cert_file: cert.pem, key_file: key.pem, client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert}
basic_auth_users: {reader: "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay"}
`

// reader signs each request as the user does.
type reader struct{ http.RoundTripper }

func (r reader) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.SetBasicAuth("reader", "test")
	return r.RoundTripper.RoundTrip(req)
}

func TestAPrometheusThatAsksForCertificatesAndAPassword(t *testing.T) {
	world.Need(t)
	ca, err := certs.New()
	require.NoError(t, err)
	issue := func(a *certs.Authority, name string) certs.Pair {
		p, err := a.Issue(name)
		require.NoError(t, err)
		return p
	}
	dir, mine := t.TempDir(), issue(ca, "grafana")
	require.NoError(t, ca.Write(dir, issue(ca, "prom.test")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "web.yml"), []byte(secured), 0o600))
	require.NoError(t, promserver.Fill(t.Context(), dir, []promserver.Metric{{Name: "up", Start: start(12), Step: step, Values: []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}}))
	pair, err := mine.TLS()
	require.NoError(t, err)
	client := &http.Client{Transport: reader{&http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.Pool(), Certificates: []tls.Certificate{pair}}}}}
	s, err := promserver.StartSecured(t.Context(), dir, "web.yml", os.Stderr, client)
	require.NoError(t, err)
	defer s.Close()
	other, err := certs.New()
	require.NoError(t, err)
	stranger := issue(other, "grafana")

	type settings struct {
		json   map[string]any
		secure map[string]string
	}
	for name, c := range map[string]struct {
		change func(s *settings)
		says   string // nothing: it answers
	}{
		"all that it asks for":           {func(*settings) {}, ""},
		"whoever the server is":          {func(s *settings) { delete(s.secure, "tlsCACert"); s.json["tlsSkipVerify"] = true }, ""},
		"by its name":                    {func(s *settings) { s.json["serverName"] = "prom.test" }, ""},
		"an authority that is not known": {func(s *settings) { delete(s.secure, "tlsCACert") }, "x509: certificate signed by unknown authority"},
		"another's authority":            {func(s *settings) { s.secure["tlsCACert"] = other.PEM }, "x509: certificate signed by unknown authority"},
		"another's name":                 {func(s *settings) { s.json["serverName"] = "prom.example" }, "x509: certificate is valid for prom.test, not prom.example"},
		"no certificate of one's own":    {func(s *settings) { delete(s.secure, "tlsClientCert"); delete(s.secure, "tlsClientKey") }, "source cannot be reached"},
		"a stranger's certificate":       {func(s *settings) { s.secure["tlsClientCert"], s.secure["tlsClientKey"] = stranger.Cert, stranger.Key }, "source cannot be reached"},
		"a certificate that is none":     {func(s *settings) { s.secure["tlsClientCert"] = "no PEM" }, "source is not configured"},
		"a wrong password":               {func(s *settings) { s.secure["basicAuthPassword"] = "guess" }, "401 Unauthorized: check user, password or token"},
	} {
		t.Run(name, func(t *testing.T) {
			set := settings{map[string]any{"tlsAuth": true, "tlsAuthWithCACert": true},
				map[string]string{"tlsCACert": ca.PEM, "tlsClientCert": mine.Cert, "tlsClientKey": mine.Key, "basicAuthPassword": "test"}}
			c.change(&set)
			d := pluginproc.DataSource{URL: s.URL, BasicAuthUser: "reader", JSONData: set.json, Secure: set.secure}
			r := ask(t, d, false, world.now.Add(-time.Hour), world.now, `{"queryType": "series", "source": {"kind": "prometheus", "expr": "up"}, "output": "actual"}`)
			if c.says == "" {
				require.NoError(t, r.Error)
				require.GreaterOrEqual(t, known(r.Frames[0].Fields[1]), 11)
				return
			}
			require.ErrorContains(t, r.Error, c.says)
			require.Equal(t, backend.ErrorSourceDownstream, r.ErrorSource)
			for _, secret := range []string{"guess", "PRIVATE KEY"} {
				require.NotContains(t, r.Error.Error(), secret)
			}
		})
	}
}

// A gateway in front of the real server asks for a token, names the tenant by a header, and is slow now and then.
func TestATokenAndHeadersReachAGatewayInFrontOfPrometheus(t *testing.T) {
	world.Need(t)
	target, err := url.Parse(world.Prom.URL)
	require.NoError(t, err)
	leave := make(chan struct{})
	pass := httputil.NewSingleHostReverseProxy(target)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer sesame":
			w.WriteHeader(http.StatusUnauthorized)
		case r.Header.Get("X-Scope-OrgID") != "tenant" || r.Header.Get("X-Second") != "two":
			w.WriteHeader(http.StatusForbidden)
		case strings.Contains(r.URL.Path, "/slow/"):
			<-leave
		default:
			pass.ServeHTTP(w, r)
		}
	}))
	defer gateway.Close()
	defer close(leave)
	headers := map[string]any{"httpHeaderName1": "X-Scope-OrgID", "httpHeaderName2": "X-Second"}
	secret := map[string]string{"bearerToken": "sesame", "httpHeaderValue1": "tenant", "httpHeaderValue2": "two"}
	with := func(m map[string]string, name, value string) map[string]string {
		out := map[string]string{name: value}
		for k, v := range m {
			if k != name {
				out[k] = v
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		d      pluginproc.DataSource
		says   string
		status backend.Status
	}{
		"both":               {pluginproc.DataSource{URL: gateway.URL, JSONData: headers, Secure: secret}, "", 0},
		"a wrong token":      {pluginproc.DataSource{URL: gateway.URL, JSONData: headers, Secure: with(secret, "bearerToken", "guess")}, "401 Unauthorized", backend.StatusForbidden},
		"a wrong tenant":     {pluginproc.DataSource{URL: gateway.URL, JSONData: headers, Secure: with(secret, "httpHeaderValue1", "other")}, "403 Forbidden", backend.StatusForbidden},
		"only one header":    {pluginproc.DataSource{URL: gateway.URL, JSONData: map[string]any{"httpHeaderName1": "X-Scope-OrgID"}, Secure: secret}, "403 Forbidden", backend.StatusForbidden},
		"a slow one":         {pluginproc.DataSource{URL: gateway.URL + "/slow", JSONData: map[string]any{"httpHeaderName1": "X-Scope-OrgID", "httpHeaderName2": "X-Second", "timeout": 1}, Secure: secret}, "gave no answer within the data source's timeout", backend.StatusTimeout},
		"slower than we are": {pluginproc.DataSource{URL: gateway.URL + "/slow", JSONData: map[string]any{"httpHeaderName1": "X-Scope-OrgID", "httpHeaderName2": "X-Second", "queryTimeout": "1s"}, Secure: secret}, "no answer within 1s", backend.StatusTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			r := ask(t, c.d, false, world.now.Add(-time.Hour), world.now, `{"queryType": "series", "source": {"kind": "prometheus", "expr": "constant"}}`)
			if c.says == "" {
				require.NoError(t, r.Error)
				return
			}
			require.ErrorContains(t, r.Error, c.says)
			require.Equal(t, c.status, r.Status)
			require.NotContains(t, r.Error.Error(), "guess")
		})
	}
}

// The real server refuses more than 11,000 points of a series; longer ranges are asked for in parts, which lie where they belong.
func TestARangeBeyondTheServersLimitIsAnsweredWhole(t *testing.T) {
	world.Need(t)
	const days = 20
	from := world.now.Add(-days * 24 * time.Hour)
	direct, err := http.Get(fmt.Sprintf("%s/api/v1/query_range?query=ramp&start=%d&end=%d&step=60", world.Prom.URL, from.Unix(), world.now.Unix())) //nolint:noctx // a test's own question
	require.NoError(t, err)
	_ = direct.Body.Close()
	require.Equal(t, http.StatusBadRequest, direct.StatusCode, "asked at once, the server refuses it")
	r := ask(t, source(), false, from, world.now, `{"queryType": "series", "source": {"kind": "prometheus", "expr": "ramp"}, "interval": "1m", "output": "actual"}`)
	require.NoError(t, r.Error)
	f := r.Frames[0]
	require.Equal(t, days*24*60, f.Rows())
	for i := range f.Rows() {
		v := f.Fields[1].At(i).(*float64)
		require.NotNil(t, v, "row %d", i)
		// A bucket has the value at its end: that of the newest sample, one each step, the last a step ago.
		end := f.Fields[0].At(i).(time.Time).Add(time.Minute)
		require.Equal(t, min(float64(end.Truncate(step).Sub(start(rampLen))/step), rampLen-1), *v, "at %s", end)
	}
}

func TestACounterThatBeganAnewIsARateWithoutAFall(t *testing.T) {
	world.Need(t)
	read := func(expr string) (values []float64, notices string) {
		r := ask(t, source(), false, world.now.Add(-24*time.Hour), world.now, fmt.Sprintf(`{"queryType": "series", "source": {"kind": "prometheus", "expr": %q}, "interval": "5m", "output": "actual"}`, expr))
		require.NoError(t, r.Error)
		for i := range r.Frames[0].Rows() {
			if v := r.Frames[0].Fields[1].At(i).(*float64); v != nil {
				values = append(values, *v)
			}
		}
		for _, n := range r.Frames[0].Meta.Notices {
			notices += n.Text
		}
		return values, notices
	}
	bare, notices := read("jobs_total")
	falls := 0
	for i := 1; i < len(bare); i++ {
		if bare[i] < bare[i-1] {
			falls++
		}
	}
	require.Equal(t, 4, falls, "the process began anew every six hours")
	require.Contains(t, notices, "the expression reads a counter as it is")
	require.Contains(t, notices, "rate(…[$__rate_interval]) handles the resets")
	rate, notices := read("rate(jobs_total[15m])")
	require.Empty(t, notices)
	for _, v := range rate {
		require.InDelta(t, 0.1, v, 0.05, "30 in five minutes, at the resets as well")
	}
}
