package tests

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/query"
)

type dashboard struct {
	UID           string `json:"uid"`
	Title         string `json:"title"`
	Description   string `json:"description"`
	SchemaVersion int    `json:"schemaVersion"`
	Time          struct{ From, To string }
	Panels        []panel
	Templating    struct {
		List []variable
	}
}

type variable struct {
	Type, Name, Query string
	Datasource        struct{ UID string }
}

type panel struct {
	ID          int
	Type        string
	Title       string
	Description string
	GridPos     struct{ X, Y, W, H int }
	Datasource  struct{ Type, UID string }
	Targets     []json.RawMessage
	Repeat      string
	FieldConfig struct {
		Defaults  struct{ Unit, NoValue string }
		Overrides []struct {
			Matcher    struct{ ID, Options string }
			Properties []struct {
				ID    string
				Value any
			}
		}
	}
}

func dashboards(t *testing.T) map[string]dashboard {
	t.Helper()
	out := map[string]dashboard{}
	for _, path := range boardFiles(t) {
		var d dashboard
		require.NoError(t, json.Unmarshal(read(t, path), &d), path)
		require.NotContains(t, out, d.UID, "uid used twice")
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if filepath.Base(filepath.Dir(path)) == "zh" {
			name += "-zh"
		}
		require.Equal(t, "forewarn-"+name, d.UID)
		out[d.UID] = d
	}
	return out
}

// boardFiles are the dashboards in English and in Chinese.
func boardFiles(t *testing.T) []string {
	t.Helper()
	return append(files(t, "src", "dashboards", "*.json"), files(t, "src", "dashboards", "zh", "*.json")...)
}

// ofTrail says whether a dashboard shows the past only.
func ofTrail(uid string) bool { return strings.HasPrefix(uid, "forewarn-trail") }

// ofReview says whether a dashboard is for the weekly review.
func ofReview(uid string) bool { return strings.HasPrefix(uid, "forewarn-capacity") }

func TestDashboardsAreComplete(t *testing.T) {
	for uid, d := range dashboards(t) {
		t.Run(uid, func(t *testing.T) {
			require.NotEmpty(t, d.Title)
			require.NotEmpty(t, d.Description)
			require.Equal(t, 42, d.SchemaVersion, "the schema of Grafana 12.3")
			switch {
			case ofTrail(uid):
				require.Equal(t, "now", d.Time.To)
			case ofReview(uid):
				require.Equal(t, "now-7d", d.Time.From)
				require.Equal(t, "now+7d", d.Time.To, "the week to come must be in view")
			default:
				require.Equal(t, "now-2d", d.Time.From)
				require.Equal(t, "now+24h", d.Time.To, "the future must be in view")
			}
			require.Contains(t, d.Templating.List, variable{Type: "datasource", Name: "ds", Query: datasourceID})
			ids := map[int]bool{}
			for _, p := range d.Panels {
				require.False(t, ids[p.ID], "panel id %d used twice", p.ID)
				ids[p.ID] = true
				require.NotEmpty(t, p.Title, "panel %d", p.ID)
				require.NotEmpty(t, p.Description, p.Title)
				require.NotEmpty(t, p.FieldConfig.Defaults.Unit, p.Title)
				require.NotEmpty(t, p.Targets, p.Title)
				require.Equal(t, struct{ Type, UID string }{datasourceID, "${ds}"}, p.Datasource, p.Title)
				require.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24, p.Title)
			}
		})
	}
}

// A panel without data says what it would read, or that there was nothing: not a bare table head. Only those whose report always has
// numbers need no text. A single value that is missing is a dash all the same.
func TestPanelsSayWhyTheyAreEmpty(t *testing.T) {
	always := []string{`"totals"`}
	for uid, d := range dashboards(t) {
		for _, p := range d.Panels {
			if slices.ContainsFunc(always, func(report string) bool { return strings.Contains(string(p.Targets[0]), report) }) {
				continue
			}
			require.Greater(t, len([]rune(p.FieldConfig.Defaults.NoValue)), 5, "%s: %s", uid, p.Title)
			require.NotEmpty(t, p.FieldConfig.Overrides, p.Title)
			first := p.FieldConfig.Overrides[0]
			require.Equal(t, "/.*/", first.Matcher.Options, "%s: %s: later overrides count more", uid, p.Title)
			require.Equal(t, "noValue", first.Properties[0].ID)
			require.Equal(t, "–", first.Properties[0].Value)
			for _, table := range regexp.MustCompile(`\b(?:FROM (\w+)|"table": ?"(\w+)"|job=\\"(\w+))`).FindAllStringSubmatch(string(p.Targets[0]), 1) {
				require.Contains(t, p.FieldConfig.Defaults.NoValue, table[1]+table[2]+table[3], "%s: %s reads something else", uid, p.Title)
			}
		}
	}
}

// Every dashboard leads to the app's page that goes further, and to the other dashboards of its language.
func TestDashboardsLeadOn(t *testing.T) {
	for _, path := range boardFiles(t) {
		var d struct {
			UID     string
			Refresh string
			Links   []struct {
				Type, URL string
				Tags      []string
			}
		}
		require.NoError(t, json.Unmarshal(read(t, path), &d))
		require.Equal(t, "1m", d.Refresh, d.UID)
		require.Len(t, d.Links, 2, d.UID)
		require.Equal(t, []string{map[bool]string{false: "forewarn", true: "forewarn-zh"}[strings.HasSuffix(d.UID, "-zh")]}, d.Links[0].Tags, d.UID)
		page := "overview"
		if ofTrail(d.UID) {
			page = "history"
		}
		require.Equal(t, "/a/"+appID+"/"+page, d.Links[1].URL, d.UID)
	}
}

// Panels must not lie over each other; those that repeat fill the whole row.
func TestPanelsDoNotOverlap(t *testing.T) {
	for uid, d := range dashboards(t) {
		for i, a := range d.Panels {
			for _, b := range d.Panels[i+1:] {
				aw, bw := a.GridPos.W, b.GridPos.W
				if a.Repeat != "" {
					aw = 24
				}
				if b.Repeat != "" {
					bw = 24
				}
				apart := a.GridPos.X+aw <= b.GridPos.X || b.GridPos.X+bw <= a.GridPos.X ||
					a.GridPos.Y+a.GridPos.H <= b.GridPos.Y || b.GridPos.Y+b.GridPos.H <= a.GridPos.Y
				require.True(t, apart, "%s: %q lies over %q", uid, a.Title, b.Title)
			}
		}
	}
}

func TestDashboardQueriesParse(t *testing.T) {
	variable := regexp.MustCompile(`\$\{?(\w+)`)
	macros := []string{"__timeGroup", "__timeFilter"}
	for uid, d := range dashboards(t) {
		known := slices.Clone(macros)
		for _, v := range d.Templating.List {
			known = append(known, v.Name)
		}
		for _, p := range d.Panels {
			refs := map[string]bool{}
			for _, raw := range p.Targets {
				ref := trailRef(t, raw)
				if ref == "" {
					q, err := query.Parse(raw, query.Defaults{})
					require.NoError(t, err, "%s: %s", uid, p.Title)
					ref = q.RefID
				}
				require.NotEmpty(t, ref)
				require.False(t, refs[ref], "%s: %s: refId %s used twice", uid, p.Title, ref)
				refs[ref] = true
				for _, m := range variable.FindAllStringSubmatch(string(raw)+p.Title, -1) {
					require.Contains(t, known, m[1], "%s: %s uses a variable that the dashboard does not have", uid, p.Title)
				}
			}
		}
	}
}

// Lists come from the data source that the dashboard is set to, so that they hold a user's own names.
func TestDashboardVariablesListWhatThereIs(t *testing.T) {
	lists := regexp.MustCompile(`^label_values\(.+, \w+\)$`)
	for uid, d := range dashboards(t) {
		for _, v := range d.Templating.List {
			if v.Name == "ds" {
				require.Equal(t, "datasource", v.Type, uid)
				continue
			}
			require.Equal(t, "query", v.Type, "%s: %s", uid, v.Name)
			require.Regexp(t, lists, v.Query, "%s: %s", uid, v.Name)
			require.Equal(t, "${ds}", v.Datasource.UID, "%s: %s", uid, v.Name)
		}
	}
}

// trailRef is the refId of a query of type trail, whose report is one that the data source has; empty for another type.
func trailRef(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var q struct{ RefID, QueryType, Report string }
	require.NoError(t, json.Unmarshal(raw, &q))
	if q.QueryType != "trail" {
		return ""
	}
	require.Contains(t, []string{"hours", "rules", "entities", "totals", "warnings", "annotations", "deliveries", "precision", "accuracy"}, q.Report)
	return q.RefID
}

// Every dashboard shows the recorded warnings as annotations, but that of the trail, which lists them.
func TestDashboardsShowRecordedWarnings(t *testing.T) {
	for _, path := range boardFiles(t) {
		var d struct {
			UID         string
			Annotations struct {
				List []struct {
					Enable     bool
					Datasource struct{ UID string }
					Target     json.RawMessage
				}
			}
		}
		require.NoError(t, json.Unmarshal(read(t, path), &d))
		if ofTrail(d.UID) {
			continue
		}
		shown := 0
		for _, a := range d.Annotations.List {
			if a.Datasource.UID == "${ds}" && trailRef(t, a.Target) != "" {
				require.True(t, a.Enable)
				shown++
			}
		}
		require.Equal(t, 1, shown, d.UID)
	}
}

// The app's plugin.json ships every dashboard and nothing that is not there.
func TestAppShipsTheDashboards(t *testing.T) {
	var app struct {
		ID       string
		Includes []struct{ Type, Path string }
	}
	require.NoError(t, json.Unmarshal(read(t, root("plugin.json")), &app))
	require.Equal(t, appID, app.ID)
	var shipped []string
	for _, inc := range app.Includes {
		if inc.Type == "dashboard" {
			shipped = append(shipped, root("src", filepath.FromSlash(inc.Path)))
		}
	}
	require.ElementsMatch(t, boardFiles(t), shipped)
}
