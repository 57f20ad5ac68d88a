package forecast

import "math"

// halfWidths gives the band's distances below and above the forecast in units of Sigma, widened by what Student's distribution
// adds for few origins. With too few errors they are those of that distribution.
func (r *Result) halfWidths(confidence float64) (below, above float64) {
	if r.kept != nil {
		return r.kept.halfWidths(confidence)
	}
	origins := len(r.Errors)
	if r.shape.tail.scores == nil {
		z := normalWidth(confidence) * fewOrigins(confidence, origins) / fewOrigins(tailLevel, origins) // Sigma is widened for the tails
		return z, z
	}
	if origins < manyOrigins {
		return r.shape.tail.sides(confidence, fewOrigins(confidence, origins))
	}
	return r.shape.sides(confidence)
}

// sides gives the distances below and above with many origins. Between the levels of the two forms, and so that no
// band is narrower than one at less confidence, they are those of both.
func (s *shape) sides(confidence float64) (below, above float64) {
	inner := min(confidence, centreLevel)
	below, above = s.centre.sides(inner, 1+(fewOrigins(inner, manyOrigins)-1)*s.persistence/lasting)
	if confidence <= centreLevel {
		return below, above
	}
	outer := max(confidence, tailLevel)
	b, a := s.tail.sides(outer, fewOrigins(outer, manyOrigins))
	f := 1.0
	if confidence < tailLevel {
		near, far := normalWidth(centreLevel), normalWidth(tailLevel)
		f = (normalWidth(confidence) - near) / (far - near)
	}
	return below + f*max(b-below, 0), above + f*max(a-above, 0)
}

// lasting is the lag-one autocorrelation of errors with which Student's distribution counts whole in the centre of the band: how
// many origins there are matters the less, the more errors of one are independent. Tails come from origins that are
// unlike the others, of which there are as few in any case.
const lasting = 0.6

func normalWidth(confidence float64) float64 { return math.Sqrt2 * math.Erfinv(confidence) }

// fewOrigins is how much wider than the normal one a distribution is whose spread few origins tell: Student's with four degrees of
// freedom. Where there are many, the whole of it is narrower, by as much as makes its 80 % those of eight degrees.
func fewOrigins(confidence float64, origins int) float64 {
	wide := studentWidth(confidence) / normalWidth(confidence)
	if origins >= manyOrigins {
		wide *= manyNarrow
	}
	return wide
}

// manyNarrow is the ratio of the 90 % quantiles of Student's distribution with eight and with four degrees of freedom.
const manyNarrow = 1.3968153097438645 / 1.5332062740589438

// studentWidth is the half width of Student's distribution with four degrees of freedom, whose quantiles have a closed form (Shaw:
// "Sampling Student's t distribution", Journal of Computational Finance 9, 2006).
func studentWidth(confidence float64) float64 {
	a := math.Sqrt(1 - confidence*confidence)
	return 2 * math.Sqrt(math.Cos(math.Acos(a)/3)/a-1)
}
