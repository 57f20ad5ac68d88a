package detect

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Run scores a series from in.From on: the detector gives band and score, then direction, persistence and guards decide
// what is flagged. Infinities, and values too large to square, count as missing. The error wraps ErrTooShort,
// ErrUnknownAlgorithm or param.ErrInvalid.
func Run(ctx context.Context, in Input, opt Options) (*Output, error) {
	out, err := RunScaled(ctx, in, opt, 1)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// RunScaled does what Run does, once for each multiple of the detector's band: the way to find the sensitivity that keeps to a
// number of alerts. What a detector learns does not depend on the multiple, and is learnt once. A fixed limit is not scaled.
func RunScaled(ctx context.Context, in Input, opt Options, scales ...float64) ([]*Output, error) {
	id := opt.Algorithm
	if id == "" {
		id = Auto
	}
	a, err := Lookup(id)
	if err != nil {
		return nil, err
	}
	p, err := param.Parse(a.Params, opt.Params)
	if err != nil {
		return nil, err
	}
	if err := in.validate(); err != nil {
		return nil, err
	}
	if n := in.clean(); n < a.MinPoints {
		return nil, fmt.Errorf("%w: the series has %d known values, %s needs %d", ErrTooShort, n, a.ID, a.MinPoints)
	}
	seen := in.Values
	if in.marks = newMarks(in); !a.Fixed {
		in.Values = in.marks.learnt(seen)
	}
	shown, budget := in.From, p.Float(budgetParam)
	replayed := shown
	if budget > 0 {
		replayed = budgetFrom(in)
	}
	if in.From = replayed; !a.Fixed {
		in.From = min(replayed, in.marks.since(in))
	}
	out, err := a.New(p).Detect(ctx, in)
	if err != nil {
		return nil, err
	}
	if in.Values = seen; !a.Fixed {
		in.marks.recall(in, &out)
		in.marks.special(in, &out)
		in.marks.levels(in, &out)
	}
	out.forget(in.From, replayed)
	in.From = replayed
	out.Algorithm, out.Why = id, "The query asks for this detector."
	if id == Auto {
		out.Why = compares(in, out.Periods)
	}
	factor := 1.0
	if budget > 0 {
		factor = out.within(in, a, shown, budget)
		in.From = shown
	}
	all := make([]*Output, len(scales))
	for i, scale := range scales {
		if !(scale > 0) || math.IsInf(scale, 1) {
			return nil, fmt.Errorf("%w: scale is %v, a positive number is needed", param.ErrInvalid, scale)
		}
		if a.Fixed {
			scale = 1
		}
		all[i] = out.scaled(scale*factor, i == len(scales)-1)
		all[i].clip(in)
		all[i].raise(in, a)
		all[i].Notices = append(all[i].Notices, in.badNormal()...)
	}
	return all, nil
}

// raise decides what is flagged.
func (out *Output) raise(in Input, a Algorithm) {
	out.side(in)
	out.flag(in, a.Confirm, cmp.Or(out.alone, a.Urgent, urgent))
	out.settle(in, out.most)
	out.cool(in)
}

// compares says why auto compares as it does.
func compares(in Input, periods []int) string {
	if len(periods) == 0 {
		return "No season is proven, so each point is compared with the level of the last hour and with the newest points."
	}
	cycle := param.FormatDuration(in.Step * longest(periods))
	return fmt.Sprintf("The series repeats every %s, so each point is compared with the same time of the cycles before and with the newest points.", cycle)
}

// validate checks all but the values.
func (in *Input) validate() error {
	if in.Direction == "" {
		in.Direction = Both
	}
	if t := in.Threshold; t != nil {
		limit := *t
		if limit.Direction == "" {
			limit.Direction = Above
		}
		in.Threshold = &limit
	}
	g := in.Guards
	for _, c := range []struct {
		wrong       bool
		field       string
		value, need any
	}{
		{in.Step <= 0, "step", in.Step, "a positive duration"},
		{in.From < 0 || in.From > len(in.Values), "from", in.From, fmt.Sprintf("an index of the %d values", len(in.Values))},
		{in.Direction != Both && in.Direction != Above && in.Direction != Below, "direction", in.Direction, "both, above or below"},
		{!(g.MinDeviation >= 0), "minDeviation", g.MinDeviation, "0 or more"},
		{!(g.MinRelative >= 0), "minRelative", g.MinRelative, "0 or more"},
		{g.HasFloor && math.IsNaN(g.Floor), "floor", g.Floor, "a number"},
		{g.For < 0, "for", g.For, "0 or more"},
		{g.N < 0 || g.N > mostRecent, "n", g.N, fmt.Sprintf("0 to %d", mostRecent)},
		{g.K < 0 || g.K > max(g.N, 0), "k", g.K, "0 to n"},
		{!(g.MinVolume >= 0), "minVolume", g.MinVolume, "0 or more"},
		{g.Agreement < 0, "agreement", g.Agreement, "0 or more"},
		{g.Cooldown < 0, "cooldown", g.Cooldown, "0 or more"},
		{in.Volume != nil && len(in.Volume) != len(in.Values), "volume", len(in.Volume), fmt.Sprintf("one for each of the %d values", len(in.Values))},
		{in.Other != nil && len(in.Other) != len(in.Values), "other", len(in.Other), fmt.Sprintf("one for each of the %d values", len(in.Values))},
		{in.Min != nil && math.IsNaN(*in.Min), "min", in.Min, "a number"},
		{in.Max != nil && math.IsNaN(*in.Max), "max", in.Max, "a number"},
		{in.Threshold != nil && !finite(in.Threshold.Value), "threshold value", in.Threshold, "a finite number"},
		{in.Threshold != nil && in.Threshold.Direction != Above && in.Threshold.Direction != Below, "threshold direction", in.Threshold, "above or below"},
	} {
		if c.wrong {
			return fmt.Errorf("%w: %s is %v, %v is needed", param.ErrInvalid, c.field, c.value, c.need)
		}
	}
	if in.Min != nil && in.Max != nil && *in.Min > *in.Max {
		return fmt.Errorf("%w: min is %v, above max %v", param.ErrInvalid, *in.Min, *in.Max)
	}
	return nil
}

// clean copies the values with those that are not finite as missing, and counts the known ones.
func (in *Input) clean() (known int) {
	x := make([]float64, len(in.Values))
	for i, v := range in.Values {
		if x[i] = math.NaN(); finite(v) {
			x[i] = v
			known++
		}
	}
	in.Values = x
	return known
}

// finite leaves out what would overflow when squared, too.
func finite(v float64) bool { return math.Abs(v) <= 1e150 }
