//go:build grafana

package channels

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// message is what a channel got: a request, or a mail.
type message struct {
	Channel string            `json:"-"`
	At      time.Time         `json:"-"`
	Method  string            `json:"method,omitempty"`
	Path    string            `json:"path,omitempty"`
	Header  map[string]string `json:"header,omitempty"`
	Body    string            `json:"body,omitempty"`
	To      string            `json:"to,omitempty"`
	Subject string            `json:"subject,omitempty"`
	Text    string            `json:"text,omitempty"`
}

// receivers are the other end of all channels.
type receivers struct {
	HTTP string // host:port
	Mail string // host:port

	mu      sync.Mutex
	got     []message
	tickets []ticket
}

type ticket struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
	State string `json:"state"`
}

func receive(t *testing.T) *receivers {
	t.Helper()
	r := &receivers{}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	r.HTTP = strings.TrimPrefix(s.URL, "http://")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	r.Mail = l.Addr().String()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.smtp(c)
		}
	}()
	return r
}

// env switches every channel on.
func (r *receivers) env() []string {
	at := "http://" + r.HTTP
	return []string{"FOREWARN_RELAY_USER=admin", "FOREWARN_RELAY_PASSWORD=admin", "FOREWARN_RELAY_PRIVATE_HOSTS=" + r.HTTP, "FOREWARN_EMAIL_TO=on-call@example.com",
		"FOREWARN_DINGTALK_URL=" + at + "/dingtalk/robot/send?access_token=demo-token", "FOREWARN_DINGTALK_SECRET=SEC0123456789abcdef", "FOREWARN_DINGTALK_TO=13800000000",
		"FOREWARN_FEISHU_URL=" + at + "/feishu/open-apis/bot/v2/hook/demo-token", "FOREWARN_FEISHU_SECRET=feishu-secret",
		"FOREWARN_WECOM_URL=" + at + "/wecom/cgi-bin/webhook/send?key=demo-token", "FOREWARN_SLACK_URL=" + at + "/slack/services/T0/B0/demo-token",
		"FOREWARN_WEBHOOK_URL=" + at + "/webhook/hook", "FOREWARN_WEBHOOK_SECRET=whsec",
		"FOREWARN_SMS_URL=" + at + "/sms/send", "FOREWARN_SMS_TOKEN=sms-token", "FOREWARN_SMS_TO=13800000000,13900000000",
		"FOREWARN_PHONE_URL=" + at + "/phone/call", "FOREWARN_PHONE_TOKEN=phone-token", "FOREWARN_PHONE_TO=13800000000",
		"FOREWARN_ZAMMAD_URL=" + at + "/zammad", "FOREWARN_ZAMMAD_TOKEN=zammad-token"}
}

func (r *receivers) add(m message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m.At = time.Now()
	r.got = append(r.got, m)
}

func (r *receivers) all() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]message{}, r.got...)
}

// answers that the vendors give to a message that they took.
var answers = map[string]string{"dingtalk": `{"errcode":0,"errmsg":"ok"}`, "feishu": `{"code":0,"msg":"success","data":{}}`, "wecom": `{"errcode":0,"errmsg":"ok"}`, "slack": "ok",
	"webhook": "", "sms": `{"code":0}`, "phone": `{"code":0}`}

func (r *receivers) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, _ := io.ReadAll(req.Body)
	channel := strings.Split(req.URL.Path, "/")[1]
	m := message{Channel: channel, Method: req.Method, Path: req.URL.RequestURI(), Header: map[string]string{}, Body: string(raw)}
	for _, name := range []string{"Authorization", "Content-Type", "X-Forewarn-Signature", "X-Forewarn-Timestamp"} {
		if v := req.Header.Get(name); v != "" {
			m.Header[name] = v
		}
	}
	if channel == "zammad" {
		if req.Method != http.MethodGet {
			r.add(m)
		}
		r.zammad(w, req, raw)
		return
	}
	answer, known := answers[channel]
	if !known {
		w.WriteHeader(http.StatusNotFound)
	}
	r.add(m)
	_, _ = io.WriteString(w, answer)
}

// zammad keeps tickets as Zammad's API does, as far as they are used.
func (r *receivers) zammad(w http.ResponseWriter, req *http.Request, raw []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var in ticket
	_ = json.Unmarshal(raw, &in)
	switch req.Method {
	case http.MethodGet:
		key := regexp.MustCompile(`FW-[0-9a-f]+`).FindString(req.URL.Query().Get("query"))
		open := []ticket{}
		for _, one := range r.tickets {
			if one.State != "closed" && strings.Contains(one.Title, key) {
				open = append(open, one)
			}
		}
		_ = json.NewEncoder(w).Encode(open)
	case http.MethodPost:
		in.ID, in.State = int64(len(r.tickets)+1), "new"
		r.tickets = append(r.tickets, in)
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(in)
	default:
		var id int
		_, _ = fmt.Sscanf(req.URL.Path, "/zammad/api/v1/tickets/%d", &id)
		if id < 1 || id > len(r.tickets) {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if in.State != "" {
			r.tickets[id-1].State = in.State
		}
		_ = json.NewEncoder(w).Encode(r.tickets[id-1])
	}
}

// smtp takes mails, as far as a server that trusts everybody has to talk (RFC 5321).
func (r *receivers) smtp(c net.Conn) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	say := func(text string) { _, _ = io.WriteString(c, text+"\r\n") }
	say("220 sink")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " "); verb {
		case "EHLO", "HELO":
			say("250 sink")
		case "DATA":
			say("354 go on")
			var body strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				body.WriteString(strings.TrimPrefix(line, "."))
			}
			if m, err := readMail(body.String()); err == nil {
				r.add(m)
			} else {
				r.add(message{Channel: "email", Text: "unreadable: " + err.Error()})
			}
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// readMail gives what a person reads of a mail.
func readMail(raw string) (message, error) {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return message{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return message{}, err
	}
	body := m.Body
	encoding := m.Header.Get("Content-Transfer-Encoding")
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return message{}, err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for !strings.HasPrefix(kind, "text/html") {
			part, err := parts.NextRawPart()
			if err != nil {
				return message{}, err
			}
			kind, encoding, body = part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part
		}
	}
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	html, err := io.ReadAll(body)
	return message{Channel: "email", To: m.Header.Get("To"), Subject: subject, Text: plain(string(html))}, err
}
