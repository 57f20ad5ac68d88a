package tests

import (
	"encoding/json"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/warn"
)

// The reason in a message is made of the evaluation's own numbers: how far off it is, what is usual, what was a week ago, how sure.
func TestReasonsAreToldWithNumbers(t *testing.T) {
	for _, c := range []struct {
		uid    string
		values map[string]float64
		en, zh string
	}{
		{"forewarn-cpu-threshold", map[string]float64{"V": 93.4, "E": 30.2, "D": 63.2, "P": 29.4},
			"63 points more than expected; the same time last week 29 %. Look for", "比预期多 63 个百分点，上周同一时刻 29 %。请查看"},
		{"forewarn-cpu-anomaly", map[string]float64{"V": 93, "E": 51, "D": 42, "U": 62, "P": 49},
			"42 points more than expected, usual is up to 62 %; the same time last week 49 %. Unusual by", "比预期多 42 个百分点，通常不超过 62 %，上周同一时刻 49 %。反常"},
		{"forewarn-cpu-anomaly", map[string]float64{"V": 46, "E": 51, "D": 5}, // held after its end: the newest value is below
			"5 points less than expected. Unusual by", "比预期少 5 个百分点。反常"},
		{"forewarn-disk-forecast", map[string]float64{"P": 74.1, "G": 1.93, "R": 87.4},
			"It was 74 % a week ago and changes by +1.9 points a day; 87 % likely to be 90 % full within 72 h. Free", "一周前为 74 %，目前每天 +1.9 个百分点；72 小时内达到 90 % 的可能性为 87 %。请"},
		{"forewarn-disk-soon", map[string]float64{"P": 74.1, "G": 1.93, "R": 99.6},
			"It was 74 % a week ago and changes by +1.9 points a day; 100 % likely to be 90 % full within 24 h. Free", "24 小时内达到 90 % 的可能性为 100 %。请"},
		{"forewarn-memory-forecast", map[string]float64{"R": 87}, "87 % likely to be at 90 % of its limit within 72 h. A steady", "72 小时内达到 90 % 的可能性为 87 %。持续"},
		{"forewarn-cpu-outlier", map[string]float64{"V": 93, "E": 31, "X": 62, "G": 5, "H": 6},
			"62 points above the middle; 5 of 6 hosts behave alike. K-means", "比居中的主机高 62 个百分点；6 台主机中 5 台表现一致。按主机"},
		{"forewarn-cpu-outlier", map[string]float64{"V": 2, "E": 31, "X": 29}, "29 points below the middle. K-means", "比居中的主机低 29 个百分点。按主机"},
		{"forewarn-container-composite", map[string]float64{"cpu": 64, "cpu_usual": 41, "memory": 84, "memory_usual": 71, "cpu_share": 44.6, "memory_share": 35.2, "logs_share": 20.2},
			"CPU 64 % (expected 41), memory 84 % (expected 71). Share of the score: CPU 45 %, memory 35 %, log keywords 20 %. Weighed together",
			"CPU 64 %（预期 41），内存 84 %（预期 71）。得分构成：CPU 45 %、内存 35 %、日志关键词 20 %。合在一起"},
		{"forewarn-container-composite", map[string]float64{"cpu": 64, "memory": 84}, "CPU 64 %, memory 84 %. Weighed together", "CPU 64 %，内存 84 %。合在一起"},
		{"forewarn-gateway-errors", map[string]float64{"V": 7.2, "E": 1.1, "D": 6.1, "P": 0.9},
			"6.1 points more than expected; the same time last week 0.9 %. Answers", "比预期多 6.1 个百分点，上周同一时刻 0.9 %。最近"},
		{"forewarn-gateway-latency", map[string]float64{"V": 4.3, "E": 2, "D": 2.3, "U": 2.6, "P": 1.9},
			"2.3 s more than expected, usual is up to 2.6 s; the same time last week 1.9 s. The slowest", "比预期多 2.3 秒，通常不超过 2.6 秒，上周同一时刻 1.9 秒。最慢"},
		{"forewarn-gateway-source", map[string]float64{"V": 41, "E": 8, "D": 33, "P": 7},
			"33 points more than expected; the same time last week 7 %. For half", "比预期多 33 个百分点，上周同一时刻 7 %。近半小时"},
		{"forewarn-orders-anomaly", map[string]float64{"V": 12, "E": 240, "D": 228, "U": 198, "P": 236},
			"228 orders less than expected, usual is at least 198; the same time last week 236. At least", "比预期少 228 单，通常不少于 198，上周同一时刻 236。至少"},
		{"forewarn-log-keywords", map[string]float64{"V": 60, "E": 4, "D": 56, "U": 9, "P": 3},
			"56 lines more than expected, usual is up to 9; the same time last week 3. Lines with", "比预期多 56 条，通常不超过 9，上周同一时刻 3。统计"},
	} {
		r := ruleOf(t, c.uid)
		labels := map[string]string{"instance": "web-1"}
		for name, want := range map[string]string{"description": c.en, "description_zh": c.zh} {
			require.Contains(t, tell(t, r.Annotations[name], labels, numbers(c.values, labels)), want, "%s of %s", name, c.uid)
		}
	}
}

// Whatever is missing or is no number, the reason stays a sentence: nothing of a number that nobody has.
func TestReasonsWithoutTheirNumbers(t *testing.T) {
	for _, r := range rules(t) {
		labels := map[string]string{"instance": "web-1"}
		none, nan := map[string]number{}, map[string]number{}
		for _, n := range r.Data {
			nan[n.RefID] = number{labels, math.NaN()}
		}
		for _, name := range []string{"description", "description_zh"} {
			plain := tell(t, r.Annotations[name], labels, none)
			require.Equal(t, plain, tell(t, r.Annotations[name], labels, nan), "%s of %s", name, r.UID)
			require.NotContains(t, plain, "NaN")
			require.NotEmpty(t, strings.TrimSpace(plain), r.UID)
			require.Regexp(t, `^[\p{Lu}\p{Han}…]`, plain, "%s of %s begins like a sentence", name, r.UID)
			require.Regexp(t, `[.。]$`, plain)
			require.Contains(t, r.Annotations[name], "$values.", "%s of %s has a number of its own", name, r.UID)
		}
	}
}

// wizardsRules gives the annotations of each kind of rule that the app's wizard writes; src/rules/build.test.ts holds the wizard to them.
func wizardsRules(t *testing.T) map[string]map[string]string {
	t.Helper()
	var out map[string]map[string]string
	require.NoError(t, json.Unmarshal(read(t, root("src", "rules", "golden", "sentences.json")), &out))
	return out
}

// The rules of the wizard tell their reasons with numbers as well, whatever kind they are of; what nobody knows is left out.
func TestTheWizardsRulesTellReasonsWithNumbers(t *testing.T) {
	all := wizardsRules(t)
	told := map[string]bool{}
	for _, c := range []struct {
		rule, in string
		values   map[string]float64
		en, zh   string
	}{
		{"outlier", "summary", map[string]float64{"S": 2.1, "V": 93.2, "E": 31, "X": 62.2}, "a: 93.2, 31 in the middle of its group (score 2.1).", "a：其值 93.2，同组中位 31（异常分 2.1）。"},
		{"outlier", "summary", map[string]float64{"S": 2.1, "E": 31}, "a: unlike the others of its group (score 2.1).", "a：与同组其他成员不同（异常分 2.1）。"},
		{"outlier", "description", map[string]float64{"S": 2.1, "V": 93.2, "E": 31, "X": 62.2, "G": 11, "H": 12},
			"62.2 more than the middle; 11 of 12 agree. Fires", "比同组中位多 62.2；12 个成员中 11 个一致。异常分"},
		{"outlier", "description", map[string]float64{"S": 2.1, "V": 3, "E": 31, "X": 28}, "28 less than the middle. Fires", "比同组中位少 28。异常分"},
		{"outlier", "description", map[string]float64{"S": 2.1, "E": 31, "G": 11, "H": 12}, "Fires when the score reaches 1", "异常分达到 1"},
		{"shares", "summary", map[string]float64{"S": 1.4, "V": 37.6, "E": 5.04, "X": 32.6}, "a: 37.6 % of the whole, 5.04 % is usual at this time (score 1.4).", "a：占总体的 37.6 %，此时段通常为 5.04 %（异常分 1.4）。"},
		{"shares", "description", map[string]float64{"S": 1.4, "V": 37.6, "E": 5.04, "X": 32.6}, "32.6 points more than usual. Fires", "比平时多 32.6 个百分点。异常分"},
		{"forecast", "summary", map[string]float64{"M": 97.3, "T": 13, "V": 81.2, "L": 74.1, "U": 88.3, "N": 62}, "a: forecast to reach 97.3, past 80 in 13 h; now 62.", "a：预测将达到 97.3，约 13 小时后越过 80；当前 62。"},
		{"forecast", "summary", map[string]float64{"M": 97.3, "T": 0, "V": 81.2}, "a: forecast to reach 97.3, past 80 right away.", "a：预测将达到 97.3，即将越过 80。"},
		{"forecast", "summary", map[string]float64{"M": 77, "T": warn.Never, "N": 62}, "a: forecast to reach 77, limit 80; now 62.", "a：预测将达到 77，限值 80；当前 62。"},
		{"forecast", "description", map[string]float64{"M": 97.3, "T": 13, "V": 81.2, "L": 74.1, "U": 88.3}, "By then 81.2 is expected, between 74.1 and 88.3. The forecast passes", "届时预测值 81.2（区间 74.1 至 88.3）。预测在"},
		{"forecast", "description", map[string]float64{"M": 97.3, "T": 13, "V": 81.2}, "By then 81.2 is expected. The forecast passes", "届时预测值 81.2。预测在"},
		{"forecast", "description", map[string]float64{"M": 77, "T": warn.Never}, "The forecast passes the limit within 24 h.", "预测在 24 小时内越过限值。"},
		{"forecast-falling", "summary", map[string]float64{"M": 2.5, "T": 4, "V": 4.9}, "a: forecast to reach 2.5, past 5 in 4 h.", "约 4 小时后越过 5。"},
		{"anomaly", "description", map[string]float64{"V": 12, "E": 40, "S": 3, "X": 28, "P": 39}, "28 less than expected; the same time last week 39. Fires", "比预期少 28，上周同一时刻 39。异常分"},
		{"anomaly-and-impact", "description", map[string]float64{"V": 80, "E": 40, "S": 3, "X": 40}, "40 more than expected. Fires when the score reaches 1.5 and the value is above 50", "比预期多 40。异常分达到 1.5，且数值高于 50"},
		{"anomaly-and-low", "description", map[string]float64{"V": 8, "E": 40, "S": 3, "X": 32}, "32 less than expected. Fires when the score reaches 1 and the value is below 10", "且数值低于 10"},
		{"warning", "description", map[string]float64{"A": 30, "M": 41, "N": 80, "P": 74.1, "G": 1.93, "R": 87.4}, "It was 74.1 a week ago and changes by +1.9 a day; 87 % likely to get there. The limit", "一周前为 74.1，目前每天 +1.9；到达限值的可能性为 87 %。可能"},
		{"composite", "description", map[string]float64{"S": 1.4, "R1": 61.2, "R2": 38.8}, "Share of the score: cpu 61 %, errors 39 %. Fires", "得分构成：cpu 61 %、errors 39 %。异常分"},
	} {
		labels := map[string]string{"instance": "a"}
		for name, want := range map[string]string{c.in: c.en, c.in + "_zh": c.zh} {
			text := tell(t, all[c.rule][name], labels, numbers(c.values, labels))
			require.Contains(t, text, want, "%s of %s", name, c.rule)
			require.NotRegexp(t, `\d{7}`, text, "no number that stands for never")
		}
		told[c.rule] = true
	}
	for name, texts := range all {
		require.True(t, told[name], name)
		labels := map[string]string{"instance": "a"}
		nan := map[string]number{}
		for _, ref := range regexp.MustCompile(`\$values\.(\w+)\.`).FindAllStringSubmatch(strings.Join(slices.Collect(maps.Values(texts)), " "), -1) {
			nan[ref[1]] = number{labels, math.NaN()}
		}
		for _, in := range []string{"description", "description_zh"} {
			plain := tell(t, texts[in], labels, nil)
			require.Equal(t, plain, tell(t, texts[in], labels, nan), "%s of %s", in, name)
			require.Regexp(t, `^[\p{Lu}\p{Han}].*[.。]$`, plain)
			require.NotContains(t, plain, "NaN")
		}
	}
}

// A series that has ended has no numbers any more; Grafana tells of its end all the same.
func TestTheEndOfASeriesIsTold(t *testing.T) {
	labels := map[string]string{"instance": "web-1", "mountpoint": "/var", "container": "api", "route": "/v1", "region": "east", "source": "crawler", "pattern": "killed …"}
	for _, r := range rules(t) {
		for name, want := range map[string]string{"summary": `: not measured any more\.$|^No lines "killed …" any more\.$`, "summary_zh": `：已无数据。$|^“killed …”：不再出现。$`} {
			require.Regexp(t, want, tell(t, r.Annotations[name], labels, nil), "%s of %s", name, r.UID)
			all := map[string]number{}
			for _, n := range r.Data {
				all[n.RefID] = number{labels, 12}
			}
			require.NotRegexp(t, want, tell(t, r.Annotations[name], labels, all), "%s of %s", name, r.UID)
		}
	}
}
