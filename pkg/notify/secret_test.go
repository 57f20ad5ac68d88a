package notify

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const robotToken = "b7f1e2a94c5d4e0f8a6b3c2d1e0f9a8b"

// leaks says whether so much of a secret is in a text that it is told: eight characters in a row.
func leaks(text, secret string) bool {
	for at := 0; at+8 <= len(secret); at++ {
		if strings.Contains(text, secret[at:at+8]) {
			return true
		}
	}
	return false
}

// A vendor may repeat the request in its answer, wherever in it the secrets are: at the place where the answer is cut short, too.
func TestAnswersThatRepeatTheRequestTellNoSecret(t *testing.T) {
	secrets := map[string]string{"channelSecret_x": "SEC9f8e7d6c5b4a39281706f5e4d3c2b1a0", "channelToken_x": "xoxb-173028451-a1b2c3d4e5f6"}
	for _, kind := range []string{DingTalk, Feishu, WeCom, Slack, Webhook, SMS, Phone, Zammad} {
		for _, status := range []int{200, 302, 400, 500} {
			for _, before := range []int{0, 60, 100, 116, 170, 190, 280, 296, 299, 400} {
				s := newReceiver(t, func(w http.ResponseWriter, r *http.Request, _ int) {
					w.WriteHeader(status)
					_, _ = fmt.Fprintf(w, "%s %s %s %s", strings.Repeat("-", before), r.URL.RequestURI(), secrets["channelToken_x"], secrets["channelSecret_x"])
				})
				secrets["channelUrl_x"] = s.URL + "/hook/" + robotToken + "?access_token=" + robotToken
				r := relay(t, s.host(), secrets, Channel{Name: "x", Kind: kind, Group: "g", Customer: "c", To: []string{"#ops"}})
				report, _, err := r.Send(t.Context(), "x", sample(t, "grafana-firing.json"))
				require.NoError(t, err)
				require.Len(t, report, 1)
				text := report[0].Answer + " " + r.States()[0].Host
				if report[0].Err != nil {
					text += " " + report[0].Err.Error()
				}
				for _, secret := range []string{robotToken, secrets["channelSecret_x"], secrets["channelToken_x"]} {
					require.False(t, leaks(text, secret), "%s %d after %d: %s", kind, status, before, text)
				}
				s.Close()
			}
		}
	}
}

// What is escaped in the address comes back plain.
func TestSecretsAreKnownInBothForms(t *testing.T) {
	c := &Channel{URL: "https://oapi.dingtalk.com/robot/send?access_token=ab%2Bcd%2Fef%3D%3D&v=1", secret: "SECsecret"}
	for _, text := range []string{"ab%2Bcd%2Fef%3D%3D", "ab+cd/ef==", "SECsecret", c.URL} {
		require.Equal(t, "refused: ***", c.hide("refused: "+text))
	}
	require.Equal(t, "v=1", c.hide("v=1"), "what is too short to be a secret is left, or nothing could be read any more")
	require.Equal(t, "plain", (&Channel{}).hide("plain"))
}
