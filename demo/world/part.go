package world

import "slices"

// Metric describes a metric family.
type Metric struct {
	Name string
	Type string // counter, gauge or histogram
	Help string
}

// Series is one time series of the world.
type Series struct {
	Labels  map[string]string // with __name__
	Counter bool
}

// part is what is measured at one place, by one instance or container.
type part struct {
	of     string // whose restarts matter
	series []Series
	// step sets gauges to their value at m, and counters to what was added in the minute that ends at m.
	step func(m minute, out []float64)
	// before is what counters have counted when the world starts, in minutes of the first step.
	before float64
}

func (p *part) add(counter bool, pairs ...string) {
	labels := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		labels[pairs[i]] = pairs[i+1]
	}
	p.series = append(p.series, Series{Labels: labels, Counter: counter})
}

// parts makes all parts, always in the same order.
func (w *World) parts() []*part {
	return slices.Concat(w.hostParts(), w.containerParts(), w.gatewayParts(), w.originParts(), w.databaseParts())
}

// Metrics describes all metric families.
func Metrics() []Metric {
	return slices.Concat(hostMetrics, containerMetrics, gatewayMetrics, originMetrics, databaseMetrics)
}
