package world

import (
	"math"
	"time"
)

const (
	edge            = "edge-01:8080"
	trainerDeployed = -18 * days
	trainerAt       = 30 * time.Hour           // from the anchor: the trainer's memory crosses 90 %
	trainerPerDay   = 2.6                      // percent of the limit that leaks
	trainerFull     = trainerAt + 65*time.Hour // and reaches 97 %
)

// container is one container of the edge host, as cadvisor sees it.
type container struct {
	name   string
	memory float64 // limit, bytes
	disk   float64 // limit, bytes
	cores  func(*World, minute) float64
	used   func(*World, minute) float64 // percent of the memory limit
	stored func(*World, minute) float64 // percent of the disk limit
}

var containers = []container{
	{"ingest", 2 << 30, 40 << 30, ingestCores, ingestMemory, func(w *World, m minute) float64 {
		return 31 + 12*office(m)*week(m, 0.5) + 1.5*w.smooth(streamOf("ingest disk"), m, 90)
	}},
	{"trainer", 8 << 30, 200 << 30, trainerCores, trainerMemory, func(w *World, m minute) float64 {
		// A checkpoint every six hours, old ones removed at the end of the day.
		return 48 + 3.5*math.Floor(hourOf(m)/6) + 0.4*w.smooth(streamOf("trainer disk"), m, 240)
	}},
	{"api", 1 << 30, 10 << 30, apiCores, func(w *World, m minute) float64 {
		return 44 + 14*office(m)*week(m, 0.5) + 1.5*w.smooth(streamOf("api memory"), m, 25) + 11*w.strength(SlowAPI, "api", m, 12)
	}, func(w *World, m minute) float64 {
		return 22 + 4*hourOf(m)/24 + 0.2*w.smooth(streamOf("api disk"), m, 300)
	}},
	{"scheduler", 512 << 20, 10 << 30, func(w *World, m minute) float64 {
		v := 0.04 + 0.008*w.noise(streamOf("scheduler cpu"), m)
		if floorMod(m, 60) < 3 {
			v += 0.12 // plans the next hour
		}
		return v
	}, func(w *World, m minute) float64 {
		return 37 + 1.2*w.smooth(streamOf("scheduler memory"), m, 400) + 0.3*w.white(streamOf("scheduler memory")+1, m)
	}, func(w *World, m minute) float64 { return 14 + 0.3*w.smooth(streamOf("scheduler disk"), m, 700) }},
}

func ingestCores(w *World, m minute) float64 {
	s := streamOf("ingest cpu")
	v := 0.25 + 0.8*office(m)*week(m, 0.45) + (0.03+0.05*office(m))*w.noise(s, m)
	return v + 0.7*w.strength(MemorySurge, "ingest", m, 8)
}

func ingestMemory(w *World, m minute) float64 {
	s := streamOf("ingest memory")
	v := 42 + 9*office(m)*week(m, 0.45) + 1.4*w.smooth(s, m, 31) + 0.3*w.white(s+1, m)
	for i := range w.incidents {
		n := &w.incidents[i]
		if n.Of != "ingest" {
			continue
		}
		since, after := float64(m-minuteOf(n.From)), float64(m-minuteOf(n.To))
		switch {
		case n.Kind == MemorySurge && since > 0 && after <= 0:
			share := since / float64(minuteOf(n.To)-minuteOf(n.From))
			v += share * share * (99.5 - v) // ever faster until it is killed
		case n.Kind == Restart && after >= 0 && after < 40:
			v *= 0.4 + 0.6*after/40 // caches fill again
		}
	}
	return clamp(v, 3, 99.9)
}

// training tells how far one of the day's three training runs is on, 0 to 1.
func training(m minute) float64 {
	h := hourOf(m)
	for _, start := range []float64{1, 9.5, 15} {
		if d := h - start; d >= 0 && d <= 4 {
			return clamp(min(d, 4-d)*12, 0, 1)
		}
	}
	return 0
}

func trainerCores(w *World, m minute) float64 {
	s, on := streamOf("trainer cpu"), training(m)*week(m, 0.6)
	return 0.15 + 2.9*on + (0.02+0.18*on)*w.noise(s, m)
}

// trainerMemory leaks since the container was deployed, and breathes with the runs.
func trainerMemory(w *World, m minute) float64 {
	s := streamOf("trainer memory")
	level := 90 + trainerPerDay*hoursSince(w.anchor.Add(trainerAt), m)/24
	switch deployed := hoursSince(w.anchor.Add(trainerDeployed), m); {
	case deployed < 0:
		level += 48.5 // the process before it leaked as well, and was replaced in time
	case m >= minuteOf(w.anchor.Add(trainerFull+10*time.Minute)):
		level = 38 + math.Mod(level-97, 55)
	}
	return clamp(level-0.35+0.7*training(m)+0.25*w.smooth(s, m, 75)+0.06*w.white(s+1, m), 3, 99.9)
}

func apiCores(w *World, m minute) float64 {
	s := streamOf("api cpu")
	v := 0.08 + 0.42*office(m)*week(m, 0.4) + (0.01+0.025*office(m))*w.noise(s, m)
	return v + (0.45+0.03*w.noise(s+16, m))*w.strength(SlowAPI, "api", m, 6)
}

var containerMetrics = []Metric{
	{"container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed in seconds."},
	{"container_memory_working_set_bytes", "gauge", "Current working set in bytes."},
	{"container_spec_memory_limit_bytes", "gauge", "Memory limit for the container."},
	{"container_fs_usage_bytes", "gauge", "Number of bytes that are consumed by the container on this filesystem."},
	{"container_fs_limit_bytes", "gauge", "Number of bytes that can be consumed by the container on this filesystem."},
}

func (w *World) containerParts() []*part {
	list := make([]*part, len(containers))
	for i := range containers {
		c := &containers[i]
		p := &part{of: c.name, before: 60 * 24 * 5}
		for _, metric := range containerMetrics {
			p.add(metric.Type == "counter", "__name__", metric.Name, "job", "cadvisor", "instance", edge, "container", c.name)
		}
		p.step = func(m minute, out []float64) {
			out[0] = 60 * math.Max(0, c.cores(w, m))
			out[1], out[2] = math.Round(c.memory*c.used(w, m)/100), c.memory
			out[3], out[4] = math.Round(c.disk*c.stored(w, m)/100), c.disk
		}
		list[i] = p
	}
	return list
}
