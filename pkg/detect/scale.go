package detect

import (
	"maps"
	"slices"
)

// scaled gives the output with its band widened by a factor and its scores lowered by it, before anything was flagged. The last
// one to be made may take the receiver's slices.
func (out *Output) scaled(factor float64, last bool) *Output {
	one := *out
	if !last {
		for _, s := range []*[]float64{&one.Expected, &one.Lower, &one.Upper, &one.Score} {
			*s = slices.Clone(*s)
		}
		one.Anomalous, one.Held = slices.Clone(out.Anomalous), slices.Clone(out.Held)
		one.HeldBack, one.Notices = maps.Clone(out.HeldBack), slices.Clone(out.Notices)
	}
	if factor == 1 {
		return &one
	}
	for i, e := range one.Expected {
		one.Lower[i], one.Upper[i] = e-factor*(e-one.Lower[i]), e+factor*(one.Upper[i]-e)
		one.Score[i] /= factor
	}
	return &one
}
