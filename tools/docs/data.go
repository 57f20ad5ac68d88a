package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// start is a Monday.
var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// requests is a service's load, n steps at steps a day: a day's and a week's rhythm and noise that lasts.
func requests(n, day int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	out, e := make([]float64, n), 0.0
	for i := range out {
		e = 0.7*e + 3*rng.NormFloat64()
		at := 2 * math.Pi * float64(i%day) / float64(day)
		out[i] = 240 - 90*math.Cos(at) - 25*math.Cos(2*at) + e
		if i/day%7 >= 5 {
			out[i] -= 60
		}
	}
	return out
}

// disk is used space that grows, with a clean-up each night.
func disk(n, day int) []float64 {
	rng := rand.New(rand.NewPCG(5, 1))
	out, level := make([]float64, n), 40.0
	for i := range out {
		level += 0.06 + 0.05*rng.NormFloat64()
		if i%day == 3 {
			level -= 0.8
		}
		out[i] = level
	}
	return out
}

// kinked is the load of a service whose growth stops, with smooth rhythms.
func kinked(n, day int) []float64 {
	rng := rand.New(rand.NewPCG(6, 1))
	out := make([]float64, n)
	for i := range out {
		at := 2 * math.Pi * float64(i) / float64(day)
		out[i] = 100 + 0.15*math.Min(float64(i), float64(n)*0.6) + 25*math.Sin(at) + 10*math.Cos(at/7) + 3*rng.NormFloat64()
	}
	return out
}

// failures are counts that are mostly zero.
func failures(n int) []float64 {
	rng := rand.New(rand.NewPCG(8, 1))
	out := make([]float64, n)
	for i := range out {
		if rng.Float64() < 0.12 {
			out[i] = float64(1 + rng.IntN(5))
		}
	}
	return out
}

// days are the labels of a time axis, at noon: of every day of the n steps from first on, or of as many as there is room for.
func days(first, n, day int) []tick {
	every := max((n/day+9)/10, 1)
	var out []tick
	for i := range n {
		if t := first + i; t%day == day/2 && t/day%every == 0 {
			out = append(out, tick{i, start.AddDate(0, 0, t/day).Format("Mon 2 Jan")})
		}
	}
	return out
}

func hours(first, n, day, every int) []tick {
	var out []tick
	for i := range n {
		if t := first + i; t%(day/24*every) == 0 {
			out = append(out, tick{i, fmt.Sprintf("%02d:00", t%day*24/day)})
		}
	}
	return out
}

// joined puts values behind each other on one axis: nothing before, then x, nothing after, n in all.
func joined(before int, x []float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
		if k := i - before; k >= 0 && k < len(x) {
			out[i] = x[k]
		}
	}
	return out
}
