package forecast

// Kinds of stored models.
const (
	kindNaive         = 1
	kindETS           = 2
	kindStandardTheta = 3
	kindDynamicTheta  = 4
	kindLinear        = 5
	kindSeasonal      = 7
	kindCombined      = 8
	kindSparse        = 10
	kindARIMA         = 11
	kindPiecewise     = 12
	kindRegression    = 13
	kindDelta         = 14
	kindMedian        = 15
	kindAway          = 16
)

const (
	mostPeriod = 1 << 17
	mostModels = 64
	mostPoints = 1 << 40
)

// model reads a model; the number in front says of which kind.
func (r *reader) model(depth int) Model {
	kind := r.byte()
	if r.err != nil || depth > 3 {
		r.fail("no model, or too many within each other")
		return nil
	}
	switch kind {
	case kindNaive:
		return decodeNaive(r)
	case kindETS:
		return decodeETS(r)
	case kindStandardTheta:
		return decodeStandardTheta(r)
	case kindDynamicTheta:
		return decodeDynamicTheta(r)
	case kindLinear:
		return decodeLinear(r)
	case kindSparse:
		return decodeSparse(r)
	case kindARIMA:
		return decodeARIMA(r)
	case kindPiecewise:
		return decodePiecewise(r)
	case kindRegression:
		return decodeRegression(r)
	case kindDelta:
		return decodeDelta(r)
	case kindMedian:
		return decodeMedian(r)
	case kindAway:
		return decodeAway(r)
	case kindSeasonal:
		return decodeSeasonal(r, depth)
	case kindCombined:
		return decodeCombined(r, depth)
	}
	r.fail("a model is of the unknown kind %d", kind)
	return nil
}
