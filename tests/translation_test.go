package tests

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the Chinese dashboards anew from the English ones")

// translated are the keys of a dashboard whose texts people read.
var translated = map[string]bool{"title": true, "description": true, "label": true, "displayName": true, "display": true, "tooltip": true, "axisLabel": true, "noValue": true}

// translator turns the texts of a dashboard into another language and notes those it lacks.
type translator struct {
	texts   map[string]string
	missing map[string]bool
}

func (x *translator) text(s string) string {
	if s == "" {
		return s
	}
	to, ok := x.texts[s]
	if !ok {
		x.missing[s] = true
		return s
	}
	return to
}

func (x *translator) walk(v any, mapping bool) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = x.walk(v[i], mapping)
		}
	case map[string]any:
		if v["id"] == "displayName" {
			if s, ok := v["value"].(string); ok {
				v["value"] = x.text(s)
			}
		}
		if name, ok := v["name"].(string); ok && v["iconColor"] != nil && v["builtIn"] == nil {
			v["name"] = x.text(name) // an annotation's switch
		}
		if _, ok := v["queryType"].(string); ok {
			v["language"] = "zh-Hans" // of the sentences that say why
		}
		for key, one := range v {
			if s, ok := one.(string); ok {
				if translated[key] || mapping && key == "text" {
					v[key] = x.text(s)
				}
				continue
			}
			if names, ok := one.(map[string]any); ok && key == "renameByName" {
				for from, to := range names {
					names[from] = x.text(to.(string))
				}
				continue
			}
			v[key] = x.walk(one, mapping || key == "mappings" || v["id"] == "mappings")
		}
	}
	return v
}

// Every dashboard has a Chinese twin that differs in its texts only; with -update the twins are written.
func TestChineseDashboardsAreTranslations(t *testing.T) {
	x := translator{map[string]string{}, map[string]bool{}}
	require.NoError(t, json.Unmarshal(read(t, filepath.Join("testdata", "dashboards.zh.json")), &x.texts))
	for _, path := range files(t, "src", "dashboards", "*.json") {
		var d map[string]any
		require.NoError(t, json.Unmarshal(read(t, path), &d))
		x.walk(d, false)
		d["uid"] = d["uid"].(string) + "-zh"
		d["tags"] = []any{"forewarn-zh"}
		for _, l := range d["links"].([]any) {
			if l := l.(map[string]any); l["type"] == "dashboards" {
				l["tags"] = []any{"forewarn-zh"}
			}
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		require.NoError(t, enc.Encode(d))
		twin := root("src", "dashboards", "zh", filepath.Base(path))
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(twin), 0o755))
			require.NoError(t, os.WriteFile(twin, b.Bytes(), 0o644))
		}
		require.JSONEq(t, b.String(), string(read(t, twin)), "%s is not the translation: go test ./tests -run Chinese -update", twin)
	}
	missing := []string{}
	for s := range x.missing {
		missing = append(missing, s)
	}
	sort.Strings(missing)
	require.Empty(t, missing, "texts without a translation in testdata/dashboards.zh.json")
}
