package tests

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
)

// blocks gives the fenced examples of a language on a page.
func blocks(t *testing.T, page, language string) (out []string) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(read(t, root("docs", page))), -1) {
		out = append(out, m[1])
	}
	require.NotEmpty(t, out)
	return out
}

// The models of the guide are ones that the plugin takes, after Grafana has read the file.
func TestTheGuidesModelsCanBeProvisioned(t *testing.T) {
	var file struct {
		Datasources []struct {
			JSONData struct {
				Models []any `yaml:"models"`
			} `yaml:"jsonData"`
		} `yaml:"datasources"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(blocks(t, "models.md", "yaml")[0]), &file))
	models := file.Datasources[0].JSONData.Models
	require.Len(t, models, 2)
	for _, m := range models {
		raw, err := json.Marshal(m)
		require.NoError(t, err)
		dec := json.NewDecoder(strings.NewReader(strings.ReplaceAll(string(raw), "$$", "$"))) // as Grafana expands it
		dec.DisallowUnknownFields()
		var d model.Definition
		require.NoError(t, dec.Decode(&d))
		_, err = model.Compile(d, query.Defaults{})
		require.NoError(t, err, d.Name)
	}
}

// Every field of a definition that users write is in the guide's table.
func TestTheGuideNamesEveryFieldOfADefinition(t *testing.T) {
	raw, err := json.Marshal(model.Definition{Query: json.RawMessage("{}")})
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(raw, &fields))
	delete(fields, "draft") // the pages' own
	delete(fields, "provisioned")
	text := string(read(t, root("docs", "models.md")))
	for name := range fields {
		require.Regexp(t, `(?m)^\| [^|]*`+"`"+name+"`", text, name)
	}
}
