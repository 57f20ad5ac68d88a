package explain

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden sentences")

// told are episodes of every kind, with all of their numbers.
func told() map[string]Episode {
	peak := time.Date(2026, 11, 20, 16, 30, 0, 0, time.UTC)
	shanghai := time.FixedZone("", 8*3600)
	base := Episode{Name: "web-1", From: peak.Add(-time.Hour), To: peak.Add(30 * time.Minute), Peak: peak, Minutes: 90, Score: 2.34, Algorithm: "auto", Zone: shanghai}
	with := func(change func(*Episode)) Episode {
		e := base
		change(&e)
		return e
	}
	full := func(e *Episode) {
		e.Actual, e.Expected, e.Lower, e.Upper = new(float64(87)), new(float64(42)), new(float64(30)), new(float64(54))
		e.Deviation, e.Relative = new(float64(45)), new(float64(45.0/42))
		e.Yesterday, e.LastWeek = new(float64(41)), new(float64(39.5))
		e.Passed, e.Model, e.Version = []string{"minDeviation", "for"}, "cpu", 3
		e.Before = []Earlier{{peak.Add(-50 * time.Hour), 2.1}}
	}
	signals := []Share{
		{Signal: "memory", Share: 0.62, Actual: new(float64(84)), Expected: new(float64(71)), Yesterday: new(float64(70)), LastWeek: new(float64(69))},
		{Signal: "logs OutOfMemory", Share: 0.3, Actual: new(float64(9)), Expected: new(float64(1))},
		{Signal: "cpu", Share: 0.08},
	}
	return map[string]Episode{
		"anomaly above": with(full),
		"anomaly below": with(func(e *Episode) {
			full(e)
			e.Actual, e.Deviation, e.Relative = new(float64(4)), new(float64(-38)), new(float64(-38.0/42))
		}),
		"anomaly of nothing known": with(func(*Episode) {}),
		"anomaly over a limit":     with(func(e *Episode) { e.Actual, e.Upper = new(float64(93.25)), new(float64(80)) }),
		"anomaly under a limit":    with(func(e *Episode) { e.Actual, e.Lower = new(float64(0.25)), new(float64(1)) }),
		"anomaly within one limit": with(func(e *Episode) { e.Actual, e.Upper = new(float64(70)), new(float64(80)) }),
		"expected nothing": with(func(e *Episode) {
			full(e)
			e.Expected, e.Deviation, e.Relative = new(float64(0)), new(float64(87)), nil
		}),
		"without a band":    with(func(e *Episode) { full(e); e.Lower = nil }),
		"without yesterday": with(func(e *Episode) { full(e); e.Yesterday = nil }),
		"without last week": with(func(e *Episode) { full(e); e.LastWeek = nil }),
		"without any past":  with(func(e *Episode) { full(e); e.Yesterday, e.LastWeek, e.Before = nil, nil, nil }),
		"without a model":   with(func(e *Episode) { full(e); e.Model = "" }),
		"held back by maintenance": with(func(e *Episode) {
			full(e)
			e.Passed, e.HeldBack, e.Reason = nil, "maintenance", "upgrade of the kernel"
		}),
		"held back by a cooldown":  with(func(e *Episode) { full(e); e.Passed, e.HeldBack = nil, "cooldown" }),
		"held back by a new stage": with(func(e *Episode) { full(e); e.Passed, e.HeldBack = nil, "moonlight" }),
		"outlier above":            with(func(e *Episode) { full(e); e.Group, e.Algorithm, e.Passed = true, "kmeans", nil }),
		"outlier below":            with(func(e *Episode) { full(e); e.Group, e.Deviation, e.Passed = true, new(float64(-45)), nil }),
		"outlier without the rest": with(func(e *Episode) { full(e); e.Group, e.Lower, e.Upper, e.Passed = true, nil, nil, nil }),
		"composite":                with(func(e *Episode) { e.Shares, e.Passed = signals, []string{"persistence", "cooldown"} }),
		"composite of one":         with(func(e *Episode) { e.Shares = signals[2:] }),
		"tiny and huge": with(func(e *Episode) {
			full(e)
			e.Actual, e.Deviation, e.Relative = new(float64(3.2e16)), new(float64(3.2e16)), new(float64(7e14))
		}),
	}
}

// The sentences of every kind in both languages stand in testdata, where a person can read them all.
func TestGoldenSentences(t *testing.T) {
	for _, language := range Languages() {
		var b strings.Builder
		for _, name := range slices.Sorted(maps.Keys(told())) {
			fmt.Fprintf(&b, "# %s\n%s\n\n", name, told()[name].Sentence(language))
		}
		path := filepath.Join("testdata", "sentences."+language+".md")
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), b.String())
	}
}

// Every stage that a detector or a composite names has words in every language; the English name never shows in a Chinese sentence.
func TestEveryStageHasWords(t *testing.T) {
	for _, stage := range []string{"floor", "minDeviation", "minRelative", "minVolume", "agreement", "maintenance", "deployment", "persistence", "for", "repeats", "cooldown"} {
		e := Episode{Name: "x", HeldBack: stage, Passed: []string{stage}, Algorithm: "auto"}
		for _, language := range Languages() {
			require.NotEmpty(t, texts[language].stages[stage], "%s in %s", stage, language)
			require.Contains(t, e.Sentence(language), texts[language].stages[stage])
		}
		require.NotContains(t, e.Sentence(Chinese), stage)
	}
	for _, language := range Languages() {
		require.Len(t, texts[language].stages, 11, "and no words for what there is not")
	}
}

// Whichever numbers are missing, a sentence has no trace of them: no verb of the format, no nil, no NaN, no doubled separator; and both
// languages tell the same numbers.
func TestSentencesWithAnythingMissing(t *testing.T) {
	all := told()
	names := slices.Sorted(maps.Keys(all))
	rapid.Check(t, func(t *rapid.T) {
		e := all[rapid.SampledFrom(names).Draw(t, "kind")]
		for i, p := range []**float64{&e.Actual, &e.Expected, &e.Lower, &e.Upper, &e.Deviation, &e.Relative, &e.Yesterday, &e.LastWeek} {
			if rapid.Bool().Draw(t, fmt.Sprint("drop ", i)) {
				*p = nil
			}
		}
		if e.Expected == nil || e.Actual == nil {
			e.Deviation, e.Relative = nil, nil // they are made of the two
		}
		if rapid.Bool().Draw(t, "drop shares") {
			e.Shares = nil
		}
		if rapid.Bool().Draw(t, "drop before") {
			e.Before = nil
		}
		for _, language := range Languages() {
			text := e.Sentence(language)
			for _, trace := range []string{"%!", "<nil>", "NaN", "Inf", ";;", "; ;", "；；", "  ", "()", "（）"} {
				require.NotContains(t, text, trace)
			}
			require.True(t, strings.HasSuffix(text, texts[language].end))
		}
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "null", "what is not known is absent")
	})
}
