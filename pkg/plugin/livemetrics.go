package plugin

import (
	"context"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
)

const (
	liveFor      = time.Minute     // figures are kept between two scrapes
	liveWithin   = 2 * time.Second // a scrape does not wait longer for the store
	mostLabelled = 200             // rules that are told one by one
)

// live gives live accuracy as metrics: what the trail and the models' trials say, the same from every replica over a store.
type live struct {
	warnings, lead, ratio, demoted *prometheus.Desc

	mu      sync.Mutex
	sources map[*Instance]*figures
}

// figures of one data source as read last.
type figures struct {
	uid  string
	at   time.Time
	last *api.LiveAccuracy
}

func newLive() *live {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("forewarn_"+name, help, append([]string{"datasource"}, labels...), nil)
	}
	return &live{sources: map[*Instance]*figures{},
		warnings: desc("early_warnings", "Early warnings of the last 30 days by rule and by outcome: raised, confirmed (crossed while it stood or within 144 h), withdrawn, open; and missed crossings.", "rule", "outcome"),
		lead:     desc("early_warning_lead_hours", "Median hours from an early warning to the crossing, of the confirmed ones of the last 30 days.", "rule"),
		ratio:    desc("model_live_error_ratio", "Error of a trained model of late in multiples of its seasonal-naive twin's, median over its series.", "model"),
		demoted:  desc("model_demoted_series", "Series of a trained model that its seasonal-naive twin answers for.", "model")}
}

func (l *live) add(i *Instance, uid string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sources[i] = &figures{uid: uid}
}

func (l *live) remove(i *Instance) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.sources, i)
}

// Describe names the metrics.
func (l *live) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{l.warnings, l.lead, l.ratio, l.demoted} {
		to <- d
	}
}

// Collect reads the figures, once a minute at most. A store that does not answer leaves those of before.
func (l *live) Collect(to chan<- prometheus.Metric) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for i, f := range l.sources {
		if now.Sub(f.at) >= liveFor {
			ctx, cancel := context.WithTimeout(context.Background(), liveWithin)
			got, err := i.liveAccuracy(ctx, now.AddDate(0, 0, -accuracyDays), now)
			cancel()
			if f.at = now; err != nil {
				backend.Logger.Debug("Live accuracy could not be read", "datasource", f.uid, "error", err)
			} else {
				f.last = got
			}
		}
		if f.last != nil {
			l.tell(to, f)
		}
	}
}

func (l *live) tell(to chan<- prometheus.Metric, f *figures) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		if m, err := prometheus.NewConstMetric(d, prometheus.GaugeValue, v, append([]string{f.uid}, labels...)...); err == nil { // a name may be anything
			to <- m
		}
	}
	seen := map[string]bool{} // two rules of one name in different folders
	for _, r := range f.last.Rules[:min(len(f.last.Rules), mostLabelled)] {
		name := r.Rule
		if name == "" || seen[name] {
			name += " " + r.RuleUID
		}
		seen[name] = true
		for outcome, n := range map[string]int{"raised": r.Raised, "confirmed": r.Confirmed, "withdrawn": r.Withdrawn, "open": r.Open, "missed": r.Missed} {
			gauge(l.warnings, float64(n), name, outcome)
		}
		if r.LeadHours != nil {
			gauge(l.lead, *r.LeadHours, name)
		}
	}
	for _, m := range f.last.Models {
		gauge(l.demoted, float64(len(m.Demoted)), m.Model)
		if m.Ratio != nil {
			gauge(l.ratio, *m.Ratio, m.Model)
		}
	}
}
