package forecast

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func benchmarkRun(b *testing.B, algorithm string, n, day int, step time.Duration) {
	in := Input{Values: dayWeek(n, day, 5, 0, 1, 3), Step: step}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Run(context.Background(), in, Options{Algorithm: algorithm, Horizon: day, Confidence: 0.95}); err != nil {
			b.Fatal(err)
		}
	}
}

// The default query: 14 days at 5 minutes, a day ahead.
func BenchmarkRunAuto4032(b *testing.B) { benchmarkRun(b, Auto, 4032, 288, 5*time.Minute) }

// Four weeks at a minute, a day ahead.
func BenchmarkRunAuto40320(b *testing.B) { benchmarkRun(b, Auto, 40320, 1440, time.Minute) }

// Cost against length shows that no step is quadratic: the nanoseconds a point stay.
func BenchmarkByLength(b *testing.B) {
	for _, a := range append(Algorithms(), Algorithm{ID: Auto}) {
		for _, n := range []int{500, 1000, 2000, 4000, 8000, 16000, 40000} {
			b.Run(fmt.Sprintf("%s/%d", a.ID, n), func(b *testing.B) {
				benchmarkRun(b, a.ID, n, 96, 15*time.Minute)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/point")
			})
		}
	}
}

// Four and a half years of hours, two days ahead: far more days than the other benchmarks have.
func BenchmarkRunAutoYears(b *testing.B) { benchmarkRun(b, Auto, 40000, 24, time.Hour) }

func BenchmarkEachAlgorithm(b *testing.B) {
	for _, a := range Algorithms() {
		b.Run(a.ID+"/hourly700", func(b *testing.B) { benchmarkRun(b, a.ID, 700, 24, time.Hour) })
		b.Run(a.ID+"/5min4032", func(b *testing.B) { benchmarkRun(b, a.ID, 4032, 288, 5*time.Minute) })
	}
}

// Four weeks of hours with one season, two days ahead, with backtest and band.
func BenchmarkTheta(b *testing.B) {
	in := Input{Values: dayWeek(700, 24, 0, 0, 1, 3), Step: time.Hour}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Run(context.Background(), in, Options{Algorithm: "theta", Horizon: 48, Confidence: 0.95}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDetectPeriods4032(b *testing.B) {
	x := dayWeek(4032, 288, 5, 0, 1, 3)
	for b.Loop() {
		DetectPeriods(x, 5*time.Minute)
	}
}

func BenchmarkMSTL4032(b *testing.B) {
	x := dayWeek(4032, 288, 5, 0, 1, 3)
	for b.Loop() {
		mstl(x, []int{288}, false, nil)
	}
}

func BenchmarkPaths(b *testing.B) {
	r := run(b, dayWeek(2016, 144, 5, 0, 1, 3), 10*time.Minute, 432, Auto)
	for b.Loop() {
		paths(r, 500, 1)
	}
}
