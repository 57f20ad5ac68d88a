package model

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/query"
)

func changed(change func(d *Definition)) []Change {
	d := definition()
	change(&d)
	return Changes(definition(), d)
}

func TestChangesAreListedByField(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(d *Definition)
		want    []Change
		retrain bool
	}{
		"nothing":       {func(*Definition) {}, []Change{}, false},
		"only spaces":   {func(d *Definition) { d.Query = json.RawMessage(" " + string(d.Query)) }, []Change{}, false},
		"an empty list": {func(d *Definition) { d.Excluded = []Excluded{} }, []Change{}, false},
		"the interval": {func(d *Definition) {
			d.Query = json.RawMessage(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"up"},"interval":"5m","trainingWindow":"14d"}`)
		}, []Change{{"query.interval", "1h", "5m"}}, true},
		"a field more": {func(d *Definition) {
			d.Query = json.RawMessage(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"up"},"interval":"1h","trainingWindow":"14d","horizon":"2h"}`)
		}, []Change{{"query.horizon", nil, "2h"}}, true},
		"deep inside": {func(d *Definition) {
			d.Query = json.RawMessage(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"down"},"interval":"1h","trainingWindow":"14d"}`)
		}, []Change{{"query.source.expr", "up", "down"}}, true},
		"no query":              {func(d *Definition) { d.Query = nil }, []Change{{"query", plain(definition())["query"], nil}}, true},
		"the budget":            {func(d *Definition) { d.AlertBudget = 2 }, []Change{{"alertBudget", 0.0, 2.0}}, true},
		"holidays":              {func(d *Definition) { d.Holidays = "CN" }, []Change{{"holidays", "", "CN"}}, true},
		"the name":              {func(d *Definition) { d.Name = "root" }, []Change{{"name", "disk", "root"}}, false},
		"a label of the user's": {func(d *Definition) { d.Labels = map[string]string{"team": "db"} }, []Change{{"labels.team", nil, "db"}}, false},
		"paused, saved, listed": {func(d *Definition) { d.Paused, d.Draft, d.Provisioned = true, true, true }, []Change{{"draft", false, true}, {"paused", false, true}, {"provisioned", false, true}}, false},
		"the schedule": {func(d *Definition) { d.RetrainEvery, d.RetrainOnDrift, d.EntityLabels = "1d", true, []string{"h"} },
			[]Change{{"entityLabels", []any{}, []any{"h"}}, {"retrainEvery", "", "1d"}, {"retrainOnDrift", false, true}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := changed(c.change)
			require.Equal(t, c.want, got)
			require.Equal(t, c.retrain, slices.ContainsFunc(got, Matters), "whether a training would find something else")
		})
	}
}

func TestAnotherZoneForTheSameTimeIsNoChange(t *testing.T) {
	a, b := definition(), definition()
	a.Excluded = []Excluded{{From: noon, To: noon.Add(time.Hour)}}
	zone := time.FixedZone("", 8*3600)
	b.Excluded = []Excluded{{From: noon.In(zone), To: noon.Add(time.Hour).In(zone)}}
	require.Empty(t, Changes(a, b))
}

func TestAnExcludedStretchMatters(t *testing.T) {
	got := changed(func(d *Definition) { d.Excluded = []Excluded{{From: noon, To: noon.Add(time.Hour), Reason: "x"}} })
	require.Len(t, got, 1)
	require.Equal(t, "excluded", got[0].Field)
	require.True(t, Matters(got[0]))
}

func TestAFieldThatOnlyBeginsLikeOneAsideMatters(t *testing.T) {
	require.True(t, Matters(Change{Field: "labelsX"}))
	require.False(t, Matters(Change{Field: "labels.x"}))
	require.True(t, Matters(Change{Field: "query.labels"}), "of the query, not of the model")
}

func drawn() *rapid.Generator[Definition] {
	return rapid.Custom(func(t *rapid.T) Definition {
		d := definition()
		d.Description = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "description")
		d.AlertBudget = rapid.Float64Range(0, 10).Draw(t, "budget")
		d.Holidays = rapid.SampledFrom([]string{"", "CN"}).Draw(t, "holidays")
		d.Query, _ = json.Marshal(map[string]any{"queryType": "forecast", "source": map[string]any{"kind": "prometheus", "expr": rapid.SampledFrom([]string{"a", "b"}).Draw(t, "expr")},
			"interval": rapid.SampledFrom([]string{"5m", "1h"}).Draw(t, "interval")})
		d.Labels = rapid.MapOfN(rapid.SampledFrom([]string{"x", "y"}), rapid.SampledFrom([]string{"1", "2"}), 0, 2).Draw(t, "labels")
		return d
	})
}

func TestChangesOfAnyTwoDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn().Draw(t, "before"), drawn().Draw(t, "after")
		require.Empty(t, Changes(a, a))
		there, back := Changes(a, b), Changes(b, a)
		require.Len(t, back, len(there))
		for i := range there {
			require.Equal(t, Change{there[i].Field, there[i].After, there[i].Before}, back[i], "the way back is the way there, turned round")
			require.NotEqual(t, there[i].Before, there[i].After)
		}
	})
}

func TestADefinitionSurvivesStorage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, err := Compile(drawn().Draw(t, "definition"), query.Defaults{})
		require.NoError(t, err)
		raw, err := json.Marshal(c.Definition)
		require.NoError(t, err)
		var back Definition
		require.NoError(t, json.Unmarshal(raw, &back))
		require.Empty(t, Changes(c.Definition, back), "nothing is retrained because it was stored")
	})
}
