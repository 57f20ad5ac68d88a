package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/trail"
)

// send calls a resource with a body, as a user of the role.
func send(t *testing.T, i *Instance, role, method, path string, body []byte) (int, map[string]any) {
	t.Helper()
	var status int
	var out bytes.Buffer
	user := &backend.User{Role: role, Login: "anna"}
	pc := backend.PluginContext{User: user}
	ctx := backend.WithUser(backend.WithPluginContext(context.Background(), pc), user)
	bare, _, _ := strings.Cut(path, "?")
	require.NoError(t, i.CallResource(ctx, &backend.CallResourceRequest{PluginContext: pc, Method: method, Path: bare, URL: path, Body: body}, backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
		status = r.Status
		out.Write(r.Body)
		return nil
	})))
	answer := map[string]any{}
	require.NoError(t, json.Unmarshal(out.Bytes(), &answer), out.String())
	return status, answer
}

func recorded(t *testing.T, status string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "notify", "testdata", "grafana-"+status+".json"))
	require.NoError(t, err)
	return raw
}

// withChannels is an instance with one channel that works, one whose vendor refuses, one without an address, and one with a mistake.
func withChannels(t *testing.T) *Instance {
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/refuses") {
			_, _ = io.WriteString(w, `{"errcode":310000,"errmsg":"sign not match"}`)
			return
		}
		_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
	}))
	t.Cleanup(vendor.Close)
	host := strings.TrimPrefix(vendor.URL, "http://")
	return instance(t, backend.DataSourceInstanceSettings{JSONData: []byte(fmt.Sprintf(`{"relay":{"privateHosts":[%q]},"channels":[{"name":"good","kind":"dingtalk"},
		{"name":"bad","kind":"dingtalk"},{"name":"saved","kind":"wecom","fallback":"good"},{"name":"off","kind":"slack"},{"name":"wrong","kind":"fax"}]}`, host)),
		DecryptedSecureJSONData: map[string]string{"channelUrl_good": vendor.URL + "/good?access_token=very-secret", "channelUrl_bad": vendor.URL + "/refuses?access_token=very-secret", "channelUrl_saved": vendor.URL + "/refuses",
			"channelSecret_good": "SECvery-secret"}})
}

func TestTheRelayAnswersGrafana(t *testing.T) {
	i := withChannels(t)
	for _, c := range []struct {
		role, channel string
		body          []byte
		want          int
		says          string
	}{
		{"Editor", "good", recorded(t, "firing"), 200, `"ok":true`},
		{"Admin", "good", recorded(t, "resolved"), 200, `"ok":true`},
		{"Editor", "saved", recorded(t, "firing"), 200, `"channel":"good"`},
		{"Editor", "off", recorded(t, "firing"), 200, `"off":true`},
		{"Editor", "bad", recorded(t, "firing"), 502, `bad: refused with code 310000: sign not match`},
		{"Editor", "wrong", recorded(t, "firing"), 502, `want one of dingtalk`},
		{"Editor", "nobody", recorded(t, "firing"), 404, `no such channel`},
		{"Editor", "good", []byte("{}"), 400, `status`},
		{"Editor", "good", bytes.Repeat([]byte("x"), 5<<20), 400, `too large`},
		{"Viewer", "good", recorded(t, "firing"), 403, `Editor`},
		{"", "good", recorded(t, "firing"), 403, `Editor`},
	} {
		status, body := send(t, i, c.role, "POST", "relay/"+c.channel, c.body)
		raw, err := json.Marshal(body)
		require.NoError(t, err)
		require.Equal(t, c.want, status, "%s %s: %s", c.role, c.channel, raw)
		require.Contains(t, string(raw), c.says)
		require.NotContains(t, string(raw), "very-secret")
	}
	_, audit := send(t, i, "Viewer", "GET", "audit?kind=delivery", nil)
	var did []string
	for _, e := range audit["entries"].([]any) {
		did = append(did, e.(map[string]any)["action"].(string)+" "+e.(map[string]any)["subject"].(string))
	}
	require.ElementsMatch(t, []string{"delivery.sent good", "delivery.sent good", "delivery.failed saved", "delivery.sent good", "delivery.failed bad", "delivery.failed wrong"}, did)
}

func TestChannelsAreListedWithoutSecrets(t *testing.T) {
	i := withChannels(t)
	send(t, i, "Editor", "POST", "relay/good", recorded(t, "firing"))
	status, body := send(t, i, "Editor", "GET", "channels", nil)
	require.Equal(t, 200, status)
	raw, err := json.Marshal(body)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "very-secret")
	list := body["channels"].([]any)
	require.Len(t, list, 5)
	good, off, wrong := list[0].(map[string]any), list[3].(map[string]any), list[4].(map[string]any)
	require.Equal(t, "ok", good["lastStatus"])
	require.NotNil(t, good["lastAt"])
	require.Equal(t, true, good["enabled"])
	require.Contains(t, good["host"], "127.0.0.1:")
	require.Equal(t, false, off["enabled"])
	require.Nil(t, off["lastAt"])
	require.Contains(t, wrong["lastStatus"], "fax")
	status, _ = send(t, i, "Viewer", "GET", "channels", nil)
	require.Equal(t, 403, status)
}

func TestTheTestButtonShowsTheAnswer(t *testing.T) {
	i := withChannels(t)
	status, body := send(t, i, "Admin", "POST", "channels/bad/test", nil)
	require.Equal(t, 200, status)
	require.Equal(t, false, body["ok"])
	require.Equal(t, 200.0, body["status"])
	require.Contains(t, body["answer"], "sign not match")
	status, body = send(t, i, "Admin", "POST", "channels/good/test", nil)
	require.Equal(t, 200, status)
	require.Equal(t, true, body["ok"])
	_, body = send(t, i, "Admin", "POST", "channels/off/test", nil)
	require.Contains(t, body["answer"], "off")
	_, body = send(t, i, "Admin", "POST", "channels/wrong/test", nil)
	require.Contains(t, body["answer"], "fax")
	status, _ = send(t, i, "Admin", "POST", "channels/nobody/test", nil)
	require.Equal(t, 404, status)
	status, _ = send(t, i, "Editor", "POST", "channels/good/test", nil)
	require.Equal(t, 403, status)
	_, audit := send(t, i, "Viewer", "GET", "audit?kind=channel", nil)
	require.Len(t, audit["entries"], 4)
	require.Equal(t, "anna", audit["entries"].([]any)[0].(map[string]any)["who"])
}

// Settings that all channels share and that cannot work leave everything else of the data source working.
func TestAMistakeInTheRelaysSettings(t *testing.T) {
	for settings, says := range map[string]string{
		`{"relay":{"hosts":["https://x/"]},"channels":[{"name":"a","kind":"slack"}]}`: "https://x/",
		`{"relay":{"hosts":[13800000000]}}`:                                           "jsonData.relay",
		`{"channels":[{"name":"a","kind":"sms","to":[13800000000]}]}`:                 "jsonData.channels", // a phone number that a variable's expansion made a number
	} {
		i := instance(t, backend.DataSourceInstanceSettings{JSONData: []byte(settings)})
		for _, path := range []string{"relay/a", "channels/a/test"} {
			status, body := send(t, i, "Admin", "POST", path, recorded(t, "firing"))
			require.Equal(t, 409, status)
			require.Contains(t, body["error"], says)
		}
		status, _ := send(t, i, "Editor", "GET", "channels", nil)
		require.Equal(t, 409, status)
		status, _ = send(t, i, "Viewer", "GET", "status", nil)
		require.Equal(t, 200, status)
	}
}

func TestAlertsAreRecordedOnce(t *testing.T) {
	i := withChannels(t)
	for n, want := range []map[string]any{{"raised": 1.0, "resolved": 0.0, "known": 0.0}, {"raised": 0.0, "resolved": 0.0, "known": 1.0}} {
		status, body := send(t, i, "Editor", "POST", "trail", recorded(t, "firing"))
		require.Equal(t, 200, status)
		require.Equal(t, want, body, n)
	}
	_, body := send(t, i, "Editor", "POST", "trail", recorded(t, "resolved"))
	require.Equal(t, 1.0, body["resolved"])
	status, _ := send(t, i, "Editor", "POST", "trail", []byte("[]"))
	require.Equal(t, 400, status)
	status, _ = send(t, i, "Viewer", "POST", "trail", recorded(t, "firing"))
	require.Equal(t, 403, status)
	_, verified := send(t, i, "Viewer", "GET", "audit/verify", nil)
	require.Equal(t, true, verified["ok"])
	require.Equal(t, 2.0, verified["entries"])
}

func TestWarningsFromElsewhere(t *testing.T) {
	i := withChannels(t)
	post := func(body string) (int, map[string]any) { return send(t, i, "Editor", "POST", "warnings", []byte(body)) }
	status, body := post(`{"state":"raised","key":"k","rule":"Disk","labels":{"instance":"db-2","severity":"warning"},"note":"full in 9 h"}`)
	require.Equal(t, 200, status)
	require.Equal(t, map[string]any{"recorded": true, "seq": 1.0}, body)
	_, body = post(`{"state":"raised","key":"k","rule":"Disk"}`)
	require.Equal(t, map[string]any{"recorded": false, "seq": 1.0}, body)
	_, body = post(`{"state":"resolved","key":"k","rule":"Disk"}`)
	require.Equal(t, true, body["recorded"])
	for field, body := range map[string]string{"state": `{"state":"on","key":"k","rule":"r"}`, "key": `{"state":"raised","rule":"r"}`, "rule": `{"state":"raised","key":"k"}`,
		"at": `{"state":"raised","key":"k","rule":"r","at":"2999-01-01T00:00:00Z"}`, "body": `{"stat":"raised"}`} {
		status, answer := post(body)
		require.Equal(t, 400, status)
		require.Equal(t, field, answer["field"], "%v", answer)
	}
	status, _ = send(t, i, "Viewer", "POST", "warnings", []byte(`{}`))
	require.Equal(t, 403, status)
}

func TestOldLinesOfTheTrailGo(t *testing.T) {
	i := instance(t, backend.DataSourceInstanceSettings{JSONData: []byte(`{"trail":{"keep":"3650d"}}`)})
	status, _ := send(t, i, "Editor", "POST", "warnings", []byte(`{"state":"raised","key":"k","rule":"Disk","at":"2001-01-01T00:00:00Z"}`))
	require.Equal(t, 200, status)
	for range 2 {
		status, _ = send(t, i, "Editor", "POST", "trail", recorded(t, "firing"))
		require.Equal(t, 200, status)
	}
	_, audit := send(t, i, "Viewer", "GET", "audit", nil)
	var actions []string
	for _, e := range audit["entries"].([]any) {
		actions = append(actions, e.(map[string]any)["action"].(string))
	}
	require.Equal(t, []string{"trail.prune", "warning.raised"}, actions)
	_, verified := send(t, i, "Viewer", "GET", "audit/verify", nil)
	require.Equal(t, true, verified["ok"])
	i = instance(t, backend.DataSourceInstanceSettings{JSONData: []byte(`{"trail":{"keep":"soon"}}`)})
	status, _ = send(t, i, "Editor", "POST", "trail", recorded(t, "firing"))
	require.Equal(t, 200, status, "a mistake there keeps everything")
}

func ask(t *testing.T, i *Instance, q string) backend.DataResponse {
	t.Helper()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	res, err := i.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{{RefID: "A", JSON: []byte(q), TimeRange: backend.TimeRange{From: at.Add(-2 * time.Hour), To: at}}}})
	require.NoError(t, err)
	return res.Responses["A"]
}

func TestDashboardsReadTheTrail(t *testing.T) {
	i := withChannels(t)
	for _, status := range []string{"firing", "resolved"} {
		send(t, i, "Editor", "POST", "trail", recorded(t, status))
	}
	send(t, i, "Editor", "POST", "relay/bad", recorded(t, "firing"))
	delivered := trailReport(t, i, "deliveries") // dated now, outside of the range asked below
	require.Equal(t, 1, delivered.Rows())
	require.Len(t, delivered.Fields, 5)
	require.Equal(t, []any{"cpu", int64(3), int64(1), 0.75}, precisionFrame([]trail.Precision{{Model: "cpu", Incidents: 3, NotAnomalies: 1}}).RowCopy(0))
	for report, want := range map[string]struct {
		rows   int
		fields []string
	}{
		"hours":       {2, []string{"time", "warnings", "warnings"}},
		"rules":       {1, []string{"rule", "raised", "resolved", "minutes to resolve", "last"}},
		"entities":    {1, []string{"entity", "raised", "resolved", "minutes to resolve", "last"}},
		"totals":      {1, []string{"raised", "resolved", "open", "minutes to resolve"}},
		"warnings":    {1, []string{"time", "resolved", "severity", "rule", "entity", "what", "model", "algorithm", "why", "line"}},
		"annotations": {1, []string{"time", "timeEnd", "title", "text", "tags"}},
	} {
		res := ask(t, i, `{"refId":"A","queryType":"trail","report":"`+report+`","datasource":{"uid":"x"},"intervalMs":1,"maxDataPoints":2}`)
		require.NoError(t, res.Error, report)
		require.Len(t, res.Frames, 1)
		f := res.Frames[0]
		require.NotEmpty(t, f.Meta.Type, "%s: an untyped frame is refused by expressions", report)
		var names []string
		for _, field := range f.Fields {
			names = append(names, field.Name)
		}
		require.Equal(t, want.fields, names, report)
		require.Equal(t, want.rows, f.Rows(), report)
		_, err := data.FrameToJSON(f, data.IncludeAll)
		require.NoError(t, err)
	}
	hours := ask(t, i, `{"refId":"A","queryType":"trail","report":"hours"}`).Frames[0]
	raised := 0.0
	for k := range hours.Rows() {
		require.Equal(t, time.Date(2026, 11, 21, 7+k, 0, 0, 0, time.UTC), hours.At(0, k), "hours follow each other")
		for field := range hours.Fields[1:] {
			raised += hours.At(field+1, k).(float64)
		}
	}
	require.Equal(t, 1.0, raised)
	took, ok := ask(t, i, `{"refId":"A","queryType":"trail","report":"totals"}`).Frames[0].ConcreteAt(3, 0)
	require.True(t, ok)
	require.Positive(t, took)
	one := ask(t, i, `{"refId":"A","queryType":"trail","report":"warnings","rule":"another"}`)
	require.Zero(t, one.Frames[0].Rows())
	for body, says := range map[string]string{`{"refId":"A","queryType":"trail","report":"all"}`: `field "report" is "all"`, `{"refId":"A","queryType":"trail","source":{}}`: "source",
		`{"refId":"A","queryType":"trail","language":"de"}`: `field "language" is "de", want en-US or zh-Hans`} {
		res := ask(t, i, body)
		require.ErrorContains(t, res.Error, says)
		require.Equal(t, backend.StatusBadRequest, res.Status)
	}
}

// Where nothing was recorded a panel is told so, by a frame without fields, as of a source without series: not a table's head over nothing.
// Hours and totals are numbers all the same.
func TestAnEmptyTrail(t *testing.T) {
	i := withChannels(t)
	for report, fields := range map[string]int{"rules": 0, "entities": 0, "warnings": 0, "annotations": 0, "deliveries": 0, "precision": 0, "accuracy": 0, "models": 0, "hours": 3, "totals": 4} {
		res := ask(t, i, `{"refId":"A","queryType":"trail","report":"`+report+`"}`)
		require.NoError(t, res.Error, report)
		require.Len(t, res.Frames, 1, report)
		require.Len(t, res.Frames[0].Fields, fields, report)
	}
}

// A dashboard is told of warnings in its own language where they were recorded in it, otherwise as the rule says them.
func TestDashboardsReadTheTrailInTheirLanguage(t *testing.T) {
	i := withChannels(t)
	var m map[string]any
	require.NoError(t, json.Unmarshal(recorded(t, "firing"), &m))
	written := m["alerts"].([]any)[0].(map[string]any)["annotations"].(map[string]any)
	written["summary"], written["summary_zh"], written["description_zh"] = "CPU 93 %.", "CPU 93 %，偏高。", "比平时多。"
	body, err := json.Marshal(m)
	require.NoError(t, err)
	send(t, i, "Editor", "POST", "trail", body)
	for language, want := range map[string]string{"": "CPU 93 %.", `"language":"en-US",`: "CPU 93 %.", `"language":"zh-Hans",`: "CPU 93 %，偏高。"} {
		listed := ask(t, i, `{"refId":"A","queryType":"trail",`+language+`"report":"warnings"}`).Frames[0]
		require.Equal(t, want, listed.At(5, 0))
		marks := ask(t, i, `{"refId":"A","queryType":"trail",`+language+`"report":"annotations"}`).Frames[0]
		require.True(t, strings.HasPrefix(marks.At(3, 0).(string), want+"\n"), "%v", marks.At(3, 0))
	}
}

// A warning that lasts has no time to resolve yet: none is not nought.
func TestNothingIsResolvedInNoTime(t *testing.T) {
	i := withChannels(t)
	send(t, i, "Editor", "POST", "trail", recorded(t, "firing"))
	for report, column := range map[string]int{"totals": 3, "rules": 3, "entities": 3} {
		f := ask(t, i, `{"refId":"A","queryType":"trail","report":"`+report+`"}`).Frames[0]
		_, ok := f.ConcreteAt(column, 0)
		require.False(t, ok, report)
	}
	marks := ask(t, i, `{"refId":"A","queryType":"trail","report":"annotations"}`).Frames[0]
	require.Equal(t, marks.At(0, 0), marks.At(1, 0), "a mark without an end keeps Grafana from drawing those that have one")
}

// An annotation query gives one frame with the fields that dashboards read, also where nothing is to be shown.
func TestAnnotationFrames(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	painted := data.NewFrame("anomalies", data.NewField("time", nil, []time.Time{at}), data.NewField("timeEnd", nil, []time.Time{at.Add(time.Hour)}), data.NewField("isRegion", nil, []bool{true}),
		data.NewField("color", nil, []string{"red"}), data.NewField("title", nil, []string{"web-1"}), data.NewField("text", nil, []string{"93, expected 41 to 62"}), data.NewField("id", nil, []int64{0}))
	painted.Meta = &data.FrameMeta{DataTopic: data.DataTopicAnnotations}
	out := annotationFrames(data.Frames{data.NewFrame("series", data.NewField("time", nil, []time.Time{at})), painted}, "anomaly")
	require.Len(t, out, 1)
	require.Empty(t, out[0].Meta.DataTopic, "an annotation query reads ordinary frames")
	require.Equal(t, []any{at, at.Add(time.Hour), "web-1", "93, expected 41 to 62", "forewarn,anomaly"}, out[0].RowCopy(0))
	require.Zero(t, annotationFrames(nil, "anomaly")[0].Rows())

	dq, marks := wantsAnnotations(backend.DataQuery{JSON: []byte(`{"refId":"A","queryType":"anomaly","output":"annotations"}`)})
	require.True(t, marks)
	require.JSONEq(t, `{"refId":"A","queryType":"anomaly"}`, string(dq.JSON))
	_, marks = wantsAnnotations(backend.DataQuery{JSON: []byte(`{"refId":"A","output":"score"}`)})
	require.False(t, marks)
	_, marks = wantsAnnotations(backend.DataQuery{JSON: []byte(`nonsense`)})
	require.False(t, marks)
}
