package forecast

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Any bytes as float64s, gaps and infinities among them, through any algorithm in any option, its state and its components.
func FuzzFit(f *testing.F) {
	nan := math.NaN()
	all := variants()
	for k, x := range [][]float64{oil, nile, airPassengers, sparse, dayWeek(96, 24, 0, 0, 1, 1), {1, nan, math.Inf(1), 1e140, -1e140, 3, 3, 3},
		{}, {1}, {1, 2, 4}, {5, 5, 5, 5}, {nan, nan, 1, nan, 2, nan, 3, nan}, {1e300, 1, 2, 3, -1e300}, {5e-324, 1e-300, 2e-300, 0, 1}, alternating(40), ramp(30),
		{1e-76, 1e-76, 2e131, 1e-76, -9e140, 1e160, 1e-76, 1e-76, 1e-76, 1e-76, 1e-76, 1e-76}} {
		for i := range all {
			b := []byte{byte(i), byte(k * 3)}
			for _, v := range x {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
			}
			f.Add(b)
		}
	}
	// Errors that are next to nothing but for one: a band that is hundreds of decades wide at one level and not at another.
	f.Add([]byte("7." + strings.Repeat("0", 422) + "\x00X0000000100000001"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 2 || len(b) > 2+8*200 {
			return
		}
		v, h := all[int(b[0])%len(all)], 1+int(b[1])%40
		var values []float64
		for b = b[2:]; len(b) >= 8; b = b[8:] {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
		top := 1e6
		in := Input{Values: values, Step: time.Hour, Bounds: Bounds{Max: &top}}
		opt := v.options(h)
		opt.Components = true
		s, r, err := Train(context.Background(), in, opt)
		if err != nil {
			require.True(t, errors.Is(err, ErrTooShort), "%s: %v", v, err)
			return
		}
		require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper) && finite(r.Sigma), "%s", v)
		for _, c := range r.Components {
			require.Len(t, c.Past, len(values))
		}
		for k := range r.Mean {
			require.True(t, r.Lower[k] <= r.Mean[k] && r.Mean[k] <= r.Upper[k] && r.Upper[k] <= top, "%s", v)
		}
		blob, err := Marshal(s)
		require.NoError(t, err)
		_, err = Unmarshal(blob)
		require.NoError(t, err)
	})
}
