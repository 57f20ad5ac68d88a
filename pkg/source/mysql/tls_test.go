package mysql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/tests/certs"
)

// cipher tells by its length what the session is encrypted with; 0 is not at all.
const cipher = "SELECT 1772359260 AS time, LENGTH(VARIABLE_VALUE) AS v FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'"

// demanding makes users who must come over TLS, and with a certificate of the server's authority.
func demanding(t *testing.T) {
	t.Helper()
	real(t)
	for name, demand := range map[string]string{"overtls": "SSL", "withcert": "X509"} {
		require.NoError(t, maria.Exec(t.Context(), fmt.Sprintf("CREATE OR REPLACE USER %s@'127.0.0.1' IDENTIFIED BY 'secret' REQUIRE %s", name, demand)))
	}
}

func TestAServerIsSpokenToOverTLSAsItIsAskedFor(t *testing.T) {
	demanding(t)
	mine, err := maria.CA.Issue("forewarn")
	require.NoError(t, err)
	other, err := certs.New()
	require.NoError(t, err)
	stranger, err := other.Issue("forewarn")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		user   string
		change func(c *Config)
		err    error
		says   string
	}{
		"nobody asks for it":           {"forewarn", func(*Config) {}, nil, "plain"},
		"the server asks for it":       {"overtls", func(*Config) {}, source.ErrDenied, "check password and grants"},
		"with the server's authority":  {"overtls", func(c *Config) { c.TLS, c.CA = true, maria.CA.PEM }, nil, "encrypted"},
		"an authority alone is enough": {"forewarn", func(c *Config) { c.CA = maria.CA.PEM }, nil, "encrypted"},
		"without any authority":        {"overtls", func(c *Config) { c.TLS = true }, source.ErrUnreachable, "x509: certificate signed by unknown authority"},
		"with another's authority":     {"overtls", func(c *Config) { c.TLS, c.CA = true, other.PEM }, source.ErrUnreachable, "x509: certificate signed by unknown authority"},
		"whoever it is":                {"overtls", func(c *Config) { c.SkipVerify = true }, nil, "encrypted"},
		"by a name it has not": {"overtls", func(c *Config) {
			c.TLS, c.CA, c.URL = true, maria.CA.PEM, strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
		}, source.ErrUnreachable, "x509: certificate is valid for maria.test, not localhost"},
		"it asks for a certificate":  {"withcert", func(c *Config) { c.TLS, c.CA = true, maria.CA.PEM }, source.ErrDenied, "check password and grants"},
		"with the right certificate": {"withcert", func(c *Config) { c.TLS, c.CA, c.ClientCert, c.ClientKey = true, maria.CA.PEM, mine.Cert, mine.Key }, nil, "encrypted"},
		"with a stranger's certificate": {"withcert", func(c *Config) {
			c.TLS, c.CA, c.ClientCert, c.ClientKey = true, maria.CA.PEM, stranger.Cert, stranger.Key
		}, source.ErrUnreachable, "mysql at 127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			client := real(t, func(conf *Config) {
				if conf.Database, conf.User = "", c.user; c.user != "forewarn" {
					conf.Password = "secret"
				}
				c.change(conf)
			})
			set, err := client.Read(t.Context(), reading(cipher))
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
				require.ErrorContains(t, err, c.says)
				require.NotContains(t, err.Error(), "PRIVATE KEY")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.says == "encrypted", known(set.Series[0])[0] > 0)
		})
	}
}
