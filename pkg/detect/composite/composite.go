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
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Signal is one metric of the entity.
type Signal struct {
	Name   string
	Values []float64 // NaN is a missing value
}

// Input are the signals of one entity on one grid.
type Input struct {
	Signals []Signal // all of the same length
	Step    time.Duration
	Start   time.Time
	From    int    // first index to score; what lies before is history
	Method  string // one of Methods; empty is Auto

	Calendar *calendar.Calendar // zone, holidays, maintenance, excluded stretches; nil knows nothing
}

// The methods of weighing signals together.
const (
	Auto            = "auto"             // Fisher's evidence, the distances from usual, from usual at that time, and from just before, as one
	Fisher          = "fisher"           // each signal against its own seasons, p-values combined
	Mahalanobis     = "mahalanobis"      // where the signals lie together, weighed by how they vary together
	PCA             = "pca"              // what is left beside the directions in which they usually vary
	IsolationForest = "isolation-forest" // how easily random cuts set the signals apart
)

// usualAlarm is the p-value at which the score is 1: about one chance alarm in a million points. Two signals that are both at the
// edge of their own band come to it together; one alone has to be half as far again.
const usualAlarm = 1e-6

// Output has one value per point; NaN before From and where no signal is known.
type Output struct {
	Score     []float64   // 0 = as expected, 1 = alarm; see the methods
	Anomalous []bool      // from two of three neighbouring points at 1 or more, or one at 2, while at 0.8 or more
	Held      []string    // stage that kept a point from being raised: "maintenance", "deployment", "cooldown" or "repeats"; nil where none did
	Shares    [][]float64 // one row per signal: its part of the evidence at each point, 0 to 1; NaN where it is missing
	Expected  [][]float64 // one row per signal: what it alone was expected to be; NaN where that is not known
	Method    string      // used: Fisher where the history is too short for the one asked for
	Notices   []string
}

// Run scores an entity. A signal that has too few values is left out and named in a notice. The error wraps
// detect.ErrTooShort when none is left, and param.ErrInvalid for bad input.
func Run(ctx context.Context, in Input) (*Output, error) {
	out, err := RunScaled(ctx, in, 1)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// RunScaled does what Run does, once for each multiple of the limit, as detect.RunScaled does for a single series: 1.5 alarms where
// the p-value is that of one chance alarm in 10⁹ points. What is learnt does not depend on the multiple. The outputs share shares and
// expectations.
func RunScaled(ctx context.Context, in Input, scales ...float64) ([]*Output, error) {
	for _, scale := range scales {
		if !(scale > 0) || math.IsInf(scale, 1) {
			return nil, fmt.Errorf("%w: scale is %v, a positive number is needed", param.ErrInvalid, scale)
		}
	}
	out, err := weighed(ctx, in)
	if err != nil {
		return nil, err
	}
	silent, all := in.silent(), make([]*Output, len(scales))
	for i, scale := range scales {
		all[i] = out.scaled(scale)
		all[i].flag(in.From, in.Step, silent)
	}
	return all, nil
}

// scaled is the answer at a multiple of the limit, nothing flagged yet.
func (out *Output) scaled(scale float64) *Output {
	one := *out
	one.Score, one.Anomalous, one.Notices = slices.Clone(out.Score), make([]bool, len(out.Score)), slices.Clone(out.Notices)
	for i := range one.Score {
		one.Score[i] /= scale
	}
	return &one
}

// weighed scores an entity and flags nothing.
func weighed(ctx context.Context, in Input) (*Output, error) {
	n, err := in.validate()
	if err != nil {
		return nil, err
	}
	out := &Output{Score: series.Missing(n), Shares: make([][]float64, len(in.Signals)),
		Expected: make([][]float64, len(in.Signals)), Method: in.Method}
	evidence := make([][]float64, 0, len(in.Signals)) // -2 ln p of each usable signal, from the second half of the history on
	var rows, level, own [][]float64
	learn, clocks := in.From/2, in.clocks()
	for k, s := range in.Signals {
		out.Shares[k], out.Expected[k] = series.Missing(n), series.Missing(n)
		r, err := detect.Run(ctx, detect.Input{Values: s.Values, Step: in.Step, Start: in.Start, From: learn, Calendar: in.Calendar}, detect.Options{Algorithm: "seasonal-residual"})
		if errors.Is(err, detect.ErrTooShort) {
			out.Notices = append(out.Notices, fmt.Sprintf("signal %s: %v", s.Name, err))
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("signal %s: %w", s.Name, err)
		}
		copy(out.Expected[k][in.From:], r.Expected[in.From:])
		evidence, rows = append(evidence, surprise(r.Score, learn, in.From)), append(rows, out.Shares[k])
		values := in.learnt(s.Values)
		level, own = append(level, values), append(own, deseasoned(values, r.Periods, in.From, clocks))
	}
	if len(evidence) == 0 {
		return nil, fmt.Errorf("%w: none of the %d signals has enough known values", detect.ErrTooShort, len(in.Signals))
	}
	sides, err := views(ctx, in.Method, level, own, learn, in.From)
	if err != nil {
		return nil, err
	}
	if len(sides) == 0 && in.Method != Fisher {
		out.Method = Fisher
		out.Notices = append(out.Notices, "the history is too short to learn how the signals lie together, so each is compared with itself")
	}
	if out.Method == Fisher || out.Method == Auto {
		out.surprised(in.From, evidence, coupling(evidence, learn, in.From))
	}
	if out.Method == Fisher {
		shareEvidence(evidence, rows, in.From)
	} else if err := out.weigh(ctx, in, evidence, sides, rows, learn); err != nil {
		return nil, err
	}
	return out, nil
}

func (in *Input) validate() (n int, err error) {
	if in.Method == "" {
		in.Method = Auto
	}
	if !slices.Contains(Methods(), in.Method) {
		return 0, fmt.Errorf("%w: method is %q, known are: %s", param.ErrInvalid, in.Method, strings.Join(Methods(), ", "))
	}
	for k, s := range in.Signals {
		if k == 0 {
			n = len(s.Values)
		}
		if len(s.Values) != n {
			return 0, fmt.Errorf("%w: values of signal %s are %d, as many as of signal %s are needed: %d", param.ErrInvalid, s.Name, len(s.Values), in.Signals[0].Name, n)
		}
	}
	if in.From < 0 || in.From > n {
		return 0, fmt.Errorf("%w: from is %d, an index of the %d values is needed", param.ErrInvalid, in.From, n)
	}
	return n, nil
}

// Severity is the worst score of the newest points, fading: how bad it is now, where Score is how far out the point itself is.
func (out *Output) Severity() []float64 {
	return (&detect.Output{Score: out.Score}).Severity()
}
