package detect

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

// scoreCap keeps scores finite where the band has no width.
const scoreCap = 1000.0

// Run scores a series from in.From on: the detector gives band and score, then direction, persistence and guards decide
// what is flagged. The error wraps ErrTooShort, ErrUnknownAlgorithm or param.ErrInvalid.
func Run(ctx context.Context, in Input, opt Options) (*Output, error) {
	id := opt.Algorithm
	if id == "" || id == Auto {
		id = "seasonal-residual"
	}
	a, err := Lookup(id)
	if err != nil {
		return nil, err
	}
	p, err := param.Parse(a.Params, opt.Params)
	if err != nil {
		return nil, err
	}
	if err := in.clean(a); err != nil {
		return nil, err
	}
	out, err := a.New(p).Detect(ctx, in)
	if err != nil {
		return nil, err
	}
	out.Algorithm = id
	if out.Why == "" {
		out.Why = "The query asks for this detector."
		if opt.Algorithm != id {
			out.Why = "Chosen because it needs no setting: it compares with the same hours before."
		}
	}
	out.clip(in)
	out.flag(in, a.Confirm)
	return &out, nil
}

// clean copies the values with infinities as missing, and checks the rest.
func (in *Input) clean(a Algorithm) error {
	if in.Step <= 0 {
		return fmt.Errorf("%w: step is %s, a positive duration is needed", param.ErrInvalid, in.Step)
	}
	if in.From < 0 || in.From > len(in.Values) {
		return fmt.Errorf("%w: from is %d, an index of the %d values is needed", param.ErrInvalid, in.From, len(in.Values))
	}
	if in.Direction == "" {
		in.Direction = Both
	}
	x, known := make([]float64, len(in.Values)), 0
	for i, v := range in.Values {
		if math.IsInf(v, 0) || math.Abs(v) > 1e150 {
			v = math.NaN()
		}
		if x[i] = v; !math.IsNaN(v) {
			known++
		}
	}
	if in.Values = x; known < a.MinPoints {
		return fmt.Errorf("%w: the series has %d known values, %s needs %d", ErrTooShort, known, a.ID, a.MinPoints)
	}
	return nil
}

// blank makes an output of n points without any answer.
func blank(n int) Output {
	out := Output{Expected: make([]float64, n), Lower: make([]float64, n), Upper: make([]float64, n), Score: make([]float64, n),
		Anomalous: make([]bool, n), HeldBack: map[string]int{}}
	for i := range n {
		out.Expected[i], out.Lower[i], out.Upper[i], out.Score[i] = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	return out
}

// band sets point i: a value at expected scores 0, one at expected ± half scores 1.
func (out *Output) band(i int, value, expected, half float64) {
	out.Expected[i], out.Lower[i], out.Upper[i] = expected, expected-half, expected+half
	if math.IsNaN(value) {
		return
	}
	d := math.Abs(value - expected)
	switch {
	case d == 0:
		out.Score[i] = 0
	case half <= 0:
		out.Score[i] = scoreCap
	default:
		out.Score[i] = math.Min(d/half, scoreCap)
	}
}

// clip keeps the band inside the metric's physical limits.
func (out *Output) clip(in Input) {
	for i := range out.Lower {
		if in.Min != nil {
			out.Lower[i], out.Expected[i] = math.Max(out.Lower[i], *in.Min), math.Max(out.Expected[i], *in.Min)
			out.Upper[i] = math.Max(out.Upper[i], *in.Min)
		}
		if in.Max != nil {
			out.Upper[i], out.Expected[i] = math.Min(out.Upper[i], *in.Max), math.Min(out.Expected[i], *in.Max)
			out.Lower[i] = math.Min(out.Lower[i], *in.Max)
		}
	}
}
