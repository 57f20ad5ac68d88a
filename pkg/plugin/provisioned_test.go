package plugin

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
)

func problems(t *testing.T, i *Instance) (all api.Models) {
	t.Helper()
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models", nil, &all))
	return all
}

func TestAMistakeInTheSettingsIsNamedAndTheOthersAreMade(t *testing.T) {
	good, err := json.Marshal(forecastOf("good", "a"))
	require.NoError(t, err)
	models := []json.RawMessage{good,
		json.RawMessage(`{"name":"typo","retrainEver":"24h","query":{}}`),
		json.RawMessage(`{"name":"type","retrainEvery":24,"query":{}}`),
		json.RawMessage(`{"name":"query","query":{"source":{"kind":"prometheus","expr":"x"},"hroizon":"1h"}}`),
		json.RawMessage(`"text"`)}
	i := served(t, map[string]any{"models": models})
	until(t, "the good one is there", func() bool { return len(problems(t, i).Models) == 1 && len(problems(t, i).Problems) == 4 })
	for k, says := range []string{`models[1] "typo": unknown field "retrainEver"`, `models[2] "type": cannot unmarshal number`, `models[3] "query": `, `models[4] "": `} {
		require.Contains(t, problems(t, i).Problems[k], says)
	}
	require.Contains(t, problems(t, i).Problems[2], `"hroizon"`)
}

func TestChangedSettingsAreSeenAsADifferenceBeforeAnythingIsRetrained(t *testing.T) {
	path := filepath.Join(t.TempDir(), "models.db")
	make := maker(t, path)
	i := make("a", map[string]any{"models": []api.Definition{forecastOf("cpu", "a")}})
	until(t, "it is trained", func() bool {
		status, _ := sendAs(t, i, "v", "Viewer", "GET", "models/cpu", nil)
		return status == 200 && modelNamed(t, i, "cpu").Live == 1
	})
	i.Dispose()
	changed := forecastOf("cpu", "ab")
	i = make("a", map[string]any{"models": []api.Definition{changed}})
	until(t, "it is in line", func() bool { return len(modelNamed(t, i, "cpu").Pending) > 0 })
	m := modelNamed(t, i, "cpu")
	require.Equal(t, []api.Change{{Field: "query.source.expr", Before: "a", After: "ab"}}, m.Pending)
	require.Equal(t, []any{api.StateStale, 1, 1}, []any{m.State, m.Live, m.Latest})
	i.Dispose()
	// A slip of the pen leaves it as it is.
	i = make("a", map[string]any{"models": []json.RawMessage{json.RawMessage(`{"name":"cpu","qurey":{}}`)}})
	until(t, "the mistake is told", func() bool { return len(problems(t, i).Problems) == 1 })
	require.True(t, modelNamed(t, i, "cpu").Definition.Provisioned)
	i.Dispose()
	i = make("a", nil)
	defer i.Dispose()
	until(t, "it is the users'", func() bool { return !modelNamed(t, i, "cpu").Definition.Provisioned })
	require.Equal(t, 204, as(t, i, "root", "Admin", "DELETE", "models/cpu", nil, nil))
}
