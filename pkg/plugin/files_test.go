package plugin

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// exportedFile trains a model twice and gives its file.
func exportedFile(t *testing.T, i *Instance, which string) (file api.Export) {
	t.Helper()
	trained(t, i, forecastOf("cpu", "ab"))
	var j api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "models/cpu/train", nil, &j))
	done(t, i, j.ID)
	require.Equal(t, 200, as(t, i, "anna", "Editor", "GET", "models/cpu/export"+which, nil, &file))
	return file
}

// signed gives a file the checksum of what it holds now.
func signed(t *testing.T, f api.Export) api.Export {
	t.Helper()
	var err error
	f.Checksum, err = checksum(f)
	require.NoError(t, err)
	return f
}

func TestAFileHoldsTheLiveVersionOrAll(t *testing.T) {
	i := served(t, nil)
	file := exportedFile(t, i, "")
	require.Equal(t, api.ExportFormat, file.Format)
	require.Len(t, file.Versions, 1)
	require.Equal(t, []int{2, 2}, []int{file.Live, file.Versions[0].Number})
	var all api.Export
	require.Equal(t, 200, as(t, i, "anna", "Editor", "GET", "models/cpu/export?versions=all", nil, &all))
	require.Len(t, all.Versions, 2)
	require.Equal(t, []int{1, 2}, []int{all.Versions[0].Number, all.Versions[1].Number}, "oldest first")
	require.Len(t, all.Versions[0].Results, 2)
	lines, _, err := i.store.Audit(t.Context(), store.AuditFilter{Kind: "model.export"})
	require.NoError(t, err)
	require.Len(t, lines, 2, "who took a model away is known")
	require.Equal(t, 404, as(t, i, "anna", "Editor", "GET", "models/none/export", nil, nil))
}

func TestAllVersionsMoveAndTheSameOneAnswers(t *testing.T) {
	from, to := served(t, nil), served(t, nil)
	exportedFile(t, from, "")
	require.Equal(t, 200, as(t, from, "anna", "Editor", "POST", "models/cpu/rollback", nil, nil))
	var file api.Export
	require.Equal(t, 200, as(t, from, "anna", "Editor", "GET", "models/cpu/export?versions=all", nil, &file))
	var m api.Model
	require.Equal(t, 201, as(t, to, "ben", "Editor", "POST", "models/import", file, &m))
	require.Equal(t, []int{1, 2}, []int{m.Live, m.Latest})
	var there, here api.VersionDetail
	require.Equal(t, 200, as(t, from, "v", "Viewer", "GET", "models/cpu/versions/2", nil, &there))
	require.Equal(t, 200, as(t, to, "v", "Viewer", "GET", "models/cpu/versions/2", nil, &here))
	require.Equal(t, there, here, "as it was, down to who trained it and when")
	lines, _, err := to.store.Audit(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Equal(t, []string{"version.import", "version.import", "model.import"}, []string{lines[0].Action, lines[1].Action, lines[2].Action})
}

func TestAnImportedModelIsRetrainedByItsSchedule(t *testing.T) {
	from, to := served(t, nil), served(t, nil)
	d := forecastOf("cpu", "a")
	d.RetrainEvery = "24h"
	trained(t, from, d)
	_, file := sendAs(t, from, "anna", "Editor", "GET", "models/cpu/export", nil)
	var m api.Model
	require.Equal(t, 201, as(t, to, "ben", "Editor", "POST", "models/import", string(file), &m))
	require.NotNil(t, m.NextTraining, "counted from its import, as it was never trained here")
}

func TestAModelThatWasNeverTrainedMovesToo(t *testing.T) {
	from, to := served(t, nil), served(t, nil)
	require.Equal(t, 201, as(t, from, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	status, file := sendAs(t, from, "anna", "Editor", "GET", "models/cpu/export", nil)
	require.Equal(t, 200, status)
	var m api.Model
	require.Equal(t, 201, as(t, to, "ben", "Editor", "POST", "models/import", string(file), &m))
	require.Equal(t, api.StateEmpty, m.State)
}

func TestAFileThatIsNotAsItWasWrittenIsRefusedAndLeavesNothing(t *testing.T) {
	i := served(t, nil)
	good := exportedFile(t, i, "")
	for name, c := range map[string]struct {
		change func(f *api.Export)
		field  string
	}{
		"another format":  {func(f *api.Export) { f.Format = "forewarn-model/9" }, "format"},
		"changed by hand": {func(f *api.Export) { f.Definition.Description = "x" }, "checksum"},
		"no base64":       {func(f *api.Export) { f.Versions[0].States = "!!"; *f = signed(t, *f) }, "versions[number=2].states"},
		"states that are broken": {func(f *api.Export) {
			f.Versions[0].States = base64.StdEncoding.EncodeToString([]byte("FWS1"))
			*f = signed(t, *f)
		}, "versions[number=2].states"},
		"a wrong definition": {func(f *api.Export) { f.Definition.Query = json.RawMessage(`{"interval":"soon"}`); *f = signed(t, *f) }, "query.source"},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(good)
			require.NoError(t, err)
			var f api.Export
			require.NoError(t, json.Unmarshal(raw, &f))
			c.change(&f)
			status, body := sendAs(t, i, "anna", "Editor", "POST", "models/import?name=copy", f)
			require.Equal(t, 400, status, string(body))
			var p api.Problem
			require.NoError(t, json.Unmarshal(body, &p))
			require.Equal(t, c.field, p.Field, p.Error)
			require.Equal(t, 404, as(t, i, "v", "Viewer", "GET", "models/copy", nil, nil))
		})
	}
}

func TestWhatIsImportedIsTheUsersOwn(t *testing.T) {
	from := served(t, map[string]any{"models": []api.Definition{forecastOf("cpu", "a")}})
	until(t, "it is trained", func() bool {
		status, _ := sendAs(t, from, "v", "Viewer", "GET", "models/cpu", nil)
		return status == 200 && modelNamed(t, from, "cpu").Live == 1
	})
	_, file := sendAs(t, from, "anna", "Editor", "GET", "models/cpu/export", nil)
	var m api.Model
	require.Equal(t, 201, as(t, from, "anna", "Editor", "POST", "models/import?name=copy", string(file), &m))
	require.False(t, m.Definition.Provisioned)
	require.Equal(t, 204, as(t, from, "anna", "Editor", "DELETE", "models/copy", nil, nil))
}

func TestFilesHaveNamesThatEverySystemTakes(t *testing.T) {
	for in, want := range map[string]string{"disk-root": "disk-root.forewarn.json", "磁盘": "--.forewarn.json", `a"b c`: "a-b-c.forewarn.json", "x.y_Z9": "x.y_Z9.forewarn.json"} {
		require.Equal(t, want, fileName(in))
		require.False(t, strings.ContainsAny(fileName(in), `"/\ `))
	}
}

// Whatever is in a file, importing it is an error that says why, or a version that can be asked.
func FuzzImportedVersions(f *testing.F) {
	f.Add([]byte(`{"number":1,"summary":{"series":1,"type":"forecast","interval":300},"states":"","definition":{},"results":[]}`))
	f.Add([]byte(`{"number":-1,"summary":null,"states":"RldTMQ==","definition":{"query":7}}`))
	f.Add([]byte(`{"results":[{"mase":null}],"states":"!"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var v api.ExportVersion
		if json.Unmarshal(raw, &v) != nil {
			return
		}
		out, err := imported(v)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		_, err = detail(out, nil, 1)
		require.NoError(t, err, "what is taken in can be shown")
	})
}
