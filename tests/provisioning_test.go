package tests

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/forewarn/earlywarning/pkg/notify"
)

func loose(t *testing.T, path string) map[string]any {
	t.Helper()
	out := map[string]any{}
	require.NoError(t, yaml.Unmarshal(read(t, path), &out), path)
	return out
}

func TestAppAndDataSourceAreProvisioned(t *testing.T) {
	apps := loose(t, root("provisioning", "plugins", "apps.yaml"))["apps"].([]any)
	require.Len(t, apps, 1)
	require.Equal(t, appID, apps[0].(map[string]any)["type"])
	require.Equal(t, false, apps[0].(map[string]any)["disabled"])

	sources := loose(t, root("provisioning", "datasources", "forewarn.yaml"))["datasources"].([]any)
	require.Len(t, sources, 1)
	ds := sources[0].(map[string]any)
	require.Equal(t, datasourceID, ds["type"])
	require.Equal(t, sourceUID, ds["uid"])
	require.Equal(t, "http://127.0.0.1:9190", ds["url"], "the demo's address, literal: an unset variable would expand to nothing")
	require.Equal(t, "127.0.0.1:9306", ds["jsonData"].(map[string]any)["mysql"].(map[string]any)["url"])
}

// own is a variable that provisioning/values.env declares.
var own = regexp.MustCompile(`\$(FOREWARN_[A-Z_]+)`)

// expanded is a text as Grafana reads it where no variable is set.
func expanded(t *testing.T, where, text string) string {
	t.Helper()
	rest := own.ReplaceAllString(text, "")
	require.NotRegexp(t, `(^|[^$])\$[A-Za-z_{]`, rest, "%s: only variables of values.env are expanded", where)
	return rest
}

// A value that is missing from the environment must never stop Grafana: Grafana expands it to nothing, and refuses to start with
// a contact point that lacks a required setting.
func TestNothingProvisionedNeedsTheEnvironment(t *testing.T) {
	for _, path := range files(t, "provisioning", "alerting", "contact-*.yaml") {
		for _, cp := range loose(t, path)["contactPoints"].([]any) {
			for _, r := range cp.(map[string]any)["receivers"].([]any) {
				settings := r.(map[string]any)["settings"].(map[string]any)
				required := map[string]string{"webhook": "url", "email": "addresses"}[r.(map[string]any)["type"].(string)]
				require.NotEmpty(t, required, "%s: which of its settings are required?", path)
				require.NotEmpty(t, expanded(t, path, settings[required].(string)), path)
				_, scheme := settings["authorization_scheme"]
				require.False(t, scheme, "%s: a webhook with two ways to log in is refused", path)
			}
		}
	}
	for _, path := range [][]string{{"alerting", "policies.yaml"}, {"alerting", "mute-timings.yaml"}, {"plugins", "apps.yaml"}, {"datasources", "forewarn.yaml"}} {
		checkStrings(t, path[1], loose(t, root(append([]string{"provisioning"}, path...)...)))
	}
	for _, r := range rules(t) {
		for _, text := range append([]string{r.Title, r.For, r.UID}, values(r.Labels)...) {
			require.Equal(t, text, expanded(t, r.UID, text))
		}
	}
}

// values.env declares each variable that is used, once, with a comment's place for it, and switches nothing on but the relay's
// account of the demo.
func TestValuesAreDeclared(t *testing.T) {
	declared := map[string]bool{}
	for _, line := range strings.Split(string(read(t, root("provisioning", "values.env"))), "\n") {
		name, value, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		require.False(t, declared[name], name)
		declared[name] = true
		if !strings.HasPrefix(name, "FOREWARN_RELAY_USER") && !strings.HasPrefix(name, "FOREWARN_RELAY_PASSWORD") {
			require.Empty(t, value, name)
		}
	}
	used := map[string]bool{}
	for _, path := range append(files(t, "provisioning", "alerting", "contact-*.yaml"), root("provisioning", "datasources", "forewarn.yaml")) {
		text := regexp.MustCompile(`(?m)#.*$`).ReplaceAllString(string(read(t, path)), "")
		for _, m := range own.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			require.True(t, declared[m[1]], "%s uses %s", path, m[1])
		}
	}
	for name := range declared {
		require.True(t, used[name], "%s is declared and not used", name)
	}
}

// Every channel of the data source has a contact point that leads to it, a kind that the relay knows, and a variable for its address;
// and every contact point leads to a channel.
func TestEveryChannelHasItsContactPoint(t *testing.T) {
	ds := loose(t, root("provisioning", "datasources", "forewarn.yaml"))["datasources"].([]any)[0].(map[string]any)
	var channels []notify.Channel
	require.NoError(t, json.Unmarshal(toJSON(t, ds["jsonData"].(map[string]any)["channels"]), &channels))
	secrets, set := map[string]string{}, map[string]string{}
	for name, v := range ds["secureJsonData"].(map[string]any) {
		secrets[name] = expanded(t, name, v.(string))
		if strings.HasPrefix(name, "channelUrl_") {
			set[name] = "http://127.0.0.1:9/"
		}
	}
	kinds := []string{}
	for on, values := range map[bool]map[string]string{false: secrets, true: set} {
		relay, err := notify.New(notify.Config{PrivateHosts: []string{"127.0.0.1:9"}, Channels: channels, Secrets: values}, notify.DefaultTiming(), time.Now)
		require.NoError(t, err)
		for _, s := range relay.States() {
			require.NoError(t, s.Err, s.Name)
			require.Equal(t, on, s.Enabled, "%s is on where its address is set", s.Name)
			kinds = append(kinds, s.Kind)
		}
	}
	require.Subset(t, kinds, []string{notify.DingTalk, notify.Feishu, notify.WeCom, notify.Slack, notify.Webhook, notify.SMS, notify.Phone, notify.Zammad})
	for _, c := range channels {
		raw := string(read(t, root("provisioning", "alerting", "contact-"+c.Name+".yaml")))
		require.Contains(t, raw, "/resources/relay/"+c.Name+"'")
		require.Contains(t, raw, `template "forewarn.body`, "the relay adds the link itself")
		require.NotRegexp(t, `(?i)token|secret|bearer`, regexp.MustCompile(`(?m)#.*$`).ReplaceAllString(raw, ""), "a webhook's settings are readable")
	}
	require.Len(t, files(t, "provisioning", "alerting", "contact-*.yaml"), len(channels)+2, "and e-mail and the trail")
}

func values(m map[string]string) (out []string) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func checkStrings(t *testing.T, where string, v any) {
	t.Helper()
	switch v := v.(type) {
	case string:
		expanded(t, where, v)
	case []any:
		for _, one := range v {
			checkStrings(t, where, one)
		}
	case map[string]any:
		for _, one := range v {
			checkStrings(t, where, one)
		}
	}
}

func TestPoliciesNameKnownReceivers(t *testing.T) {
	names, uids, mutes := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, path := range files(t, "provisioning", "alerting", "contact-*.yaml") {
		for _, cp := range loose(t, path)["contactPoints"].([]any) {
			name := cp.(map[string]any)["name"].(string)
			require.False(t, names[name], "contact point %s twice", name)
			names[name] = true
			for _, r := range cp.(map[string]any)["receivers"].([]any) {
				uid := r.(map[string]any)["uid"].(string)
				require.False(t, uids[uid], "receiver uid %s twice", uid)
				uids[uid] = true
			}
		}
	}
	for _, m := range loose(t, root("provisioning", "alerting", "mute-timings.yaml"))["muteTimes"].([]any) {
		mutes[m.(map[string]any)["name"].(string)] = true
	}
	policies := loose(t, root("provisioning", "alerting", "policies.yaml"))["policies"].([]any)
	require.Len(t, policies, 1)
	told := map[string]bool{}
	var check func(route map[string]any)
	check = func(route map[string]any) {
		receiver := route["receiver"].(string)
		require.True(t, names[receiver], "receiver %v", receiver)
		routes, _ := route["routes"].([]any)
		if len(routes) == 0 {
			told[receiver] = true
		}
		muted, _ := route["mute_time_intervals"].([]any)
		for _, m := range muted {
			require.True(t, mutes[m.(string)], "mute timing %v", m)
		}
		for _, r := range routes {
			check(r.(map[string]any))
		}
	}
	check(policies[0].(map[string]any))
	require.Len(t, told, len(names), "every contact point is told of something")
	first := policies[0].(map[string]any)["routes"].([]any)[0].(map[string]any)
	require.Equal(t, "trail", first["receiver"])
	require.Equal(t, true, first["continue"], "the trail takes nothing away from the others")
	require.Nil(t, first["object_matchers"])
}

// A critical alert reaches tier one at once and tier two five minutes later; the cooldown of tier one is 300 s.
func TestEscalation(t *testing.T) {
	routes := loose(t, root("provisioning", "alerting", "policies.yaml"))["policies"].([]any)[0].(map[string]any)["routes"].([]any)
	one, two := routes[1].(map[string]any), routes[2].(map[string]any)
	for _, tier := range []map[string]any{one, two} {
		require.Equal(t, []any{[]any{"severity", "=", "critical"}}, tier["object_matchers"])
		require.Equal(t, true, tier["continue"])
	}
	require.Equal(t, "0s", one["group_wait"])
	require.Equal(t, "5m", one["repeat_interval"])
	require.Equal(t, "5m", two["group_wait"])
	names := func(tier map[string]any) (out []string) {
		for _, r := range tier["routes"].([]any) {
			require.Equal(t, true, r.(map[string]any)["continue"], "all channels of a tier are told")
			out = append(out, r.(map[string]any)["receiver"].(string))
		}
		return out
	}
	require.Subset(t, names(one), []string{"sms", "webhook"})
	require.Subset(t, names(two), []string{"phone", "email", "zammad"})
}
