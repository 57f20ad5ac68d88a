package notify

import (
	"encoding/base64"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Examples whose result is published in the tests of SDKs, and the vendors' own sample programs run with fixed inputs under Python 3.11.7 (hmac,
// hashlib, base64, urllib.parse). No result was found on the vendors' pages of robots; their programs are taken from copies that quote the pages
// word for word.
func TestSignaturesAgreeWithPublishedExamples(t *testing.T) {
	for _, c := range []struct {
		source          string
		secret          string
		at              time.Time
		timestamp, sign string // the sign as it stands in the address
	}{
		{"crate dingding 0.1.1, src/signature.rs, test creates_expected_signature", "secret", time.UnixMilli(1700000000000), "1700000000000",
			"OuzzJR5%2BxZ4%2FEYwqtNt6sMYZQMTa%2FHEGvc9miJe7XzY%3D"},
		{"open.dingtalk.com/document/robots/customize-robot-security-settings, Python program with its secret 'this is secret', the time fixed", "this is secret", time.UnixMilli(1577262236757), "1577262236757",
			"hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"},
		{"the same program with the secret of this repository's recorded messages", "SEC0123456789abcdef", time.UnixMilli(1700000000000), "1700000000000", "TSZbRFUuvaSQaRKUpF970OPCb2%2FLcQAP3wOvwZIzBZk%3D"},
	} {
		timestamp, sign := signDingTalk(c.secret, c.at)
		require.Equal(t, c.timestamp, timestamp, c.source)
		require.Equal(t, c.sign, url.QueryEscape(sign), c.source)
	}
	for _, c := range []struct {
		source          string
		secret          string
		at              time.Time
		timestamp, sign string
	}{
		{"github.com/go-lark/lark at 3671a1d, crypto_test.go, TestGenSign", "xxx", time.Unix(1661860880, 0), "1661860880", "QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU="},
		{"open.feishu.cn/document/client-docs/bot-v3/add-custom-bot, Python program with the time that the page gives as an example", "demo", time.Unix(1599360473, 0), "1599360473", "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="},
		{"the same program; parts of a second are no matter", "feishu-secret", time.Unix(1700000000, 999), "1700000000", "OrBzY1Y01Gq+HgJsl+7OfWcMVwc7YocohQm5iiZwjhU="},
	} {
		timestamp, sign := signFeishu(c.secret, c.at)
		require.Equal(t, c.timestamp, timestamp, c.source)
		require.Equal(t, c.sign, sign, c.source)
	}
}

// DingTalk does publish a result for the sign of a login (ding-doc.dingtalk.com, faquestions/hxs5v9, as several SDKs' tests quote it): the same
// key, hash, base64 and escaping, over the time alone.
func TestTheHashIsDingTalks(t *testing.T) {
	sign := base64.StdEncoding.EncodeToString(mac("testappSecret", "1546084445901"))
	require.Equal(t, "HCbG3xNE3vzhO%2Bu7qCUL1jS5hsu2n5r2cFhnTrtyDAE%3D", url.QueryEscape(sign))
}

// On the wire: DingTalk's in the address, behind the token that was there; Feishu's in the body, the time as text, as its sample request has it.
func TestWhereASignatureStands(t *testing.T) {
	at := func(now time.Time, kind, secret, path, answer string) got {
		s := newReceiver(t, says(200, answer))
		r, err := New(Config{PrivateHosts: []string{s.host()}, Channels: []Channel{{Name: "x", Kind: kind}}, Secrets: map[string]string{"channelUrl_x": s.URL + path, "channelSecret_x": secret}},
			quick(), func() time.Time { return now })
		require.NoError(t, err)
		report, _, err := r.Send(t.Context(), "x", alarm(t, Firing, "critical", "web-1 is hot"))
		require.NoError(t, err)
		require.True(t, report.OK())
		return s.all()[0]
	}
	ding := at(time.UnixMilli(1700000000000), DingTalk, "secret", "/robot/send?access_token=a%2Bb", `{"errcode":0}`)
	require.Equal(t, "/robot/send?access_token=a%2Bb&sign=OuzzJR5%2BxZ4%2FEYwqtNt6sMYZQMTa%2FHEGvc9miJe7XzY%3D&timestamp=1700000000000", ding.Path)
	body := at(time.Unix(1661860880, 0), Feishu, "xxx", "/open-apis/bot/v2/hook/y", `{"code":0}`).Body.(map[string]any)
	require.Equal(t, []any{"1661860880", "QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU="}, []any{body["timestamp"], body["sign"]})
}

// hmac.new(b"whsec", b'1700000000.{"a":1}', sha256).hexdigest() in Python.
func TestBodySignature(t *testing.T) {
	ts, sign := signBody("whsec", []byte(`{"a":1}`), time.Unix(1700000000, 0))
	require.Equal(t, "1700000000", ts)
	require.Equal(t, "8ad37ba156048ae0e0a5533c75cdf26fee88b07f93cb57ee4c80adb053012032", sign)
}
