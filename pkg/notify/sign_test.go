package notify

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The expected values were computed with Python 3's hmac, hashlib and base64 after the vendors' own sample programs: for DingTalk
// hmac.new(secret, f"{ts}\n{secret}", sha256), with the secret 'this is secret' of the sample; for Feishu
// hmac.new(f"{ts}\n{secret}", b"", sha256), with the secret 'demo' and the time of the sample.
func TestSignaturesAgreeWithTheVendorsPrograms(t *testing.T) {
	ts, sign := signDingTalk("this is secret", time.UnixMilli(1577262236757))
	require.Equal(t, "1577262236757", ts)
	require.Equal(t, "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=", sign)
	require.Equal(t, "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D", url.QueryEscape(sign), "as the address needs it")

	_, sign = signDingTalk("SEC0123456789abcdef", time.UnixMilli(1700000000000))
	require.Equal(t, "TSZbRFUuvaSQaRKUpF970OPCb2/LcQAP3wOvwZIzBZk=", sign)

	ts, sign = signFeishu("demo", time.Unix(1599360473, 0))
	require.Equal(t, "1599360473", ts)
	require.Equal(t, "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=", sign)

	_, sign = signFeishu("feishu-secret", time.Unix(1700000000, 999))
	require.Equal(t, "OrBzY1Y01Gq+HgJsl+7OfWcMVwc7YocohQm5iiZwjhU=", sign)
}

// hmac.new(b"whsec", b'1700000000.{"a":1}', sha256).hexdigest() in Python.
func TestBodySignature(t *testing.T) {
	ts, sign := signBody("whsec", []byte(`{"a":1}`), time.Unix(1700000000, 0))
	require.Equal(t, "1700000000", ts)
	require.Equal(t, "8ad37ba156048ae0e0a5533c75cdf26fee88b07f93cb57ee4c80adb053012032", sign)
}
