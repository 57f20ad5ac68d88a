package forecast

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A reader who goes away is answered with that, at whatever moment he goes, and the work ends.

// leaving is a context that is cancelled as soon as it has been asked a number of times.
type leaving struct {
	context.Context
	cancel context.CancelFunc
	left   atomic.Int64
}

func leavingAfter(n int) *leaving {
	c := &leaving{}
	c.Context, c.cancel = context.WithCancel(context.Background())
	c.left.Store(int64(n))
	return c
}

func (c *leaving) Err() error {
	if c.left.Add(-1) < 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// asked is how often the work asks whether anybody still waits.
func asked(work func(ctx context.Context)) int {
	const many = 1 << 30
	c := leavingAfter(many)
	work(c)
	return many - int(c.left.Load())
}

func TestAForecastIsWholeOrCancelledWheneverItIs(t *testing.T) {
	in := weeks()
	in.Bounds = far()
	each(t, func(t *testing.T, v variant) {
		n := asked(func(ctx context.Context) {
			_, err := Run(ctx, in, v.options(24))
			require.NoError(t, err)
		})
		require.Positive(t, n, "the work asks at least once")
		for k := 0; k < n; k += max(n/7, 1) {
			r, err := Run(leavingAfter(k), in, v.options(24))
			require.ErrorIs(t, err, context.Canceled, "after %d of %d", k, n)
			require.Nil(t, r)
		}
		_, err := Run(leavingAfter(n), in, v.options(24))
		require.NoError(t, err, "who goes when all is done is answered")
	})
}

func TestTrainingAndExpectingAreCancelledToo(t *testing.T) {
	in := weeks()
	for _, id := range everyAlgorithm() {
		opt := Options{Algorithm: id, Horizon: 24, Confidence: 0.9}
		n := asked(func(ctx context.Context) {
			_, _, err := Train(ctx, in, opt)
			require.NoError(t, err)
		})
		s, r, err := Train(leavingAfter(n-1), in, opt)
		require.ErrorIs(t, err, context.Canceled, id)
		require.True(t, s == nil && r == nil)
		whole := expect(t, in, opt)
		n = asked(func(ctx context.Context) { _, _, _ = Expect(ctx, in, opt) })
		if n == 0 {
			require.Contains(t, []string{"naive", "drift", "seasonal-naive", "intermittent"}, id, "only what takes no time does not ask")
		}
		for k := range n {
			mean, _, err := Expect(leavingAfter(k), in, opt)
			if err == nil {
				require.Positive(t, k)
				require.Equal(t, whole, mean, "%s after %d of %d: what was not needed any more", id, k, n)
				continue
			}
			require.ErrorIs(t, err, context.Canceled, id)
			require.Nil(t, mean)
		}
	}
}

func TestADeadlineIsNamed(t *testing.T) {
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	for _, id := range everyAlgorithm() {
		_, err := Run(ctx, weeks(), Options{Algorithm: id, Horizon: 24, Confidence: 0.9})
		require.ErrorIs(t, err, context.DeadlineExceeded, id)
	}
}

// Not one of the moments leaves an answer with a part missing: the past's expectation is made last.
func TestNoPartOfAnAnswerIsLostToACancellation(t *testing.T) {
	in := weeks()
	for _, id := range []string{Auto, "ar", "ets", "mstl"} {
		opt := Options{Algorithm: id, Horizon: 24, Confidence: 0.9, Components: true}
		whole, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		n := asked(func(ctx context.Context) { _, _ = Run(ctx, in, opt) })
		for k := range n {
			if r, err := Run(leavingAfter(k), in, opt); err == nil {
				requireSame(t, whole.Fitted, r.Fitted)
				require.Equal(t, whole.Mean, r.Mean)
			} else {
				require.ErrorIs(t, err, context.Canceled, "%s after %d of %d", id, k, n)
			}
		}
	}
}
