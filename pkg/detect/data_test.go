package detect

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"github.com/stretchr/testify/require"
)

const fiveMinutes = 5 * time.Minute

// daily is a metric with a daily season and autocorrelated noise, n points at 5 minutes.
func daily(n int, seed uint64) []float64 {
	out := noise(n, 0.6, seed)
	for i := range out {
		out[i] += 50 + 20*math.Sin(2*math.Pi*float64(i)/288)
	}
	return out
}

// noise is autoregressive normal noise; 0 makes it white, 1 a random walk.
func noise(n int, memory float64, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 2))
	out, e := make([]float64, n), 0.0
	for i := range out {
		e = memory*e + rng.NormFloat64()
		out[i] = e
	}
	return out
}

// heavy is white noise with heavy tails: 5 is exceeded seven times a day.
func heavy(n int, seed uint64) []float64 {
	out := noise(n, 0, seed)
	for i, v := range out {
		out[i] = v * math.Abs(v)
	}
	return out
}

// times gives values that are missing where f gives NaN.
func times(n int, f func(i int) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

func detectRun(t require.TestingT, in Input, algorithm string, params map[string]any) *Output {
	if in.Step == 0 {
		in.Step = fiveMinutes
	}
	out, err := Run(context.Background(), in, Options{Algorithm: algorithm, Params: params})
	require.NoError(t, err)
	return out
}

func flags(out *Output) (n int) { return flagsIn(out, 0, len(out.Anomalous)) }

func flagsIn(out *Output, from, to int) (n int) {
	for _, a := range out.Anomalous[from:to] {
		if a {
			n++
		}
	}
	return n
}

// episodes counts runs of flags, gaps of two points closed.
func episodes(out *Output) (n int) {
	last := -10
	for i, a := range out.Anomalous {
		if a {
			if i-last > 3 {
				n++
			}
			last = i
		}
	}
	return n
}
