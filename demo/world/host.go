package world

import (
	"math"
	"time"
)

// Host is one virtual machine with node_exporter on it.
type Host struct {
	Instance, Cloud string
	base, swing     float64 // busy CPU in percent: at night, and what the day adds
	weekend         float64 // share of the swing that weekends have
	day             func(minute) float64
	memory          float64 // bytes
	root, data      float64 // percent of the two disks used
}

// Hosts are the six machines of three clouds.
var Hosts = []Host{
	{"tencent-bj-01:9100", "tencent", 14, 34, 0.55, office, 16 << 30, 41, 52},
	{"tencent-bj-02:9100", "tencent", 15, 32, 0.55, office, 16 << 30, 44, 47},
	{"aliyun-hz-01:9100", "aliyun", 11, 27, 0.7, evening, 32 << 30, 38, 0},
	{"aliyun-hz-02:9100", "aliyun", 12, 29, 0.7, evening, 32 << 30, 36, 58},
	{"azure-ea-01:9100", "azure", 24, 59, 1, nightly, 32 << 30, 47, 61},
	{"azure-ea-02:9100", "azure", 9, 20, 0.6, office, 16 << 30, 33, 55},
}

// nightly is one daily batch, heavy and harmless.
func nightly(m minute) float64 { return clamp(0.3*office(m)+peak(m, 21.5, 2), 0, 1) }

const (
	fillingHost = "aliyun-hz-01:9100" // its /data crosses 90 % at fillAt
	fillAt      = 40 * time.Hour      // from the anchor
	rootSize    = 60 << 30
	dataSize    = 500 << 30
)

var hostMetrics = []Metric{
	{"node_cpu_seconds_total", "counter", "Seconds the CPUs spent in each mode."},
	{"node_memory_MemTotal_bytes", "gauge", "Memory information field MemTotal_bytes."},
	{"node_memory_MemAvailable_bytes", "gauge", "Memory information field MemAvailable_bytes."},
	{"node_filesystem_size_bytes", "gauge", "Filesystem size in bytes."},
	{"node_filesystem_avail_bytes", "gauge", "Filesystem space available to non-root users in bytes."},
}

func (w *World) hostParts() []*part {
	list := make([]*part, len(Hosts))
	for i := range Hosts {
		h := &Hosts[i]
		p := &part{of: h.Instance, before: 60 * 24 * 40}
		for _, mode := range []string{"idle", "user", "system", "iowait"} {
			p.add(true, "__name__", "node_cpu_seconds_total", "job", "node", "instance", h.Instance, "cloud", h.Cloud, "cpu", "0", "mode", mode)
		}
		for _, name := range []string{"node_memory_MemTotal_bytes", "node_memory_MemAvailable_bytes"} {
			p.add(false, "__name__", name, "job", "node", "instance", h.Instance, "cloud", h.Cloud)
		}
		for _, disk := range [][2]string{{"/", "/dev/vda1"}, {"/data", "/dev/vdb1"}} {
			for _, name := range []string{"node_filesystem_size_bytes", "node_filesystem_avail_bytes"} {
				p.add(false, "__name__", name, "job", "node", "instance", h.Instance, "cloud", h.Cloud, "mountpoint", disk[0], "fstype", "ext4", "device", disk[1])
			}
		}
		stream := streamOf(h.Instance)
		p.step = func(m minute, out []float64) {
			busy := w.CPU(h, m) / 100
			wait := 0.004 + 0.006*math.Abs(w.noise(stream+32, m)) + 0.02*peak(m, 2.5, 0.5)
			wait = math.Min(wait, busy/3)
			system := (busy - wait) * (0.24 + 0.03*w.noise(stream+48, m))
			out[0], out[1], out[2], out[3] = 60*(1-busy), 60*(busy-wait-system), 60*system, 60*wait
			out[4] = h.memory
			out[5] = math.Round(h.memory * (1 - w.memory(h, stream, m)/100))
			out[6], out[7] = rootSize, math.Round(rootSize*(1-w.root(h, stream, m)/100))
			out[8], out[9] = dataSize, math.Round(dataSize*(1-w.Data(h, m)/100))
		}
		list[i] = p
	}
	return list
}

// CPU is the busy share of a host in percent, as an average over the minute that ends at m.
func (w *World) CPU(h *Host, m int64) float64 {
	stream := streamOf(h.Instance)
	day := h.day(m) * week(m, h.weekend)
	// A busy machine varies more than an idle one.
	v := h.base + h.swing*day + (0.9+2.4*day)*w.noise(stream, m)
	if hot := w.strength(HotCPU, h.Instance, m, 10); hot > 0 {
		v += hot * (93 + 1.5*w.noise(stream+16, m) - v)
	}
	return clamp(v, 2, 98)
}

func (w *World) memory(h *Host, stream uint64, m minute) float64 {
	v := 46 + 9*h.day(m)*week(m, h.weekend) + 1.6*w.smooth(stream+64, m, 53) + 2*w.smooth(stream+65, m, 1700) + 0.15*w.white(stream+66, m)
	return clamp(v+6*w.strength(HotCPU, h.Instance, m, 20), 5, 97)
}

// root is the system disk: logs grow through the day and are rotated at three in the morning.
func (w *World) root(h *Host, stream uint64, m minute) float64 {
	since := math.Mod(hourOf(m)+21, 24)
	return h.root + 2.2*since/24 + 0.4*w.smooth(stream+80, m, 2880) + 0.02*w.white(stream+81, m)
}

// Data is the used share of a host's /data in percent.
func (w *World) Data(h *Host, m int64) float64 {
	stream := streamOf(h.Instance)
	jitter := 0.025*w.white(stream+97, m) + 0.02*w.smooth(stream+98, m, 45)
	if h.Instance == fillingHost {
		return w.fill.at(m) + jitter
	}
	// Grows by a load each night, is cleaned up on Sundays at four.
	local := timeOf(m).In(zone)
	hours := float64((int(local.Weekday())+7)%7*24) + hourOf(m) - 4
	if hours < 0 {
		hours += 7 * 24
	}
	return h.data + 5*hours/(7*24) + 1.2*w.smooth(stream+96, m, 4*1440) + jitter
}
