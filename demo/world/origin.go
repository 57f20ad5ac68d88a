package world

import "math"

// Sources are where the gateway's requests come from.
var Sources = []string{"campus", "mobile", "partner", "crawler"}

var originMetrics = []Metric{
	{"gateway_source_requests_total", "counter", "Requests answered, by where they came from."},
}

func (w *World) originParts() []*part {
	var list []*part
	for _, gw := range gateways {
		p := &part{of: gw, before: 60 * 24 * 7}
		for _, source := range Sources {
			p.add(true, "__name__", "gateway_source_requests_total", "job", "gateway", "instance", gw, "source", source)
		}
		p.step = func(m minute, out []float64) { w.origins(gw, m, out) }
		list = append(list, p)
	}
	return list
}

// origins shares a minute's requests out among the sources: campus works by day, mobile comes in the evening. A shift changes the
// shares and leaves the sum, so that the number of requests does not tell of it.
func (w *World) origins(gw string, m minute, out []float64) {
	total := 0.0
	for _, name := range Routes {
		total += 60 * routes[name].rps * w.load(gw, name, m)
	}
	weights := []float64{0.15 + 0.8*office(m)*week(m, 0.4), 0.2 + 0.9*evening(m), 0.25, 0.05}
	sum := 0.0
	for i, source := range Sources {
		weights[i] *= math.Exp(0.06 * w.noise(streamOf(source), m))
		sum += weights[i]
	}
	for i, source := range Sources {
		weights[i] += 0.6 * sum * w.strength(SourceShift, source, m, 5)
	}
	sum = 0
	for _, v := range weights {
		sum += v
	}
	for i, source := range Sources {
		out[i] = w.count(streamOf(gw+source), m, total*weights[i]/sum)
	}
}
