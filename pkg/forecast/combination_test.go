package forecast

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// always are shares that are the same at each step.
func always(weights ...float64) shares { return shares{near: weights, far: weights} }

func TestBlendIsTheMeanOfTheMiddle(t *testing.T) {
	third := 1. / 3
	for name, c := range map[string]struct {
		values, weights []float64
		want            float64
	}{
		"one":                      {[]float64{7}, []float64{1}, 7},
		"the middle one":           {[]float64{9, 1, 5}, []float64{third, third, third}, 5},
		"between two":              {[]float64{1, 3}, []float64{0.5, 0.5}, 2},
		"the heavy one":            {[]float64{1, 2, 100}, []float64{0.15, 0.15, 0.7}, 100},
		"shares of the middle":     {[]float64{1, 2, 3, 4}, []float64{0.1, 0.35, 0.45, 0.1}, (2*(0.45-third) + 3*(2*third-0.45)) / third},
		"an outlier has no effect": {[]float64{4, 5, 1e9}, []float64{0.33, 0.37, 0.3}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			rows := make([][]float64, len(c.values))
			for i, v := range c.values {
				rows[i] = []float64{v, -v}
			}
			s := always(c.weights...)
			got := s.blend(rows)
			require.InDelta(t, c.want, got[0], 1e-12)
			require.InDelta(t, -c.want, got[1], 1e-12, "mirrored values give the mirrored mean")
		})
	}
}

func TestWeightsAreTheInverseCubeOfTheTypicalError(t *testing.T) {
	of := func(errors ...float64) []score {
		out := make([]score, len(errors))
		for i, v := range errors {
			out[i].near, out[i].far = v, 7
		}
		return out
	}
	inf := math.Inf(1)
	require.InDeltaSlice(t, []float64{8. / 9, 1. / 9, 0}, weights(of(1, 2, 2.1), score.nearError), 1e-12)
	require.InDeltaSlice(t, []float64{0.5, 0.5}, weights(of(1, 2), score.farError), 1e-12)
	require.Equal(t, []float64{0, 1, 0}, weights(of(1, 0, inf), score.nearError), "a perfect model has all the say")
	require.Nil(t, weights(of(inf, inf), score.nearError), "nothing could be compared")
}

func TestEachHalfOfTheHorizonHasItsTypicalError(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		errors    [][]float64
		near, far float64
	}{
		"an odd horizon":         {[][]float64{{1, -1, 4, 4, 4}, {1, 1, -4, 4, -4}}, 1, 4},
		"one step":               {[][]float64{{3}, {-3}}, 3, 3},
		"a half that is missing": {[][]float64{{2, 2, nan, nan}}, 2, 2},
		"the other half":         {[][]float64{{nan, nan, 2, 2}}, 2, 2},
	} {
		near, far := halves(c.errors)
		require.InEpsilon(t, c.near, near, 0.01, name)
		require.InEpsilon(t, c.far, far, 0.01, name)
	}
	near, far := halves([][]float64{{nan, nan}})
	require.True(t, math.IsInf(near, 1) && math.IsInf(far, 1))
}

// A model that is right about the next steps alone has its say there, and the one that is right about the far ones there.
func TestEachMemberHasItsSayWhereItIsRight(t *testing.T) {
	s := shares{over: 5}
	s.add(0.9, 0.1)
	s.add(0.1, 0.9)
	s.even()
	require.InDeltaSlice(t, []float64{0, 0, 0.5, 1, 1, 1, 1}, s.blend([][]float64{make([]float64, 7), {1, 1, 1, 1, 1, 1, 1}}), 1e-9)
	require.InDelta(t, 0.5, s.of(0), 1e-12)
	left := shares{near: []float64{0, 0}, far: []float64{0.2, 0.2}, over: 5}
	left.even()
	require.Equal(t, shares{near: []float64{0.5, 0.5}, far: []float64{0.5, 0.5}, over: 5}, left, "nobody is left who knows the first steps")
	left = shares{near: []float64{0.1, 0.3}, far: []float64{0, 0}, over: 5}
	left.even()
	require.InDeltaSlice(t, []float64{0.25, 0.75}, left.far, 1e-12)
}

func TestOneIncidentDoesNotDecideTheTypicalError(t *testing.T) {
	calm := [][]float64{{1, -1}, {2, 2}, {1, -1}, {2, 2}}
	require.InEpsilon(t, math.Sqrt2, typicalError(calm), 0.01)
	incident := [][]float64{{1, -1}, {2, 2}, {1, -1}, {2000, 2000}}
	require.Less(t, typicalError(incident), 12.0, "its mean absolute error is 500")
	nan := math.NaN()
	require.InEpsilon(t, 3, typicalError([][]float64{{nan, 3}, {nan, nan}}), 0.01)
	require.True(t, math.IsInf(typicalError([][]float64{{nan}}), 1))
	require.Zero(t, typicalError([][]float64{{0, 0}, {0, 0}}))
}

func TestCombinationIsHardlyWorseThanItsBestModel(t *testing.T) {
	for seed := range uint64(5) {
		all := dayWeek(24*35+24, 24, 6, 0.02, 1, seed)
		train, actual := all[:24*35], all[24*35:]
		in := Input{Values: train, Step: time.Hour}
		in.findSeasons()
		own := meanAbsolute([][]float64{misses(actual, fitted(t, in, combination{horizon: 24}).Forecast(24))})
		best := math.Inf(1)
		for _, c := range pool(in) {
			m, err := c.fit(context.Background(), in)
			require.NoError(t, err)
			best = min(best, meanAbsolute([][]float64{misses(actual, m.Forecast(24))}))
		}
		require.Less(t, own, 1.6*best, "seed %d: chosen without knowing the future", seed)
	}
}

func fitted(t *testing.T, in Input, f Forecaster) Model {
	m, err := f.Fit(context.Background(), in)
	require.NoError(t, err)
	return m
}

func TestLongForecastsAreMadeFromMeans(t *testing.T) {
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		step    time.Duration
		days, h int
		periods []int
		want    int
	}{
		"a day at 5 minutes":             {5 * time.Minute, 14, 288, []int{288}, 12},
		"a day at a minute":              {time.Minute, 28, 1440, []int{1440}, 60},
		"an hour at 5 minutes":           {5 * time.Minute, 14, 12, []int{288}, 1},
		"six hours at 5 minutes":         {5 * time.Minute, 14, 72, []int{288}, 3},
		"two days at an hour":            {time.Hour, 28, 48, []int{24, 168}, 1},
		"a season of an hour and a day":  {5 * time.Minute, 14, 288, []int{12, 288}, 12},
		"a season of an hour alone":      {time.Minute, 2, 1440, []int{60}, 2},
		"a step that does not divide":    {7 * time.Minute, 14, 288, []int{205}, 1},
		"little history":                 {5 * time.Minute, 1, 288, nil, 1},
		"no season at all":               {5 * time.Minute, 14, 288, nil, 12},
		"a week at ten minutes, no more": {10 * time.Minute, 14, 1008, []int{144}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			in := Input{Values: make([]float64, int(time.Duration(c.days)*day/c.step)), Step: c.step, Periods: c.periods}
			require.Equal(t, c.want, coarsening(in, c.h))
		})
	}
}

func TestMeansCountFromTheEndAndNeedHalfTheirValues(t *testing.T) {
	nan := math.NaN()
	got := aggregate([]float64{99, 1, 2, 3, nan, nan, 6, nan, 8, 10}, 3)
	require.Equal(t, 2.0, got[0])
	require.True(t, math.IsNaN(got[1]))
	require.Equal(t, 9.0, got[2])
	require.Empty(t, aggregate([]float64{1}, 2))
}

func TestDetailGivesBackWhatMeansLeaveOut(t *testing.T) {
	// A spike at five minutes past every hour survives a forecast from hourly means.
	spiky := func(i int) float64 {
		v := 20 + 5*math.Sin(2*math.Pi*float64(i)/288)
		if i%12 == 1 {
			v += 30
		}
		return v
	}
	y := make([]float64, 4032)
	for i := range y {
		y[i] = spiky(i)
	}
	r := run(t, y, 5*time.Minute, 288, "combination")
	require.Equal(t, 12.0, r.Explain["steps in a mean"])
	for h, f := range r.Mean {
		require.InDelta(t, spiky(len(y)+h), f, 1)
	}
}

func TestDetailOfNoiseIsShrunkAway(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	y := make([]float64, 4032)
	for i := range y {
		y[i] = rng.NormFloat64()
	}
	d := newDetail(y, 12, 288)
	require.Less(t, rms(d.profile), 0.1, "a plain mean over 14 days would keep 0.27")
}

func TestFirstStepsStartFromTheLastValue(t *testing.T) {
	// A slow random walk within the hour: the newest value says more about the next one than the hour's mean does.
	rng := rand.New(rand.NewPCG(6, 6))
	y := make([]float64, 4032)
	for i := range y[1:] {
		y[i+1] = 0.995*y[i] + rng.NormFloat64()
	}
	r := run(t, y, 5*time.Minute, 288, "combination")
	hour := meanOf(y[len(y)-12:])
	require.Less(t, math.Abs(r.Mean[0]-y[len(y)-1]), math.Abs(hour-y[len(y)-1])+0.5)
}

func TestGoingOnInPiecesIsGoingOnAtOnce(t *testing.T) {
	all := dayWeek(24*28+50, 24, 6, 0.02, 1, 4)
	all[24*28+7] = math.NaN()
	fine := dayWeek(4032+50, 288, 0, 0, 1, 4)
	type data struct {
		values []float64
		n      int
		step   time.Duration
	}
	for _, a := range Algorithms() {
		for name, d := range map[string]data{"hourly": {all, 24 * 28, time.Hour}, "5 minutes": {fine, 4032, 5 * time.Minute}} {
			t.Run(a.ID+" "+name, func(t *testing.T) {
				in := Input{Values: d.values[:d.n], Step: d.step}
				in.findSeasons()
				f := candidateFor(t, a.ID, 288)
				m := fitted(t, in, f)
				before := m.Forecast(30)
				whole, piece := pushed(m, d.values[d.n:]), pushed(m, d.values[d.n:d.n+13])
				piece.Forecast(3)
				require.Equal(t, whole.Forecast(30), pushed(piece, d.values[d.n+13:]).Forecast(30))
				require.Equal(t, before, m.Forecast(30), "the model itself stays as it was")
				require.NotEqual(t, before, whole.Forecast(30))
			})
		}
	}
}

// pushed gives a copy of the model that has gone on.
func pushed(m Model, newer []float64) Model {
	out := m.fork()
	for _, v := range newer {
		out.push(v)
	}
	return out
}

func candidateFor(t *testing.T, id string, horizon int) Forecaster {
	c, err := Options{Algorithm: id}.forecaster()
	require.NoError(t, err)
	if f, ok := c.forecaster.(combination); ok {
		f.horizon = horizon
		return f
	}
	return c.forecaster
}

// A regression that the points before the origins determine need not be determined by all: gaps at the end may make it so.
func TestAMemberThatNoLongerFitsIsLeftOut(t *testing.T) {
	x := dayWeek(48, 24, 3, 0.05, 1, 0)
	for _, i := range []int{26, 27, 28, 29, 47} {
		x[i] = math.NaN()
	}
	r := run(t, x, time.Hour, 30, combinationID)
	shares := 0.0
	for name, v := range r.Explain {
		if strings.HasPrefix(name, "weight of ") {
			shares += v
		}
	}
	require.InDelta(t, 1, shares, 1e-12)
}

// The last half hour of a day ahead in five minutes is as near as the rest: the line goes on beyond it.
func TestTheEndOfALongForecastIsNoFurtherOff(t *testing.T) {
	const day = 288
	wave := func(i int) float64 { return 50 + 20*math.Sin(2*math.Pi*float64(i)/day) + 0.3*math.Sin(float64(i*i)) }
	y := make([]float64, 14*day)
	for i := range y {
		y[i] = wave(i)
	}
	r, err := Run(t.Context(), Input{Values: y, Step: 5 * time.Minute}, Options{Algorithm: Auto, Horizon: day, Confidence: 0.95})
	require.NoError(t, err)
	off := func(from, to int) (sum float64) {
		for h := from; h < to; h++ {
			sum += math.Abs(r.Mean[h]-wave(len(y)+h)) / float64(to-from)
		}
		return sum
	}
	require.Less(t, off(day-6, day), 1.5*off(0, day-6)+0.05)
}

// Whoever is late is left out, but for a few; what is compared by then makes the forecast, and the answer says how many are missing.
func TestComparingStopsWhenItIsLate(t *testing.T) {
	all := dayWeek(24*35, 24, 6, 0.02, 1, 3)
	in := Input{Values: all, Step: time.Hour}
	in.findSeasons()
	members := len(pool(in))
	for _, c := range []struct{ after, tried int }{{0, leastTried}, {leastTried, leastTried}, {5, 5}, {members, members}} {
		asked := leastTried
		m := fitted(t, in, combination{horizon: 24, late: func() bool { asked++; return asked > c.after }}).(*combinedModel)
		require.Equal(t, members-c.tried, m.untried, "late after %d", c.after)
		require.LessOrEqual(t, len(m.models), c.tried)
		require.True(t, finite(m.Forecast(24)))
		r := &Result{}
		trial{model: m, mean: m.Forecast(24), own: score{errors: m.errors}}.tell(in, r)
		if c.tried == members {
			require.Empty(t, r.Notices)
			continue
		}
		require.Equal(t, []string{fmt.Sprintf("comparing models took longer than 1 s: %d of them were left out", members-c.tried)}, r.Notices)
	}
}

// There is a second from when a forecast is asked for.
func TestAForecastHasASecondForComparing(t *testing.T) {
	c, err := Options{Algorithm: Auto}.forecaster()
	require.NoError(t, err)
	late := c.at(48).forecaster.(combination).late
	require.False(t, late())
	require.Equal(t, time.Second, comparing)
	other, err := Options{Algorithm: "theta"}.forecaster()
	require.NoError(t, err)
	require.Equal(t, other, other.at(48), "a model that is asked for by name has nothing to compare")
}
