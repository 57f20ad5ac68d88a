package grafana

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

const ours = `{name: F, uid: f%d, type: forewarn-earlywarning-datasource}`

// Of a folder the files of the right kind are read, in the order of their names; a broken one is told by its name.
func TestFoldersAreReadByName(t *testing.T) {
	board := func(uid string) string {
		return fmt.Sprintf(`{"uid": %q, "time": {"from": "now-1h", "to": "now"}}`, uid)
	}
	boards, err := Dashboards(write(t, map[string]string{"b.json": board("second"), "a.json": board("first"), "c.txt": "not this"}), now)
	require.NoError(t, err)
	require.Equal(t, []string{"first", "second"}, []string{boards[0].UID, boards[1].UID})
	_, err = Dashboards(write(t, map[string]string{"a.json": board("first"), "broken.json": "{"}), now)
	require.ErrorIs(t, err, ErrFormat)
	require.ErrorContains(t, err, "broken.json")

	sources, err := DataSources(write(t, map[string]string{"b.yaml": "datasources: [" + fmt.Sprintf(ours, 2) + "]", "a.yaml": "datasources: [" + fmt.Sprintf(ours, 1) + ", {type: prometheus, uid: p}]", "README.md": "["}))
	require.NoError(t, err)
	require.Equal(t, []string{"f1", "f2"}, []string{sources[0].UID, sources[1].UID})
	_, err = DataSources(write(t, map[string]string{"broken.yaml": "datasources: ["}))
	require.ErrorIs(t, err, ErrFormat)
	require.ErrorContains(t, err, "broken.yaml")
	_, err = DataSources(write(t, map[string]string{"other.yaml": "datasources: [{type: prometheus}]"}))
	require.ErrorContains(t, err, DataSourceType)

	rules, err := Rules(write(t, map[string]string{"b.yaml": "groups: [{name: g, rules: [{uid: two}]}]", "a.yaml": "groups: [{name: g, rules: [{uid: one}]}]", "c.yaml": "policies: []"}))
	require.NoError(t, err)
	require.Equal(t, []string{"one", "two"}, []string{rules[0].UID, rules[1].UID})
	_, err = Rules(write(t, map[string]string{"broken.yaml": "groups: [{rules: [{title: Disk, for: soon}]}]"}))
	require.ErrorContains(t, err, "broken.yaml: rule Disk: for:")
	_, err = ParseRules([]byte("groups: [{rules: [{data: [{model: {1: a}}]}]}]"))
	require.ErrorIs(t, err, ErrFormat, "keys that JSON does not have")
}

// A data source without MySQL keeps none when it is moved.
func TestMovingADataSourceWithoutMySQL(t *testing.T) {
	d := DataSource{URL: "http://a", JSONData: map[string]any{"httpMethod": "GET"}}
	d.Move("http://b", "127.0.0.1:1")
	require.Equal(t, DataSource{URL: "http://b", JSONData: map[string]any{"httpMethod": "GET"}}, d)
}

// A duration is the sum of its parts, whatever their order.
func TestDurationsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		var want time.Duration
		for range rapid.IntRange(1, 5).Draw(t, "parts") {
			n, unit := rapid.IntRange(0, 500).Draw(t, "n"), rapid.SampledFrom([]byte("smhdw")).Draw(t, "unit")
			fmt.Fprintf(&text, "%d%c", n, unit)
			want += time.Duration(n) * units[unit]
		}
		got, err := Duration(text.String())
		require.NoError(t, err)
		require.Equal(t, want, got)
		for _, sign := range []string{"-", "+"} {
			at, err := moment("now"+sign+text.String(), now)
			require.NoError(t, err)
			require.Equal(t, map[string]time.Duration{"-": -want, "+": want}[sign], at.Sub(now))
		}
	})
}

// A value that is filled in as a text of SQL is one text of SQL, whatever quotes are in it: read as the standard says it is the value again.
func TestTextsOfSQLAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune(`ab',"\ `))), 1, 4).Draw(t, "values")
		text := variable{values}.write("sqlstring")
		var back []string
		for rest := text; rest != ""; {
			require.Equal(t, byte('\''), rest[0])
			var one strings.Builder
			i := 1
			for ; rest[i] != '\'' || i+1 < len(rest) && rest[i+1] == '\''; i++ {
				one.WriteByte(rest[i])
				if rest[i] == '\'' {
					i++
				}
			}
			back = append(back, one.String())
			rest = strings.TrimPrefix(rest[i+1:], ",")
		}
		require.Equal(t, values, back, text)
	})
}

// Filling variables in changes texts only: numbers keep all their digits, and what names no variable stays as it is.
func TestFillingInChangesTextsOnly(t *testing.T) {
	set := variableSet{"host": {[]string{"web-1", "web-2"}}, "one": {[]string{"x"}}}
	got, err := set.model(json.RawMessage(`{"a": 12345678901234567890, "b": 0.10, "c": [true, null, "$one", {"$one": "${host:csv}"}], "d": "$__interval ${__from} $5 a$", "e": "$host/$one-${one}1"}`))
	require.NoError(t, err)
	require.Contains(t, string(got), "12345678901234567890")
	require.Contains(t, string(got), "0.10")
	var back map[string]any
	require.NoError(t, json.Unmarshal(got, &back))
	require.Equal(t, []any{true, nil, "x", map[string]any{"$one": "web-1,web-2"}}, back["c"], "names of fields are no texts")
	require.Equal(t, "$__interval ${__from} $5 a$", back["d"])
	require.Equal(t, "{web-1,web-2}/x-x1", back["e"])
	_, err = set.model(json.RawMessage(`{`))
	require.Error(t, err)
}

// A panel that repeats over a variable nobody set is shown once, as it is written.
func TestRepeatingOverNothing(t *testing.T) {
	d, err := ParseDashboard([]byte(`{"time": {"from": "now-1h", "to": "now"}, "templating": {"list": [{"name": "host", "current": {"value": []}}]},
		"panels": [{"title": "CPU of $host", "repeat": "host", "datasource": {"type": "forewarn-earlywarning-datasource"}, "targets": [{"refId": "A", "expr": "$host"}]}]}`), now)
	require.NoError(t, err)
	require.Len(t, d.Panels, 1)
	require.Equal(t, "CPU of $host", d.Panels[0].Title)
	require.Contains(t, string(d.Panels[0].Queries[0].Model), "$host")
}
