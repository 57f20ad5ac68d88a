package tests

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// A table in a dashboard and the page of a warning tell why it is not raised in the same words.
func TestGuardsAreCalledTheSameInTablesAndOnPages(t *testing.T) {
	for _, language := range explain.Languages() {
		var locale struct{ Guard map[string]string }
		require.NoError(t, json.Unmarshal(read(t, root("src", "locales", language, "forewarn-earlywarning-app.json")), &locale))
		told := map[string]string{}
		for _, name := range []string{warn.ShortHistory, warn.PoorFit, warn.Unconfirmed, warn.Seasonal, warn.Restarted, warn.NoTrend, warn.Slowing, warn.Contained} {
			told[name] = explain.Guards([]string{name}, language)
		}
		require.Equal(t, locale.Guard, told, language)
	}
}
