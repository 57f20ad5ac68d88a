package notify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// ErrConfig is wrapped by every complaint about the settings of channels.
var ErrConfig = errors.New("channel settings")

// Kinds of channels.
const (
	DingTalk = "dingtalk"
	Feishu   = "feishu"
	WeCom    = "wecom"
	Slack    = "slack"
	Webhook  = "webhook"
	SMS      = "sms"
	Phone    = "phone"
	Zammad   = "zammad"
)

// Channel is one place to send to, as the data source's jsonData.channels has it. Its address and secrets are kept apart in
// secureJsonData: channelUrl_<name>, channelSecret_<name> (signs), channelToken_<name> (identifies), channelTo_<name> (further
// recipients, separated by commas).
type Channel struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	URL      string `json:"url"`      // where the address is no secret; channelUrl_<name> goes first
	Fallback string `json:"fallback"` // name of the channel that is told when this one cannot be
	Disabled bool   `json:"disabled"` // as is a channel without an address
	Language string `json:"language"` // of what the relay itself writes: en or zh; default zh for robots of Chinese vendors
	Limit    int    `json:"limit"`    // characters of text; default 400, sms 200, phone 120

	To  []string `json:"to"`  // numbers, addresses or members: whom a gateway tells, whom a robot mentions ("all" for everybody)
	All bool     `json:"all"` // robots mention everybody, also when nothing is critical

	Body        string            `json:"body"`        // gateways and webhook: Go template of the body
	ContentType string            `json:"contentType"` // of Body; default application/json
	Method      string            `json:"method"`      // POST (default) or PUT
	Headers     map[string]string `json:"headers"`     // gateways and webhook: further headers, no secrets
	User        string            `json:"user"`        // gateways: basic authentication with the token as password
	NoLink      bool              `json:"noLink"`      // sms: no address in the text, where the gateway refuses them
	OKField     string            `json:"okField"`     // gateways: field of the JSON answer that says whether it worked, such as "code" or "result.status"
	OKValue     string            `json:"okValue"`     // and what it must be then

	Group    string `json:"group"`    // zammad: group of new tickets
	Customer string `json:"customer"` // zammad: customer of new tickets

	secret, token string
	body          *template.Template
}

// Off says that a channel is declared but not in use: switched off, or without an address.
func (c *Channel) Off() bool { return c.Disabled || c.URL == "" }

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// ready checks a channel and fills in what its kind implies.
func (c Channel) ready(secrets map[string]string) (*Channel, error) {
	if !nameForm.MatchString(c.Name) {
		return nil, fmt.Errorf("%w: field \"name\" is %q, want small letters, digits and - (at most 40)", ErrConfig, c.Name)
	}
	wrong := func(field, value, want string) error {
		return fmt.Errorf("%w: channel %s: field %q is %q, want %s", ErrConfig, c.Name, field, value, want)
	}
	v, ok := vendors[c.Kind]
	if !ok {
		return nil, wrong("kind", c.Kind, "one of "+strings.Join(slices.Sorted(maps.Keys(vendors)), ", "))
	}
	if u := strings.TrimSpace(secrets["channelUrl_"+c.Name]); u != "" {
		c.URL = u
	}
	c.secret, c.token = strings.TrimSpace(secrets["channelSecret_"+c.Name]), strings.TrimSpace(secrets["channelToken_"+c.Name])
	c.To = list(append(slices.Clone(c.To), secrets["channelTo_"+c.Name]))
	if c.Language == "" {
		c.Language = v.language
	}
	if _, ok := languages[c.Language]; !ok {
		return nil, wrong("language", c.Language, "en or zh")
	}
	if c.Limit == 0 {
		c.Limit = v.limit
	}
	if c.Limit < 20 || c.Limit > 4000 {
		return nil, wrong("limit", fmt.Sprint(c.Limit), "20 to 4000")
	}
	if c.Method = strings.ToUpper(c.Method); c.Method == "" {
		c.Method = "POST"
	}
	if c.Method != "POST" && c.Method != "PUT" {
		return nil, wrong("method", c.Method, "POST or PUT")
	}
	if (c.OKField == "") != (c.OKValue == "") {
		return nil, wrong("okField", c.OKField, "okField and okValue together")
	}
	if c.Kind == Zammad && !c.Off() && (c.Group == "" || c.Customer == "") {
		return nil, wrong("group", c.Group, "group and customer of new tickets")
	}
	text := c.Body
	if text == "" {
		text = v.body
	}
	if text != "" {
		var err error
		if c.body, err = template.New("body").Funcs(bodyFuncs).Option("missingkey=error").Parse(text); err != nil {
			return nil, fmt.Errorf("%w: channel %s: field \"body\": %w", ErrConfig, c.Name, err)
		}
	}
	return &c, nil
}

// list splits entries at commas, so that one variable of the environment can hold several, and drops empty ones.
func list(entries []string) []string {
	out := []string{}
	for _, e := range entries {
		for _, one := range strings.Split(e, ",") {
			if one = strings.TrimSpace(one); one != "" {
				out = append(out, one)
			}
		}
	}
	return out
}

// discreet takes the channel's secrets out of what comes back, before anything is cut short: half a secret is not found any more.
func (c *Channel) discreet(send do) do {
	return func(ctx context.Context, r request) (answer, error) {
		a, err := send(ctx, r)
		a.body = []byte(c.hide(string(a.body)))
		var f *Failure
		if errors.As(err, &f) {
			f.Answer = c.hide(f.Answer)
		}
		return a, err
	}
}

// hide takes the channel's secrets out of a text: what signs and identifies, and the parts of the address that do.
func (c *Channel) hide(text string) string {
	hidden := []string{c.secret, c.token, c.URL}
	if _, query, ok := strings.Cut(c.URL, "?"); ok {
		for _, pair := range strings.Split(query, "&") {
			_, value, _ := strings.Cut(pair, "=")
			hidden = append(hidden, value)
			if plain, err := url.QueryUnescape(value); err == nil {
				hidden = append(hidden, plain)
			}
		}
	}
	if at := strings.LastIndex(c.URL, "/"); at > len("https://") {
		hidden = append(hidden, c.URL[at+1:])
	}
	for _, h := range hidden {
		if len(h) >= 6 {
			text = strings.ReplaceAll(text, h, "***")
		}
	}
	return text
}
