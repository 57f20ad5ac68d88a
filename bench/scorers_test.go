package main

import (
	"fmt"
	"math"
	"path"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Our own measures against the benchmark pack's scorers (Python, numpy 2.4.6), run once on the very rows that these functions make.

// reference are five series: of an even, an odd and no season, and one that repeats itself, which has no scale.
func reference() ([]problem, map[string]answer) {
	var problems []problem
	answers := map[string]answer{}
	for k, period := range []int{24, 7, 1, 4, 12} {
		p := problem{name: string(rune('a' + k)), category: "x", period: period, horizon: 5 + 2*k, step: time.Hour}
		for i := range 90 + 7*k {
			v := 60 + 12*math.Sin(2*math.Pi*float64(i)/float64(period)+float64(k)) + 4*math.Sin(float64(i*i)*0.37+float64(k)) + 0.1*float64(i)
			if k == 4 { // repeats itself: a scale of none
				v = float64(10 + i%12)
			}
			p.train = append(p.train, v)
		}
		end := len(p.train) - p.horizon
		p.train, p.truth = p.train[:end], p.train[end:]
		var a answer
		for h := range p.horizon {
			f := p.train[end-1] + 3*math.Cos(float64(h*(k+1)))
			half := 2 + 0.8*float64(h)
			a.mean, a.lo80, a.hi80 = append(a.mean, f), append(a.lo80, f-half/2), append(a.hi80, f+half/2)
			a.lo95, a.hi95 = append(a.lo95, f-half), append(a.hi95, f+1.5*half)
		}
		problems, answers[p.name] = append(problems, p), a
	}
	return problems, answers
}

// judgedFile is a file with alerts at the three sensitivities.
type judgedFile struct {
	f   labelled
	m   marked
	dir string
}

// judgedFiles are three files of labels and alerts that fall before, in, behind and far from them, at random.
func judgedFiles() (out []judgedFile) {
	for k, name := range []string{"p/a.csv", "p/b.csv", "q/c.csv"} {
		n, x := 700+150*k, uint32(17+k)
		next := func(below int) int { x = x*1664525 + 1013904223; return int(x>>8) % below }
		f := labelled{rel: name, labels: make([]bool, n), train: 100 * k, step: time.Duration(k+1) * 5 * time.Minute}
		for at := 30 + next(40); at < n; at += 40 + next(90) {
			for i := at; i < min(at+1+next(15), n); i++ {
				f.labels[i] = true
			}
		}
		var m marked
		for s, rare := range []int{25, 60, 9} {
			m.alert[s] = make([]bool, n)
			for i := range m.alert[s] {
				m.alert[s][i] = next(rare) == 0
			}
		}
		out = append(out, judgedFile{f, m, path.Dir(name)})
	}
	return out
}

// nabCase is a file with its windows.
type nabCase struct {
	opening []float64
	windows []incident
}

// nabFiles are three files: alerts everywhere, windows next to each other and of one row, one in the rows that do not count, and none.
func nabFiles() []nabCase {
	out := []nabCase{
		{make([]float64, 400), []incident{{from: 20, to: 40}, {from: 100, to: 140}, {from: 142, to: 160}, {from: 300, to: 300}}},
		{make([]float64, 6000), []incident{{from: 740, to: 760}, {from: 4000, to: 4200}}},
		{make([]float64, 90), nil},
	}
	for k, c := range out {
		x := uint32(5 + k)
		for i := range c.opening {
			x = x*1664525 + 1013904223
			switch r := int(x>>8) % 1000; {
			case r < 4:
				c.opening[i] = 1 + float64(r)/4
			case r < 200:
				c.opening[i] = float64(r) / 250
			case r == 200:
				c.opening[i] = math.NaN()
			}
		}
		for j, w := range c.windows {
			c.opening[(w.from+w.to)/2] = 1.4 + float64(j)
			c.opening[min(w.to+4, len(c.opening)-1)] = 1.3
		}
	}
	return out
}

// score_forecast.py: f_series.csv 14.143, 2.416, 2.010, 50.799, .4484; its own Naive2 5.904 and 1.487.
func TestForecastMeasuresAreThoseOfTheScorer(t *testing.T) {
	problems, answers := reference()
	s := scoreAll(problems, func(p problem) answer { return answers[p.name] })
	base := scoreAll(problems, func(p problem) answer { return answer{mean: naive2(p.train, p.period, p.horizon)} })
	for name, c := range map[string][2]float64{
		"sMAPE": {14.143, s.smape}, "MASE": {2.416, s.mase}, "OWA": {2.010, (s.smape/base.smape + s.mase/base.mase) / 2}, "MSIS": {50.799, s.msis},
		"within": {0.4484, s.cover}, "sMAPE of Naive2": {5.904, base.smape}, "MASE of Naive2": {1.487, base.mase},
	} {
		require.InDelta(t, c[0], c[1], 0.0006, name)
	}
}

// What the scorers are given is what the measures are taken from.
func TestTheSplitThatIsWrittenGivesTheSameMeasures(t *testing.T) {
	problems, answers := reference()
	in := make([]answer, len(problems))
	for i, p := range problems {
		in[i] = answers[p.name]
	}
	dir := t.TempDir()
	prefix := path.Join(dir, "f")
	require.NoError(t, writeForecasts(prefix, problems, in))
	again, err := seriesFile("f_series.csv", time.Hour)(dir)
	require.NoError(t, err)
	require.NoError(t, readTruth(prefix+"_truth.csv", again))
	require.Equal(t, problems, again, "to the last digit")
	ahead, err := table(prefix + ".csv")
	require.NoError(t, err)
	row := 1
	for i, p := range problems {
		for h := range p.horizon {
			require.Equal(t, []string{p.name, fmt.Sprint(h + 1)}, ahead[row][:2])
			for k, want := range []float64{in[i].mean[h], in[i].lo80[h], in[i].hi80[h], in[i].lo95[h], in[i].hi95[h]} {
				got, err := strconv.ParseFloat(ahead[row][2+k], 64)
				require.NoError(t, err)
				require.InEpsilon(t, want, got, 1e-9)
			}
			row++
		}
	}
	require.Len(t, ahead, row)
}

// score_alerts.py --per-file for the columns alert, alert_low and alert_high.
func TestAlertsAreJudgedAsTheScorerDoes(t *testing.T) {
	want := []struct {
		events       int
		found, alone [3]int
		weeks        float64
	}{{8, [3]int{5, 0, 6}, [3]int{26, 12, 55}, 0.35}, {10, [3]int{3, 0, 9}, [3]int{23, 11, 47}, 0.74}, {9, [3]int{4, 2, 6}, [3]int{19, 8, 53}, 1.19}}
	var all []judged
	for k, c := range judgedFiles() {
		j := c.f.judge("kpi", c.m)
		require.Equal(t, want[k].events, j.events, j.name)
		require.Equal(t, want[k].found, j.found, j.name)
		require.Equal(t, want[k].alone, j.alone, j.name)
		require.InDelta(t, want[k].weeks, j.weeks, 0.005, j.name)
		all = append(all, j)
	}
	_, sets := byFolder(all)
	require.Len(t, sets, 1)
	for k, total := range [3][2]float64{{0.444, 29.802}, {0.074, 13.586}, {0.778, 67.930}} {
		require.InDelta(t, total[0], sets[0].recall(k), 0.0006, "recall of %s", sensitivities[k])
		require.InDelta(t, total[1], sets[0].perWeek(k), 0.0006, "false alerts a week of %s", sensitivities[k])
	}
	require.Equal(t, "p/a.csv", sets[0].worstFile)
	require.InDelta(t, 74.88, sets[0].worst, 0.005)
}

// score_nab.py with the best threshold, and with 0.6 and 0.55.
func TestNABScoresAreThoseOfTheScorer(t *testing.T) {
	var files []*nabFile
	for _, c := range nabFiles() {
		files = append(files, newNABFile(c.opening, c.windows))
	}
	for i, want := range [][4]float64{{1.4 / 2.4, 76.06, 59.01, 69.07}, {2.4 / 3.4, 69.16, 48.86, 50.91}, {1.4 / 2.4, 83.54, 65.57, 78.74}} {
		p := nabProfiles[i]
		best := nabThreshold(files, p)
		require.InDelta(t, want[0], best, 1e-9, p.name)
		for k, threshold := range []float64{best, 0.6, 0.55} {
			require.InDelta(t, want[1+k], nabScore(files, p, threshold), 0.006, "%s from %v", p.name, threshold)
		}
	}
}
