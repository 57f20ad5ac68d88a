package protocol

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"
	"github.com/grafana/grafana-plugin-sdk-go/config"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/certs"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

// socks is a SOCKS5 proxy (RFC 1928, with user and password of RFC 1929) over TLS, for those who have a certificate of its authority.
type socks struct {
	address string
	refuses bool // every connection, as one that its rules do not allow

	mu   sync.Mutex
	seen []string // user:password of whom it connected, and where to
}

func newSocks(t *testing.T, ca *certs.Authority) *socks {
	t.Helper()
	own, err := ca.Issue("socks.test")
	require.NoError(t, err)
	pair, err := own.TLS()
	require.NoError(t, err)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool(), MinVersion: tls.VersionTLS13})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	s := &socks{address: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer func() { _ = c.Close() }(); _ = s.serve(c) }()
		}
	}()
	return s
}

func (s *socks) serve(c net.Conn) error {
	in := bufio.NewReader(c)
	take := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(in, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	take(int(take(2)[1]))                            // the ways to sign in that the client knows
	if _, err := c.Write([]byte{5, 2}); err != nil { // by user and password
		return err
	}
	user := string(take(int(take(2)[1])))
	password := string(take(int(take(1)[0])))
	if _, err := c.Write([]byte{1, 0}); err != nil {
		return err
	}
	host := ""
	switch head := take(4); head[3] {
	case 1:
		host = net.IP(take(4)).String()
	case 3:
		host = string(take(int(take(1)[0])))
	}
	target := net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(take(2)))))
	s.mu.Lock()
	s.seen = append(s.seen, user+":"+password+" to "+target)
	refuses := s.refuses
	s.mu.Unlock()
	if refuses {
		_, err := c.Write([]byte{5, 2, 0, 1, 0, 0, 0, 0, 0, 0})
		return err
	}
	to, err := net.Dial("tcp", target)
	if err != nil {
		return err
	}
	defer func() { _ = to.Close() }()
	if _, err := c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	go func() { _, _ = io.Copy(to, in); _ = to.Close() }()
	_, err = io.Copy(c, to)
	return err
}

// through gives what connections were made since it was called last.
func (s *socks) through() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.seen = nil }()
	return strings.Join(s.seen, "\n")
}

func (s *socks) refuse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses = true
}

// Grafana's secure socks proxy, as a data source asks for it and as Grafana's configuration says where it is: both sources are read
// through it, and neither beside it.
func TestBothSourcesAreReadThroughTheSecureSocksProxy(t *testing.T) {
	world.Need(t)
	ca, err := certs.New()
	require.NoError(t, err)
	mine, err := ca.Issue("grafana")
	require.NoError(t, err)
	stranger, err := certs.New()
	require.NoError(t, err)
	theirs, err := stranger.Issue("grafana")
	require.NoError(t, err)
	between := newSocks(t, ca)
	reached := func(p certs.Pair) map[string]string {
		return map[string]string{proxy.PluginSecureSocksProxyEnabled: "true", proxy.PluginSecureSocksProxyProxyAddress: between.address, proxy.PluginSecureSocksProxyServerName: "socks.test",
			proxy.PluginSecureSocksProxyRootCAsContents: ca.PEM, proxy.PluginSecureSocksProxyClientCertContents: p.Cert, proxy.PluginSecureSocksProxyClientKeyContents: p.Key}
	}
	asking := func(uid string, wants bool, grafana map[string]string) (texts []string) {
		d := source()
		d.UID = uid
		d.JSONData.(map[string]any)["enableSecureSocksProxy"] = wants
		d.Secure["secureSocksProxyPassword"] = "sesame"
		pc, err := d.Context(pluginproc.Viewer)
		require.NoError(t, err)
		pc.GrafanaConfig = config.NewGrafanaCfg(grafana)
		for _, query := range []string{`{"queryType": "series", "source": {"kind": "prometheus", "expr": "constant"}}`, `{"queryType": "series", "source": {"kind": "mysql", "rawSql": "SELECT ts AS time, t FROM kinds"}}`} {
			r, err := world.plugin.Ask(t.Context(), pc, false, world.now.Add(-time.Hour), world.now, query)
			require.NoError(t, err)
			text := ""
			if r.Error != nil {
				text = r.Error.Error()
				require.Equal(t, backend.ErrorSourceDownstream, r.ErrorSource, text)
			}
			texts = append(texts, text)
		}
		return texts
	}
	prom := strings.TrimPrefix(world.Prom.URL, "http://")

	require.Equal(t, []string{"", ""}, asking("through", true, reached(mine)))
	require.Equal(t, "through:sesame to "+prom+"\nthrough:sesame to "+world.Maria.Address, between.through())

	require.Equal(t, []string{"", ""}, asking("not-wanted", false, reached(mine)))
	require.Empty(t, between.through(), "the data source does not ask for it")
	require.Equal(t, []string{"", ""}, asking("not-there", true, nil))
	require.Empty(t, between.through(), "Grafana has none")

	for _, text := range asking("stranger", true, reached(theirs)) {
		require.Contains(t, text, "source cannot be reached: ")
	}
	require.Empty(t, between.through(), "it does not know the certificate")
	for _, text := range asking("no-pem", true, reached(certs.Pair{Cert: "no PEM", Key: "no PEM"})) {
		require.Contains(t, text, "source is not configured: ")
	}
	between.refuse()
	for _, text := range asking("refused", true, reached(mine)) {
		require.Contains(t, text, "source cannot be reached: ")
		require.Contains(t, text, "connection not allowed by ruleset")
	}
}
