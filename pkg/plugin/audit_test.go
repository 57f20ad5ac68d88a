package plugin

import (
	"encoding/csv"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// told is a data source with lines in its trail, a minute apart.
func told(t *testing.T, notes ...string) *Instance {
	i := served(t, nil)
	for k, note := range notes {
		_, err := i.store.AppendAudit(t.Context(), store.Entry{Who: "anna", Action: "label.add", Model: "m", Note: note, Time: stretch.Add(time.Duration(k) * time.Minute)})
		require.NoError(t, err)
	}
	return i
}

func notes(t *testing.T, i *Instance, query string) (out []string, more bool) {
	t.Helper()
	var a api.Audit
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "audit"+query, nil, &a))
	for _, e := range a.Entries {
		out = append(out, e.Note)
	}
	return out, a.More
}

func TestTheTrailIsFilteredAndPaged(t *testing.T) {
	i := told(t, "one", "two", "three")
	_, err := i.store.AppendAudit(t.Context(), store.Entry{Who: "ben", Action: "model.train", Model: "other", Note: "four", Time: stretch.Add(time.Hour)})
	require.NoError(t, err)
	for query, want := range map[string][]string{
		"":                  {"four", "three", "two", "one"},
		"?kind=label":       {"three", "two", "one"},
		"?kind=model.train": {"four"},
		"?model=m":          {"three", "two", "one"},
		"?model=none":       nil,
		"?from=2026-01-01T00:01:00Z&to=2026-01-01T00:02:30Z": {"three", "two"},
		"?from=2026-01-01T08:01:00%2B08:00&kind=label":       {"three", "two"},
		"?limit=2":          {"four", "three"},
		"?limit=2&before=3": {"two", "one"},
	} {
		got, _ := notes(t, i, query)
		require.Equal(t, want, got, query)
	}
	_, more := notes(t, i, "?limit=2")
	require.True(t, more)
	_, more = notes(t, i, "?limit=4")
	require.False(t, more)
}

func TestMistakesInTheFilterAreNamed(t *testing.T) {
	i := served(t, nil)
	for query, field := range map[string]string{"from=yesterday": "from", "to=2026-01-01": "to", "limit=0": "limit", "limit=1001": "limit", "limit=x": "limit", "before=0": "before", "before=x": "before"} {
		for _, path := range []string{"audit?", "audit/export?"} {
			status, raw := sendAs(t, i, "v", "Viewer", "GET", path+query, nil)
			require.Equal(t, 400, status, query)
			var p api.Problem
			require.NoError(t, json.Unmarshal(raw, &p))
			require.Equal(t, field, p.Field)
		}
	}
}

func TestTheTrailIsExportedForSpreadsheetsAndForPrograms(t *testing.T) {
	dangerous := []string{"=1+1", "+1", "-1", "@x", "\t=1", "plain, with \"quotes\"\nand lines", ""}
	i := told(t, dangerous...)
	status, raw := sendAs(t, i, "v", "Viewer", "GET", "audit/export?format=csv", nil)
	require.Equal(t, 200, status)
	rows, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(dangerous))
	require.Equal(t, []string{"seq", "time", "who", "action", "model", "version", "subject", "labels", "values", "note", "hash", "previous"}, rows[0])
	for k, note := range dangerous {
		got := rows[1+k][9]
		require.True(t, got == note || got == "'"+note)
		require.False(t, got != "" && strings.ContainsAny(got[:1], "=+-@\t\r"), "a spreadsheet would take %q for a formula", got)
	}
	status, raw = sendAs(t, i, "v", "Viewer", "GET", "audit/export", nil)
	require.Equal(t, 200, status)
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	require.Len(t, lines, len(dangerous))
	var first api.Entry
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &first))
	require.Equal(t, "=1+1", first.Note, "programs get what was written")
	require.Equal(t, rows[1][10], first.Hash)
}

func TestAnEmptyTrailIsAnEmptyFile(t *testing.T) {
	i := served(t, nil)
	_, raw := sendAs(t, i, "v", "Viewer", "GET", "audit/export?format=csv", nil)
	require.True(t, strings.HasPrefix(string(raw), "seq,time,who"))
	status, raw := sendAs(t, i, "v", "Viewer", "GET", "audit/export?format=json", nil)
	require.Equal(t, 200, status)
	require.Empty(t, raw)
	got, more := notes(t, i, "")
	require.Empty(t, got)
	require.False(t, more)
}

func TestExportsAreFilesWithAType(t *testing.T) {
	for format, want := range map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson"} {
		w := httptest.NewRecorder()
		download(w, "forewarn-audit."+format, format)
		require.Equal(t, want, w.Header().Get("Content-Type"))
		require.Equal(t, `attachment; filename="forewarn-audit.`+format+`"`, w.Header().Get("Content-Disposition"))
	}
}
