package forecast

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/order"
)

// The parts that nobody else has published programs of, beside the plainest program of the same definition: slow, of few lines, and
// without what makes ours fast.

// plainDelta is Card's Delta of Doornik, Castle and Hendry (2020), section 3, from the differences as they stand.
func plainDelta(y []float64, p, h int) []float64 {
	n := len(y)
	var d []float64
	for t := 1; t < n; t++ {
		d = append(d, y[t]-y[t-1])
	}
	spread := func(x []float64) (s float64) {
		for _, v := range x {
			s += square(v-meanOf(x)) / float64(len(x))
		}
		return s
	}
	out, season := make([]float64, h), make([]float64, p)
	if spread(d) > 1.2*spread(y) { // levels
		var means []float64
		for k, w := range []float64{20, 5, 4, 3, 2, 1} {
			block := y[n-(k+1)*p : n-k*p]
			means = append(means, meanOf(block))
			for j := range season {
				season[j] += w / 35 * (block[j] - means[k])
			}
		}
		for i := range out {
			if out[i] = (means[0]+meanOf(means))/2 + season[i%p]; i == 0 {
				out[i] = means[0] + season[0]
			}
		}
		return out
	}
	var blocks []float64
	for end := len(d); end >= p; end -= p {
		blocks = append(blocks, meanOf(d[end-p:end]))
	}
	slices.Reverse(blocks)
	trimmed := func(most int) float64 {
		x := slices.Clone(blocks)
		slices.SortStableFunc(x, func(a, b float64) int { return int(math.Copysign(1, math.Abs(a)-math.Abs(b))) })
		return meanOf(x[:len(x)-most])
	}
	cautious := func(x ...float64) float64 {
		least := slices.MinFunc(x, func(a, b float64) int { return int(math.Copysign(1, math.Abs(a)-math.Abs(b))) })
		for _, v := range x {
			if v*least <= 0 {
				return 0
			}
		}
		return least
	}
	seasonal := 0.0
	for t := p; t < n; t++ {
		seasonal += (y[t] - y[t-p]) / float64(n-p) / float64(p)
	}
	drift := cautious(meanOf(newest(blocks, 6)), (y[n-1]-y[0])/float64(n-1), seasonal)
	if p > 1 {
		for k, w := range []float64{9, 3, 2, 1} {
			for j := range season {
				season[j] += w / 15 * d[len(d)-(k+1)*p+j]
			}
		}
		season = moved(season, -meanOf(season), 1)
	}
	last := y[n-1]
	for i := range out {
		step := cautious(drift, trimmed(3))
		if i == 0 {
			step = cautious(drift, trimmed(1))
		}
		last += step + season[i%p]
		out[i] = last
	}
	return out
}

func TestDeltaIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]int{1, 4, 7}).Draw(t, "season")
		n := rapid.IntRange(7*p+6, 140).Draw(t, "n")
		x := noise(n, -20, 1, rapid.Uint64().Draw(t, "seed")) // below zero: no logs
		rise := rapid.Float64Range(-2, 2).Draw(t, "rise")
		lasting := rapid.Bool().Draw(t, "a walk")
		for i := range x {
			if x[i] += rise * float64(i%p); lasting && i > 0 {
				x[i] = x[i-1] + x[i] + 20 + rise
			}
		}
		slices.Sort(x[:rapid.IntRange(0, 3).Draw(t, "sorted")])
		if hi := slices.Max(x); hi >= 0 {
			x = moved(x, -hi-1, 1)
		}
		in := Input{Values: x, seasons: []int{p}}
		m, err := delta{seasonal: true}.Fit(t.Context(), in)
		require.NoError(t, err)
		require.InDeltaSlice(t, plainDelta(x, p, 12), m.Forecast(12), 1e-8)

		part := rapid.IntRange(7*p+2, n).Draw(t, "learnt first")
		in.Values = x[:part]
		m, err = delta{seasonal: true}.Fit(t.Context(), in)
		require.NoError(t, err)
		goOn(m, x[part:])
		require.InDeltaSlice(t, plainDelta(x, p, 12), m.Forecast(12), 1e-8, "learning on is learning from all")
	})
}

// A regression with lags and mean profiles is least squares on the rows that its definition makes; noise without tails leaves Huber's
// weights at 1.
func TestARegressionIsLeastSquaresOnItsRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]int{6, 12}).Draw(t, "season")
		n := p * rapid.IntRange(12, 25).Draw(t, "cycles")
		f := regression{recent: rapid.IntRange(1, 3).Draw(t, "recent"), most: -1, around: rapid.IntRange(-1, 1).Draw(t, "around")}
		if rapid.Bool().Draw(t, "profile") {
			f.cycles, f.beside = []int{rapid.IntRange(2, 5).Draw(t, "cycles of it")}, rapid.IntRange(0, 1).Draw(t, "beside")
		}
		x := make([]float64, n)
		for i := range x {
			x[i] = 20 + 5*math.Sin(2*math.Pi*float64(i)/float64(p)) + math.Sin(float64(i*i)*rapidPhase(n))
			if i > 0 {
				x[i] += 0.4 * (x[i-1] - 20)
			}
		}
		m, err := f.Fit(t.Context(), Input{Values: x, seasons: []int{p}})
		require.NoError(t, err)

		profile := func(at int) float64 { // the running mean of a phase's last cycles, the older fading
			mean, count := math.NaN(), 0.0
			for k := (at%p + p) % p; k <= at-p; k += p {
				if count = min(count+1, float64(f.cycles[0])); count == 1 {
					mean = x[k]
				} else {
					mean += (x[k] - mean) / count
				}
			}
			return mean
		}
		regressors := func(at int) []float64 {
			row := []float64{1}
			for lag := 1; lag <= f.recent; lag++ {
				row = append(row, x[at-lag])
			}
			for lag := max(p-f.around, f.recent+1); f.around >= 0 && lag <= p+f.around; lag++ {
				row = append(row, x[at-lag])
			}
			if f.cycles != nil {
				for d := -f.beside; d <= f.beside; d++ {
					row = append(row, profile(at+d))
				}
			}
			return row
		}
		first := f.recent
		if f.around >= 0 {
			first = max(first, p+f.around)
		}
		if f.cycles != nil {
			first = max(first, p+f.beside)
		}
		rows, right := mat.NewDense(n-first, len(regressors(first)), nil), mat.NewVecDense(n-first, x[first:])
		for at := first; at < n; at++ {
			rows.SetRow(at-first, regressors(at))
		}
		var coef mat.VecDense
		if err := coef.SolveVec(rows, right); err != nil {
			return // regressors that say the same: any share of theirs will do
		}
		want := mat.Dot(&coef, mat.NewVecDense(coef.Len(), regressors(n)))
		require.InDelta(t, want, m.Forecast(1)[0], 0.2, "of a swing of 10; rows that missed by far at first count a little less")
	})
}

// rapidPhase is a frequency that repeats in no season.
func rapidPhase(n int) float64 { return 0.37 + 1/float64(n+1000) }

func TestTheMedianProfileIsTheMedianOfItsCycles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, cycles := rapid.IntRange(2, 9).Draw(t, "season"), rapid.IntRange(1, 7).Draw(t, "cycles")
		x := rapid.SliceOfN(rapid.Float64Range(-50, 50), 2*p, 80).Draw(t, "x")
		m, err := medianProfile{cycles}.Fit(t.Context(), Input{Values: x, seasons: []int{p}})
		require.NoError(t, err)
		for h, v := range m.Forecast(2 * p) {
			var phase []float64
			for k := len(x) + h%p - p; k >= 0 && len(phase) < cycles; k -= p {
				phase = append(phase, x[k])
			}
			require.InDelta(t, order.Median(phase), v, 1e-12, "step %d", h+1)
		}
	})
}

// A member with a weight of three ninetieths is three of ninety values, of which the middle thirty are averaged.
func TestABlendIsTheMeanOfTheMiddleThird(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := 90
		var rows [][]float64
		var w, all []float64
		for left > 0 {
			share := rapid.IntRange(1, left).Draw(t, "ninetieths")
			v := rapid.Float64Range(-1e3, 1e3).Draw(t, "forecast")
			rows, w, all = append(rows, []float64{v}), append(w, float64(share)/90), append(all, slices.Repeat([]float64{v}, share)...)
			left -= share
		}
		slices.Sort(all)
		s := always(w...)
		require.InDelta(t, meanOf(all[30:60]), s.blend(rows)[0], 1e-9)
	})
}

// Whatever the first and the last step's shares are, those of every step between sum to 1, lie between them and move one way; a
// blend lies between its rows.
func TestSharesMoveFromTheFirstStepsToTheLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shares{over: rapid.IntRange(1, 50).Draw(t, "over")}
		rows := make([][]float64, rapid.IntRange(1, 12).Draw(t, "members"))
		for i := range rows {
			near := rapid.Float64Range(0, 1).Draw(t, "near")
			s.add(near, rapid.SampledFrom([]float64{0, near, 0.5, 1}).Draw(t, "far"))
			rows[i] = rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 60, 60).Draw(t, "forecast")
		}
		s.near[0] += 0.1
		s.even()
		blended := s.blend(rows)
		last, now := slices.Clone(s.near), make([]float64, len(rows))
		for step := range 60 {
			s.at(step, now)
			require.InDelta(t, 1, floats.Sum(now), 1e-9)
			least, most := math.Inf(1), math.Inf(-1)
			for i, w := range now {
				require.LessOrEqual(t, math.Abs(w-s.far[i]), math.Abs(last[i]-s.far[i])+1e-12, "step %d", step)
				least, most = min(least, rows[i][step]), max(most, rows[i][step])
			}
			require.True(t, least-1e-9 <= blended[step] && blended[step] <= most+1e-9)
			if copy(last, now); step == 0 && s.over > 1 {
				require.InDeltaSlice(t, s.near, now, 1e-12)
			}
			if step >= s.over-1 {
				require.Equal(t, s.far, now)
			}
		}
	})
}

// The longest run of equal known values, counted by hand.
func TestAStopIsARunLongerThanAnyBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]time.Duration{30 * time.Minute, time.Hour, 3 * time.Hour, 24 * time.Hour}).Draw(t, "step")
		var x []float64
		for range rapid.IntRange(1, 8).Draw(t, "runs") {
			v := rapid.SampledFrom([]float64{0, 1, 2, math.NaN()}).Draw(t, "value")
			x = append(x, slices.Repeat([]float64{v}, rapid.SampledFrom([]int{1, 2, 10, 15, 16, 29, 30, 31, 32, 33, 60, 61, 62}).Draw(t, "length"))...)
		}
		var runs []int
		last := math.NaN()
		for _, v := range x {
			switch {
			case math.IsNaN(v):
			case v == last:
				runs[len(runs)-1]++
			default:
				runs, last = append(runs, 1), v
			}
		}
		want := 0
		if k := len(runs) - 1; k >= 0 {
			longest := 0
			for _, r := range runs[:k] {
				longest = max(longest, r)
			}
			if runs[k] >= 30 && time.Duration(runs[k])*step >= 30*time.Hour && runs[k] > 2*longest {
				want = runs[k]
			}
		}
		require.Equal(t, want, stoppedFor(Input{Values: x, Step: step}))
	})
}

// Page's sum: so many errors in a row of so many times the usual size make a refit due, and not one fewer.
func TestHowManyErrorsMakeARefitDue(t *testing.T) {
	for times, want := range map[float64]int{2: 0, 1: 0, 2.5: 49, 3: 25, 4: 13, 8: 5, 1000: 5} {
		s := &State{Trained: 1 << 20, watch: watch{usual: 3, recent: 1}}
		due := 0
		for n := 1; n <= 500 && due == 0; n++ {
			s.watch.see(3 * times * float64(1-2*(n%2))) // to either side
			if _, yes := s.RefitDue(); yes {
				due = n
			}
		}
		require.Equal(t, want, due, "errors of %v times the usual", times)
	}
	s := &State{Trained: 100, watch: watch{usual: 1, recent: 1}}
	for range 400 { // large errors now and then, between usual ones, are no change
		for k := range 12 {
			s.watch.see(1 + 10*indicator(k == 0))
		}
		_, due := s.RefitDue()
		require.False(t, due)
	}
	s.Seen = 49
	_, due := s.RefitDue()
	require.False(t, due)
	s.Seen = 50
	why, due := s.RefitDue()
	require.True(t, due)
	require.Contains(t, why, "half as many points again")
}

// A lasting change of any size that is far beyond the noise is found where it is, and undone.
func TestAnyLastingChangeIsFoundWhereItIs(t *testing.T) {
	const day = 24
	rapid.Check(t, func(t *rapid.T) {
		plain := dayWeek(15*day, day, 0, 0, 1, rapid.Uint64Range(1, 40).Draw(t, "seed"))
		at := rapid.IntRange(5*day, 13*day).Draw(t, "at")
		by := rapid.SampledFrom([]float64{-1, 1}).Draw(t, "sign") * rapid.Float64Range(60, 5000).Draw(t, "by")
		x := slices.Clone(plain)
		for i := at; i < len(x); i++ {
			x[i] += by
		}
		found := findShifts(x, time.Hour)
		require.NotEmpty(t, found)
		require.InDelta(t, at, found[0].at, 6, "of %d points", len(x))
		settled := moved(plain, by, 1)
		for i := range x {
			if i < at-6 || i > at+6 {
				require.InDelta(t, settled[i], x[i], 12, "at %d: the season and the noise have a swing of 32", i)
			}
		}
		undoShifts(found, x)
		require.InDelta(t, plain[0], x[0], 1e-6*(1+math.Abs(by)))
	})
}
