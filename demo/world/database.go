package world

import (
	"math"
	"time"
)

const (
	leakingDB = "db-2:9104" // its connections cross 90 % at poolAt
	leakSince = -9 * days
	poolAt    = 30 * time.Hour        // from the anchor
	poolHour  = 5.5 / 24              // percent of max_connections that an hour adds
	poolFresh = poolAt + 24*time.Hour // the service that leaks them is deployed anew
)

// database is one MySQL server, as mysqld_exporter sees it.
type database struct {
	instance       string
	most           float64 // max_connections
	queries, slow  float64 // a second at the peak; slow ones in a million
	connected      float64 // percent of most, at night
	day            func(minute) float64
	weekend, swing float64 // share of the day's load at weekends; percent of most that the day adds
}

var databases = []database{
	{"db-1:9104", 1000, 5200, 60, 22, evening, 1, 24},
	{"db-2:9104", 500, 1900, 90, 16, office, 0.5, 9},
	{"db-3:9104", 500, 2100, 80, 15, evening, 1, 14},
}

var databaseMetrics = []Metric{
	{"mysql_global_status_queries", "counter", "Statements that the server executed."},
	{"mysql_global_status_slow_queries", "counter", "Statements that took longer than long_query_time."},
	{"mysql_global_status_threads_connected", "gauge", "Connections that are open."},
	{"mysql_global_status_threads_running", "gauge", "Threads that are not asleep."},
	{"mysql_global_variables_max_connections", "gauge", "Connections that may be open at once."},
}

func (w *World) databaseParts() []*part {
	list := make([]*part, len(databases))
	for i := range databases {
		db := &databases[i]
		p := &part{of: db.instance, before: 60 * 24 * 30}
		for _, metric := range databaseMetrics {
			p.add(metric.Type == "counter", "__name__", metric.Name, "job", "mysql", "instance", db.instance)
		}
		p.step = func(m minute, out []float64) { w.database(db, m, out) }
		list[i] = p
	}
	return list
}

func (w *World) database(db *database, m minute, out []float64) {
	s := streamOf(db.instance)
	load := (0.12 + 0.88*db.day(m)*week(m, db.weekend)) * math.Exp(0.05*w.noise(s, m))
	missing := w.strength(SlowQueries, db.instance, m, 5) // an index that is missing
	out[0] = w.count(s+32, m, 60*db.queries*load)
	out[1] = w.count(s+48, m, 60*db.queries*load*db.slow/1e6*(1+9*missing))
	out[2] = math.Round(db.most / 100 * w.connected(db, s, m, load, missing))
	out[3] = math.Max(1, math.Round(db.queries*load/250*(1+1.5*missing)+1.5*w.white(s+64, m)))
	out[4] = db.most
}

// connected is the share of its connections that a server has open, in percent.
func (w *World) connected(db *database, s uint64, m minute, load, missing float64) float64 {
	v := db.connected + db.swing*load + 6*missing + 0.7*w.smooth(s+80, m, 45) + 0.3*w.white(s+81, m)
	if db.instance != leakingDB {
		return clamp(v, 1, 100)
	}
	switch since := hoursSince(w.anchor.Add(leakSince), m); {
	case since < 0, m >= minuteOf(w.anchor.Add(poolFresh)):
		return clamp(v, 1, 100)
	default:
		// A service forgets to give connections back, more of them the more it is asked.
		leaked := 90 + poolHour*hoursSince(w.anchor.Add(poolAt), m)
		return clamp(leaked-3+db.swing*(load-0.4)/2+0.7*w.smooth(s+80, m, 45)+0.3*w.white(s+81, m), v, 100)
	}
}
