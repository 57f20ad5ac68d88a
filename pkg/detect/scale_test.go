package detect

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

// spiky is a noisy series with a few spikes of growing size in its second half.
func spiky() Input {
	x := make([]float64, 2000)
	state := uint64(1)
	for i := range x {
		state = state*6364136223846793005 + 1442695040888963407
		x[i] = 10 + float64(state>>40)/float64(1<<24)
	}
	for k := range 8 {
		at := 1100 + 100*k
		for j := range 3 {
			x[at+j] += float64(k+1) * 2
		}
	}
	return Input{Values: x, Step: 5 * time.Minute, Start: time.Unix(0, 0), From: 1000}
}

func raised(o *Output) (n int) {
	for _, a := range o.Anomalous {
		if a {
			n++
		}
	}
	return n
}

func TestScaleOneIsTheDetectorItself(t *testing.T) {
	for _, a := range []string{"seasonal-residual", "dynamic-threshold"} {
		opt := Options{Algorithm: a}
		want, err := Run(context.Background(), spiky(), opt)
		require.NoError(t, err)
		got, err := RunScaled(context.Background(), spiky(), opt, 0.5, 1, 3)
		require.NoError(t, err)
		for i := range want.Score {
			for _, pair := range [][2]float64{{want.Score[i], got[1].Score[i]}, {want.Lower[i], got[1].Lower[i]}, {want.Upper[i], got[1].Upper[i]}} {
				require.True(t, pair[0] == pair[1] || math.IsNaN(pair[0]) && math.IsNaN(pair[1]))
			}
		}
		require.Equal(t, want.Anomalous, got[1].Anomalous)
		require.Equal(t, want.HeldBack, got[1].HeldBack)
		require.Greater(t, raised(got[0]), raised(got[1]))
		require.Less(t, raised(got[2]), raised(got[1]))
	}
}

func TestAWiderBandNeverScoresHigher(t *testing.T) {
	in := spiky()
	rapid.Check(t, func(t *rapid.T) {
		narrow := rapid.Float64Range(0.1, 5).Draw(t, "narrow")
		factor := rapid.Float64Range(1, 5).Draw(t, "factor")
		got, err := RunScaled(context.Background(), in, Options{}, narrow, narrow*factor)
		require.NoError(t, err)
		for i := in.From; i < len(in.Values); i++ {
			a, b := got[0].Score[i], got[1].Score[i]
			if math.IsNaN(a) {
				require.True(t, math.IsNaN(b))
				continue
			}
			require.InDelta(t, a/factor, b, 1e-9*max(a, 1))
			require.LessOrEqual(t, got[1].Lower[i], got[0].Lower[i])
			require.GreaterOrEqual(t, got[1].Upper[i], got[0].Upper[i])
			require.Equal(t, got[0].Expected[i], got[1].Expected[i])
		}
	})
}

func TestAFixedLimitIsNotScaled(t *testing.T) {
	in := spiky()
	in.Threshold = &Threshold{Value: 15, Direction: Above}
	got, err := RunScaled(context.Background(), in, Options{Algorithm: "threshold"}, 1, 100)
	require.NoError(t, err)
	require.Equal(t, got[0].Anomalous, got[1].Anomalous)
}

func TestAScaleMustBePositive(t *testing.T) {
	for _, scale := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := RunScaled(context.Background(), spiky(), Options{}, scale)
		require.ErrorIs(t, err, param.ErrInvalid)
	}
}
