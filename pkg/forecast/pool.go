package forecast

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
)

// pool lists the models that a combination consists of: simple ones, which a break in the series does not mislead, and
// regressions and decompositions over several ideas of what the seasons are. Models that would be the same are left out.
func pool(in Input) []candidate {
	none := []int{}
	out := []candidate{
		{"seasonal-naive", seasonalNaive{}, nil},
		{"mstl", mstlForecaster{trend: "theta"}, nil},
		{"delta", delta{}, nil},
		{"regression", regression{recent: 5, most: 0, around: -1, logs: true}, nil},
	}
	if len(in.Periods) > 0 {
		out = append(out, candidate{"naive", seasonalNaive{}, none})
	}
	if len(in.seasons) == 0 {
		return append(out, candidate{"regression", regression{recent: 5, most: 0, around: -1}, nil})
	}
	out = append(out,
		candidate{"linear", linear{}, nil},
		candidate{"delta", delta{seasonal: true}, nil},
		candidate{"median of 7", medianProfile{7}, nil},
		candidate{"profile", awayFromProfile{4, regression{recent: 3, most: 1, around: 1}}, nil},
		candidate{"regression", regression{recent: 3, most: 1, around: 1, cycles: []int{7}, beside: 1, memory: 1.5}, nil},
		candidate{"regression", regression{recent: 3, most: -1, around: 2, cycles: []int{7, 4}, beside: 2, memory: 1.5}, nil},
		candidate{"regression", regression{recent: 5, most: -1, around: 3, logs: true, memory: 1}, nil})
	short := in.seasons[:1]
	if !slices.Equal(short, in.Periods) {
		out = append(out, candidate{"seasonal-naive", seasonalNaive{}, short})
	}
	if len(in.seasons) > 1 && !slices.Equal(in.seasons, in.Periods) {
		out = append(out, candidate{"seasonal-naive", seasonalNaive{}, in.seasons})
	}
	return out
}

// clockSeasons gives the seasons that are worth a lag, proven or not: a day and a week, or a year for steps of days.
func clockSeasons(step time.Duration, n int) []int {
	var out []int
	for _, clock := range []time.Duration{24 * time.Hour, 7 * 24 * time.Hour} {
		if clock%step == 0 && clock >= 4*step {
			out = append(out, int(clock/step))
		}
	}
	if step >= 24*time.Hour {
		out = append(out, yearSteps(step))
	}
	return usable(out, n)
}

// yearSteps gives the number of steps nearest to a year of 365.25 days.
func yearSteps(step time.Duration) int {
	return int(math.Round(float64(8766*time.Hour) / float64(step)))
}

// oneStep gives the one-step-ahead expectation of every point: that of the autoregression on all proven seasons, before the
// longest lag that on fewer.
func oneStep(ctx context.Context, in Input) []float64 {
	var out []float64
	for k := len(in.Periods); k >= 0; k-- {
		part := in
		part.Periods = in.Periods[:k]
		m, err := sparseAR{}.Fit(ctx, part)
		if err != nil {
			continue
		}
		fitted := m.Fitted()
		if out == nil {
			out = fitted
			continue
		}
		for t := 0; t < len(out) && math.IsNaN(out[t]); t++ {
			out[t] = fitted[t]
		}
	}
	if out == nil {
		return series.Missing(len(in.Values))
	}
	return out
}

// onlyMember is what models have in common that serve in combinations alone: nobody asks them for the past, or to explain
// themselves.
type onlyMember struct{}

func (onlyMember) Fitted() []float64 { return nil }

func (onlyMember) Explain() map[string]float64 { return nil }
