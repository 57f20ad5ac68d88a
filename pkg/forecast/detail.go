package forecast

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/series"
)

// detail is what means of q steps leave out: the typical deviation at each phase of a season from the line through the
// neighbouring means, and how fast the newest deviation dies away.
type detail struct {
	q       int
	profile []float64 // by phase, counted from the first value; nil where there is no season
	phi     float64   // first-order autocorrelation of what the profile leaves over
}

// newDetail learns from y. The profile is shrunk by the share of it that is noise (James, Stein: "Estimation with quadratic
// loss", 1961, positive part). Period 0 means none.
func newDetail(y []float64, q, period int) detail {
	d := detail{q: q}
	if q == 1 {
		return d
	}
	rest := deviations(y, q)
	if period > 0 && 2*period <= len(y) {
		d.profile = shrunkProfile(rest, period)
		for t := range rest {
			rest[t] -= d.profile[t%period]
		}
	}
	d.phi = lagOne(rest)
	return d
}

// deviations gives y minus the line through its means; NaN before the first whole mean.
func deviations(y []float64, q int) []float64 {
	lead := len(y) % q
	means := aggregate(y, q)
	out := series.Missing(len(y))
	for t := lead; t < len(y); t++ {
		out[t] = y[t] - interpolate(means, t-lead, q)
	}
	return out
}

func shrunkProfile(x []float64, m int) []float64 {
	profile, count := phases(x, m)
	squares, known, explained := 0.0, 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			squares += v * v
			known++
		}
	}
	for k := range profile {
		if count[k] > 0 {
			profile[k] /= count[k]
			explained += count[k] * profile[k] * profile[k]
		}
	}
	share := 0.0
	if known > float64(m) && explained > 0 {
		noise := (squares - explained) / (known - float64(m))
		share = max(0, 1-noise*float64(m)/explained)
	}
	for k := range profile {
		profile[k] *= share
	}
	return profile
}

// interpolate gives the line through the centres of neighbouring means of q steps at step t of the first mean.
func interpolate(means []float64, t, q int) float64 {
	at := (float64(t)+0.5)/float64(q) - 0.5
	k := min(max(int(math.Floor(at)), 0), max(len(means)-2, 0))
	if k+1 >= len(means) {
		return means[k]
	}
	f := min(max(at-float64(k), 0), 1)
	return means[k] + f*(means[k+1]-means[k])
}

// refine turns means forecast from step origin on into h single steps. Tail holds the q values before the origin, and those
// known since; the forecast starts after them.
func (d detail) refine(means []float64, origin int, tail []float64, h int) []float64 {
	if d.q == 1 {
		return means[len(tail)-1:][:h]
	}
	line := append(aggregate(tail[:d.q], d.q), means...)
	if math.IsNaN(line[0]) {
		line[0] = line[1]
	}
	at := func(t int) float64 { // t counts from the start of the tail
		v := interpolate(line, t, d.q)
		if m := len(d.profile); m > 0 {
			v += d.profile[(origin-d.q+t)%m]
		}
		return v
	}
	last := 0.0
	if n := len(tail); !math.IsNaN(tail[n-1]) {
		last = tail[n-1] - at(n-1)
	}
	out := make([]float64, h)
	for t := range out {
		last *= d.phi
		out[t] = at(len(tail)+t) + last
	}
	return out
}
