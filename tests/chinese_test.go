package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var (
	action = regexp.MustCompile(`\{\{[^{}]*\}\}`)
	han    = regexp.MustCompile(`\p{Han}`)
	// half is punctuation of Latin texts that stands beside a Chinese character, or beside what is filled in.
	half = regexp.MustCompile(`[\p{Han}，。：；（）“”、？！] ?[,;:!?()]|[,;:!?()] ?[\p{Han}，。：；（）“”、？！]|\p{Han}\.(?:\s|$)`)
	// narrow are quotation marks that stand beside a Chinese character.
	narrow = regexp.MustCompile(`["'] ?\p{Han}|\p{Han} ?["']`)
)

// halfWidth tells where a Chinese text has Latin punctuation; what a template fills in counts as Chinese.
func halfWidth(text string) string {
	if !han.MatchString(text) {
		return ""
	}
	plain := action.ReplaceAllString(text, "某")
	return half.FindString(plain) + narrow.FindString(plain)
}

// texts collects all texts of a document by where they stand.
func texts(v any, at string, into map[string]string) {
	switch v := v.(type) {
	case string:
		into[at] = v
	case []any:
		for i, one := range v {
			texts(one, fmt.Sprintf("%s[%d]", at, i), into)
		}
	case map[string]any:
		for name, one := range v {
			texts(one, at+"."+name, into)
		}
	}
}

// chineseTexts are all texts in Chinese that people read, by file and place: the pages' and the data source's, the rules', the message
// templates' and the relay's, the dashboards', and the sentences that tell why.
func chineseTexts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	add := func(path string, v any) {
		found := map[string]string{}
		texts(v, "", found)
		for at, text := range found {
			if han.MatchString(text) {
				all[filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path)+at] = text
			}
		}
	}
	for _, path := range slices.Concat(files(t, "src", "locales", "zh-Hans", "*.json"), files(t, "src", "datasource", "locales", "zh-Hans", "*.json"),
		files(t, "src", "dashboards", "zh", "*.json"), files(t, "src", "rules", "*.json"), files(t, "src", "rules", "golden", "*.json"), files(t, "tests", "testdata", "*.json")) {
		var v any
		require.NoError(t, json.Unmarshal(read(t, path), &v), path)
		add(path, v)
	}
	for _, path := range files(t, "provisioning", "alerting", "*.yaml") {
		var v any
		require.NoError(t, yaml.Unmarshal(read(t, path), &v), path)
		add(path, v)
	}
	for _, path := range slices.Concat(files(t, "pkg", "explain", "testdata", "*zh-Hans.md"), files(t, "pkg", "notify", "testdata", "golden", "*")) {
		var v any = string(read(t, path))
		if strings.HasSuffix(path, ".json") {
			require.NoError(t, json.Unmarshal(read(t, path), &v), path)
		}
		add(path, v)
	}
	return all
}

// Chinese texts have Chinese punctuation.
func TestChineseTextsHaveChinesePunctuation(t *testing.T) {
	all := chineseTexts(t)
	require.Greater(t, len(all), 1500, "the texts were not found")
	for _, at := range slices.Sorted(maps.Keys(all)) {
		for _, line := range strings.Split(all[at], "\n") {
			if found := halfWidth(line); found != "" {
				t.Errorf("%s: %q in %s", at, found, line)
			}
		}
	}
}

func TestHalfWidthPunctuationIsFound(t *testing.T) {
	for text, bad := range map[string]bool{
		"预期,实际": true, "上限:90": true, "（最早 6 小时）": false, "磁盘(最早 6 小时)": true, "为什么?": true, "好!": true, "完.": true, "完。": false, "CPU 93 %,上限": true,
		"{{ $labels.instance }}:{{ if $values.V }}CPU 正常{{ end }}": true, "{{ $labels.instance }}：{{ if gt 1 (len .X) }}CPU 正常{{ end }}": false,
		"rate(x[5m]) 的值": true, "用 rate(x[5m])": false, "12:30 开始": false, "https://a.b/c?d 打开": false, "only English, here": false, "模型\"cpu\"": true, "模型“cpu”": false, "3.5 倍": false,
	} {
		require.Equal(t, bad, halfWidth(text) != "", text)
	}
}
