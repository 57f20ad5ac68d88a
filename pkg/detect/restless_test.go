package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// watch gives the points at which restless alarms.
func watch(r *restless, x []float64) (alarms []int) {
	for i, v := range x {
		if r.next(v, false) >= 1 {
			alarms = append(alarms, i)
		}
	}
	return alarms
}

// Tails of the normal distribution and of the binomial of 20 draws at 0.1, from scipy 1.17.1 (stats.norm.sf, stats.binom.sf); the
// approximation of Bahadur and Rao is that of a continuous mean, so the binomial's steps are met within a factor of two.
func TestChanceIsTheLargerOfTwoTails(t *testing.T) {
	require.InDelta(t, 0.5, chance(0.3, 0.3, 0.01), 1e-12)
	require.InDelta(t, 0.8413447460685429, chance(0.2, 0.3, 0.01), 1e-12)
	v := 0.1 * 0.9 / 20
	for q, want := range map[float64]float64{0.3: 0.011253, 0.4: 0.000416, 0.5: 7.1e-06} {
		got := chance(q, 0.1, v)
		require.InDelta(t, 0, math.Log(got/want), math.Log(2.5), "%v: %g", q, got)
		require.Greater(t, got, 0.5*math.Erfc((q-0.1)/math.Sqrt(2*v)), "the normal tail is too thin")
	}
	require.InDelta(t, 0.5*math.Erfc(3/math.Sqrt2), chance(0.53, 0.5, 1e-4), 4e-4, "with many draws they agree")
	for q := 0.11; q < 1.2; q += 0.01 {
		require.LessOrEqual(t, chance(q+0.01, 0.1, v), chance(q, 0.1, v)*(1+1e-9), "it falls")
	}
}

func TestRestlessFindsWhatLasts(t *testing.T) {
	x := heavy(3000, 2)
	x[100], x[101] = 50, -50 // the range is known to be wide
	require.Empty(t, watch(newRestless(fiveMinutes, 1), x))
	for i := 2500; i < 2530; i++ {
		x[i] = math.Copysign(5, x[i])
	}
	got := watch(newRestless(fiveMinutes, 1), x)
	require.Len(t, got, 1, "30 values that come seven times a day")
	require.True(t, got[0] > 2500 && got[0] < 2530, "%v", got)
	require.Empty(t, watch(newRestless(fiveMinutes, 1.9), x), "at a higher limit")
}

func TestRestlessFindsANewRange(t *testing.T) {
	for name, c := range map[string]struct {
		to    float64
		found bool
	}{"above": {1.16, true}, "a little above": {1.12, false}, "below": {-1.16, true}, "a little below": {-1.12, false}} {
		t.Run(name, func(t *testing.T) {
			x := times(2000, func(i int) float64 { return math.Sin(float64(i) / 20) })
			x[1500] = c.to
			require.Equal(t, c.found, len(watch(newRestless(fiveMinutes, 1), x)) == 1)
			late := append(x[:1500:1500], append(times(20000, func(i int) float64 { return math.Sin(float64(i) / 20) }), 1.12)...)
			require.Len(t, watch(newRestless(fiveMinutes, 1), late), 1, "a range that has held for long is left sooner")
		})
	}
}

// A sine from -1 to 1 leaves its range from 1 to 1.3, where 0.14 are needed: within ten blocks that is out, and what is slower is none.
func TestRestlessFindsWhatCreepsOutOfTheRange(t *testing.T) {
	for blocks, found := range map[int]bool{1: true, 3: true, 10: true, 20: true, 40: false, 200: false} {
		x := times(2000, func(i int) float64 {
			switch k := i - 1500; {
			case k < 0:
				return math.Sin(float64(i) / 20)
			case k < blocks:
				return 1 + 0.3*float64(k+1)/float64(blocks)
			default:
				return 1.3
			}
		})
		require.Equal(t, found, len(watch(newRestless(fiveMinutes, 1), x)) == 1, "in %d blocks", blocks)
		require.Equal(t, found, len(watch(newRestless(fiveMinutes, 1), times(2000, func(i int) float64 { return -x[i] }))) == 1, "down in %d blocks", blocks)
	}
}

func TestRestlessSaysHowFarOutOfTheRangeAValueIs(t *testing.T) {
	const needed = restlessRange * 2 * (1 + restlessShort/1501.0)
	for out, want := range map[float64]float64{1.01: 1.01, 1.5: 1.5, 1.9: 1.9, 2: 2, 50: 1 / restlessLimit} {
		r := newRestless(fiveMinutes, 1)
		for i := range 1500 {
			r.next([]float64{-1, 0, 1}[i%3], false)
		}
		require.InDelta(t, autoUrgent*want, r.next(1+out*needed, false), 1e-9, "%v of what is needed", out)
	}
}

// Of a block of five minutes all points have to be usual for their time; its range counts all the same.
func TestRestlessLetsARangeGrowByWhatIsUsual(t *testing.T) {
	for name, c := range map[string]struct {
		usual []bool
		found bool
	}{
		"none":         {make([]bool, 5), true},
		"all but one":  {[]bool{true, true, false, true, true}, true},
		"all of them":  {[]bool{true, true, true, true, true}, false},
		"all it knows": {[]bool{true, true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRestless(time.Minute, 1)
			block := func(v float64, usual []bool) (out float64) {
				for k := range 5 {
					if k < len(usual) {
						out = r.next(v, usual[k])
					} else {
						out = r.next(math.NaN(), false)
					}
				}
				return out
			}
			for i := range 1000 {
				require.Less(t, block(math.Sin(float64(i)/20), make([]bool, 5)), 1.0)
			}
			require.Equal(t, c.found, block(1.5, c.usual) >= 1)
			for range restlessSilent {
				block(0, make([]bool, 5))
			}
			require.Less(t, block(1.5, make([]bool, 5)), 1.0, "it has been there")
		})
	}
}

func TestRestlessIsSilentForAWhileAndThenTired(t *testing.T) {
	x := times(8000, func(i int) float64 { return math.Sin(float64(i) / 20) })
	top := 1.0
	for i := 1000; i < 8000; i += 50 {
		top *= 1.5
		x[i] = top
	}
	r := newRestless(fiveMinutes, 1)
	got := watch(r, x)
	for k := 1; k < len(got); k++ {
		require.Greater(t, got[k]-got[k-1], restlessSilent)
	}
	require.True(t, r.tired())
	require.InDelta(t, restlessTired, len(got), 2, "a week's worth; then its alarms say nothing about this series")
	for range 3 * 2016 {
		r.next(0, false)
	}
	require.False(t, r.tired(), "after quiet weeks it is asked again")
}

func TestRestlessJudgesBlocksOfFiveMinutes(t *testing.T) {
	coarse := times(2000, func(i int) float64 { return math.Sin(float64(i) / 20) })
	coarse[1500] = 3
	fine := times(10000, func(i int) float64 { return coarse[i/5] })
	fine[7502] = math.NaN()
	a, b := newRestless(fiveMinutes, 1), newRestless(time.Minute, 1)
	require.Equal(t, []int{1500}, watch(a, coarse))
	require.Equal(t, []int{7504}, watch(b, fine), "at the end of the block, a missing value changes nothing")
	require.InDelta(t, a.level, b.level, 1e-9)
}

func TestRestlessSaysNothingOfMissingConstantOrNew(t *testing.T) {
	for name, x := range map[string][]float64{
		"missing":  times(3000, func(int) float64 { return math.NaN() }),
		"constant": times(3000, func(int) float64 { return 7 }),
		"new":      times(restlessFirst, func(i int) float64 { return float64(i * i) }),
		"a ramp":   times(3000, func(i int) float64 { return float64(i) }),
		"rare":     times(9000, func(i int) float64 { return float64(i % 200 / 199) }),
	} {
		require.Empty(t, watch(newRestless(fiveMinutes, 1), x), name)
	}
}

func TestRestlessHearsNothingBelowHalfAPerCent(t *testing.T) {
	for by, found := range map[float64]int{0.4: 0, 0.6: 1, -0.4: 0, -0.6: 1} {
		x := times(3000, func(i int) float64 { return 100 + math.Sin(float64(i)/20)/100 })
		x[2500] += by
		require.Len(t, watch(newRestless(fiveMinutes, 1), x), found, "%v beyond a range of 0.02 at 100", by)
		y := times(3000, func(i int) float64 { return 100 + math.Sin(float64(i)/20)/100 })
		y[100], y[101] = 102, 98 // so that the range says nothing
		for i := 2500; i < 2530; i++ {
			y[i] += by
		}
		require.Len(t, watch(newRestless(fiveMinutes, 1), y), found, "%v off for longer than ever", by)
	}
}

func TestRestlessKnowsNeitherUnitNorSign(t *testing.T) {
	x := noise(4000, 0.95, 9)
	for i := 3000; i < 3020; i++ {
		x[i] += 25
	}
	want := watch(newRestless(fiveMinutes, 1), x)
	require.NotEmpty(t, want)
	require.Equal(t, want, watch(newRestless(fiveMinutes, 1), times(4000, func(i int) float64 { return 1000 - 250*x[i] })))
}
