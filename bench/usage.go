package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/tests/promserver"
)

// usage makes as many series as the largest size asks for: CPU-like percentages with a season of the day and of the week,
// each series with its own level, phase and noise. The label `set` names the smallest size that a series belongs to.
func usage(sizes []int, start time.Time, length time.Duration) []promserver.Metric {
	out := make([]promserver.Metric, sizes[len(sizes)-1])
	for i := range out {
		rng := rand.New(rand.NewPCG(1, uint64(i)))
		level, day, week, noise, phase := 30+20*rng.Float64(), 5+10*rng.Float64(), 2+4*rng.Float64(), 0.5+rng.Float64(), rng.Float64()
		values := make([]float64, length/time.Minute)
		drift := 0.0
		for k := range values {
			days := float64(k) / (24 * 60)
			drift = 0.98*drift + 0.3*noise*rng.NormFloat64()
			weekend := 0.0
			if int(days+phase)%7 >= 5 {
				weekend = 1
			}
			v := level + day*math.Sin(2*math.Pi*(days+phase)) + 0.4*day*math.Sin(4*math.Pi*(days+2*phase)) - week*weekend + drift + noise*rng.NormFloat64()
			values[k] = math.Round(100*min(max(v, 0), 100)) / 100
		}
		set := 0
		for _, n := range sizes {
			if i < n {
				set = n
				break
			}
		}
		out[i] = promserver.Metric{Name: "bench_cpu_percent", Labels: map[string]string{"instance": fmt.Sprintf("host-%03d:9100", i), "job": "node", "set": fmt.Sprint(set)},
			Start: start, Step: time.Minute, Values: values}
	}
	return out
}

// usageExpr selects n of the series, n being one of the sizes.
func usageExpr(n int) string {
	var sets []string
	for _, size := range benchSizes {
		if size <= n {
			sets = append(sets, fmt.Sprint(size))
		}
	}
	return fmt.Sprintf(`bench_cpu_percent{set=~"%s"}`, strings.Join(sets, "|"))
}
