package detect

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// lawful runs a detector. It has to answer where as many values are known as it needs, and only there; without an answer ok is false.
func lawful(t require.TestingT, a Algorithm, in Input) (out *Output, ok bool) {
	in.Step, in.Start = fiveMinutes, monday
	known := 0
	for _, v := range in.Values {
		if finite(v) {
			known++
		}
	}
	out, err := Run(context.Background(), in, Options{Algorithm: a.ID})
	if known < a.MinPoints {
		require.ErrorIs(t, err, ErrTooShort)
		return nil, false
	}
	require.NoError(t, err)
	return out, true
}

// scored draws a series and what is asked of it.
func scored(t *rapid.T) Input {
	return Input{Values: wild(t, 900), From: rapid.IntRange(0, 800).Draw(t, "from"),
		Direction: rapid.SampledFrom([]Direction{Both, Above, Below}).Draw(t, "direction"),
		Threshold: &Threshold{Value: rapid.SampledFrom([]float64{0, 60}).Draw(t, "limit")}}
}

func eachDetector(t *testing.T, law func(t *rapid.T, a Algorithm)) {
	for _, a := range Algorithms() {
		t.Run(a.ID, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { law(t, a) })
		})
	}
}

func TestTheSameQuestionHasTheSameAnswer(t *testing.T) {
	eachDetector(t, func(t *rapid.T, a Algorithm) {
		in := scored(t)
		if one, ok := lawful(t, a, in); ok {
			two, _ := lawful(t, a, in)
			for _, rows := range [][2][]float64{{one.Score, two.Score}, {one.Expected, two.Expected}, {one.Lower, two.Lower}, {one.Upper, two.Upper}, {one.P, two.P}} {
				requireSame(t, rows[0], rows[1])
			}
			require.Equal(t, one.Anomalous, two.Anomalous)
			require.Equal(t, one.HeldBack, two.HeldBack)
			require.Equal(t, one.Notices, two.Notices)
			require.Equal(t, one.Why, two.Why)
		}
	})
}

// A score is a number from 0 to the cap where there is a value, and a flag is one that reached the band or held an episode open.
func TestScoresAndFlagsKeepTheirPromise(t *testing.T) {
	const rounding = 1e-7 // of sums of values that are some hundred
	eachDetector(t, func(t *rapid.T, a Algorithm) {
		in := scored(t)
		in.Direction = Both
		out, ok := lawful(t, a, in)
		if !ok {
			return
		}
		for i, s := range out.Score {
			known := i >= in.From && (finite(in.Values[i]) || a.ID == "missing-data")
			if !known {
				require.True(t, math.IsNaN(s), "at %d: history and what is missing have no score", i)
				require.False(t, out.Anomalous[i])
				continue
			}
			require.True(t, math.IsNaN(s) || s >= 0 && s <= scoreCap, "at %d: %v", i, s)
			if out.Anomalous[i] {
				require.GreaterOrEqual(t, s, recovered)
			}
			if lo, hi := out.Lower[i], out.Upper[i]; s >= 1 && !math.IsNaN(lo+hi) && a.ID != Auto {
				require.False(t, in.Values[i] > lo+rounding && in.Values[i] < hi-rounding, "at %d: what is outside is not in the band", i)
			}
		}
	})
}

// What is said of a point never changes when later points come.
func TestNoScoreDependsOnTheFuture(t *testing.T) {
	eachDetector(t, func(t *rapid.T, a Algorithm) {
		in := scored(t)
		n := rapid.IntRange(in.From, len(in.Values)).Draw(t, "n")
		whole, ok := lawful(t, a, in)
		if !ok {
			return
		}
		in.Values = in.Values[:n]
		if part, ok := lawful(t, a, in); ok {
			for _, rows := range [][2][]float64{{whole.Score, part.Score}, {whole.Expected, part.Expected}, {whole.Lower, part.Lower}, {whole.Upper, part.Upper}} {
				requireSame(t, rows[0][:n], rows[1])
			}
			require.Equal(t, whole.Anomalous[:n], part.Anomalous)
		}
	})
}

// A replay from earlier on gives what the live run gave: From says what is asked for, not what is learnt.
func TestNoScoreDependsOnFrom(t *testing.T) {
	eachDetector(t, func(t *rapid.T, a Algorithm) {
		in := scored(t)
		from := in.From
		late, ok := lawful(t, a, in)
		if !ok {
			return
		}
		in.From = 0
		all, _ := lawful(t, a, in)
		for _, rows := range [][2][]float64{{all.Score, late.Score}, {all.Expected, late.Expected}, {all.Lower, late.Lower}, {all.Upper, late.Upper}} {
			requireSame(t, rows[0][from:], rows[1][from:])
		}
	})
}

// What is expected of a point is known before it comes.
func TestNoExpectationDependsOnTheValueItself(t *testing.T) {
	eachDetector(t, func(t *rapid.T, a Algorithm) {
		i := rapid.IntRange(600, 900).Draw(t, "i")
		x := daily(i+1, rapid.Uint64().Draw(t, "seed"))
		y := slices.Clone(x)
		y[i] = rapid.Float64Range(-1e6, 1e6).Draw(t, "value")
		one, _ := lawful(t, a, Input{Values: x, From: 500, Threshold: &Threshold{Value: 60}})
		two, _ := lawful(t, a, Input{Values: y, From: 500, Threshold: &Threshold{Value: 60}})
		requireSame(t, one.Expected, two.Expected)
		requireSame(t, one.Upper, two.Upper)
		requireSame(t, one.Lower, two.Lower)
	})
}

// What a score may depend on besides the series' shape: a fixed limit on unit, zero and side, a percentage on zero, and the
// spectrum's mean amplitude on zero as well; a shift's rounding may send a point that lies between two centres of K-means to the
// other; the cuts of a forest are drawn from one end of the range.
var (
	ownUnit = map[string]bool{"threshold": true}
	ownZero = map[string]bool{"threshold": true, "same-period": true, "previous-period": true, "spectral-residual": true, "kmeans": true}
	ownSide = map[string]bool{"threshold": true, "kmeans": true, "isolation-forest": true}
)

func TestUnitsZeroPointsAndSidesOfEveryDetector(t *testing.T) {
	x := daily(1200, 4)
	for i, v := range x {
		x[i] = math.Round(v*(1<<20)) / (1 << 20) // so that a shift rounds nothing
	}
	x[1000], x[1001] = 90, 91
	for _, a := range Algorithms() {
		t.Run(a.ID, func(t *testing.T) {
			in := Input{Values: x, From: 600, Threshold: &Threshold{Value: 60}}
			was, _ := lawful(t, a, in)
			rapid.Check(t, func(t *rapid.T) {
				scale, shift := math.Exp2(float64(rapid.IntRange(-9, 9).Draw(t, "scale"))), 0.0
				if ownUnit[a.ID] {
					scale = 1
				}
				if !ownSide[a.ID] && rapid.Bool().Draw(t, "upside down") {
					scale = -scale
				}
				if !ownZero[a.ID] { // as far as the noise stays above the hair's breadth that is ignored
					shift = float64(rapid.IntRange(-30, 30).Draw(t, "shift"))
				}
				in.Values = times(len(x), func(i int) float64 { return scale * (x[i] + shift) })
				is, _ := lawful(t, a, in)
				for i := 600; i < len(x); i++ {
					require.InDelta(t, was.Score[i], is.Score[i], 1e-5*(1+was.Score[i]), "score at %d", i)
					if !math.IsNaN(was.Expected[i]) {
						require.InDelta(t, scale*(was.Expected[i]+shift), is.Expected[i], 1e-5*math.Abs(scale)*(1+math.Abs(was.Expected[i])), "expected at %d", i)
					}
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
			out, ok := lawful(t, a, Input{Values: x, From: from, Threshold: &Threshold{Value: 1}})
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
