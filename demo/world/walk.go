package world

import (
	"math"
	"time"
)

// Walker goes through the time series minute by minute. Counters are sums, so a walk always begins at the world's start; walking
// four weeks takes about a second. It is for one goroutine.
type Walker struct {
	w      *World
	parts  []*part
	series []Series
	at     minute
	last   []float64 // at the minute before
	values []float64
	total  []float64 // counters so far
}

// Walk begins at the world's start.
func (w *World) Walk() *Walker {
	k := &Walker{w: w, parts: w.parts(), at: minuteOf(w.Start())}
	for _, p := range k.parts {
		k.series = append(k.series, p.series...)
	}
	k.last, k.values, k.total = make([]float64, len(k.series)), make([]float64, len(k.series)), make([]float64, len(k.series))
	k.fill(true)
	copy(k.last, k.values)
	return k
}

// Series are all series, in the order of the values.
func (k *Walker) Series() []Series { return k.series }

// Time is the minute that Values are of.
func (k *Walker) Time() time.Time { return timeOf(k.at) }

// Values are those at Time; NaN where a series has no sample. The slice is the walker's own, valid until it moves.
func (k *Walker) Values() []float64 { return k.values }

// Next goes one minute on.
func (k *Walker) Next() {
	k.at++
	copy(k.last, k.values)
	k.fill(false)
}

// To goes on until Time is not before t; it never goes back.
func (k *Walker) To(t time.Time) {
	for k.Time().Before(t) {
		k.Next()
	}
}

func (k *Walker) fill(first bool) {
	i := 0
	for _, p := range k.parts {
		out := k.values[i : i+len(p.series)]
		total := k.total[i : i+len(p.series)]
		i += len(p.series)
		p.step(k.at, out)
		down, fresh := k.w.down(p.of, k.at)
		for j := range out {
			if p.series[j].Counter {
				switch {
				case first:
					total[j] = math.Round(out[j] * p.before)
				case down || fresh:
					total[j] = 0
				default:
					total[j] += out[j]
				}
				out[j] = total[j]
			}
			if down {
				out[j] = math.NaN()
			}
		}
	}
}

// Between writes the values at t, which lies in the minute before Time, into out: what a faster scrape would see.
func (k *Walker) Between(t time.Time, out []float64) {
	share := 1 - float64(k.Time().Sub(t))/float64(Step)
	for i, v := range k.values {
		switch last := k.last[i]; {
		case share >= 1 || math.IsNaN(v):
			out[i] = v
		case math.IsNaN(last):
			out[i] = last
		default:
			out[i] = last + share*(v-last)
		}
	}
}
