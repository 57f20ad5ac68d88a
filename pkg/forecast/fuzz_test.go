package forecast

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Any bytes as float64s, gaps and infinities among them, through any algorithm, its state and its components.
func FuzzFit(f *testing.F) {
	for k, x := range [][]float64{oil, nile, airPassengers, sparse, dayWeek(96, 24, 0, 0, 1, 1), {1, math.NaN(), math.Inf(1), 1e140, -1e140, 3, 3, 3}} {
		b := []byte{byte(k), byte(k * 3)}
		for _, v := range x {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		f.Add(b)
	}
	ids := everyAlgorithm()
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 2 || len(b) > 2+8*200 {
			return
		}
		id, h := ids[int(b[0])%len(ids)], 1+int(b[1])%40
		var values []float64
		for b = b[2:]; len(b) >= 8; b = b[8:] {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
		top := 1e6
		in := Input{Values: values, Step: time.Hour, Bounds: Bounds{Max: &top}}
		s, r, err := Train(context.Background(), in, Options{Algorithm: id, Horizon: h, Confidence: 0.9, Components: true})
		if err != nil {
			require.True(t, errors.Is(err, ErrTooShort), "%s: %v", id, err)
			return
		}
		require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper) && finite(r.Sigma), id)
		for _, c := range r.Components {
			require.Len(t, c.Past, len(values))
		}
		for k := range r.Mean {
			require.True(t, r.Lower[k] <= r.Mean[k] && r.Mean[k] <= r.Upper[k] && r.Upper[k] <= top, id)
		}
		blob, err := Marshal(s)
		require.NoError(t, err)
		_, err = Unmarshal(blob)
		require.NoError(t, err)
	})
}
