package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func train(t require.TestingT, values []float64, step time.Duration, periods []int, horizon int, id string) (*State, *Result) {
	in := Input{Values: values, Step: step, Start: monday, Periods: periods}
	s, r, err := Train(context.Background(), in, Options{Algorithm: id, Horizon: horizon, Confidence: 0.9})
	require.NoError(t, err)
	return s, r
}

func stored(t require.TestingT, s *State) *State {
	b, err := Marshal(s)
	require.NoError(t, err)
	out, err := Unmarshal(b)
	require.NoError(t, err)
	return out
}

func everyAlgorithm() []string {
	ids := []string{Auto}
	for _, a := range Algorithms() {
		ids = append(ids, a.ID)
	}
	return ids
}

func TestAStateForecastsWhatTheTrainingForecast(t *testing.T) {
	x := dayWeek(24*28, 24, 6, 0.01, 1, 4)
	for _, id := range everyAlgorithm() {
		t.Run(id, func(t *testing.T) {
			s, want := train(t, x, time.Hour, []int{24, 168}, 48, id)
			require.Equal(t, monday.Add(28*24*time.Hour), s.End())
			for _, kept := range []*State{s, s.Clone(), stored(t, s)} {
				got, err := kept.Result(48, 0.9)
				require.NoError(t, err)
				require.Equal(t, want.Algorithm, got.Algorithm)
				require.Equal(t, want.Periods, got.Periods)
				require.InDeltaSlice(t, want.Mean, got.Mean, 1e-4)
				require.InDeltaSlice(t, want.Sigma, got.Sigma, 0.08*want.Sigma[47])
				require.InDeltaSlice(t, want.Lower, got.Lower, 0.2*want.Sigma[47])
				require.InDeltaSlice(t, want.Upper, got.Upper, 0.2*want.Sigma[47])
				require.Len(t, got.Errors, len(want.Errors))
				require.InDelta(t, want.persistence(), got.persistence(), 1e-12)
			}
		})
	}
}

func TestAStateGoesOnAsTheModelDoes(t *testing.T) {
	x := dayWeek(24*35, 24, 6, 0.01, 1, 4)
	newer := append([]float64(nil), x[24*28:]...)
	newer[20], newer[50], newer[51] = math.NaN(), math.NaN(), math.NaN()
	for _, id := range everyAlgorithm() {
		t.Run(id, func(t *testing.T) {
			in := Input{Values: x[:24*28], Step: time.Hour, Start: monday, Periods: []int{24, 168}}
			r, err := trained(context.Background(), in, Options{Algorithm: id, Horizon: 24, Confidence: 0.9})
			require.NoError(t, err)
			want := pushed(r.model, newer).Forecast(24)
			s, _ := train(t, x[:24*28], time.Hour, []int{24, 168}, 24, id)
			s = stored(t, s)
			s.Advance(newer[:100])
			s = stored(t, s)
			s.Advance(newer[100:])
			require.Equal(t, 168, s.Seen)
			require.Equal(t, monday.Add(35*24*time.Hour), s.End())
			got, err := s.Result(24, 0.9)
			require.NoError(t, err)
			require.InDeltaSlice(t, want, got.Mean, 1e-3)
		})
	}
}

func TestPushGivesTheOneStepForecast(t *testing.T) {
	x := dayWeek(24*22, 24, 6, 0.01, 1, 4)
	for _, id := range everyAlgorithm() {
		s, _ := train(t, x[:24*21], time.Hour, []int{24}, 24, id)
		for _, v := range x[24*21:] {
			r, err := s.Result(1, 0.9)
			require.NoError(t, err)
			require.InDelta(t, r.Mean[0], s.Push(v), 1e-9, id)
		}
	}
}

func TestACloneIsNotMovedByItsOrigin(t *testing.T) {
	x := dayWeek(24*21, 24, 6, 0.01, 1, 4)
	for _, id := range everyAlgorithm() {
		s, _ := train(t, x, time.Hour, []int{24}, 24, id)
		c := s.Clone()
		before, err := c.Result(24, 0.9)
		require.NoError(t, err)
		s.Advance([]float64{1e3, 1e3, math.Inf(1), 1e200, -1e3})
		after, err := c.Result(24, 0.9)
		require.NoError(t, err)
		require.Equal(t, before.Mean, after.Mean, id)
	}
}

// The sizes are those that the algorithms' pages state.
func TestAStateOfTwoSeasonsIsUnder4KiB(t *testing.T) {
	for name, c := range map[string]struct {
		step     time.Duration
		day      int
		accuracy float64
	}{
		"hourly":    {time.Hour, 24, 1e-4},
		"5 minutes": {5 * time.Minute, 288, 0.05},
		"1 minute":  {time.Minute, 1440, 1},
	} {
		x := dayWeek(28*c.day, c.day, 6, 0, 1, 4)
		for _, id := range everyAlgorithm() {
			t.Run(name+" "+id, func(t *testing.T) {
				s, want := train(t, x, c.step, []int{c.day, 7 * c.day}, c.day, id)
				b, err := Marshal(s)
				require.NoError(t, err)
				require.LessOrEqual(t, len(b), StateSize)
				got, err := stored(t, s).Result(c.day, 0.9)
				require.NoError(t, err)
				require.Less(t, meanAbsolute([][]float64{misses(want.Mean, got.Mean)}), c.accuracy, "of a swing of 28 and noise of 1.1")
			})
		}
	}
}

func TestOtherConfidencesAndLongerHorizons(t *testing.T) {
	x := dayWeek(24*28, 24, 6, 0, 1, 4)
	s, _ := train(t, x, time.Hour, []int{24}, 48, "theta")
	s = stored(t, s)
	last := 0.0
	for _, c := range []float64{0.5, 0.7, 0.8, 0.9, 0.93, 0.95, 0.97, 0.99} {
		r, err := s.Result(200, c)
		require.NoError(t, err)
		require.Greater(t, r.Upper[30]-r.Lower[30], last)
		last = r.Upper[30] - r.Lower[30]
		require.Greater(t, r.Sigma[199], 1.9*r.Sigma[47], "beyond what it was trained for it widens with the square root")
		require.Len(t, paths(r, 2, 1)[1], 200)
	}
	for _, bad := range []struct {
		horizon    int
		confidence float64
	}{{0, 0.9}, {10, 0.3}, {10, 1}, {10, math.NaN()}} {
		_, err := s.Result(bad.horizon, bad.confidence)
		require.ErrorIs(t, err, param.ErrInvalid)
	}
}

func TestAStoredForecastStaysInsideItsBounds(t *testing.T) {
	lo, hi := 0.0, 60.0
	in := Input{Values: dayWeek(24*21, 24, 0, 0, 1, 2), Step: time.Hour, Bounds: Bounds{&lo, &hi}}
	s, _, err := Train(context.Background(), in, Options{Algorithm: "mstl", Horizon: 24, Confidence: 0.95})
	require.NoError(t, err)
	r, err := stored(t, s).Result(48, 0.99)
	require.NoError(t, err)
	for h := range r.Mean {
		require.True(t, lo <= r.Lower[h] && r.Lower[h] <= r.Mean[h] && r.Mean[h] <= r.Upper[h] && r.Upper[h] <= hi)
	}
}

func TestARefitIsDueWhenTheErrorsStayLargeOrTheModelIsOld(t *testing.T) {
	x := dayWeek(24*32, 24, 0, 0, 1, 4)
	s, _ := train(t, x[:24*21], time.Hour, []int{24}, 24, "ar")
	for _, v := range x[24*21 : 24*28] {
		s.Push(v)
		why, due := s.RefitDue()
		require.False(t, due, why)
	}
	require.Less(t, s.Drift(), 0.3)
	single := s.Clone()
	single.Push(1e6)
	_, due := single.RefitDue()
	require.False(t, due, "a single point is no reason")

	changed := stored(t, s)
	steps := 0
	for ; steps < 24; steps++ {
		if _, due := changed.RefitDue(); due {
			break
		}
		changed.Push(50 + 60*math.Sin(float64(steps)*2.5))
	}
	why, due := changed.RefitDue()
	require.True(t, due)
	require.Contains(t, why, "errors")
	require.Less(t, steps, 16, "another rhythm shows within hours")
	require.Greater(t, changed.Drift(), 0.5)

	for _, v := range x[24*28:] {
		s.Push(v)
	}
	why, due = s.RefitDue()
	require.True(t, due)
	require.Contains(t, why, "half as many")
}

func TestAConstantSeriesHasAState(t *testing.T) {
	s, _ := train(t, []float64{7, 7, 7, 7, math.NaN(), 7}, time.Minute, nil, 5, Auto)
	s = stored(t, s)
	require.Equal(t, 7.0, s.Push(7))
	_, due := s.RefitDue()
	require.False(t, due)
	r, err := s.Result(3, 0.95)
	require.NoError(t, err)
	require.Equal(t, []float64{7, 7, 7}, r.Mean)
	require.Equal(t, []float64{7, 7, 7}, r.Upper)
}

func TestBadBytesAreRefused(t *testing.T) {
	s, _ := train(t, dayWeek(24*21, 24, 0, 0, 1, 4), time.Hour, []int{24}, 24, "mstl")
	good, err := Marshal(s)
	require.NoError(t, err)
	later := append([]byte(nil), good...)
	later[2] = 9
	flipped := append([]byte(nil), good...)
	flipped[len(flipped)/2] ^= 4
	for name, c := range map[string]struct {
		bytes []byte
		says  string
	}{
		"nothing":         {nil, "without the mark"},
		"something else":  {[]byte("hello, world"), "without the mark"},
		"a later version": {later, "of version 9, this program reads version 6"},
		"a changed bit":   {flipped, "checksum"},
		"cut short":       {good[:len(good)-9], "checksum"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Unmarshal(c.bytes)
			require.ErrorIs(t, err, ErrBadState)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestTheSameStateGivesTheSameBytes(t *testing.T) {
	x := dayWeek(24*21, 24, 6, 0, 1, 4)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom(everyAlgorithm()).Draw(t, "algorithm")
		n := rapid.IntRange(24*14, 24*21).Draw(t, "points")
		s, _ := train(t, x[:n], time.Hour, nil, 24, id)
		one, err := Marshal(s)
		require.NoError(t, err)
		two, err := Marshal(stored(t, s))
		require.NoError(t, err)
		three, err := Marshal(stored(t, stored(t, s)))
		require.NoError(t, err)
		require.Equal(t, len(one), len(two))
		require.Equal(t, two, three, "storing again changes nothing")
	})
}

// Whatever series comes in, what was trained on it can be kept and goes on.
func TestAnyTrainedStateCanBeKept(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.SampledFrom([]float64{0, 1, 1, 1e-300, 1e140, -1e140, math.NaN(), math.Inf(1), 5e-324}))
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(value, 0, 90).Draw(t, "values")
		newer := rapid.SliceOfN(value, 0, 20).Draw(t, "newer")
		id := rapid.SampledFrom(everyAlgorithm()).Draw(t, "algorithm")
		periods := rapid.SampledFrom([][]int{nil, {}, {7}, {4, 12}}).Draw(t, "periods")
		s, _, err := Train(context.Background(), Input{Values: values, Step: time.Hour, Start: monday, Periods: periods},
			Options{Algorithm: id, Horizon: 10, Confidence: 0.9})
		if err != nil {
			require.ErrorIs(t, err, ErrTooShort)
			return
		}
		s = stored(t, s)
		s.Advance(newer)
		s = stored(t, s)
		r, err := s.Result(10, 0.9)
		if err != nil {
			require.ErrorContains(t, err, "not finite")
			require.True(t, slices.ContainsFunc(slices.Concat(values, newer), func(v float64) bool { return math.Abs(v) > 1e100 }),
				"only a jump of hundreds of decades is more than a model can follow")
			return
		}
		for h := range r.Mean {
			require.LessOrEqual(t, r.Lower[h], r.Mean[h])
			require.LessOrEqual(t, r.Mean[h], r.Upper[h])
		}
	})
}

func FuzzUnmarshal(f *testing.F) {
	for _, id := range everyAlgorithm() {
		s, _ := train(f, dayWeek(24*21, 24, 6, 0.01, 1, 4), time.Hour, []int{24}, 24, id)
		b, err := Marshal(s)
		require.NoError(f, err)
		f.Add(b[3 : len(b)-4])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := Unmarshal(sealed(body))
		if err != nil {
			require.ErrorIs(t, err, ErrBadState)
			return
		}
		s.Advance([]float64{1, math.NaN(), 3})
		if r, err := s.Result(5, 0.95); err == nil {
			require.True(t, finite(r.Mean))
		}
		_, err = Marshal(s)
		require.NoError(t, err)
	})
}

func BenchmarkPush(b *testing.B) {
	for _, c := range []struct {
		name string
		step time.Duration
		day  int
	}{{"hourly", time.Hour, 24}, {"5min", 5 * time.Minute, 288}} {
		x := dayWeek(28*c.day, c.day, 6, 0, 1, 4)
		for _, id := range everyAlgorithm() {
			b.Run(fmt.Sprintf("%s/%s", id, c.name), func(b *testing.B) {
				s, _ := train(b, x, c.step, []int{c.day, 7 * c.day}, c.day, id)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					s.Push(x[i%len(x)])
				}
			})
		}
	}
}

func BenchmarkMarshal(b *testing.B) {
	s, _ := train(b, dayWeek(24*28, 24, 6, 0, 1, 4), time.Hour, []int{24, 168}, 24, Auto)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Marshal(s)
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	s, _ := train(b, dayWeek(24*28, 24, 6, 0, 1, 4), time.Hour, []int{24, 168}, 24, Auto)
	blob, err := Marshal(s)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Unmarshal(blob)
	}
}

func TestKnotsAscendToTheLastStep(t *testing.T) {
	for _, k := range []int{curveKnots, spreadKnots} {
		for h := 1; h < 400; h++ {
			steps := knotSteps(h, k)
			require.Len(t, steps, min(h, k))
			require.Equal(t, 1, steps[0])
			require.Equal(t, h, steps[len(steps)-1])
			for i := range steps[1:] {
				require.Greater(t, steps[i+1], steps[i], "of %d", h)
			}
		}
	}
}
