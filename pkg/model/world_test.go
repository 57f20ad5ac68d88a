package model

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// definition is the least that can be trained.
func definition() Definition {
	return Definition{Name: "disk", Query: json.RawMessage(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"up"},"interval":"1h","trainingWindow":"14d"}`)}
}

// daily is a season of 24 steps with a little noise that is the same each time.
func daily(n int, level float64) []float64 {
	out := make([]float64, n)
	seed := uint64(level) + 1
	for i := range out {
		seed = seed*6364136223846793005 + 1442695040888963407
		out[i] = level + 10*math.Sin(2*math.Pi*float64(i)/24) + float64(seed>>40)/float64(1<<24)
	}
	return out
}

// learnt is one series as training keeps it.
func learnt(t *testing.T, name string, level float64) Series {
	t.Helper()
	c, err := Compile(definition(), query.Defaults{})
	require.NoError(t, err)
	g := series.Grid{Start: noon.Add(-14 * 24 * time.Hour), Step: time.Hour, Len: 14 * 24}
	s, _, err := query.Learn(t.Context(), c.Query, g, series.Series{Name: name, Labels: series.Labels{"host": name}, Values: daily(g.Len, level)})
	require.NoError(t, err)
	return *s
}

// ahead is what a state forecasts.
func ahead(t *testing.T, s *forecast.State) []float64 {
	t.Helper()
	r, err := s.Result(24, 0.95)
	require.NoError(t, err)
	return r.Mean
}

func known(v float64) *float64 { return &v }

func hosts(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("h%02d", i)
	}
	return out
}
