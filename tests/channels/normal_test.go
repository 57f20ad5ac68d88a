//go:build grafana

package channels

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	hidden = regexp.MustCompile(`(?s)<(style|head|script)\b.*?</(style|head|script)>|<!--.*?-->`)
	broken = regexp.MustCompile(`<br[^>]*>|</?(p|div|td|tr|table|h\d)\b[^>]*>`)
	tag    = regexp.MustCompile(`<[^>]+>`)
)

// plain is the text of a mail without its frame.
func plain(text string) string {
	text = html.UnescapeString(tag.ReplaceAllString(broken.ReplaceAllString(hidden.ReplaceAllString(text, ""), "\n"), ""))
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "©") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// What differs from run to run, and what stands for it.
var runs = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:3000"},
	{regexp.MustCompile(`Since [A-Z][a-z]{2} \d+ \d\d:\d\d UTC`), "Since Jan 2 15:04 UTC"},
	{regexp.MustCompile(`开始于 \d\d-\d\d \d\d:\d\d`), "开始于 01-02 23:04"},
	{regexp.MustCompile(`20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)`), "2026-01-02T15:04:05Z"},
	{regexp.MustCompile(`(from|to)=\d{13}`), "$1=1767366245000"},
	{regexp.MustCompile(`timestamp=\d+`), "timestamp=1767366245000"},
	{regexp.MustCompile(`sign=[^&"]+`), "sign=verified"},
	{regexp.MustCompile(`"timestamp":"\d+"`), `"timestamp":"1767366245"`},
	{regexp.MustCompile(`"sign":"[^"]+"`), `"sign":"verified"`},
	{regexp.MustCompile(`(score|异常分) \d+(\.\d+)?`), "$1 9.9"},
	{regexp.MustCompile(`(/grafana/|__alert_rule_uid__%3D)[0-9a-z]{14}(/view|\\u0026|&)`), "${1}made-by-grafana$2"}, // the uid of a rule that was given none
	{regexp.MustCompile(`"fingerprint":"[0-9a-f]+"`), `"fingerprint":"…"`},
	{regexp.MustCompile(`"S":\d+(\.\d+)?`), `"S":9.9`}, // which node it is in all rules
	// When it is over next to nothing is left, on one side or the other.
	{regexp.MustCompile(`\b[01]( \w+)? (more|less) than expected`), "0$1 more than expected"},
	{regexp.MustCompile(`比预期[多少] [01] `), "比预期多 0 "},
	{regexp.MustCompile(`"valueString":"(\\.|[^"\\])*"`), `"valueString":"…"`},
}

// explained is what nobody is told at the end any more, but the JSON for a webhook of one's own has: the numbers of the last evaluation.
var explained = regexp.MustCompile(`"(description|description_zh)":"(\\.|[^"\\])*"|"(values)":\{[^}]*\}`)

// numbers with more places than people are told: the last ones are the wall clock's.
var places = regexp.MustCompile(`-?\d+\.\d{2,}(e[+-]?\d+)?`)

// normal is a message without what differs from run to run.
func normal(m message) message {
	for _, text := range []*string{&m.Path, &m.Body, &m.Text} {
		for _, r := range runs {
			*text = r.what.ReplaceAllString(*text, r.by)
		}
		*text = places.ReplaceAllStringFunc(*text, func(s string) string {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return s
			}
			return strconv.FormatFloat(v, 'f', 0, 64)
		})
	}
	if m.Channel == "webhook" && strings.Contains(m.Body, `"status":"resolved"`) {
		m.Body = explained.ReplaceAllString(m.Body, `"$1$3":"…"`)
	}
	for name, by := range map[string]string{"X-Forewarn-Timestamp": "1767366245", "X-Forewarn-Signature": "verified"} {
		if m.Header[name] != "" {
			m.Header[name] = by
		}
	}
	return m
}

// figure is a number in a message.
var figure = regexp.MustCompile(`\d+(\.\d+)?`)

// same holds a message against the recorded one: word for word, and number for number but for a twentieth or two, which is what another
// time of the day makes of them.
func same(t *testing.T, name, want, got string) {
	t.Helper()
	require.Equal(t, figure.ReplaceAllString(want, "#"), figure.ReplaceAllString(got, "#"), name)
	is := figure.FindAllString(got, -1)
	for i, text := range figure.FindAllString(want, -1) {
		a, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		b, err := strconv.ParseFloat(is[i], 64)
		require.NoError(t, err)
		require.InDelta(t, a, b, max(2, a/20), "%s: %s", name, got)
	}
}

func mac(key, text string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return h.Sum(nil)
}

// signed checks the signature of a message whose channel has one, from what was sent and the secret.
func signed(t *testing.T, m message) {
	t.Helper()
	switch m.Channel {
	case "dingtalk":
		u, err := url.Parse(m.Path)
		require.NoError(t, err)
		q := u.Query()
		require.Equal(t, base64.StdEncoding.EncodeToString(mac("SEC0123456789abcdef", q.Get("timestamp")+"\nSEC0123456789abcdef")), q.Get("sign"))
	case "feishu":
		var b struct{ Timestamp, Sign string }
		require.NoError(t, json.Unmarshal([]byte(m.Body), &b))
		require.Equal(t, base64.StdEncoding.EncodeToString(mac(b.Timestamp+"\nfeishu-secret", "")), b.Sign)
	case "webhook":
		require.Equal(t, hex.EncodeToString(mac("whsec", m.Header["X-Forewarn-Timestamp"]+"."+m.Body)), m.Header["X-Forewarn-Signature"])
	}
}
