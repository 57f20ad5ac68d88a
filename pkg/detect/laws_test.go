package detect

import (
	"context"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// lawful runs a detector; false where it has too little to answer.
func lawful(t require.TestingT, id string, x []float64, from int, limit float64) (*Output, bool) {
	out, err := Run(context.Background(), Input{Values: x, Step: fiveMinutes, Start: monday, From: from, Threshold: &Threshold{Value: limit}}, Options{Algorithm: id})
	if err != nil {
		require.ErrorIs(t, err, ErrTooShort)
		return nil, false
	}
	return out, true
}

// Every detector: what is said of a point never changes when later points come, the same question has the same answer, scores are
// numbers from 0 on, and a flag needs a value and a score.
func TestLawsOfEveryDetector(t *testing.T) {
	for _, a := range Algorithms() {
		t.Run(a.ID, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				x := wild(t, 900)
				from := rapid.IntRange(0, 800).Draw(t, "from")
				n := rapid.IntRange(from, 900).Draw(t, "n")
				limit := rapid.SampledFrom([]float64{0, 60}).Draw(t, "limit")
				whole, ok := lawful(t, a.ID, x, from, limit)
				if !ok {
					return
				}
				again, _ := lawful(t, a.ID, x, from, limit)
				requireSame(t, whole.Score, again.Score)
				require.Equal(t, whole.Anomalous, again.Anomalous)
				require.Equal(t, whole.Notices, again.Notices)
				for i, s := range whole.Score {
					if i < from {
						require.True(t, math.IsNaN(s), "history has no score")
					}
					require.False(t, s < 0 || math.IsInf(s, 0))
					if whole.Anomalous[i] {
						require.GreaterOrEqual(t, s, 0.0)
						require.True(t, finite(x[i]) || a.ID == "missing-data")
					}
				}
				if part, ok := lawful(t, a.ID, x[:n], from, limit); ok {
					requireSame(t, whole.Score[:n], part.Score)
					requireSame(t, whole.Expected[:n], part.Expected)
					requireSame(t, whole.Lower[:n], part.Lower)
					requireSame(t, whole.Upper[:n], part.Upper)
					require.Equal(t, whole.Anomalous[:n], part.Anomalous)
				}
			})
		})
	}
}

// What a score may depend on besides the series' shape: a fixed limit on unit and zero, a percentage on zero, and the spectrum's
// mean amplitude on zero as well; a shift's rounding may send a point that lies between two centres of K-means to the other.
var (
	ownUnit = map[string]bool{"threshold": true}
	ownZero = map[string]bool{"threshold": true, "same-period": true, "previous-period": true, "spectral-residual": true, "kmeans": true}
)

func TestUnitsAndZeroPointsOfEveryDetector(t *testing.T) {
	for _, a := range Algorithms() {
		t.Run(a.ID, func(t *testing.T) {
			x := daily(1200, 4)
			for i, v := range x {
				x[i] = math.Round(v*(1<<20)) / (1 << 20) // so that a shift rounds nothing
			}
			x[1000], x[1001] = 90, 91
			rapid.Check(t, func(t *rapid.T) {
				scale, shift := math.Exp2(float64(rapid.IntRange(-9, 9).Draw(t, "scale"))), 0.0
				if ownUnit[a.ID] {
					scale = 1
				}
				if !ownZero[a.ID] { // as far as the noise stays above the hair's breadth that is ignored
					shift = float64(rapid.IntRange(-30, 30).Draw(t, "shift"))
				}
				was, ok := lawful(t, a.ID, x, 600, 60)
				require.True(t, ok)
				is, ok := lawful(t, a.ID, times(len(x), func(i int) float64 { return scale * (x[i] + shift) }), 600, 60)
				require.True(t, ok)
				for i := 600; i < len(x); i++ {
					require.InDelta(t, was.Score[i], is.Score[i], 1e-5*(1+was.Score[i]), "at %d", i)
				}
				require.Equal(t, was.Anomalous, is.Anomalous)
			})
		})
	}
}

// FuzzEveryDetector reads a series from bytes, eight a value.
func FuzzEveryDetector(f *testing.F) {
	add := func(x ...float64) {
		var raw []byte
		for _, v := range x {
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
		}
		f.Add(raw, uint16(len(x)/2))
	}
	add()
	add(1, 2, 3, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e308, -1e308, 5e-324)
	add(daily(400, 1)...)
	add(times(300, func(i int) float64 { return math.Pow(-10, float64(i%300)) })...)
	f.Fuzz(func(t *testing.T, raw []byte, at uint16) {
		x := make([]float64, min(len(raw)/8, 2000))
		for i := range x {
			x[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
		}
		from := min(int(at), len(x))
		for _, a := range Algorithms() {
			out, ok := lawful(t, a.ID, x, from, 1)
			if !ok {
				continue
			}
			require.Len(t, out.Score, len(x))
			for i, s := range out.Score {
				require.False(t, s < 0 || math.IsInf(s, 0), "%s at %d: %v", a.ID, i, s)
				require.False(t, math.IsInf(out.Expected[i], 0) || i < from && out.Anomalous[i], "%s at %d", a.ID, i)
			}
		}
	})
}
