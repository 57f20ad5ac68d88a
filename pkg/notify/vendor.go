package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// request is one HTTP request to a vendor; its address has passed the guard.
type request struct {
	method string
	url    *url.URL
	header http.Header
	body   []byte
}

// answer is what came back.
type answer struct {
	status int
	body   []byte
	after  time.Duration // of the header Retry-After
}

// do sends a request; the error is a *Failure.
type do func(ctx context.Context, r request) (answer, error)

// vendor is what a kind of channel needs to know: its hosts, which are on the allow-list without being named, and how a message
// is delivered. An error of deliver is a *Failure where the vendor is the cause.
type vendor struct {
	hosts    []string
	language string
	limit    int
	body     string // template of the body where the channel gives none
	deliver  func(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, now time.Time) (answer, error)
}

var vendors = map[string]vendor{
	DingTalk: {hosts: []string{"oapi.dingtalk.com", "api.dingtalk.com"}, language: "zh", limit: textLimit, deliver: dingtalk},
	Feishu:   {hosts: []string{"open.feishu.cn", "open.larksuite.com"}, language: "zh", limit: textLimit, deliver: feishu},
	WeCom:    {hosts: []string{"qyapi.weixin.qq.com"}, language: "zh", limit: textLimit, deliver: wecom},
	Slack:    {hosts: []string{"hooks.slack.com", "slack.com"}, language: "en", limit: textLimit, deliver: slack},
	Webhook:  {language: "en", limit: textLimit, deliver: webhook},
	SMS:      {language: "en", limit: smsLimit, body: `{"to":{{json .Recipients}},"text":{{json .Text}}}`, deliver: gateway},
	Phone:    {language: "en", limit: voiceLimit, body: `{"to":{{json .Recipients}},"text":{{json .Text}},"link":{{json .Link}},"kind":"{{if eq .Status "firing"}}call{{else}}message{{end}}"}`, deliver: gateway},
	Zammad:   {language: "en", limit: textLimit, deliver: zammad},
}

// Failure is a message that a channel did not take.
type Failure struct {
	Status    int // of the HTTP answer; 0 = none came
	Answer    string
	Temporary bool // trying again can help
	After     time.Duration
	Err       error
}

func (f *Failure) Error() string {
	switch {
	case f.Err != nil:
		return f.Err.Error()
	case f.Answer != "":
		return fmt.Sprintf("answer %d: %s", f.Status, Clip(f.Answer, 300))
	}
	return fmt.Sprintf("answer %d", f.Status)
}

func (f *Failure) Unwrap() error { return f.Err }

// sendJSON sends JSON; header may be nil.
func sendJSON(ctx context.Context, send do, method string, to *url.URL, body any, header http.Header) (answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, &Failure{Err: err}
	}
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	return send(ctx, request{method, to, header, raw})
}

// tell sends JSON to a robot and reads the code in its answer; codes that say to come back later are temporary.
func tell(ctx context.Context, send do, to *url.URL, body any, temporary ...int64) (answer, error) {
	a, err := sendJSON(ctx, send, http.MethodPost, to, body, nil)
	if err != nil {
		return a, err
	}
	return a, coded(a, temporary)
}

// coded reads the error code in the answer of a robot: errcode (DingTalk, WeCom), code or StatusCode (Feishu); 0 is success. An
// answer without any is a failure: whoever answers is not the vendor.
func coded(a answer, temporary []int64) error {
	var body struct {
		ErrCode    *int64 `json:"errcode"`
		Code       *int64 `json:"code"`
		StatusCode *int64 `json:"StatusCode"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		return &Failure{Status: a.status, Answer: string(a.body), Err: fmt.Errorf("the answer is not the vendor's JSON: %s", Clip(strings.TrimSpace(string(a.body)), 120))}
	}
	found := false
	for _, code := range []*int64{body.ErrCode, body.Code, body.StatusCode} {
		if code == nil {
			continue
		}
		if found = true; *code != 0 {
			return &Failure{Status: a.status, Answer: string(a.body), Temporary: slices.Contains(temporary, *code),
				Err: fmt.Errorf("refused with code %d: %s", *code, reason(a.body))}
		}
	}
	if !found {
		return &Failure{Status: a.status, Answer: string(a.body), Err: fmt.Errorf("the answer has no code of the vendor's: %s", Clip(string(a.body), 120))}
	}
	return nil
}

// reason is the vendor's own text for a refusal.
func reason(raw []byte) string {
	var body map[string]any
	_ = json.Unmarshal(raw, &body)
	for _, name := range []string{"errmsg", "msg", "StatusMessage", "message", "error"} {
		if s, ok := body[name].(string); ok && s != "" {
			return Clip(s, 200)
		}
	}
	return Clip(string(raw), 200)
}
