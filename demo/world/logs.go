package world

import (
	"fmt"
	"slices"
	"time"
)

// The keywords that the log's messages carry.
const (
	OutOfMemory       = "OutOfMemory"
	Timeout           = "timeout"
	ConnectionRefused = "connection refused"
)

// LogRow is one row of app_logs.
type LogRow struct {
	ID                        int64
	Time                      time.Time
	Container, Level, Message string
}

// chatter is how often a container says what in a minute, on an ordinary day.
type chatter struct {
	container                      string
	info, warn, refused, slow, oom float64
}

var chatters = []chatter{
	{"ingest", 0.35, 0.02, 0.010, 0.012, 0.00005},
	{"trainer", 0.16, 0.012, 0.002, 0.004, 0.0002},
	{"api", 0.3, 0.03, 0.004, 0.03, 0},
	{"scheduler", 0.12, 0.006, 0.004, 0.002, 0},
}

var informs = map[string][]string{
	"ingest":    {"batch of %d messages stored", "consumer lag %d ms", "partition %d caught up"},
	"trainer":   {"epoch finished, loss 0.%d", "checkpoint %d written", "%d samples loaded"},
	"api":       {"GET /v1/jobs 200 in %d ms", "POST /v1/predict 200 in %d ms", "%d sessions open"},
	"scheduler": {"planned %d jobs", "job %d handed out", "lease of job %d renewed"},
}

// Logs gives the rows of the minute that begins at t in order of time.
func (w *World) Logs(t time.Time) []LogRow {
	m := minuteOf(t)
	var rows []LogRow
	for i := range chatters {
		c := &chatters[i]
		stream := streamOf("log " + c.container)
		busy := 0.4 + office(m)*week(m, 0.5)
		slow := c.slow*busy + 2.4*w.strength(SlowAPI, c.container, m, 5)
		refused := c.refused*busy + 1.5*w.strength(Refused, c.container, m, 3)
		oom := c.oom + 4*w.outOfMemory(c.container, m)
		for kind, mean := range [...]float64{c.info * busy, c.warn * busy, slow, refused, oom} {
			n := int(w.count(stream+uint64(kind), m, mean))
			for k := range n {
				h := w.hash(stream+8+uint64(kind), m*64+int64(k))
				level, text := sentence(c.container, kind, h)
				rows = append(rows, LogRow{Time: timeOf(m).Add(time.Duration(h>>20%60) * time.Second), Container: c.container, Level: level, Message: text})
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b LogRow) int { return a.Time.Compare(b.Time) })
	for i := range rows {
		rows[i].ID = m*1000 + int64(i)
	}
	return rows
}

// outOfMemory is high from ten minutes before a container is killed until a quarter of an hour after.
func (w *World) outOfMemory(container string, m minute) float64 {
	for i := range w.incidents {
		if n := &w.incidents[i]; n.Kind == MemorySurge && n.Of == container {
			if end := minuteOf(n.To); m >= end-10 && m < end+15 {
				return 1
			}
		}
	}
	return 0
}

func sentence(container string, kind int, h uint64) (level, text string) {
	n := h % 997
	switch kind {
	case 0:
		list := informs[container]
		return "INFO", fmt.Sprintf(list[h>>40%uint64(len(list))], n)
	case 1:
		return "WARN", fmt.Sprintf("queue length %d above its usual range", n)
	case 2:
		return "ERROR", fmt.Sprintf("upstream %s after %d ms, will retry", Timeout, 1000+n)
	case 3:
		return "ERROR", fmt.Sprintf("dial tcp 10.20.0.%d:5672: %s", n%250+1, ConnectionRefused)
	default:
		return "ERROR", fmt.Sprintf("%s: cannot allocate %d KiB", OutOfMemory, 64*(n+1))
	}
}
