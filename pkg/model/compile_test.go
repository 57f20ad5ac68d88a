package model

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/query"
)

func TestADefinitionBecomesAQuery(t *testing.T) {
	d := definition()
	d.Name, d.RetrainEvery = "  disk  ", "1d"
	c, err := Compile(d, query.Defaults{Horizon: "3h"})
	require.NoError(t, err)
	require.Equal(t, "disk", c.Definition.Name)
	require.Equal(t, 24*time.Hour, c.RetrainEvery)
	require.Equal(t, []any{query.Forecast, time.Hour, 3 * time.Hour}, []any{c.Query.Type, c.Query.Interval, c.Query.Horizon}, "the data source's defaults fill in what is left out")
	require.NotNil(t, c.Definition.EntityLabels)
	require.NotNil(t, c.Definition.Excluded)
	require.NotNil(t, c.Definition.Labels)
}

func TestRefusalsNameTheField(t *testing.T) {
	ask := func(fields string) json.RawMessage {
		return json.RawMessage(`{"source":{"kind":"prometheus","expr":"up"}` + fields + `}`)
	}
	many := make([]Excluded, mostExcluded+1)
	for name, c := range map[string]struct {
		change func(d *Definition)
		field  string
		says   string
	}{
		"no name":                {func(d *Definition) { d.Name = " " }, "name", "0 characters"},
		"a long name":            {func(d *Definition) { d.Name = strings.Repeat("长", 101) }, "name", "101 characters"},
		"a name with a slash":    {func(d *Definition) { d.Name = "a/b" }, "name", `'/'`},
		"a name with a newline":  {func(d *Definition) { d.Name = "a\nb" }, "name", `\n`},
		"a name of dots":         {func(d *Definition) { d.Name = ".." }, "name", "another name"},
		"the name of a route":    {func(d *Definition) { d.Name = "Import" }, "name", "another name"},
		"a negative budget":      {func(d *Definition) { d.AlertBudget = -1 }, "alertBudget", "0 to 10000"},
		"a huge budget":          {func(d *Definition) { d.AlertBudget = 1e6 }, "alertBudget", "0 to 10000"},
		"a nameless label":       {func(d *Definition) { d.EntityLabels = []string{"host", " "} }, "entityLabels[1]", "the name of a label"},
		"time that goes back":    {func(d *Definition) { d.Excluded = []Excluded{{From: noon, To: noon}} }, "excluded[0].to", "after 2026-03-01T12:00:00Z"},
		"too much left out":      {func(d *Definition) { d.Excluded = many }, "excluded", "at most 500"},
		"no schedule":            {func(d *Definition) { d.RetrainEvery = "often" }, "retrainEvery", "duration"},
		"a hectic schedule":      {func(d *Definition) { d.RetrainEvery = "4m" }, "retrainEvery", "at least 5m"},
		"no query":               {func(d *Definition) { d.Query = nil }, "query", "not an object"},
		"a query that is null":   {func(d *Definition) { d.Query = json.RawMessage("null") }, "query", "not an object"},
		"a query that is text":   {func(d *Definition) { d.Query = json.RawMessage(`"up"`) }, "query", "not an object"},
		"an unknown field":       {func(d *Definition) { d.Query = ask(`,"hroizon":"1h"`) }, "query.hroizon", "unknown field"},
		"a bad interval":         {func(d *Definition) { d.Query = ask(`,"interval":"soon"`) }, "query.interval", "duration"},
		"an unknown algorithm":   {func(d *Definition) { d.Query = ask(`,"model":{"algorithm":"oracle"}`) }, "query.model", "oracle"},
		"a trained model":        {func(d *Definition) { d.Query = ask(`,"model":{"name":"other"}`) }, "query.model.name", "not trained from another"},
		"nothing to learn":       {func(d *Definition) { d.Query = ask(`,"queryType":"series"`) }, "query.queryType", "learns nothing"},
		"an unknown zone":        {func(d *Definition) { d.Timezone = "Mars/Base" }, "timezone", "Mars/Base"},
		"unknown holidays":       {func(d *Definition) { d.Holidays = "XX" }, "holidays", "XX"},
		"an unreadable calendar": {func(d *Definition) { d.Holidays, d.Query = "CN", ask(`,"calendar":7`) }, "query.calendar", "cannot be read"},
		"a calendar's own zone":  {func(d *Definition) { d.Query = ask(`,"calendar":{"timezone":"Mars/Base"}`) }, "query.calendar", "Mars/Base"},
	} {
		t.Run(name, func(t *testing.T) {
			d := definition()
			c.change(&d)
			_, err := Compile(d, query.Defaults{})
			require.ErrorIs(t, err, ErrInvalid)
			var wrong *FieldError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, c.field, wrong.Field, err)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestNamesPeopleUse(t *testing.T) {
	for _, name := range []string{"disk-root", "磁盘 根目录", "CPU (web)", "a.b:c", strings.Repeat("长", 100), "imports"} {
		d := definition()
		d.Name = name
		_, err := Compile(d, query.Defaults{})
		require.NoError(t, err, name)
	}
}

func TestTheDefinitionsCalendarJoinsThatOfTheQuery(t *testing.T) {
	d := definition()
	d.Timezone, d.Holidays = "Asia/Shanghai", "CN"
	d.Excluded = []Excluded{{From: noon, To: noon.Add(time.Hour), Reason: "migration"}}
	d.Query = json.RawMessage(`{"source":{"kind":"prometheus","expr":"up"},"calendar":{"timezone":"Europe/Berlin","excluded":[{"from":"2026-02-01T00:00:00Z","to":"2026-02-02T00:00:00Z"}]}}`)
	raw, err := Merged(d)
	require.NoError(t, err)
	var got struct {
		Calendar struct {
			Timezone, Holidays string
			Excluded           []struct{ Reason string }
		}
	}
	require.NoError(t, json.Unmarshal(raw, &got))
	require.Equal(t, "Europe/Berlin", got.Calendar.Timezone, "what the query says itself wins")
	require.Equal(t, "CN", got.Calendar.Holidays)
	require.Len(t, got.Calendar.Excluded, 2, "both are left out")
	require.Equal(t, "migration", got.Calendar.Excluded[1].Reason)
	c, err := Compile(d, query.Defaults{})
	require.NoError(t, err)
	require.Equal(t, "Europe/Berlin", c.Query.Calendar.Zone().String())
}

func TestWithoutACalendarTheQueryStaysAsItIs(t *testing.T) {
	d := definition()
	raw, err := Merged(d)
	require.NoError(t, err)
	require.JSONEq(t, string(d.Query), string(raw))
}

func TestCompilingLeavesTheCallersDefinitionAlone(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	d := definition()
	d.Excluded = []Excluded{{From: noon.In(zone), To: noon.Add(time.Hour).In(zone)}}
	before := fmt.Sprint(d.Excluded[0].From)
	c, err := Compile(d, query.Defaults{})
	require.NoError(t, err)
	require.Equal(t, time.UTC, c.Definition.Excluded[0].From.Location(), "stored in UTC")
	require.Equal(t, before, fmt.Sprint(d.Excluded[0].From))
}
