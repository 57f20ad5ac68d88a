package explain

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/series"
)

var nan = math.NaN()

// scored is nine days by the hour: 40 each day, and on the last from 12 to 14 o'clock 87.
func scored() Input {
	n := 9 * 24
	in := Input{Name: "web-1", Grid: series.Grid{Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Step: time.Hour, Len: n}, From: 24,
		Algorithm: "seasonal-residual", Model: "cpu", Version: 3, Anomalous: make([]bool, n)}
	for i := range n {
		in.Values, in.Expected, in.Score = append(in.Values, 40), append(in.Expected, 42), append(in.Score, 0.2)
		in.Lower, in.Upper = append(in.Lower, 30), append(in.Upper, 54)
		if i >= n-12 && i < n-9 {
			in.Values[i], in.Score[i], in.Anomalous[i] = 80, 2, true
		}
	}
	in.Values[n-11], in.Score[n-11] = 87, 3.75
	return in
}

func TestAnEpisodeKnowsItsNumbers(t *testing.T) {
	in := scored()
	in.Guards = detect.Guards{HasFloor: true, MinRelative: 0.1}
	in.Values[len(in.Values)-11-24], in.Values[len(in.Values)-11-7*24] = 41, 39
	all := Episodes(in)
	require.Len(t, all, 1)
	e := all[0]
	require.Equal(t, time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC), e.From)
	require.Equal(t, time.Date(2026, 3, 9, 15, 0, 0, 0, time.UTC), e.To)
	require.Equal(t, time.Date(2026, 3, 9, 13, 0, 0, 0, time.UTC), e.Peak)
	require.Equal(t, []float64{180, 3.75, 87, 42, 45, 41, 39}, []float64{e.Minutes, e.Score, *e.Actual, *e.Expected, *e.Deviation, *e.Yesterday, *e.LastWeek})
	require.InDelta(t, 45.0/42, *e.Relative, 1e-12)
	require.Equal(t, []string{"floor", "minRelative"}, e.Passed)
	require.Equal(t, "web-1 was 87 at 2026-03-09 13:00, 45 (107 %) above the expected 42 (usual 30 to 54); the same time yesterday it was 41; the same time last week 39; "+
		"score 3.8 by seasonal-residual, model cpu version 3; it lasted 3 h; guards passed: the floor, the minimum relative deviation.", e.Sentence(English))
	require.Equal(t, "web-1 为 87（2026-03-09 13:00），比预期 42 高 45（107%）（常态 30 至 54）；昨日同一时刻为 41；上周同一时刻为 39；"+
		"评分 3.8（seasonal-residual），模型 cpu 第 3 版；持续 3 小时；已通过：下限、最小相对偏差。", e.Sentence(Chinese))
	require.Equal(t, e.Sentence(English), e.Sentence("tlh"))
}

func TestTimesAreThoseOfTheCalendar(t *testing.T) {
	in := scored()
	c, err := calendar.New(calendar.Definition{Timezone: "Asia/Shanghai"})
	require.NoError(t, err)
	in.Calendar = c
	require.Contains(t, Episodes(in)[0].Sentence(English), "2026-03-09 21:00")
}

func TestWhatWasHeldBackSaysByWhat(t *testing.T) {
	in := scored()
	n := len(in.Values)
	from, to := in.Grid.Time(n-13), in.Grid.Time(n)
	c, err := calendar.New(calendar.Definition{Maintenance: []calendar.Window{{From: &from, To: &to, Reason: "upgrade"}}})
	require.NoError(t, err)
	in.Calendar, in.Anomalous, in.Held = c, make([]bool, n), make([]string, n)
	for i := n - 12; i < n-9; i++ {
		in.Held[i] = "maintenance"
	}
	e := Episodes(in)[0]
	require.Equal(t, "maintenance", e.HeldBack)
	require.Equal(t, "upgrade", e.Reason)
	require.Empty(t, e.Passed)
	require.Contains(t, e.Sentence(English), "held back by maintenance (upgrade)")
	require.Contains(t, e.Sentence(Chinese), "已抑制：维护窗口（upgrade）")
}

func TestUnknownNumbersAreLeftOut(t *testing.T) {
	in := scored()
	for i := range in.Values {
		in.Expected[i], in.Lower[i] = nan, nan
	}
	in.Model = ""
	e := Episodes(in)[0]
	require.Nil(t, e.Deviation)
	require.Contains(t, e.Sentence(English), "web-1 was 87 at 2026-03-09 13:00, above the limit of 54; ")
	require.NotContains(t, e.Sentence(English), "model")
	in.Values, in.Grid.Start = nil, in.Grid.Start.Add(time.Minute)
	n := in.Grid.Len
	each := func(v float64) []float64 { return slices.Repeat([]float64{v}, n) }
	in.Signals = []Signal{{Name: "logs", Share: each(0.25)}, {Name: "cpu", Share: each(0.71)}, {Name: "disk", Share: each(0.04)}, {Name: "gone", Share: each(nan)}}
	e = Episodes(in)[0]
	require.Len(t, e.Shares, 3, "a missing signal has no share")
	require.Contains(t, e.Sentence(English), "web-1 was unusual at 2026-03-09 13:01; mostly cpu 71 %, logs 25 %; score")
	require.Contains(t, e.Sentence(Chinese), "主要来自 cpu 71 %、logs 25 %")
	in.Signals = []Signal{{"cpu", each(0.924), each(41), each(0.71)}, {Name: "logs", Values: each(7), Share: each(0.29)}}
	e = Episodes(in)[0]
	require.Contains(t, e.Sentence(English), "; mostly cpu 71 % (0.924, expected 41, yesterday 0.924, last week 0.924), logs 29 % (7, yesterday 7, last week 7);")
	require.Contains(t, e.Sentence(Chinese), "主要来自 cpu 71 %（0.924，预期 41，昨日 0.924，上周 0.924）、logs 29 %（7，昨日 7，上周 7）；")
	in.Grid.Start, in.Grid.Len = in.Grid.Time(n-24), 24 // nothing is known of the days before
	for k, s := range in.Signals {
		in.Signals[k] = Signal{s.Name, s.Values[:24], nil, s.Share[:24]}
	}
	in.Signals[0].Expected = each(41)
	in.Score, in.Anomalous, in.From = in.Score[n-24:], in.Anomalous[n-24:], 0
	e = Episodes(in)[0]
	require.Contains(t, e.Sentence(English), "; mostly cpu 71 % (0.924, expected 41), logs 29 %; score", "a number that nothing stands beside is left out")
	_, err := json.Marshal(e)
	require.NoError(t, err, "missing numbers are absent, not NaN")
}

func TestTheMostAlikeOfBeforeIsNamed(t *testing.T) {
	in := scored()
	for i, s := range map[int]float64{40: 3.6, 60: 9, 80: 1.1, 100: 3.9, 120: 3.75} {
		in.Anomalous[i], in.Score[i], in.Values[i] = true, s, 87
	}
	for i, v := range map[int]float64{40: 84, 60: 200, 80: 50, 100: 90, 120: 2} { // 2 is on the other side
		in.Values[i] = v
	}
	all := Episodes(in)
	require.Len(t, all, 6)
	last := all[5]
	require.Equal(t, []Earlier{{in.Grid.Time(100), 3.9}, {in.Grid.Time(40), 3.6}, {in.Grid.Time(60), 9}}, last.Before)
	require.Contains(t, last.Sentence(English), "most like 2026-03-05 04:00.")
	require.Contains(t, all[4].Sentence(English), "40 (95 %) below the expected 42")

	in.Expected = nil // then the score tells what is alike
	last = Episodes(in)[5]
	require.Equal(t, []Earlier{{in.Grid.Time(120), 3.75}, {in.Grid.Time(100), 3.9}, {in.Grid.Time(40), 3.6}}, last.Before)

	in.Past = []Episode{{From: in.Grid.Time(3), Score: 3.75}, {From: in.Grid.Time(9), Score: 3.74, HeldBack: "maintenance"}}
	in.From = len(in.Values) - 12
	short := Episodes(in)
	require.Len(t, short, 1)
	require.Equal(t, []Earlier{{in.Grid.Time(3), 3.75}}, short[0].Before, "the history is looked up, but for what was held back")
}

func TestNearStretchesAreOne(t *testing.T) {
	in := scored()
	in.Anomalous = make([]bool, len(in.Values))
	for _, i := range []int{50, 51, 53, 60} {
		in.Anomalous[i] = true
	}
	all := Episodes(in)
	require.Len(t, all, 2)
	require.Equal(t, 240.0, all[0].Minutes)
	in.From = 52
	require.Len(t, Episodes(in), 2, "what lies before is not told")
}

func TestNumbersAreReadable(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 87: "87", 0.123456: "0.1235", 12345.678: "12346", -3.14159: "-3.142", 2e-7: "2e-07", 3e17: "3e+17", 99.999: "100"} {
		require.Equal(t, want, number(v))
	}
	for d, want := range map[time.Duration]string{30 * time.Second: "30 s", 90 * time.Minute: "90 min", 150 * time.Minute: "2.5 h", 72 * time.Hour: "3 days"} {
		require.Equal(t, want, span(d, English))
	}
	require.Equal(t, "90 分钟", span(90*time.Minute, Chinese))
}

// Whatever was scored, episodes are in order, do not overlap in kind, hold every flagged point and have a sentence.
func TestEveryFlagIsExplained(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := scored()
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			i := rapid.IntRange(0, len(in.Values)-1).Draw(t, "i")
			in.Values[i] = rapid.SampledFrom([]float64{nan, math.Inf(1), -5, 0, 1e300}).Draw(t, "v")
			in.Score[i] = rapid.SampledFrom([]float64{nan, 0, 1000}).Draw(t, "s")
			in.Anomalous[i] = rapid.Bool().Draw(t, "a")
		}
		all := Episodes(in)
		for k, e := range all {
			require.True(t, e.From.Before(e.To))
			require.False(t, e.Peak.Before(e.From) || !e.Peak.Before(e.To))
			if k > 0 {
				require.False(t, e.From.Before(all[k-1].To))
			}
			require.NotEmpty(t, e.Sentence(Chinese))
			_, err := json.Marshal(e)
			require.NoError(t, err)
		}
		for i := in.From; i < len(in.Values); i++ {
			if in.Anomalous[i] {
				at, inside := in.Grid.Time(i), false
				for _, e := range all {
					inside = inside || !at.Before(e.From) && at.Before(e.To)
				}
				require.True(t, inside)
			}
		}
	})
}

// An outlier's numbers stand beside its group, and what its signals were stands beside their own past.
func TestAnOutlierIsToldBesideItsGroup(t *testing.T) {
	in := scored()
	in.Group, in.Algorithm, in.Model = true, "dbscan", ""
	e := Episodes(in)[0]
	require.True(t, e.Group)
	require.Contains(t, e.Sentence(English), "web-1 was 87 at 2026-03-09 13:00, 45 (107 %) above the group's median 42 (the others 30 to 54)")
	require.Contains(t, e.Sentence(Chinese), "比同组中位数 42 高 45（107%）（其余 30 至 54）")
	in.Values[len(in.Values)-11] = 3
	require.Contains(t, Episodes(in)[0].Sentence(English), "39 (93 %) below the group's median 42")
}

// The same local time is 23 or 25 hours before across a change of the clock, and nothing where the grid begins later.
func TestYesterdayIsByTheClockOnTheWall(t *testing.T) {
	in := scored()
	in.Grid.Start = time.Date(2026, 3, 21, 0, 0, 0, 0, time.UTC) // the last day is 29 March, on which Berlin's clocks go forward
	c, err := calendar.New(calendar.Definition{Timezone: "Europe/Berlin"})
	require.NoError(t, err)
	peak := len(in.Values) - 11
	in.Calendar = c
	in.Values[peak-23], in.Values[peak-24], in.Values[peak-7*24+1] = 11, 22, 33
	e := Episodes(in)[0]
	require.Equal(t, []float64{11, 33}, []float64{*e.Yesterday, *e.LastWeek})
	in.Signals = []Signal{{Name: "cpu", Values: in.Values, Expected: in.Expected, Share: slices.Repeat([]float64{1}, len(in.Values))}}
	e = Episodes(in)[0]
	require.Equal(t, []float64{11, 33}, []float64{*e.Shares[0].Yesterday, *e.Shares[0].LastWeek})
	in.Calendar = nil
	require.Equal(t, 22.0, *Episodes(in)[0].Yesterday, "in UTC no clock changes")

	cut := len(in.Values) - 24
	short := Input{Name: "web-1", Grid: series.Grid{Start: in.Grid.Time(cut), Step: time.Hour, Len: 24}, Values: in.Values[cut:], Expected: in.Expected[cut:],
		Score: in.Score[cut:], Anomalous: in.Anomalous[cut:]}
	e = Episodes(short)[0]
	require.Nil(t, e.Yesterday)
	require.Nil(t, e.LastWeek)
}

// Two stages that hold points back one after the other are two stretches, and a flag between them is a third.
func TestStretchesAreOfOneKind(t *testing.T) {
	in := scored()
	n := len(in.Values)
	in.Anomalous, in.Held = make([]bool, n), make([]string, n)
	in.Held[100], in.Held[101], in.Held[102], in.Held[103] = "cooldown", "cooldown", "repeats", "repeats"
	in.Anomalous[104] = true
	in.Held[105] = "cooldown"
	var kinds []string
	for _, e := range Episodes(in) {
		kinds = append(kinds, e.HeldBack)
		require.Empty(t, e.Passed, "no guard was set")
	}
	require.Equal(t, []string{"cooldown", "repeats", "", "cooldown"}, kinds)
}

func TestGuardsThatWereAskedAreNamedInTheirOrder(t *testing.T) {
	in := scored()
	in.Guards = detect.Guards{HasFloor: true, MinDeviation: 1, MinRelative: 0.1, MinVolume: 5, K: 2, N: 3, For: time.Hour, Cooldown: time.Hour}
	require.Equal(t, []string{"floor", "minDeviation", "minRelative", "minVolume", "persistence", "for", "cooldown"}, Episodes(in)[0].Passed)
	in.Guards = detect.Guards{N: 3}
	require.Empty(t, Episodes(in)[0].Passed)
}

func TestNothingToTell(t *testing.T) {
	require.Empty(t, Episodes(Input{}))
	in := scored()
	in.From = len(in.Values)
	require.Empty(t, Episodes(in))
	in.From, in.Anomalous, in.Held = 0, nil, nil
	require.Empty(t, Episodes(in), "scores alone raise nothing")
}

// What is named of before is at most three, the nearest first, of the same side and stage; of none there is nothing.
func TestWhatIsAlikeIsOrderedByHowFarOffItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := rapid.Custom(func(t *rapid.T) Episode {
			d := rapid.Float64Range(0.01, 100).Draw(t, "deviation")
			if rapid.Bool().Draw(t, "below") {
				d = -d
			}
			return Episode{Score: rapid.Float64Range(0, 9).Draw(t, "score"), Deviation: &d,
				HeldBack: rapid.SampledFrom([]string{"", "cooldown"}).Draw(t, "held")}
		})
		before, e := rapid.SliceOfN(drawn, 0, 8).Draw(t, "before"), drawn.Draw(t, "e")
		for i := range before {
			before[i].From = time.Unix(int64(i), 0)
		}
		got := alike(before, e)
		far := map[Earlier]float64{}
		for _, b := range before {
			if b.HeldBack == e.HeldBack && *b.Deviation**e.Deviation > 0 {
				far[Earlier{b.From, b.Score}] = math.Abs(math.Log(math.Abs(*b.Deviation)) - math.Log(math.Abs(*e.Deviation)))
			}
		}
		require.LessOrEqual(t, len(got), nearest)
		require.GreaterOrEqual(t, len(got), min(len(far), nearest))
		named := map[Earlier]bool{}
		last := 0.0
		for _, one := range got {
			d, ok := far[one]
			require.True(t, ok, "of the same side and stage")
			require.GreaterOrEqual(t, d, last-1e-12)
			last, named[one] = d, true
		}
		for one, d := range far {
			require.True(t, named[one] || d >= last-1e-12 || len(got) < nearest, "nobody nearer is left out")
		}
	})
}

// The first signal of a composite decides what is alike, in its own unit; where it was not part of the earlier one, the scores do.
func TestACompositesFirstSignalDecidesWhatIsAlike(t *testing.T) {
	share := func(signal string, actual float64) Share {
		return Share{Signal: signal, Share: 0.9, Actual: &actual, Expected: new(40.0)}
	}
	at := func(i int64) time.Time { return time.Unix(i, 0) }
	before := []Episode{
		{From: at(1), Score: 2, Shares: []Share{share("cpu", 90)}},
		{From: at(2), Score: 9, Shares: []Share{share("memory", 41), share("cpu", 82)}},
		{From: at(3), Score: 2.5, Shares: []Share{share("memory", 80)}},
	}
	got := alike(before, Episode{Score: 2.5, Shares: []Share{share("cpu", 80), share("memory", 95)}})
	require.Equal(t, []Earlier{{at(3), 2.5}, {at(2), 9}, {at(1), 2}}, got, "its CPU was 42 off, and then 50; of the third only the score is known, which is the same")
}

func TestRelativeIsOfWhatWasExpected(t *testing.T) {
	in := scored()
	peak := len(in.Values) - 11
	for expected, want := range map[float64]*float64{-50: new(137.0 / 50), 100: new(-0.13), 0: nil} {
		in.Expected[peak] = expected
		e := Episodes(in)[0]
		if want == nil {
			require.Nil(t, e.Relative, "nothing is no measure")
			continue
		}
		require.InDelta(t, *want, *e.Relative, 1e-12, "%g", expected)
	}
}
