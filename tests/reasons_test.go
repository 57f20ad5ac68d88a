package tests

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
		{"forewarn-cpu-outlier", map[string]float64{"V": 93, "P": 31},
			"CPU was 93 % over the last hour, that of the host in the middle 31 %. K-means", "最近一小时 CPU 平均 93 %，居中的主机为 31 %。按主机"},
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
