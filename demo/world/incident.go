package world

import (
	"fmt"
	"time"
)

// Kind says what an incident does.
type Kind string

// The kinds of incidents.
const (
	HotCPU       Kind = "cpu"          // a host computes far more than usual
	Restart      Kind = "restart"      // a process starts anew: its counters begin at 0, its samples are missing meanwhile
	MemorySurge  Kind = "memory"       // a container grows until it is killed, and logs OutOfMemory
	SlowAPI      Kind = "slow api"     // a container computes more and logs timeouts
	ErrorBurst   Kind = "error burst"  // the gateway answers 500
	SlowAnswers  Kind = "slow answers" // the gateway takes longer
	TrafficSurge Kind = "traffic"      // more requests than usual
	SourceShift  Kind = "source"       // requests come from elsewhere than usual
	OrdersDown   Kind = "orders down"  // a region can hardly order
	OrdersUp     Kind = "orders up"    // a region orders far more
	Refused      Kind = "refused"      // a container logs refused connections
	SlowQueries  Kind = "slow queries" // a database reads whole tables
)

// Incident is one injected incident.
type Incident struct {
	Kind     Kind
	Of       string // the instance, container, route or region
	From, To time.Time
	Text     string // one sentence
}

// Incidents gives all incidents, past and to come, in no order.
func (w *World) Incidents() []Incident { return w.incidents }

const days = 24 * time.Hour

func incidents(anchor time.Time) []Incident {
	at := func(kind Kind, of string, from, length time.Duration, text string) Incident {
		return Incident{Kind: kind, Of: of, From: anchor.Add(from), To: anchor.Add(from + length), Text: text}
	}
	list := []Incident{
		at(HotCPU, "tencent-bj-02:9100", -2*time.Hour, 6*time.Hour, "CPU hot for the last two hours"),
		at(HotCPU, "aliyun-hz-02:9100", -3*days, 100*time.Minute, "CPU hot three days ago"),
		at(HotCPU, "tencent-bj-01:9100", -12*days, 50*time.Minute, "CPU hot twelve days ago"),
		at(Restart, "azure-ea-02:9100", -9*days, 12*time.Minute, "rebooted: twelve minutes missing, counters start anew"),
		at(Restart, "gw-1:9464", -11*days, 3*time.Minute, "gateway restarted: counters start anew"),
		at(Restart, "trainer", trainerDeployed, 2*time.Minute, "container deployed anew"),
		at(MemorySurge, "ingest", -46*time.Hour, 35*time.Minute, "memory surge, killed at its limit, OutOfMemory in the log"),
		at(Restart, "ingest", -46*time.Hour+35*time.Minute, 2*time.Minute, "container restarted after it ran out of memory"),
		at(MemorySurge, "trainer", trainerFull, 10*time.Minute, "leak reaches the limit, OutOfMemory in the log"),
		at(Restart, "trainer", trainerFull+10*time.Minute, 2*time.Minute, "container restarted after it ran out of memory"),
		at(SlowAPI, "api", -50*time.Minute, 3*time.Hour, "CPU and timeouts up for the last fifty minutes"),
		at(Refused, "scheduler", -6*days, 40*time.Minute, "connections refused six days ago"),
		at(ErrorBurst, "/v1/generate", -26*time.Hour, 40*time.Minute, "answers 500 yesterday"),
		at(SlowAnswers, "/v1/chat/completions", -9*time.Hour, time.Hour, "answers slow nine hours ago"),
		at(TrafficSurge, "/v1/chat/completions", -5*days, 90*time.Minute, "twice the traffic five days ago"),
		at(SourceShift, "crawler", -45*time.Minute, 3*time.Hour, "a crawler makes a third of the requests for the last 45 minutes"),
		at(SlowQueries, "db-1:9104", -3*time.Hour, 50*time.Minute, "ten times the slow queries three hours ago"),
		at(OrdersUp, "south", -4*days, 2*time.Hour, "flash sale four days ago"),
	}
	// At night nobody would notice.
	outage := lastHour(anchor.Add(-2*time.Hour), 20)
	list = append(list, Incident{Kind: OrdersDown, Of: "west", From: outage, To: outage.Add(45 * time.Minute), Text: "orders hardly possible in the last evening"})
	// A demo that is left running goes on to have its troubles.
	for d := 1; d <= 60; d++ {
		day := time.Duration(d) * days
		host := Hosts[d%len(Hosts)].Instance
		list = append(list,
			at(HotCPU, host, day+4*time.Hour, 80*time.Minute, fmt.Sprintf("CPU hot on day %d", d)),
			at(ErrorBurst, Routes[d%len(Routes)], day-90*time.Minute, 30*time.Minute, fmt.Sprintf("answers 500 on day %d", d)))
	}
	return list
}

// lastHour gives the last time before t that it was that hour in the world's zone.
func lastHour(t time.Time, hour int) time.Time {
	local := t.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, zone)
	if at.After(local) {
		at = at.AddDate(0, 0, -1)
	}
	return at.UTC()
}

// strength is how far an incident is in effect at m, 0 to 1: it comes up and ends within so many minutes.
func (w *World) strength(kind Kind, of string, m minute, ramp float64) float64 {
	most := 0.0
	for i := range w.incidents {
		n := &w.incidents[i]
		if n.Kind != kind || n.Of != of {
			continue
		}
		since, left := float64(m-minuteOf(n.From)), float64(minuteOf(n.To)-m)
		if since > 0 && left > 0 {
			most = max(most, min(1, since/ramp, left/ramp))
		}
	}
	return most
}

// down tells whether nothing answers at m, and fresh whether counters begin anew at m.
func (w *World) down(of string, m minute) (down, fresh bool) {
	for i := range w.incidents {
		if n := &w.incidents[i]; n.Kind == Restart && n.Of == of {
			from, to := minuteOf(n.From), minuteOf(n.To)
			down = down || m >= from && m < to
			fresh = fresh || m == to
		}
	}
	return down, fresh
}
