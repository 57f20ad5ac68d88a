package forecast

import (
	"math"
	"math/rand/v2"
)

// Box & Jenkins: monthly totals of international airline passengers, thousands, 1949 to 1960.
var airPassengers = []float64{
	112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
	145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
	196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
	242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
	315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
	360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
}

// Annual oil production of Saudi Arabia, 1996 to 2013 (Hyndman & Athanasopoulos).
var oil = []float64{445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87, 456.72,
	473.82, 525.95, 549.83, 542.34}

// Annual flow of the Nile at Aswan, 1871 to 1970 (Durbin & Koopman).
var nile = []float64{
	1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100, 1210,
	1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702,
	1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771,
	676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901,
	1170, 912, 746, 919, 718, 714, 740,
}

func logs(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Log(v)
	}
	return out
}

// dayWeek is a metric with a daily and a weekly season, a trend per point and autocorrelated noise.
func dayWeek(n, day int, weekly, trend, noise float64, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	out, e := make([]float64, n), 0.0
	for i := range out {
		e = 0.7*e + noise*rng.NormFloat64()
		t := 2 * math.Pi * float64(i) / float64(day)
		out[i] = 50 + 10*math.Sin(t) + 4*math.Cos(2*t) + trend*float64(i) + e
		if d := (i / day) % 7; d >= 5 {
			out[i] -= weekly
		}
	}
	return out
}
