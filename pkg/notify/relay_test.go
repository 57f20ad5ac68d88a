package notify

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAChannelThatFailsFallsBack(t *testing.T) {
	bad := newReceiver(t, says(200, `{"errcode":310000,"errmsg":"sign not match"}`))
	good := newReceiver(t, says(200, `{"code":0}`))
	r, err := New(Config{PrivateHosts: []string{bad.host() + "," + good.host()}, Channels: []Channel{
		{Name: "ding", Kind: DingTalk, URL: bad.URL, Fallback: "off"}, {Name: "off", Kind: Slack, Fallback: "lark"}, {Name: "lark", Kind: Feishu, URL: good.URL}}}, quick(), time.Now)
	require.NoError(t, err)
	report, m, err := r.Send(t.Context(), "ding", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.True(t, report.OK())
	require.Len(t, report, 2, "a fallback that is not in use is passed over")
	require.ErrorContains(t, report[0].Err, "310000: sign not match")
	require.Equal(t, "lark", report[1].Channel)
	require.True(t, strings.HasSuffix(m.Text, "ding 未送达：refused with code 310000: sign not match"), m.Text)
	require.LessOrEqual(t, len([]rune(m.Text)), textLimit)
	require.Len(t, good.all(), 1)

	bad.answer = says(200, `{"errcode":0}`)
	report, _, err = r.Send(t.Context(), "ding", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.Len(t, report, 1)
	require.Len(t, good.all(), 1, "the fallback hears nothing while the channel works")
}

func TestEverythingFails(t *testing.T) {
	bad := newReceiver(t, says(500, `out of order`))
	r := relay(t, bad.host(), nil, Channel{Name: "a", Kind: Webhook, URL: bad.URL, Fallback: "b"}, Channel{Name: "b", Kind: Webhook, URL: bad.URL + "/b", Fallback: "a"})
	report, _, err := r.Send(t.Context(), "a", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.False(t, report.OK())
	require.Len(t, report, 2, "a circle of fallbacks ends")
	require.ErrorContains(t, report[1].Err, "answer 500: out of order")
	require.Len(t, bad.all(), 6, "three attempts each")
}

func TestASlowChannelLeavesTimeForItsFallback(t *testing.T) {
	release := make(chan struct{})
	slow := newReceiver(t, func(_ http.ResponseWriter, r *http.Request, _ int) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	good := newReceiver(t, says(200, `ok`))
	timing := Timing{Attempt: 60 * time.Millisecond, Total: 5 * time.Second, Pauses: []time.Duration{time.Millisecond, time.Millisecond}}
	r, err := New(Config{PrivateHosts: []string{slow.host(), good.host()}, Channels: []Channel{
		{Name: "a", Kind: Webhook, URL: slow.URL, Fallback: "b"}, {Name: "b", Kind: Slack, URL: good.URL}}}, timing, time.Now)
	require.NoError(t, err)
	report, _, err := r.Send(t.Context(), "a", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.True(t, report.OK())
	require.ErrorContains(t, report[0].Err, "timeout: "+slow.host()+" gave no answer in time")
	require.ErrorIs(t, report[0].Err, ErrTimeout)
	require.Equal(t, 2, report[0].Attempts, "one that is slow is tried once more, not more often: it may have taken the message")
}

func TestADroppedConnectionIsTriedAgain(t *testing.T) {
	s := newReceiver(t, func(w http.ResponseWriter, _ *http.Request, n int) {
		if n < 3 {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		}
	})
	report, _, err := relay(t, s.host(), nil, Channel{Name: "a", Kind: Webhook, URL: s.URL}).Send(t.Context(), "a", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.True(t, report.OK())
	require.Equal(t, 3, report[0].Attempts)
}

func TestACancelledRequestEndsTheAttempts(t *testing.T) {
	s := newReceiver(t, says(503, ``))
	r, err := New(Config{PrivateHosts: []string{s.host()}, Channels: []Channel{{Name: "a", Kind: Webhook, URL: s.URL}}},
		Timing{Attempt: time.Second, Total: time.Minute, Pauses: []time.Duration{time.Hour / 2, time.Hour}}, time.Now)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report, _, err := r.Send(ctx, "a", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.False(t, report.OK())
}

// A channel without an address is off: nothing is sent, and Grafana is not told of a failure, since nobody asked for more.
func TestAChannelWithoutAddressIsOff(t *testing.T) {
	r := relay(t, "127.0.0.1:1", nil, Channel{Name: "a", Kind: DingTalk}, Channel{Name: "b", Kind: Slack, URL: "https://hooks.slack.com/x", Disabled: true})
	for _, name := range []string{"a", "b"} {
		report, _, err := r.Send(t.Context(), name, sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.True(t, report.OK())
		require.True(t, report[0].Off)
		require.Zero(t, report[0].Attempts)
	}
	_, _, err := r.Send(t.Context(), "https://evil.example.com", sample(t, "grafana-firing.json"))
	require.ErrorIs(t, err, ErrUnknown)
	_, _, err = r.Send(t.Context(), "a", []byte("{"))
	require.ErrorIs(t, err, ErrBody)
}

// Neither an answer, nor an error, nor the list of channels gives a secret away, even when the other side repeats it.
func TestSecretsStayInside(t *testing.T) {
	s := newReceiver(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		w.WriteHeader(400)
		_, _ = w.Write([]byte("bad request " + r.URL.String() + " " + r.Header.Get("Authorization")))
	})
	secrets := map[string]string{"channelUrl_a": s.URL + "/hook?access_token=very-secret-robot", "channelToken_a": "very-secret-token", "channelUrl_b": "http://127.0.0.1:1/very-secret-robot"}
	r := relay(t, s.host()+",127.0.0.1:1", secrets, Channel{Name: "a", Kind: Webhook}, Channel{Name: "b", Kind: Slack})
	for _, name := range []string{"a", "b"} {
		report, _, err := r.Send(t.Context(), name, sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.False(t, report.OK())
		require.NotContains(t, report[0].Answer+report[0].Err.Error(), "very-secret")
	}
	for _, state := range r.States() {
		require.NotContains(t, state.Host, "secret")
		require.True(t, state.Enabled)
		require.NotContains(t, state.Last.Err.Error(), "very-secret")
	}
}

func TestSettingsWithMistakes(t *testing.T) {
	for field, c := range map[string]Channel{
		`"name" is "A b"`: {Name: "A b", Kind: Slack}, `"kind" is "fax", want one of dingtalk, feishu, phone, slack, sms, webhook, wecom, zammad`: {Name: "a", Kind: "fax"},
		`"language" is "fr"`: {Name: "a", Kind: Slack, Language: "fr"}, `"limit" is "5"`: {Name: "a", Kind: Slack, Limit: 5}, `"method" is "GET"`: {Name: "a", Kind: Webhook, Method: "get"},
		`"okField"`: {Name: "a", Kind: SMS, OKField: "code"}, `"group"`: {Name: "a", Kind: Zammad, URL: "https://z.example.com"}, `"body"`: {Name: "a", Kind: SMS, Body: "{{"},
		`"fallback" is "a"`: {Name: "a", Kind: Slack, Fallback: "a"}, `"fallback" is "z"`: {Name: "a", Kind: Slack, Fallback: "z"},
	} {
		r, err := New(Config{Channels: []Channel{c, {Name: "good", Kind: Webhook}}}, quick(), time.Now)
		require.NoError(t, err, "a mistake in one channel leaves the others alone")
		report, _, err := r.Send(t.Context(), c.Name, sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.False(t, report.OK(), field)
		require.ErrorIs(t, report[0].Err, ErrConfig)
		require.ErrorContains(t, report[0].Err, field)
		report, _, err = r.Send(t.Context(), "good", sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.True(t, report.OK())
		require.ErrorContains(t, r.States()[0].Err, field)
	}
	_, err := New(Config{Channels: []Channel{{Name: "a", Kind: Slack}, {Name: "a", Kind: WeCom}}}, quick(), time.Now)
	require.ErrorIs(t, err, ErrConfig)
	_, err = New(Config{Hosts: []string{"https://x"}}, quick(), time.Now)
	require.ErrorIs(t, err, ErrConfig)
}

func TestTheTestButton(t *testing.T) {
	s := newReceiver(t, says(200, `{"errcode":310000,"errmsg":"keywords not in content"}`))
	r := relay(t, s.host(), nil, Channel{Name: "a", Kind: DingTalk, URL: s.URL, Fallback: "b"}, Channel{Name: "b", Kind: Webhook, URL: s.URL})
	o, err := r.Test(t.Context(), "a")
	require.NoError(t, err)
	require.False(t, o.OK)
	require.Equal(t, 200, o.Status)
	require.Contains(t, o.Answer, "keywords not in content", "the answer is shown as it came")
	require.Len(t, s.all(), 1, "a test does not fall back")
	require.Contains(t, s.all()[0].Body.(map[string]any)["markdown"].(map[string]any)["text"], "测试")
	_, err = r.Test(t.Context(), "zzz")
	require.ErrorIs(t, err, ErrUnknown)
	require.Equal(t, noon, r.States()[0].Last.At)
	require.True(t, r.States()[1].Last.At.IsZero())
}

// Many messages at once: each is delivered once, and nothing races (run with -race).
func TestManyMessagesAtOnce(t *testing.T) {
	s := newReceiver(t, says(200, `ok`))
	r := relay(t, s.host(), nil, Channel{Name: "a", Kind: Slack, URL: s.URL})
	body := sample(t, "grafana-firing.json")
	var wait sync.WaitGroup
	for range 30 {
		wait.Go(func() {
			report, _, err := r.Send(context.Background(), "a", body)
			if err != nil || !report.OK() {
				t.Errorf("%v %v", err, report)
			}
			r.States()
		})
	}
	wait.Wait()
	require.Len(t, s.all(), 30)
}
