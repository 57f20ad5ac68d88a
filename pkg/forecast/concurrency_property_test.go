package forecast

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// What may be used by many at once. Run with -race these say that nothing is shared that changes.

// atOnce runs work several times at the same time and gives what each run gave.
func atOnce[T any](n int, work func(i int) T) []T {
	out := make([]T, n)
	var group sync.WaitGroup
	for i := range out {
		group.Go(func() { out[i] = work(i) })
	}
	group.Wait()
	return out
}

// answerOf is what a reader sees of a result.
type answerOf struct {
	mean, lower, upper []float64
	why                string
	err                error
}

func TestManyForecastsAtOnceAreThoseOneByOne(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds, in.Events = far(), []Event{{Name: "sale", Steps: []int{30, 31, 520}}}
		want, err := v.forecast(in, 12)
		require.NoError(t, err)
		for _, got := range atOnce(4, func(int) answerOf {
			r, err := v.forecast(in, 12) // of one input, values and events shared
			if err != nil {
				return answerOf{err: err}
			}
			return answerOf{r.Mean, r.Lower, r.Upper, r.Why, nil}
		}) {
			require.NoError(t, got.err)
			require.Equal(t, []any{want.Mean, want.Lower, want.Upper, want.Why}, []any{got.mean, got.lower, got.upper, got.why})
		}
	})
}

// A model may be asked by many until it is handed on; asking does not move it.
func TestAModelMayBeAskedByManyAtOnce(t *testing.T) {
	in := weeks()
	in.findSeasons()
	in.Bounds = far()
	each(t, func(t *testing.T, v variant) {
		c, err := v.options(24).forecaster()
		require.NoError(t, err)
		m, err := c.at(24).fit(context.Background(), in)
		require.NoError(t, err)
		ahead, past, explained := m.Forecast(24), m.Fitted(), m.Explain()
		for i, same := range atOnce(4, func(i int) bool {
			own := m.fork()
			own.push(float64(i))
			return len(m.Explain()) == len(explained) && sameBits(m.Forecast(24), ahead) && sameBits(m.Fitted(), past)
		}) {
			require.True(t, same, "asker %d", i)
		}
		require.Equal(t, ahead, m.Forecast(24))
	})
}

func sameBits(a, b []float64) bool {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return len(a) == len(b)
}

// A result's band and its futures are asked for by panels and warnings alike.
func TestAResultMayBeAskedByManyAtOnce(t *testing.T) {
	r, err := variant{id: Auto}.forecast(weeks(), 24)
	require.NoError(t, err)
	lower, upper := r.Band(0.8)
	futures := paths(r, 5, 7)
	for _, got := range atOnce(6, func(i int) bool {
		l, u := r.Band(0.8)
		_, _ = r.Band(0.5 + float64(i)/20)
		same := sameBits(l, lower) && sameBits(u, upper)
		for k, p := range paths(r, 5, 7) {
			same = same && sameBits(p, futures[k])
		}
		return same
	}) {
		require.True(t, got)
	}
}

// Clones of one state go their own ways, each as if it were alone.
func TestClonesGoOnAtOnceAsIfAlone(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		s, _, newer := kept(t, v, 30)
		want := make([][]float64, 4)
		for i := range want {
			c := s.Clone()
			c.Advance(moved(newer, float64(i), 1))
			r, err := c.Result(5, 0.9)
			require.NoError(t, err)
			want[i] = r.Mean
		}
		clones := make([]*State, len(want))
		for i := range clones {
			clones[i] = s.Clone()
		}
		for i, got := range atOnce(len(clones), func(i int) answerOf {
			clones[i].Advance(moved(newer, float64(i), 1))
			blob, err := Marshal(clones[i])
			if err != nil {
				return answerOf{err: err}
			}
			if _, err = Unmarshal(blob); err != nil {
				return answerOf{err: err}
			}
			r, err := clones[i].Result(5, 0.9)
			if err != nil {
				return answerOf{err: err}
			}
			return answerOf{mean: r.Mean}
		}) {
			require.NoError(t, got.err)
			require.Equal(t, want[i], got.mean, "clone %d", i)
		}
	})
}
