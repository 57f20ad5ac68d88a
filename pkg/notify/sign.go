package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"
)

// signDingTalk gives the query parameters timestamp (ms) and sign of a robot with 加签: HMAC-SHA256 with the secret as key over
// "<timestamp>\n<secret>", base64. The sign still needs the escaping of a query parameter. Source: DingTalk open platform,
// "custom robot security settings".
func signDingTalk(secret string, now time.Time) (timestamp, sign string) {
	timestamp = strconv.FormatInt(now.UnixMilli(), 10)
	return timestamp, base64.StdEncoding.EncodeToString(mac(secret, timestamp+"\n"+secret))
}

// signFeishu gives the body's fields timestamp (s) and sign of a robot with 签名校验: HMAC-SHA256 with "<timestamp>\n<secret>" as
// key over nothing, base64. Source: Feishu open platform, "custom bot usage guide".
func signFeishu(secret string, now time.Time) (timestamp, sign string) {
	timestamp = strconv.FormatInt(now.Unix(), 10)
	return timestamp, base64.StdEncoding.EncodeToString(mac(timestamp+"\n"+secret, ""))
}

// signBody gives the headers' values for our own webhooks: the time in seconds, and HMAC-SHA256 in hexadecimal over
// "<timestamp>.<body>", so that an old body cannot be sent again with a new time.
func signBody(secret string, body []byte, now time.Time) (timestamp, sign string) {
	timestamp = strconv.FormatInt(now.Unix(), 10)
	return timestamp, hex.EncodeToString(mac(secret, timestamp+"."+string(body)))
}

func mac(key, text string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return h.Sum(nil)
}
