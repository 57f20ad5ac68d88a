package forecast

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

// sealed puts mark, version and checksum around a body, so that what is inside is read.
func sealed(body []byte) []byte {
	b := append([]byte(codecMagic), codecVersion)
	b = append(b, body...)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

func TestListsComeBackWithinTheirPrecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 700).Draw(t, "length")
		size := rapid.SampledFrom([]float64{1e-9, 1, 1e12}).Draw(t, "size")
		x := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			if rapid.IntRange(0, 9).Draw(t, "gap") == 0 {
				return math.NaN()
			}
			return size * (5 + rapid.Float64Range(0, 1).Draw(t, "v"))
		}), n, n).Draw(t, "values")
		got := roundTrip(t, [][]float64{x}, math.MaxInt)[0]
		require.Len(t, got, n)
		lo, hi := series.Extent(x)
		for i, v := range x {
			if math.IsNaN(v) {
				require.True(t, math.IsNaN(got[i]))
				continue
			}
			require.InDelta(t, v, got[i], (hi-lo)/2/packedTop+1e-15*hi)
		}
	})
}

func TestAListThatEndsAnotherIsKeptOnce(t *testing.T) {
	x := dayWeek(400, 24, 0, 0, 1, 1)
	lists := [][]float64{x[300:], x, logs(x[250:]), x[100:]}
	w := &writer{collecting: true}
	for _, l := range lists {
		w.floats(l)
	}
	tabled := &writer{}
	tabled.table(w.lists, math.MaxInt)
	require.Len(t, tabled.lists, 1)
	got := roundTrip(t, lists, math.MaxInt)
	for i, l := range lists {
		require.InDeltaSlice(t, l, got[i], 0.01)
	}
}

func TestALimitKeepsMeansOfNeighbours(t *testing.T) {
	x := make([]float64, 1000)
	for i := range x {
		x[i] = math.Sin(2 * math.Pi * float64(i) / 1000)
	}
	full, coarse := &writer{}, &writer{}
	full.list(x, math.MaxInt)
	coarse.list(x, 100)
	require.Less(t, len(coarse.b), len(full.b)/2)
	require.InDeltaSlice(t, x, roundTrip(t, [][]float64{x}, 100)[0], 0.05)
}

func TestValuesBeyondFloat32AreExact(t *testing.T) {
	x := make([]float64, 40)
	for i := range x {
		x[i] = math.Pow(-10, float64(i*3))
	}
	require.Equal(t, x, roundTrip(t, [][]float64{x}, math.MaxInt)[0])
}

func roundTrip(t require.TestingT, lists [][]float64, limit int) [][]float64 {
	collect := &writer{collecting: true}
	for _, l := range lists {
		collect.floats(l)
	}
	w := &writer{}
	w.table(collect.lists, limit)
	for _, l := range lists {
		w.floats(l)
	}
	r := &reader{b: w.b}
	r.table()
	var out [][]float64
	for range lists {
		out = append(out, r.floats(1<<16))
	}
	require.NoError(t, r.err)
	require.Empty(t, r.b)
	return out
}

func TestAbsurdSizesAreRefusedBeforeTheyAreMade(t *testing.T) {
	w := &writer{}
	w.uint(1)
	w.uint(1 << 17)
	w.uint(1 << 17)
	w.byte(listExact)
	w.float(1)
	_, err := Unmarshal(sealed(w.b))
	require.ErrorIs(t, err, ErrBadState)

	w = &writer{}
	w.uint(1)
	w.uint(1 << 40)
	_, err = Unmarshal(sealed(w.b))
	require.ErrorIs(t, err, ErrBadState)
	require.ErrorContains(t, err, "above")
}
