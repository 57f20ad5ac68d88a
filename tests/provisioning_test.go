package tests

import (
	"regexp"
	"strings"
	"testing"
	"text/template"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
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

// A secret that is missing from the environment must never stop Grafana: Grafana expands it to nothing, and refuses to
// start with a contact point that lacks a required setting.
func TestNothingProvisionedNeedsTheEnvironment(t *testing.T) {
	expanded := regexp.MustCompile(`(^|[^$])\$[A-Za-z_{]`)
	for _, name := range []string{"contact-points.yaml", "policies.yaml"} {
		checkStrings(t, name, loose(t, root("provisioning", "alerting", name)), expanded)
	}
	checkStrings(t, "apps.yaml", loose(t, root("provisioning", "plugins", "apps.yaml")), expanded)
	checkStrings(t, "forewarn.yaml", loose(t, root("provisioning", "datasources", "forewarn.yaml")), expanded)
	for _, r := range rules(t) {
		for _, text := range append([]string{r.Title, r.For, r.UID}, values(r.Labels)...) {
			require.NotRegexp(t, expanded, text, r.UID)
		}
	}
}

func values(m map[string]string) (out []string) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func checkStrings(t *testing.T, where string, v any, bad *regexp.Regexp) {
	t.Helper()
	switch v := v.(type) {
	case string:
		require.NotRegexp(t, bad, v, where)
	case []any:
		for _, one := range v {
			checkStrings(t, where, one, bad)
		}
	case map[string]any:
		for _, one := range v {
			checkStrings(t, where, one, bad)
		}
	}
}

func TestPoliciesNameKnownReceivers(t *testing.T) {
	names, uids := map[string]bool{}, map[string]bool{}
	for _, cp := range loose(t, root("provisioning", "alerting", "contact-points.yaml"))["contactPoints"].([]any) {
		names[cp.(map[string]any)["name"].(string)] = true
		for _, r := range cp.(map[string]any)["receivers"].([]any) {
			uid := r.(map[string]any)["uid"].(string)
			require.False(t, uids[uid], "receiver uid %s twice", uid)
			uids[uid] = true
		}
	}
	var check func(route map[string]any)
	check = func(route map[string]any) {
		require.True(t, names[route["receiver"].(string)], "receiver %v", route["receiver"])
		routes, _ := route["routes"].([]any)
		for _, r := range routes {
			check(r.(map[string]any))
		}
	}
	policies := loose(t, root("provisioning", "alerting", "policies.yaml"))["policies"].([]any)
	require.Len(t, policies, 1)
	check(policies[0].(map[string]any))
}

func TestMessageTemplates(t *testing.T) {
	list := loose(t, root("provisioning", "alerting", "templates.yaml"))["templates"].([]any)
	funcs := template.FuncMap{"coll": func() any { return nil }, "tmpl": func() any { return nil }, "data": func() any { return nil }}
	text := list[0].(map[string]any)["template"].(string)
	tmpl, err := template.New("").Funcs(funcs).Parse(text)
	require.NoError(t, err)
	for _, used := range regexp.MustCompile(`template "([^"]+)"`).FindAllStringSubmatch(string(read(t, root("provisioning", "alerting", "contact-points.yaml"))), -1) {
		require.NotNil(t, tmpl.Lookup(used[1]), "contact points use %s", used[1])
	}
	at := moment{"2026-03-01 08:00 UTC"}
	one := map[string]any{"Annotations": map[string]string{"summary": "db-2 /var: disk 90 % full in 9 h.", "summary_zh": "db-2 /var:磁盘将满。", "description": "Free space."},
		"StartsAt": at, "PanelURL": "http://grafana/d/x?viewPanel=8"}
	data := map[string]any{"Status": "firing", "CommonLabels": map[string]string{"alertname": "Disk filling up"}, "Alerts": alerts{Firing: []any{one}}}
	for name, want := range map[string]string{
		"forewarn.title":    "1 × Disk filling up",
		"forewarn.text":     "db-2 /var: disk 90 % full in 9 h.\nFree space.\nSince 2026-03-01 08:00 UTC · http://grafana/d/x?viewPanel=8",
		"forewarn.title.zh": "告警 1 条:Disk filling up",
		"forewarn.text.zh":  "db-2 /var:磁盘将满。\n开始于 2026-03-01 08:00 UTC · http://grafana/d/x?viewPanel=8",
	} {
		var b strings.Builder
		require.NoError(t, tmpl.ExecuteTemplate(&b, name, data), name)
		require.Equal(t, want, strings.TrimSpace(b.String()), name)
	}
	data["Status"], data["Alerts"] = "resolved", alerts{Resolved: []any{one}}
	var b strings.Builder
	require.NoError(t, tmpl.ExecuteTemplate(&b, "forewarn.title", data))
	require.Equal(t, "Resolved: Disk filling up", b.String())
}

// alerts and moment stand for the values that Grafana hands to a template.
type alerts struct{ Firing, Resolved []any }

type moment struct{ text string }

// Format ignores the layout; the text is fixed.
func (m moment) Format(string) string { return m.text }

// Compose mounts what the tests above read, allows both unsigned ids, and needs no internet once the images are there.
func TestCompose(t *testing.T) {
	services := loose(t, root("docker-compose.yml"))["services"].(map[string]any)
	grafana := services["grafana"].(map[string]any)
	env := grafana["environment"].(map[string]any)
	require.Equal(t, appID+","+datasourceID, env["GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS"], "both ids, no space after the comma")
	require.Contains(t, grafana["volumes"], "./dist:/var/lib/grafana/plugins/"+appID+":ro")
	require.Contains(t, grafana["volumes"], "./provisioning:/etc/grafana/provisioning:ro")
	require.Regexp(t, `^grafana/grafana-oss:12\.3\.`, grafana["image"])
	for _, offline := range []string{"GF_ANALYTICS_CHECK_FOR_UPDATES", "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "GF_ANALYTICS_REPORTING_ENABLED", "GF_NEWS_NEWS_FEED_ENABLED"} {
		require.Equal(t, "false", env[offline], offline)
	}
	require.Equal(t, "service:grafana", services["demo"].(map[string]any)["network_mode"], "the data source's loopback addresses reach the demo")
}
