package forecast

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// Ways in which a list of values stands in the table.
const (
	listExact  = 0 // float64
	listFloat  = 1 // the first known value, then float32 differences from it
	listPacked = 2 // least and greatest value, then 12 bits each
	listMiddle = 3 // least and greatest value, then 24 bits each
)

const (
	listShort  = 16    // up to this length a list stands where it is used
	listSingle = 256   // up to this length a list is kept in float32
	packedTop  = 0xffe // greatest code of a packed value
	packedNone = 0xfff // code of a missing value
	middleTop  = 0xfffffe
	middleNone = 0xffffff
	floatRange = 1e30    // spread that float32 differences hold with all their digits
	listTotal  = 1 << 18 // values in all lists together at most
)

// writer appends to b. While collecting it only notes the lists.
type writer struct {
	b          []byte
	collecting bool
	tight      int         // 1: short lists take 24 bits a value, 2: 12 bits
	lists      [][]float64 // collected, or those of the table
}

func (w *writer) byte(v byte) { w.b = append(w.b, v) }

// flags writes up to eight truths in one byte.
func (w *writer) flags(all ...bool) {
	b := byte(0)
	for i, set := range all {
		b |= byte(indicator(set)) << i
	}
	w.byte(b)
}

func (w *writer) uint(v int) { w.b = binary.AppendUvarint(w.b, uint64(v)) }

func (w *writer) int64(v int64) { w.b = binary.AppendVarint(w.b, v) }

func (w *writer) float(v float64) { w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(v)) }

func (w *writer) text(s string) {
	w.uint(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) ints(x []int) {
	w.uint(len(x))
	for _, v := range x {
		w.uint(v)
	}
}

func (w *writer) limit(v *float64) {
	if v == nil {
		w.byte(0)
		return
	}
	w.byte(1)
	w.float(*v)
}

// floats writes a list: short ones here, longer ones as the end of one in the table, or as its logarithms.
func (w *writer) floats(x []float64) {
	w.uint(len(x))
	if len(x) <= listShort {
		for _, v := range x {
			w.float(v)
		}
		return
	}
	if w.collecting {
		w.lists = append(w.lists, x)
		return
	}
	for i, have := range w.lists {
		if ends(have, x, false) || ends(have, x, true) {
			w.uint(i)
			if ends(have, x, false) {
				w.byte(0)
			} else {
				w.byte(1)
			}
			return
		}
	}
}

// ends tells whether x, or, with logs, what x is the logarithm of, is the end of have.
func ends(have, x []float64, logs bool) bool {
	if len(x) > len(have) {
		return false
	}
	for i, v := range have[len(have)-len(x):] {
		if logs {
			v = math.Log(v)
		}
		if v != x[i] && !(math.IsNaN(v) && math.IsNaN(x[i])) {
			return false
		}
	}
	return true
}

// table writes the lists that are not part of others, the longest first.
func (w *writer) table(collected [][]float64, limit int) {
	sorted := slices.Clone(collected)
	slices.SortStableFunc(sorted, func(a, b []float64) int { return len(b) - len(a) })
	for _, x := range sorted {
		if !slices.ContainsFunc(w.lists, func(have []float64) bool { return ends(have, x, false) || ends(have, x, true) }) {
			// One in logs may hide that a later one, of which it is the logarithm, holds it too: that costs bytes, no more.
			w.lists = append(w.lists, x)
		}
	}
	w.uint(len(w.lists))
	for _, x := range w.lists {
		w.list(x, limit)
	}
}

// list writes the values, or, where there are more than limit, the means of so many neighbours that there are not.
func (w *writer) list(x []float64, limit int) {
	together := 1
	if len(x) > limit {
		together = (len(x) + limit - 1) / limit
	}
	w.uint(len(x))
	w.uint(together)
	w.values(neighbours(x, together), w.tight == 2 || len(x) > listSingle)
}

// neighbours gives the means of k values each; the last may be of fewer.
func neighbours(x []float64, k int) []float64 {
	if k == 1 {
		return x
	}
	var out []float64
	for i := 0; i < len(x); i += k {
		out = append(out, meanOf(x[i:min(i+k, len(x))]))
	}
	return out
}

// rough writes a list at 12 bits a value where it is used.
func (w *writer) rough(x []float64) {
	w.uint(len(x))
	w.values(x, true)
}

func (w *writer) values(x []float64, packed bool) {
	lo, hi := series.Extent(x)
	switch {
	case !(hi-lo < floatRange):
		w.byte(listExact)
		for _, v := range x {
			w.float(v)
		}
	case !packed && w.tight == 1:
		w.byte(listMiddle)
		w.float(lo)
		w.float(hi)
		for i := range x {
			code := codeOf(x, i, lo, hi, middleTop, middleNone)
			w.b = append(w.b, byte(code>>16), byte(code>>8), byte(code))
		}
	case !packed:
		w.byte(listFloat)
		base := firstKnown(x)
		w.float(base)
		for _, v := range x {
			w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(float32(v-base)))
		}
	default:
		w.byte(listPacked)
		w.float(lo)
		w.float(hi)
		w.pack(x, lo, hi)
	}
}

// pack writes two values to three bytes.
func (w *writer) pack(x []float64, lo, hi float64) {
	for i := 0; i < len(x); i += 2 {
		pair := codeOf(x, i, lo, hi, packedTop, packedNone)<<12 | codeOf(x, i+1, lo, hi, packedTop, packedNone)
		w.b = append(w.b, byte(pair>>16), byte(pair>>8), byte(pair))
	}
}

// codeOf gives where x[i] is between lo and hi in steps of which there are top.
func codeOf(x []float64, i int, lo, hi float64, top, none uint32) uint32 {
	if i >= len(x) || math.IsNaN(x[i]) {
		return none
	}
	if hi == lo {
		return 0
	}
	return uint32(math.Round((x[i] - lo) / (hi - lo) * float64(top)))
}

// longest gives the length of the longest list.
func longest(lists [][]float64) int {
	n := 0
	for _, x := range lists {
		n = max(n, len(x))
	}
	return n
}
