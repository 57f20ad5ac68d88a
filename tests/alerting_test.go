package tests

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
)

// ruleFile is a file of provisioning/alerting; the names for JSON are those of the rules that the app has.
type ruleFile struct {
	APIVersion int         `yaml:"apiVersion"`
	Groups     []ruleGroup `yaml:"groups"`
}

type ruleGroup struct {
	OrgID    int    `yaml:"orgId" json:"-"`
	Name     string `yaml:"name" json:"name"`
	Folder   string `yaml:"folder" json:"-"`
	Interval string `yaml:"interval" json:"-"`
	Rules    []rule `yaml:"rules" json:"rules"`
}

type rule struct {
	UID           string            `yaml:"uid" json:"-"`
	Title         string            `yaml:"title" json:"title"`
	For           string            `yaml:"for" json:"for"`
	KeepFiringFor string            `yaml:"keepFiringFor" json:"keepFiringFor"`
	Condition     string            `yaml:"condition" json:"condition"`
	NoDataState   string            `yaml:"noDataState" json:"-"`
	ExecErrState  string            `yaml:"execErrState" json:"-"`
	DashboardUID  string            `yaml:"dashboardUid" json:"-"`
	PanelID       int               `yaml:"panelId" json:"-"`
	Labels        map[string]string `yaml:"labels" json:"labels"`
	Annotations   map[string]string `yaml:"annotations" json:"annotations"`
	Data          []node            `yaml:"data" json:"data"`
}

type node struct {
	RefID         string `yaml:"refId" json:"refId"`
	DatasourceUID string `yaml:"datasourceUid" json:"-"`
	Range         `yaml:"relativeTimeRange"`
	Model         map[string]any `yaml:"model" json:"model"`
	Asks          bool           `yaml:"-" json:"asks"` // the data source; the others are Grafana's expressions
}

// Range is counted backwards from now, in seconds.
type Range struct {
	From int `yaml:"from" json:"from"`
	To   int `yaml:"to" json:"to"`
}

// ruleGroups are the provisioned groups in the order of their files.
func ruleGroups(t *testing.T) []ruleGroup {
	t.Helper()
	var out []ruleGroup
	for _, path := range files(t, "provisioning", "alerting", "rules-*.yaml") {
		var f ruleFile
		readYAML(t, path, &f)
		out = append(out, f.Groups...)
	}
	return out
}

func rules(t *testing.T) []rule {
	t.Helper()
	var out []rule
	names := map[string]bool{}
	for _, g := range ruleGroups(t) {
		require.False(t, names[g.Name], "group %s twice", g.Name)
		names[g.Name] = true
		require.Equal(t, "Forewarn", g.Folder)
		_, err := param.ParseDuration(g.Interval)
		require.NoError(t, err)
		out = append(out, g.Rules...)
	}
	return out
}

func TestRulesOfEveryKind(t *testing.T) {
	boards, kinds, uids := dashboards(t), map[string]int{}, map[string]bool{}
	for _, r := range rules(t) {
		t.Run(r.UID, func(t *testing.T) {
			require.False(t, uids[r.UID])
			uids[r.UID] = true
			kinds[r.Labels["kind"]]++
			require.NotEmpty(t, r.Title)
			require.Contains(t, []string{"warning", "critical"}, r.Labels["severity"])
			require.Equal(t, "OK", r.NoDataState, "a series that ends is not an alert")
			require.Equal(t, "KeepLast", r.ExecErrState, "a source that is down must not page")
			for _, name := range []string{"title_zh", "summary", "summary_zh", "description", "description_zh"} {
				require.NotEmpty(t, r.Annotations[name], name)
			}
			require.Equal(t, r.DashboardUID, r.Annotations["__dashboardUid__"], "puts the link into the message")
			require.Equal(t, strconv.Itoa(r.PanelID), r.Annotations["__panelId__"])
			d, ok := boards[r.DashboardUID]
			require.True(t, ok, "dashboard %q", r.DashboardUID)
			require.True(t, slices.ContainsFunc(d.Panels, func(p panel) bool { return p.ID == r.PanelID }), "panel %d of %s", r.PanelID, d.UID)
		})
	}
	for _, kind := range []string{"threshold", "anomaly", "forecast", "outlier"} {
		require.Positive(t, kinds[kind], "no rule of kind %s", kind)
	}
}

// Every Forewarn query of a rule is valid and asks for exactly one output, and the condition can be reached from it:
// outputs over time through a reduce, numbers straight into the threshold.
func TestRuleQueries(t *testing.T) {
	overTime := []query.Output{query.Score, query.Anomalous, query.Actual, query.Expected, query.ForecastOutput, query.Lower, query.Upper}
	for _, r := range rules(t) {
		t.Run(r.UID, func(t *testing.T) {
			series, refs, read := map[string]bool{}, map[string]bool{}, map[string]bool{}
			for _, n := range r.Data {
				require.False(t, refs[n.RefID], "refId %s twice", n.RefID)
				require.Equal(t, n.RefID, n.Model["refId"])
				if n.DatasourceUID == "__expr__" {
					for _, from := range reads(n) {
						require.True(t, refs[from], "%s reads %q, which is not above it", n.RefID, from)
						if n.Model["type"] != "reduce" {
							require.False(t, series[from], "%s needs numbers, reduce %s first", n.RefID, from)
						}
						read[from] = true
					}
				} else {
					require.Equal(t, sourceUID, n.DatasourceUID)
					require.Greater(t, n.From, n.To)
					q, err := query.Parse(toJSON(t, n.Model), query.Defaults{})
					require.NoError(t, err)
					require.True(t, q.Output.Single(), "%s asks for %s", n.RefID, q.Output)
					series[n.RefID] = q.Type != query.Outlier && slices.Contains(overTime, q.Output)
				}
				refs[n.RefID] = true
			}
			told := strings.Join(values(r.Annotations), "\n")
			for ref := range refs {
				require.True(t, ref == r.Condition || read[ref] || strings.Contains(told, "$values."+ref+"."), "%s is asked for nothing", ref)
			}
			last := r.Data[len(r.Data)-1]
			require.Equal(t, r.Condition, last.RefID)
			require.Equal(t, "threshold", last.Model["type"])
		})
	}
}

// reads gives the nodes that an expression works on.
func reads(n node) (out []string) {
	from, _ := n.Model["expression"].(string)
	if n.Model["type"] != "math" {
		return []string{from}
	}
	for _, m := range regexp.MustCompile(`\$\{?(\w+)`).FindAllStringSubmatch(from, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestSummariesReadLikeASentence(t *testing.T) {
	cases := []struct {
		uid    string
		labels map[string]string
		values map[string]float64
		en, zh string
	}{
		{"forewarn-disk-forecast", map[string]string{"instance": "db-2:9100", "mountpoint": "/var"}, map[string]float64{"A": 6.2, "M": 9.4, "N": 87},
			"db-2:9100 /var: disk 90 % full in 9 h (earliest 6 h); now 87 %.", "db-2:9100 /var：磁盘将在约 9 小时后达到 90 %（最早 6 小时），当前 87 %。"},
		{"forewarn-disk-forecast", map[string]string{"instance": "db-2:9100", "mountpoint": "/var"}, map[string]float64{"A": 0, "M": 0, "N": 91},
			"db-2:9100 /var: disk is over 90 % now; now 91 %.", "db-2:9100 /var：磁盘已超过 90 %，当前 91 %。"},
		{"forewarn-cpu-anomaly", map[string]string{"instance": "web-1:9100"}, map[string]float64{"V": 93.4, "E": 51, "S": 2.34},
			"web-1:9100: CPU 93 %, expected 51 % at this hour (score 2.3).", "web-1:9100：CPU 93 %，此时段通常约 51 %（异常分 2.3）。"},
		{"forewarn-gateway-errors", map[string]string{"route": "/v1/generate"}, map[string]float64{"V": 7.25},
			"/v1/generate: 7.2 % of answers fail, limit 5 %.", "/v1/generate：7.2 % 的请求失败，上限 5 %。"},
		{"forewarn-gateway-latency", map[string]string{"route": "/v1/generate"}, map[string]float64{"V": 4.31, "E": 2.04, "S": 3},
			"/v1/generate: P95 4.3 s, expected 2.0 s at this hour (score 3.0).", "/v1/generate：P95 4.3 秒，此时段通常约 2.0 秒（异常分 3.0）。"},
		{"forewarn-gateway-source", map[string]string{"source": "crawler"}, map[string]float64{"V": 41, "E": 8, "S": 5.5},
			"crawler: 41 % of all requests, expected 8 % at this hour (score 5.5).", "crawler：占全部请求的 41 %，此时段通常约 8 %（异常分 5.5）。"},
		{"forewarn-orders-anomaly", map[string]string{"region": "west"}, map[string]float64{"V": 12, "E": 240, "S": 4},
			"west: 12 orders in 5 min, expected 240 at this hour (score 4.0).", "west：5 分钟 12 单，此时段通常约 240 单（异常分 4.0）。"},
		{"forewarn-log-keywords", map[string]string{"container": "api"}, map[string]float64{"V": 60, "E": 4, "S": 6},
			"api: 60 log lines with keywords in half an hour, expected 4 (score 6.0).", "api：半小时内 60 条日志含关键词，通常约 4 条（异常分 6.0）。"},
	}
	for _, c := range cases {
		r := ruleOf(t, c.uid)
		for name, want := range map[string]string{"summary": c.en, "summary_zh": c.zh} {
			require.Equal(t, want, tell(t, r.Annotations[name], c.labels, numbers(c.values, c.labels)))
		}
	}
}

func ruleOf(t *testing.T, uid string) rule {
	t.Helper()
	all := rules(t)
	i := slices.IndexFunc(all, func(r rule) bool { return r.UID == uid })
	require.GreaterOrEqual(t, i, 0, uid)
	return all[i]
}

func numbers(values map[string]float64, labels map[string]string) map[string]number {
	out := map[string]number{}
	for ref, v := range values {
		out[ref] = number{labels, v}
	}
	return out
}
