package tests

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/warn"
)

// alert and alertList are what Grafana hands to a message template.
type alert struct {
	Status       string
	Annotations  map[string]string
	StartsAt     time.Time
	PanelURL     string
	DashboardURL string
	GeneratorURL string
}

type alertList []alert

func (l alertList) Firing() alertList   { return l.with("firing") }
func (l alertList) Resolved() alertList { return l.with("resolved") }

func (l alertList) with(status string) (out alertList) {
	for _, a := range l {
		if a.Status == status {
			out = append(out, a)
		}
	}
	return out
}

// number is what a template has of a rule's node, as Grafana gives it: of one that has no such series there are no labels.
type number struct {
	Labels map[string]string
	Value  float64
}

// tell fills an annotation's template in, as an evaluation of the rule does.
func tell(t *testing.T, text string, labels map[string]string, values map[string]number) string {
	t.Helper()
	tmpl, err := template.New("").Parse("{{ $labels := .Labels }}{{ $values := .Values }}" + text)
	require.NoError(t, err, text)
	var b strings.Builder
	require.NoError(t, tmpl.Execute(&b, map[string]any{"Labels": labels, "Values": values}), text)
	require.NotContains(t, b.String(), "no value", text)
	return b.String()
}

func allContactPoints(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, path := range files(t, "provisioning", "alerting", "contact-*.yaml") {
		b.Write(read(t, path))
	}
	return b.String()
}

func messages(t *testing.T) *template.Template {
	t.Helper()
	list := loose(t, root("provisioning", "alerting", "templates.yaml"))["templates"].([]any)
	require.Len(t, list, 1)
	tmpl, err := template.New("").Funcs(template.FuncMap{"tz": func(zone string, at time.Time) (time.Time, error) {
		l, err := time.LoadLocation(zone)
		return at.In(l), err
	}}).Parse(list[0].(map[string]any)["template"].(string))
	require.NoError(t, err)
	return tmpl
}

func render(t *testing.T, tmpl *template.Template, name string, list alertList) string {
	t.Helper()
	status := "resolved"
	if len(list.Firing()) > 0 {
		status = "firing"
	}
	var b strings.Builder
	require.NoError(t, tmpl.ExecuteTemplate(&b, name, map[string]any{"Status": status, "CommonLabels": map[string]string{"alertname": "Disk filling up"}, "Alerts": list}), name)
	return strings.TrimSpace(b.String())
}

func TestMessageTemplates(t *testing.T) {
	tmpl := messages(t)
	for _, used := range regexp.MustCompile(`template "([^"]+)"`).FindAllStringSubmatch(allContactPoints(t), -1) {
		require.NotNil(t, tmpl.Lookup(used[1]), "contact points use %s", used[1])
	}
	one := alert{Status: "firing", StartsAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), PanelURL: "http://grafana/d/x?viewPanel=8", Annotations: map[string]string{
		"summary": "db-2 /var: disk 90 % full in 9 h.", "summary_zh": "db-2 /var：磁盘将满。", "title_zh": "磁盘即将写满", "description": "Free space.", "description_zh": "请清理空间。"}}
	over := one
	over.Status = "resolved"
	bare := alert{Status: "firing", StartsAt: one.StartsAt, GeneratorURL: "http://grafana/alerting/grafana/u/view", Annotations: map[string]string{"summary": "made by hand"}}
	for _, c := range []struct {
		name string
		list alertList
		want string
	}{
		{"forewarn.title", alertList{one}, "Disk filling up"},
		{"forewarn.title", alertList{one, one, over}, "2 × Disk filling up"},
		{"forewarn.title", alertList{over}, "Over: Disk filling up"},
		{"forewarn.body", alertList{one}, "db-2 /var: disk 90 % full in 9 h.\nWhy: Free space.\nSince Mar 1 08:00 UTC"},
		{"forewarn.text", alertList{one}, "db-2 /var: disk 90 % full in 9 h.\nWhy: Free space.\nSince Mar 1 08:00 UTC\nhttp://grafana/d/x?viewPanel=8"},
		{"forewarn.text", alertList{bare}, "made by hand\nSince Mar 1 08:00 UTC\nhttp://grafana/alerting/grafana/u/view"}, // of no panel: the rule
		{"forewarn.text.zh", alertList{bare}, "made by hand\n开始于 03-01 16:00\nhttp://grafana/alerting/grafana/u/view"},
		{"forewarn.body", alertList{one, bare, over}, "db-2 /var: disk 90 % full in 9 h.\nmade by hand\nOver: db-2 /var: disk 90 % full in 9 h."},
		{"forewarn.body", slices.Repeat(alertList{bare}, 5), "made by hand\nmade by hand\nmade by hand\n5 in all"},
		{"forewarn.body", alertList{over}, "Over: db-2 /var: disk 90 % full in 9 h."},
		{"forewarn.title.zh", alertList{one}, "磁盘即将写满"},
		{"forewarn.title.zh", alertList{one, one}, "2 条：磁盘即将写满"},
		{"forewarn.title.zh", alertList{over}, "已恢复：磁盘即将写满"},
		{"forewarn.title.zh", alertList{bare}, "Disk filling up"},
		{"forewarn.body.zh", alertList{one}, "db-2 /var：磁盘将满。\n原因：请清理空间。\n开始于 03-01 16:00"},
		{"forewarn.text.zh", alertList{one}, "db-2 /var：磁盘将满。\n原因：请清理空间。\n开始于 03-01 16:00\nhttp://grafana/d/x?viewPanel=8"},
		{"forewarn.body.zh", alertList{bare}, "made by hand\n开始于 03-01 16:00"},
		{"forewarn.body.zh", slices.Repeat(alertList{one}, 4), "db-2 /var：磁盘将满。\ndb-2 /var：磁盘将满。\ndb-2 /var：磁盘将满。\n共 4 条"},
		{"forewarn.body.zh", alertList{over}, "已恢复：db-2 /var：磁盘将满。"},
	} {
		require.Equal(t, c.want, render(t, tmpl, c.name, c.list), c.name)
	}
}

// The message of every provisioned rule, in both languages, alone and for three hosts with long names, stays under 400 characters
// without its link.
func TestMessagesAreShort(t *testing.T) {
	tmpl := messages(t)
	labels := map[string]string{}
	for _, name := range []string{"instance", "container", "route", "region", "source", "pattern"} {
		labels[name] = "production-web-frontend-01:9100"
	}
	labels["mountpoint"] = "/var/lib/containers"
	for _, r := range rules(t) {
		values := map[string]number{}
		for _, n := range r.Data {
			values[n.RefID] = number{map[string]string{"instance": "a"}, 48321.4}
		}
		a := alert{Status: "firing", StartsAt: time.Date(2026, 12, 21, 8, 0, 0, 0, time.UTC), Annotations: map[string]string{}}
		for name, text := range r.Annotations {
			a.Annotations[name] = tell(t, text, labels, values)
		}
		for _, name := range []string{"forewarn.body", "forewarn.body.zh"} {
			for _, n := range []int{1, 3, 9} {
				text := render(t, tmpl, name, slices.Repeat(alertList{a}, n))
				require.LessOrEqual(t, len([]rune(text)), 400, "%s of %s for %d: %s", name, r.UID, n, text)
				require.Contains(t, text, labels["instance"], "whose it is")
			}
		}
	}
}

// What a warning says of the time that is left, for each thing it can know: reached, a time, an earliest time only, and none any more, as
// while an alert is held or over. A number that stands for "never" is no text for people.
func TestTheTimeThatIsLeftIsTold(t *testing.T) {
	told := 0
	for _, r := range rules(t) {
		if r.Labels["kind"] != "forecast" {
			continue
		}
		for _, c := range []struct {
			early, middle float64
			en, zh        string
		}{
			{0, 0, `is over 90 % now`, `已超过 90 %`},
			{37.2, 40.4, `90 % full in 40 h \(earliest 37 h\)`, `约 40 小时后达到 90 %（最早 37 小时）`},
			{61, warn.Uncertain, `90 % full in 61 h at the earliest`, `最早 61 小时后达到 90 %`},
			{warn.Never, warn.Never, `not about to be 90 % full`, `近期不会达到 90 %`},
			{warn.Uncertain, warn.Uncertain, `not about to be 90 % full`, `近期不会达到 90 %`},
		} {
			values := map[string]number{"A": {nil, c.early}, "M": {nil, c.middle}, "N": {nil, 30}, "G": {nil, 1.9}}
			labels := map[string]string{"instance": "db-1", "mountpoint": "/var", "container": "api"}
			for name, want := range map[string]string{"summary": c.en, "summary_zh": c.zh} {
				text := tell(t, r.Annotations[name], labels, values)
				require.Regexp(t, want, text, r.UID)
				require.NotRegexp(t, `\d{7}`, text, r.UID)
				told++
			}
		}
	}
	require.GreaterOrEqual(t, told, 30)
}
