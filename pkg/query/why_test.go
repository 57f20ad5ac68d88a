package query

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/explain"
)

// trouble is a lab in which host 5 of 6 is far off in the last two hours, and was by nearly as much five days before at noon, and by a
// third of it three days before.
func trouble(t *testing.T) *lab {
	l := newLab(t)
	l.source.hosts = 6
	l.source.value = func(host int, at time.Time) float64 {
		v := rhythm(0, at) + rhythm(host, at)/100
		if host != 5 {
			return v
		}
		for ago, by := range map[time.Duration]float64{0: 100, 5 * 24 * time.Hour: 90, 3 * 24 * time.Hour: 30} {
			if end := began.Add(-ago); !at.Before(end.Add(-2*time.Hour)) && at.Before(end) {
				v += by
			}
		}
		return v
	}
	return l
}

// newestOf gives the newest stretch of an answer's result and checks what each of them has to say.
func newestOf(t *testing.T, r Result) explain.Episode {
	t.Helper()
	require.NotEmpty(t, r.Episodes)
	e := r.Episodes[len(r.Episodes)-1]
	require.Empty(t, e.HeldBack)
	require.Equal(t, began, e.To)
	require.Contains(t, []float64{90, 120}, e.Minutes, "at once, or when a second point confirmed it")
	require.Greater(t, e.Score, 1.0)
	require.Equal(t, r.Algorithm, e.Algorithm)
	require.Equal(t, []any{"cpu", 4}, []any{e.Model, e.Version}, "which model said so")
	for _, language := range []string{explain.English, explain.Chinese} {
		require.Contains(t, e.Sentence(language), "cpu")
	}
	return e
}

// of makes a query a model, as a rule asks for it over a short range.
func (l *lab) of(kind Type, raw string) *Answer {
	l.t.Helper()
	l.shelf[4] = &Trained{Name: "cpu", Version: 4, Query: []byte(raw), Type: kind, Interval: 30 * time.Minute, Threshold: 1, From: began.Add(-14 * 24 * time.Hour), To: began, At: began}
	l.shelf[0] = l.shelf[4]
	return l.ask(`{"queryType":"`+string(kind)+`","model":{"name":"cpu"}}`, -2*time.Hour, 0)
}

func TestTheWhyOfAnAnomaly(t *testing.T) {
	a := trouble(t).of(Anomaly, `{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"14d","interval":"30m","guards":{"minDeviation":5,"for":"30m"}}`)
	for _, calm := range a.Results[:5] {
		require.Empty(t, calm.Episodes)
	}
	r := a.Results[5]
	require.NotEmpty(t, r.Episodes)
	e := r.Episodes[len(r.Episodes)-1]
	require.InDelta(t, 100, *e.Deviation, 25)
	require.InDelta(t, *e.Expected, *e.Yesterday, 25)
	require.InDelta(t, *e.Expected, *e.LastWeek, 25)
	require.Equal(t, []string{"minDeviation", "for"}, e.Passed)
	require.Equal(t, []any{"cpu", 4, r.Algorithm}, []any{e.Model, e.Version, e.Algorithm})
	require.NotEmpty(t, e.Before, "though the range shown is two hours")
	require.Equal(t, 5*24*time.Hour, e.From.Sub(e.Before[0].From).Round(24*time.Hour), "the one of five days ago is more alike than that of three")
	text := e.Sentence(explain.English)
	for _, part := range []string{"above the expected", "the same time yesterday it was", "the same time last week", "model cpu version 4", "guards passed: the minimum deviation, the waiting time", "most like 2026-02-24 1"} {
		require.Contains(t, text, part)
	}
}

func TestTheWhyOfAnOutlier(t *testing.T) {
	for _, algorithm := range []string{"kmeans", "mad", "dbscan"} {
		a := trouble(t).of(Outlier, `{"queryType":"outlier","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"14d","interval":"30m","model":{"algorithm":"`+algorithm+`","options":{"window":"2h"}}}`)
		for _, calm := range a.Results[:5] {
			require.Empty(t, calm.Episodes)
		}
		e := newestOf(t, a.Results[5])
		require.True(t, e.Group)
		require.InDelta(t, 100, *e.Deviation, 3, "against the group's median")
		require.Less(t, *e.Upper-*e.Lower, 2.0, "the others")
		require.InDelta(t, *e.Expected, *e.Yesterday, 25)
		require.InDelta(t, *e.Expected, *e.LastWeek, 25)
		require.NotEmpty(t, e.Before)
		require.Equal(t, 5*24*time.Hour, e.From.Sub(e.Before[0].From), algorithm)
		require.InDelta(t, a.Results[5].Outlier.Score, e.Score, 1e-9)
		require.Contains(t, e.Sentence(explain.English), "above the group's median")
		require.Contains(t, e.Sentence(explain.Chinese), "比同组中位数")
	}
}

// A part of a whole stands beside what is usual of it, in per cent: the median of parts that differ by nature says nothing.
func TestTheWhyOfAPartOfAWhole(t *testing.T) {
	l := newLab(t)
	l.source.hosts = 4
	l.source.value = func(host int, at time.Time) float64 {
		if host == 3 && !at.Before(began.Add(-2*time.Hour)) {
			return 4 * 1000
		}
		return []float64{500, 300, 150, 50}[host] * (1 + rhythm(host, at)/1000)
	}
	a := l.ask(`{"queryType":"outlier","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"14d","interval":"30m","model":{"algorithm":"shares","options":{"window":"2h"}}}`, -6*time.Hour, 0)
	r := a.Results[3]
	require.InDelta(t, 80, r.Outlier.Actual, 2)
	require.InDelta(t, 5, r.Outlier.Expected, 1)
	require.Len(t, r.Episodes, 1)
	e := r.Episodes[0]
	require.False(t, e.Group)
	require.InDelta(t, 80, *e.Actual, 2)
	require.InDelta(t, 5, *e.Expected, 1)
	require.InDelta(t, 5, *e.Yesterday, 1, "a part, too")
	require.Nil(t, e.Upper)
	require.Contains(t, e.Sentence(explain.English), "above the expected 5")
}

func TestTheWhyOfAComposite(t *testing.T) {
	l := trouble(t)
	a := l.of(Composite, strings.Replace(strings.Replace(joined, `"7d"`, `"14d"`, 1), `"1h"`, `"30m"`, 1))
	e := newestOf(t, a.Results[5])
	require.Equal(t, []string{"persistence", "cooldown"}, e.Passed)
	require.Len(t, e.Shares, 2)
	for _, s := range e.Shares {
		require.InDelta(t, 100, *s.Actual-*s.Expected, 25)
		require.InDelta(t, *s.Expected, *s.Yesterday, 25)
		require.InDelta(t, *s.Expected, *s.LastWeek, 25)
	}
	require.NotEmpty(t, e.Before, "though the range shown is two hours")
	require.Equal(t, 5*24*time.Hour, e.From.Sub(e.Before[0].From).Round(24*time.Hour))
	require.Regexp(t, `mostly (cpu|io) \d+ % \(\d+.*, expected \d+.*, yesterday \d+.*, last week \d+.*\), `, e.Sentence(explain.English))
	for _, calm := range a.Results[:5] {
		require.Empty(t, calm.Episodes)
	}
}

func TestACompositeIsSilentDuringMaintenance(t *testing.T) {
	l := trouble(t)
	window := `,"calendar":{"maintenance":[{"from":"` + began.Add(-3*time.Hour).Format(time.RFC3339) + `","to":"` + began.Add(time.Hour).Format(time.RFC3339) + `","reason":"upgrade"}]}}`
	r := l.ask(strings.TrimSuffix(joined, "}")+window, -4*time.Hour, 0).Results[5]
	require.NotContains(t, r.Anomalous, true)
	require.NotEmpty(t, r.Episodes)
	e := r.Episodes[len(r.Episodes)-1]
	require.Equal(t, []string{"maintenance", "upgrade"}, []string{e.HeldBack, e.Reason})
}
