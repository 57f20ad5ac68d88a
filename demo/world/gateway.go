package world

import (
	"math"
	"strconv"
)

// Routes of the LLM gateway.
var Routes = []string{"/v1/generate", "/v1/chat/completions"}

var (
	gateways = []string{"gw-1:9464", "gw-2:9464"}
	codes    = []string{"200", "400", "429", "500"}
	buckets  = []float64{0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60} // seconds; +Inf follows
)

// route is what one instance answers on one route.
type route struct {
	rps, median, sigma float64 // requests per second at the peak; log-normal seconds
	day                func(minute) float64
}

var routes = map[string]route{
	"/v1/generate":         {620, 1.1, 0.62, office},
	"/v1/chat/completions": {1450, 0.75, 0.7, evening},
}

var gatewayMetrics = []Metric{
	{"gateway_requests_total", "counter", "Requests answered, by status code."},
	{"gateway_request_duration_seconds", "histogram", "Time from request to the last byte of the answer in seconds."},
}

func (w *World) gatewayParts() []*part {
	var list []*part
	for _, gw := range gateways {
		for _, name := range Routes {
			p := &part{of: gw, before: 60 * 24 * 7}
			for _, code := range codes {
				p.add(true, "__name__", "gateway_requests_total", "job", "gateway", "instance", gw, "route", name, "code", code)
			}
			for _, le := range buckets {
				p.add(true, "__name__", "gateway_request_duration_seconds_bucket", "job", "gateway", "instance", gw, "route", name, "le", strconv.FormatFloat(le, 'f', -1, 64))
			}
			p.add(true, "__name__", "gateway_request_duration_seconds_bucket", "job", "gateway", "instance", gw, "route", name, "le", "+Inf")
			p.add(true, "__name__", "gateway_request_duration_seconds_sum", "job", "gateway", "instance", gw, "route", name)
			p.add(true, "__name__", "gateway_request_duration_seconds_count", "job", "gateway", "instance", gw, "route", name)
			p.step = func(m minute, out []float64) { w.gateway(gw, name, m, out) }
			list = append(list, p)
		}
	}
	return list
}

// gateway counts a minute's answers: by code, and by how long they took.
func (w *World) gateway(gw, name string, m minute, out []float64) {
	r, stream := routes[name], streamOf(gw+name)
	load := w.load(gw, name, m)
	total := w.count(stream+32, m, 60*r.rps*load)

	// Errors come in bursts that are longer than a minute, and limits are hit when much is asked for.
	wave := math.Exp(0.3 * w.noise(stream+48, m))
	out[3] = w.count(stream+33, m, total*(0.0022*wave+0.13*w.strength(ErrorBurst, name, m, 4)))
	out[2] = w.count(stream+34, m, total*(0.0008+0.004*clamp(load-0.85, 0, 1)*4)*wave)
	out[1] = w.count(stream+35, m, total*0.009)
	out[0] = math.Max(0, total-out[1]-out[2]-out[3])
	total = out[0] + out[1] + out[2] + out[3]

	// Latency grows with load, and answers wobble together.
	slow := 1 + 0.35*load*load + 1.9*w.strength(SlowAnswers, name, m, 6) + 0.5*w.strength(ErrorBurst, name, m, 4)
	mu := math.Log(r.median*slow) + 0.05*w.noise(stream+64, m)
	below := out[len(codes):]
	for i, le := range buckets {
		below[i] = math.Round(total * normal((math.Log(le)-mu)/r.sigma))
	}
	n := len(buckets)
	below[n] = total
	below[n+1] = total * math.Exp(mu+r.sigma*r.sigma/2)
	below[n+2] = total
}

// load is how much is asked of an instance on a route, 1 at the usual peak.
func (w *World) load(gw, name string, m minute) float64 {
	shared := streamOf(name) // what users do hits both instances alike
	load := (0.05 + 0.95*routes[name].day(m)*week(m, 0.72)) * (1 + 0.04*w.noise(shared, m)) * (1 + 0.015*w.noise(streamOf(gw+name), m))
	return math.Max(0.02, load*(1+w.strength(TrafficSurge, name, m, 10)))
}

// normal is the standard normal distribution function.
func normal(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }
