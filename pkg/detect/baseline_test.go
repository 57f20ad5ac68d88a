package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// feed learns values as Detect does.
func feed(b *baseline, x []float64) {
	for i, v := range x {
		b.review(x[:i])
		b.learn(v, b.expect())
	}
}

func TestBeyondIsTheDistanceFromTheRange(t *testing.T) {
	e := expectation{lo: 2, hi: 5, scale: 1}
	for v, want := range map[float64]float64{-1: -3, 2: 0, 3: 0, 5: 0, 7.5: 2.5} {
		require.Equal(t, want, e.beyond(v))
	}
}

func TestLevelFollowsWithinAnHour(t *testing.T) {
	b := newBaseline(fiveMinutes)
	feed(b, times(200, func(i int) float64 { return 10 + math.Sin(float64(i)) }))
	before := b.level
	require.InDelta(t, 10, before, 0.5)
	b.learn(1e9, b.expect())
	require.InDelta(t, before, b.level, 3*b.expect().scale/12+1e-9, "one value pulls no further than three scales")
	for range 60 {
		b.learn(11, b.expect())
	}
	require.InDelta(t, 11, b.level, 0.1)
}

func TestTheOffsetAllowsTheNewestLevelBesidesTheSlots(t *testing.T) {
	b := newBaseline(fiveMinutes)
	x := daily(7*288, 1)
	feed(b, x)
	require.NotNil(t, b.season)
	for i := range 36 { // three hours two scales up
		e := b.expect()
		b.learn(50+20*math.Sin(2*math.Pi*float64(i)/288)+2*e.scale, e)
	}
	e := b.expect()
	require.InDelta(t, 1.8, b.offset/e.scale, 0.8)
	require.InDelta(t, math.Abs(b.offset), e.hi-e.lo, 1e-9)
}

func TestAMissingValueTeachesNothing(t *testing.T) {
	for name, x := range map[string][]float64{"season": daily(5*288, 1), "level": noise(500, 0, 1)} {
		t.Run(name, func(t *testing.T) {
			b := newBaseline(fiveMinutes)
			feed(b, x)
			level, offset, known := b.level, b.offset, b.known
			for range 100 {
				b.learn(math.NaN(), b.expect())
			}
			require.Equal(t, []any{level, offset, known}, []any{b.level, b.offset, b.known})
			require.Equal(t, len(x)+100, b.count)
		})
	}
}

func TestSeasonsComeAndGo(t *testing.T) {
	x := append(daily(6*288, 1), noise(40*288, 0, 2)...)
	b := newBaseline(fiveMinutes)
	feed(b, x[:6*288])
	require.Equal(t, []int{288}, b.periods)
	require.Equal(t, 288, b.season.period)
	b = newBaseline(fiveMinutes)
	feed(b, x)
	require.Empty(t, b.periods, "a season that has ended is reviewed away")
	require.Nil(t, b.season)
	require.Equal(t, len(x), b.count)
}

func TestLastingNeedsEveryPointFarOutOnOneSide(t *testing.T) {
	run := func(x ...float64) (by float64, ok bool) {
		l := lasting{limit: 4}
		for _, v := range x {
			if by, ok = l.learn(v, around(0, 1)); ok {
				return by, ok
			}
		}
		return by, ok
	}
	by, ok := run(5, 6, 7, 8)
	require.True(t, ok)
	require.Equal(t, 6.5, by)
	_, ok = run(5, 6, 7, 2, 8, 9)
	require.False(t, ok, "2 is near")
	_, ok = run(5, 6, -7, -8, -9)
	require.False(t, ok, "the side has changed")
	by, ok = run(0, 1, -5, -6, -7, -8)
	require.True(t, ok)
	require.Equal(t, -6.5, by)
	l := lasting{limit: 2}
	_, ok = l.learn(50, around(0, math.NaN()))
	require.False(t, ok, "nothing is far while the scale is unknown")
}

func TestRaiseMovesAllThatWasLearnt(t *testing.T) {
	s := newSlots(24, time.Hour)
	for i := range 24 * 9 {
		s.expect()
		s.learn(float64(i % 24))
	}
	middle, scale := s.expect()
	s.raise(100)
	moved, same := s.expect()
	require.Equal(t, middle+100, moved)
	require.Equal(t, scale, same)
	for i := range 24 * 20 { // the old values leave in order
		s.expect()
		s.learn(100 + float64(i%24))
	}
	moved, _ = s.expect()
	require.Equal(t, middle+100, moved)
}
