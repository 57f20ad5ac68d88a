// Package composite weighs several signals of one entity together: each signal's surprise becomes a p-value, and Fisher's
// method, corrected for signals that move together, makes one score of them. Two weak signals can outweigh a strong one. It
// knows nothing of Grafana, HTTP or SQL.
package composite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/forewarn/earlywarning/pkg/detect"
)

// Signal is one metric of the entity.
type Signal struct {
	Name   string
	Values []float64
}

// Input are the signals of one entity on one grid.
type Input struct {
	Signals []Signal
	Step    time.Duration
	Start   time.Time
	From    int     // first index to score; what lies before is history
	Alarm   float64 // p-value at which the score is 1; 0 takes DefaultAlarm
}

// DefaultAlarm is about one chance alarm in a million points.
const DefaultAlarm = 1e-6

// Output has one value per point (NaN before From and where no signal is known).
type Output struct {
	Score     []float64   // log of the combined p-value over the log of Alarm: 0 = as expected, 1 = alarm
	Anomalous []bool      // two of three neighbouring points at 1 or more
	Shares    [][]float64 // one row per signal: its part of the evidence at each point, 0 to 1
	Notices   []string
}

// Run scores an entity. A signal that is missing or too short is left out and named in a notice; ErrTooShort is wrapped only
// when none is left.
func Run(ctx context.Context, in Input) (*Output, error) {
	if in.Alarm == 0 {
		in.Alarm = DefaultAlarm
	}
	evidence := make([][]float64, len(in.Signals)) // -2 ln p per signal and point, history included
	n, usable := 0, 0
	out := &Output{}
	learn := in.From / 2
	for k, s := range in.Signals {
		n = max(n, len(s.Values))
		r, err := detect.Run(ctx, detect.Input{Values: s.Values, Step: in.Step, Start: in.Start, From: learn}, detect.Options{Algorithm: "seasonal-residual"})
		if errors.Is(err, detect.ErrTooShort) {
			out.Notices = append(out.Notices, fmt.Sprintf("signal %s: %v", s.Name, err))
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("signal %s: %w", s.Name, err)
		}
		evidence[k] = surprise(r.Score, learn, in.From)
		usable++
	}
	if usable == 0 {
		return nil, fmt.Errorf("%w: none of the %d signals has enough known values", detect.ErrTooShort, len(in.Signals))
	}
	out.combine(in, evidence, learn, n)
	return out, nil
}

// surprise turns scores into -2 ln p. A score is a robust z in units of the band; the band's half-width in standard
// deviations is calibrated on the history, so that 1 % of its scores have p below 1 %.
func surprise(score []float64, learn, until int) []float64 {
	const z99 = 2.5758293035489004 // two-sided 99 % point of the normal distribution
	history := make([]float64, 0, until-learn)
	for _, s := range score[learn:until] {
		if !math.IsNaN(s) {
			history = append(history, s)
		}
	}
	unit := 1.0 / 6
	if len(history) >= 100 {
		slices.Sort(history)
		unit = math.Max(history[len(history)*99/100]/z99, unit/2)
	}
	out := make([]float64, len(score))
	for i, s := range score {
		out[i] = -2 * logTwoSided(math.Min(s/unit, 37))
	}
	return out
}

// logTwoSided is the natural logarithm of P(|Z| >= z) for a standard normal Z; NaN stays NaN.
func logTwoSided(z float64) float64 { return math.Log(math.Erfc(z / math.Sqrt2)) }

// combine applies Brown's scaled chi-square to the sum of the evidence ("A method for combining non-independent, one-sided
// tests of significance", Biometrics 31, 1975), its variance taken from the history as in Poole et al., Bioinformatics 32
// (2016).
func (out *Output) combine(in Input, evidence [][]float64, learn, n int) {
	out.Score, out.Anomalous = make([]float64, n), make([]bool, n)
	out.Shares = make([][]float64, len(evidence))
	for k := range out.Shares {
		out.Shares[k] = make([]float64, n)
	}
	inflate := inflation(evidence, learn, in.From)
	for i := range n {
		out.Score[i] = math.NaN()
		sum, d := 0.0, 0
		for k, e := range evidence {
			out.Shares[k][i] = math.NaN()
			if e != nil && !math.IsNaN(e[i]) {
				sum += e[i]
				d++
			}
		}
		if i < in.From || d == 0 {
			continue
		}
		out.Score[i] = Combined(sum, d, inflate) / math.Log(in.Alarm)
		for k, e := range evidence {
			if e != nil && !math.IsNaN(e[i]) {
				out.Shares[k][i] = e[i] / math.Max(sum, 1e-12)
			}
		}
		outside := 0
		for j := max(i-2, in.From); j <= i; j++ {
			if out.Score[j] >= 1 {
				outside++
			}
		}
		out.Anomalous[i] = out.Score[i] >= 1 && (outside >= 2 || out.Score[i] >= 3)
	}
}

// inflation is the variance of the summed evidence in the history over that of independent signals, at least 1.
func inflation(evidence [][]float64, learn, until int) float64 {
	var n, sum, squares, expected float64
	for i := learn; i < until; i++ {
		x, d := 0.0, 0.0
		for _, e := range evidence {
			if e != nil && !math.IsNaN(e[i]) {
				x += math.Min(e[i], 20) // an incident in the history is no correlation
				d++
			}
		}
		if d > 0 {
			n, sum, squares, expected = n+1, sum+x, squares+x*x, expected+4*d
		}
	}
	if n < 100 {
		return 1
	}
	return math.Max((squares/n-(sum/n)*(sum/n))/(expected/n), 1)
}

// Combined is the natural logarithm of the p-value of sum = -2 Σ ln p over d signals, whose variance is inflate times that
// of independent ones; 1 is Fisher's method.
func Combined(sum float64, d int, inflate float64) float64 {
	p := distuv.ChiSquared{K: 2 * float64(d) / inflate}.Survival(sum / inflate)
	return math.Log(math.Max(p, 1e-300))
}
