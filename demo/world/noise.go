package world

import "math"

// hash is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) over the
// seed, a stream and a position: random access instead of a sequence.
func (w *World) hash(stream uint64, i int64) uint64 {
	x := w.seed ^ stream*0x9e3779b97f4a7c15 ^ uint64(i)*0xd1342543de82ef95
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// uniform is in [0, 1).
func (w *World) uniform(stream uint64, i int64) float64 {
	return float64(w.hash(stream, i)>>11) / (1 << 53)
}

// white has mean 0 and variance 1, nearly normal (a sum of four uniforms), and is within ±3.5.
func (w *World) white(stream uint64, i int64) float64 {
	h := w.hash(stream, i)
	sum := float64(h&0xffff) + float64(h>>16&0xffff) + float64(h>>32&0xffff) + float64(h>>48)
	return (sum/65536 - 2) * math.Sqrt(3)
}

// smooth is white noise on a lattice of so many minutes, interpolated in between.
func (w *World) smooth(stream uint64, m minute, period int64) float64 {
	k := floorDiv(m, period)
	x := float64(m-k*period) / float64(period)
	x = x * x * (3 - 2*x)
	return (1-x)*w.white(stream, k) + x*w.white(stream, k+1)
}

// noise has a variance near 1 and is autocorrelated over minutes and hours, as loads are.
func (w *World) noise(stream uint64, m minute) float64 {
	return 0.4*w.white(stream, m) + 0.6*w.smooth(stream+1, m, 7) + 0.6*w.smooth(stream+2, m, 37) + 0.5*w.smooth(stream+3, m, 181)
}

// count draws a whole number around mean with the spread of a Poisson count.
func (w *World) count(stream uint64, m minute, mean float64) float64 {
	if mean <= 0 {
		return 0
	}
	if mean > 30 {
		return math.Max(0, math.Round(mean+math.Sqrt(mean)*w.white(stream, m)))
	}
	// Inversion: exact for small means.
	u, p, n := w.uniform(stream, m), math.Exp(-mean), 0.0
	for sum := p; u > sum && n < 100; sum += p {
		n++
		p *= mean / n
	}
	return n
}

// streamOf gives a name its own random streams.
func streamOf(name string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h &^ 127 // the streams above it are for the parts of one noise
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func clamp(v, lo, hi float64) float64 { return math.Min(math.Max(v, lo), hi) }
