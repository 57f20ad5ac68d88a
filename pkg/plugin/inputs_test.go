package plugin

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
)

// request is one that has a mistake.
type request struct {
	method, path, body string
	field              string // that the answer names
	says               string
}

// queryWith is a query in which one field is replaced.
func queryWith(field, value string) string {
	fields := map[string]json.RawMessage{"queryType": json.RawMessage(`"anomaly"`), "source": json.RawMessage(`{"kind":"prometheus","expr":"a"}`)}
	fields[field] = json.RawMessage(value)
	raw, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// TestEachMistakeIsNamedByItsField goes through every route that takes something.
func TestEachMistakeIsNamedByItsField(t *testing.T) {
	i := served(t, nil)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	label := `{"model":%q,"kind":%q,"from":%q,"to":%q}`
	warning := `{"state":%q,"key":%q,"rule":%q,"at":%q}`
	at, later := "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
	for name, c := range map[string]request{
		"a version of no number":         {"GET", "models/cpu/versions/x", "", "number", `"number" is x`},
		"a version below one":            {"GET", "models/cpu/versions/0", "", "number", "the number of a version"},
		"promote nothing":                {"POST", "models/cpu/promote", `{}`, "version", "the number of a version"},
		"promote what was not yet":       {"POST", "models/cpu/promote", `{"version":-3}`, "version", "is -3"},
		"promote a text":                 {"POST", "models/cpu/promote", `{"version":"1"}`, "version", "of the type string"},
		"promote in a hurry":             {"POST", "models/cpu/promote", `{"number":1}`, "body", `unknown field "number"`},
		"pause perhaps":                  {"POST", "models/cpu/pause", `{"paused":"maybe"}`, "paused", "bool"},
		"change to nobody":               {"PUT", "models/cpu", `{"definition":{"name":""}}`, "name", "1 to 100"},
		"change without a body":          {"PUT", "models/cpu", ``, "body", "cannot be read"},
		"two requests in one":            {"POST", "models/cpu/pause", `{"paused":true}{"paused":false}`, "body", "text follows"},
		"a list instead of an object":    {"POST", "models", `[]`, "body", "array"},
		"a draft with a bad query":       {"POST", "jobs", `{"definition":{"name":"d","query":{"source":{"kind":"graphite"}}}}`, "query.source.kind", "prometheus, mysql or logs"},
		"a draft of a series":            {"POST", "jobs", `{"definition":{"name":"d","query":{"queryType":"series","source":{"kind":"prometheus","expr":"a"}}}}`, "query.queryType", "learns nothing"},
		"a label of no model":            {"POST", "labels", fmt.Sprintf(label, "", "incident", at, later), "model", "the name of a model"},
		"a label of no kind":             {"POST", "labels", fmt.Sprintf(label, "cpu", "", at, later), "kind", "incident or not-an-anomaly"},
		"a label of no time":             {"POST", "labels", `{"model":"cpu","kind":"incident"}`, "to", "a time after from"},
		"a label that ends first":        {"POST", "labels", fmt.Sprintf(label, "cpu", "incident", later, at), "to", "a time after from"},
		"a label at no time of day":      {"POST", "labels", fmt.Sprintf(label, "cpu", "incident", "noon", later), "body", "noon"},
		"a label of a list":              {"POST", "labels", `{"model":"cpu","series":["a"]}`, "series", "array"},
		"a warning of no state":          {"POST", "warnings", fmt.Sprintf(warning, "", "k", "r", at), "state", "raised or resolved"},
		"a warning of no key":            {"POST", "warnings", fmt.Sprintf(warning, "raised", "", "r", at), "key", "tells the warning from others"},
		"a warning of no rule":           {"POST", "warnings", fmt.Sprintf(warning, "raised", "k", "", at), "rule", "the name of the rule"},
		"a warning from the future":      {"POST", "warnings", fmt.Sprintf(warning, "raised", "k", "r", time.Now().Add(3*time.Hour).Format(time.RFC3339)), "at", "not to come"},
		"an alert that is none":          {"POST", "trail", `"x"`, "body", ""},
		"a relayed message that is none": {"POST", "relay/x", `{`, "", ""},
		"a replay of everything":         {"POST", "replay", `{"model":"cpu","definition":{"name":"x"}}`, "definition", "one of the two"},
		"a replay of days to come":       {"POST", "replay", `{"model":"cpu","days":-1}`, "days", "1 to 92"},
		"a replay of years":              {"POST", "replay", `{"model":"cpu","days":93}`, "days", "1 to 92"},
		"a budget below nothing":         {"POST", "replay", `{"model":"cpu","alertsPerWeek":-0.5}`, "alertsPerWeek", "0 or more"},
		"a replay of a bad definition":   {"POST", "replay", `{"definition":{"query":{"source":{"kind":"prometheus"}}}}`, "query.source.expr", "a PromQL expression"},
		"a filter's choice at no time":   {"POST", "filters", `{"key":"cloud"}`, "to", "a time after from"},
		"a filter's choice of a guess":   {"POST", "filters", `{"from":"` + at + `","to":"` + later + `","filters":[{"key":"a","operator":"~","value":"b"}]}`, "", "filters[0]"},
		"a preview of nothing":           {"POST", "preview", `{}`, "query", ""},
		"a preview of an unknown field":  {"POST", "preview", `{"query":` + queryWith("intervall", `"5m"`) + `}`, "query.intervall", "unknown field"},
		"a preview at no step":           {"POST", "preview", `{"query":` + queryWith("interval", `"0s"`) + `}`, "query.interval", ""},
		"a preview by an unknown method": {"POST", "preview", `{"query":` + queryWith("model", `{"algorithm":"magic"}`) + `}`, "query.model", "magic"},
		"a preview with a wrong option":  {"POST", "preview", `{"query":` + queryWith("model", `{"algorithm":"mad","options":{"window":7}}`) + `}`, "query.model.options.window", "a duration"},
		"a preview of a filter of none":  {"POST", "preview", `{"query":` + queryWith("adhocFilters", `[{"key":"","operator":"=","value":"x"}]`) + `}`, "query.adhocFilters[0]", "the name of a label"},
		"a preview too sure":             {"POST", "preview", `{"query":` + queryWith("confidence", `1`) + `}`, "query.confidence", "0.5 to 0.99"},
		"a preview with k of no n":       {"POST", "preview", `{"query":` + queryWith("guards", `{"k":3}`) + `}`, "query.guards.k", "k of n points"},
		"a preview of no direction":      {"POST", "preview", `{"query":` + queryWith("direction", `"sideways"`) + `}`, "query.direction", "both, above or below"},
		"a preview of no output":         {"POST", "preview", `{"query":` + queryWith("output", `"eta"`) + `}`, "query.output", "one of"},
		"a preview in no language":       {"POST", "preview", `{"query":` + queryWith("language", `"tlh"`) + `}`, "query.language", "en-US"},
		"bounds the wrong way round":     {"POST", "preview", `{"query":` + queryWith("bounds", `{"min":2,"max":1}`) + `}`, "query.bounds", "a min below the max"},
		"a volume that nobody asked for": {"POST", "preview", `{"query":` + queryWith("volume", `{"kind":"prometheus","expr":"a"}`) + `}`, "query.volume", "guards.minVolume"},
		"a step of a split second":       {"POST", "preview", `{"query":` + queryWith("interval", `"1500ms"`) + `}`, "query.interval", ""},
		"a window of one step":           {"POST", "preview", `{"query":` + queryWith("trainingWindow", `"5m"`) + `}`, "query.trainingWindow", "at least two intervals"},
		"a window of too many points":    {"POST", "preview", `{"query":{"source":{"kind":"prometheus","expr":"a"},"trainingWindow":"1y","interval":"1s"}}`, "query.interval", "at most 100000 points"},
		"the trail since yesterday":      {"GET", "audit?from=yesterday", "", "from", "2026-11-20T10:00:00Z"},
		"the trail until tomorrow":       {"GET", "audit?to=tomorrow", "", "to", "2026-11-20T10:00:00Z"},
		"none of the trail":              {"GET", "audit?limit=0", "", "limit", "1 to 1000"},
		"too much of the trail":          {"GET", "audit?limit=1001", "", "limit", "1 to 1000"},
		"the trail before the first":     {"GET", "audit?before=0", "", "before", "the number of a line"},
		"an export nobody reads":         {"GET", "audit/export?format=pdf", "", "format", "csv or json"},
		"an export since yesterday":      {"GET", "audit/export?from=yesterday", "", "from", "2026-11-20T10:00:00Z"},
		"a file of another program":      {"POST", "models/import", `{"format":"onnx"}`, "format", "forewarn-model/1"},
		"a file that somebody wrote in":  {"POST", "models/import", `{"format":"forewarn-model/1","checksum":"00"}`, "checksum", "it was changed or is damaged"},
		"a file with a field of its own": {"POST", "models/import", `{"format":"forewarn-model/1","author":"x"}`, "body", `unknown field "author"`},
	} {
		t.Run(name, func(t *testing.T) {
			before := audited(t, i)
			status, raw := sendAs(t, i, "anna", "Admin", c.method, c.path, c.body)
			require.GreaterOrEqual(t, status, 400, string(raw))
			require.Less(t, status, 500, string(raw))
			var p api.Problem
			require.NoError(t, json.Unmarshal(raw, &p), string(raw))
			if c.field != "" {
				require.Equal(t, 400, status, p.Error)
				require.Equal(t, c.field, p.Field, p.Error)
			}
			require.NotEmpty(t, p.Error)
			require.Contains(t, p.Error, c.says)
			require.Equal(t, before, audited(t, i), "nothing was done")
		})
	}
}

func TestWhatIsNotThereIsNotFoundOnEachRoute(t *testing.T) {
	i := served(t, nil)
	for pattern := range rights {
		method, path, _ := strings.Cut(pattern, " /")
		if !strings.Contains(path, "{") || strings.HasPrefix(path, "relay") || strings.HasPrefix(path, "channels") {
			continue
		}
		body := map[string]string{"PUT /models/{name}": `{"definition":` + definitionText(t) + `}`, "POST /models/{name}/promote": `{"version":1}`, "POST /models/{name}/pause": `{"paused":true}`}[pattern]
		path = strings.NewReplacer("{name}", "none", "{number}", "1", "{id}", "none").Replace(path)
		status, raw := sendAs(t, i, "root", "Admin", method, path, body)
		require.Equal(t, 404, status, "%s: %s", pattern, raw)
		require.Contains(t, string(raw), "not found", pattern)
	}
}

func definitionText(t *testing.T) string {
	raw, err := json.Marshal(forecastOf("none", "a"))
	require.NoError(t, err)
	return string(raw)
}
