package forecast

import (
	"encoding/binary"
	"fmt"
	"math"
)

// reader takes from the front of b. After its first error it gives zeros.
type reader struct {
	b     []byte
	lists [][]float64
	total int // values in lists
	err   error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	r.b = nil
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n > len(r.b) {
		r.fail("it ends too early")
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

// flags reads what the writer's flags wrote.
func (r *reader) flags(all ...*bool) {
	b := r.byte()
	for i, set := range all {
		*set = b>>i&1 != 0
	}
	if b>>len(all) != 0 {
		r.fail("%d is no set of %d flags", b, len(all))
	}
}

// uint reads a count of at most most.
func (r *reader) uint(most int) int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(most) {
		r.fail("a count is missing or above %d", most)
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) int64() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail("a number is missing")
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) float() float64 {
	if b := r.take(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// finite reads a number that must be one.
func (r *reader) finite() float64 {
	v := r.float()
	if math.IsNaN(v) || math.IsInf(v, 0) {
		r.fail("a number is %v", v)
		return 0
	}
	return v
}

// within reads a number that must lie between lo and hi.
func (r *reader) within(lo, hi float64) float64 {
	v := r.finite()
	if v < lo || v > hi {
		r.fail("%v is not between %v and %v", v, lo, hi)
		return lo
	}
	return v
}

func (r *reader) text() string { return string(r.take(r.uint(256))) }

// ints reads at most long counts of at most most.
func (r *reader) ints(most, long int) []int {
	n := r.uint(long)
	if n == 0 {
		return nil
	}
	out := make([]int, n)
	for i := range out {
		out[i] = r.uint(most)
	}
	return out
}

func (r *reader) limit() *float64 {
	if r.byte() == 0 {
		return nil
	}
	v := r.finite()
	return &v
}

// floats reads a list of at most most values, in memory of its own.
func (r *reader) floats(most int) []float64 {
	n := r.uint(min(most, listTotal))
	out := make([]float64, n)
	if n <= listShort {
		for i := range out {
			out[i] = r.float()
		}
		return out
	}
	k := r.uint(listTotal)
	logs := r.byte()
	if r.err != nil || k >= len(r.lists) || n > len(r.lists[k]) {
		r.fail("a list of %d values is missing", n)
		return nil
	}
	copy(out, r.lists[k][len(r.lists[k])-n:])
	if logs != 0 {
		for i, v := range out {
			out[i] = math.Log(v)
		}
	}
	return out
}

// finites is floats without missing values.
func (r *reader) finites(most int) []float64 {
	out := r.floats(most)
	if !finite(out) {
		r.fail("a list has a value that is not a number")
	}
	return out
}

// rough reads what the writer's rough wrote.
func (r *reader) rough(most int) []float64 { return r.values(r.uint(min(most, listTotal))) }

func (r *reader) table() {
	for range r.uint(256) {
		n := r.uint(listTotal)
		together := r.uint(listTotal)
		r.total += n
		if r.err != nil || r.total > listTotal || together < 1 {
			r.fail("its lists are too long")
			return
		}
		k := (n + together - 1) / together
		r.lists = append(r.lists, lines(r.values(k), together, n))
		if r.err != nil {
			return
		}
	}
}

// lines undoes neighbours: straight lines between the centres of the means.
func lines(means []float64, k, n int) []float64 {
	if k == 1 || len(means) == 0 {
		return means
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = interpolate(means, i, k)
	}
	return out
}

func (r *reader) values(n int) []float64 {
	var out []float64
	switch kind := r.byte(); kind {
	case listExact:
		if b := r.take(8 * n); b != nil {
			out = make([]float64, n)
			for i := range out {
				out[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
			}
		}
	case listFloat:
		base := r.float()
		if b := r.take(4 * n); b != nil {
			out = make([]float64, n)
			for i := range out {
				out[i] = base + float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])))
			}
		}
	case listPacked:
		out = r.unpack(n)
	case listMiddle:
		lo, hi := r.float(), r.float()
		if b := r.take(3 * n); b != nil {
			out = make([]float64, n)
			for i := range out {
				out[i] = valueOf(uint32(b[3*i])<<16|uint32(b[3*i+1])<<8|uint32(b[3*i+2]), lo, hi, middleTop, middleNone)
			}
		}
	default:
		r.fail("a list is of the unknown kind %d", kind)
	}
	return out
}

func (r *reader) unpack(n int) []float64 {
	lo, hi := r.float(), r.float()
	b := r.take((n + 1) / 2 * 3)
	if b == nil {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		at := b[i/2*3:]
		code := uint32(at[0])<<4 | uint32(at[1])>>4
		if i%2 == 1 {
			code = uint32(at[1]&0xf)<<8 | uint32(at[2])
		}
		out[i] = valueOf(code, lo, hi, packedTop, packedNone)
	}
	return out
}

// valueOf is the reverse of codeOf.
func valueOf(code uint32, lo, hi float64, top, none uint32) float64 {
	if code == none {
		return math.NaN()
	}
	return lo + (hi-lo)*float64(code)/float64(top)
}
