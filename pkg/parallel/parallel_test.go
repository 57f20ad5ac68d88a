package parallel_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/parallel"
)

func TestEveryIndexIsWorkedOnOnceAndNoMoreThanAllowedAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, most := rapid.IntRange(0, 50).Draw(t, "n"), rapid.IntRange(1, 8).Draw(t, "at a time")
		times := make([]atomic.Int32, n)
		var now, peak atomic.Int32
		require.NoError(t, parallel.Each(context.Background(), n, most, func(_ context.Context, i int) error {
			for k := now.Add(1); ; {
				if was := peak.Load(); k <= was || peak.CompareAndSwap(was, k) {
					break
				}
			}
			times[i].Add(1)
			now.Add(-1)
			return nil
		}))
		for i := range times {
			require.EqualValues(t, 1, times[i].Load(), "index %d", i)
		}
		require.LessOrEqual(t, peak.Load(), int32(most))
	})
}

func TestTheFirstErrorStopsWhatHasNotBegun(t *testing.T) {
	wrong := errors.New("wrong")
	var begun atomic.Int32
	err := parallel.Each(t.Context(), 1000, 1, func(_ context.Context, i int) error {
		begun.Add(1)
		if i == 3 {
			return wrong
		}
		return nil
	})
	require.ErrorIs(t, err, wrong)
	require.EqualValues(t, 4, begun.Load())
}

func TestWorkSeesThatItIsNoLongerWanted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	err := parallel.Each(ctx, 2, 2, func(ctx context.Context, _ int) error {
		stop()
		<-ctx.Done()
		return ctx.Err()
	})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, parallel.Each(ctx, 1, 1, func(context.Context, int) error { return nil }), context.Canceled, "nothing begins")
}

func TestAPanicIsAnErrorOfOneSeries(t *testing.T) {
	err := parallel.Each(t.Context(), 3, 2, func(_ context.Context, i int) error {
		return []error{nil, nil}[i]
	})
	require.ErrorContains(t, err, "series 2: internal error: runtime error: index out of range")
}
