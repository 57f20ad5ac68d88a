package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/trail"
)

// alerting is what an instance does beside answering rules: it delivers messages and keeps the trail.
type alerting struct {
	relay   *notify.Relay
	err     error // of the channels' settings as a whole; relay is nil then
	trail   *trail.Recorder
	metrics *Metrics

	keep   time.Duration // lines of the trail are kept so long; 0 = for good
	mu     sync.Mutex
	pruned time.Time
	failed time.Time // when a crossing could not be noted last
}

func newAlerting(i *Instance, s backend.DataSourceInstanceSettings, conf settings) *alerting {
	a := &alerting{metrics: i.metrics, trail: &trail.Recorder{Book: i.store, Sights: trail.NewSights()}}
	if conf.Trail.Keep != "" {
		var err error
		if a.keep, err = param.ParseDuration(conf.Trail.Keep); err != nil {
			backend.Logger.Error("The trail is kept for good: jsonData.trail.keep is no duration such as 400d", "error", err)
		}
	}
	c := notify.Config{Secrets: s.DecryptedSecureJSONData}
	if a.err = errors.Join(decode("relay", conf.Relay, &c), decode("channels", conf.Channels, &c.Channels)); a.err == nil {
		a.relay, a.err = notify.New(c, notify.DefaultTiming(), time.Now)
	}
	return a
}

// decode reads a part of the settings where there is one.
func decode(name string, raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%w: jsonData.%s: %w", notify.ErrConfig, name, err)
	}
	return nil
}

// channels gives the relay, or what is wrong with its settings.
func (a *alerting) channels() (*notify.Relay, error) {
	return a.relay, a.err
}

// delivered counts and records what became of a message. A trail that cannot be written does not undo a delivery: that is
// logged, and the message counts as delivered.
func (a *alerting) delivered(ctx context.Context, m *notify.Message, report notify.Report) {
	for _, o := range report {
		a.metrics.delivery(o)
		if err := a.trail.Delivery(context.WithoutCancel(ctx), m, o); err != nil {
			backend.Logger.FromContext(ctx).Error("A delivery could not be recorded", "channel", o.Channel, "error", err)
		}
	}
}

// crossed notes which series have crossed their threshold. A store that does not answer does not hold up the rule: what has changed is
// noted at a later evaluation.
func (a *alerting) crossed(ctx context.Context, rule trail.Rule, answer *query.Answer) {
	a.mu.Lock()
	wait := time.Since(a.failed) < time.Minute
	a.mu.Unlock()
	if wait {
		return
	}
	limited, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := a.trail.Crossed(limited, rule, answer); err != nil {
		a.mu.Lock()
		a.failed = time.Now()
		a.mu.Unlock()
		backend.Logger.FromContext(ctx).Error("Crossings could not be noted", "rule", rule.UID, "error", err)
	}
}

// prune takes old lines from the trail, once an hour at most and only where something is recorded.
func (a *alerting) prune(ctx context.Context, s store.Store, now time.Time) {
	a.mu.Lock()
	due := a.keep > 0 && now.Sub(a.pruned) >= time.Hour
	if due {
		a.pruned = now
	}
	a.mu.Unlock()
	if !due {
		return
	}
	if n, err := s.PruneAudit(context.WithoutCancel(ctx), now.Add(-a.keep), "retention"); err != nil {
		backend.Logger.FromContext(ctx).Error("Old lines of the trail could not be taken away", "error", err)
	} else if n > 0 {
		backend.Logger.FromContext(ctx).Debug("Old lines of the trail were taken away", "lines", n)
	}
}

// alertMetrics count deliveries and warnings.
type alertMetrics struct {
	deliveries   *prometheus.CounterVec
	deliveryTime *prometheus.HistogramVec
	warnings     *prometheus.CounterVec
}

func newAlertMetrics() alertMetrics {
	return alertMetrics{
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "forewarn_deliveries_total",
			Help: "Messages given to a channel, by channel, kind and result: ok, off, timeout, forbidden, failed."}, []string{"channel", "kind", "result"}),
		deliveryTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "forewarn_delivery_duration_seconds", Help: "Time of a delivery with all its attempts.",
			Buckets: prometheus.ExponentialBuckets(0.01, 2, 12)}, []string{"kind"}),
		warnings: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "forewarn_warnings_total",
			Help: "Warnings reported to the trail, by result: raised, resolved, known (recorded before)."}, []string{"result"}),
	}
}

func (m alertMetrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.deliveries, m.deliveryTime, m.warnings}
}

func (m *Metrics) delivery(o notify.Outcome) {
	result := "failed"
	switch {
	case o.OK:
		result = "ok"
	case o.Off:
		result = "off"
	case errors.Is(o.Err, notify.ErrTimeout):
		result = "timeout"
	case errors.Is(o.Err, notify.ErrForbidden):
		result = "forbidden"
	}
	m.alerts.deliveries.WithLabelValues(o.Channel, o.Kind, result).Inc()
	if !o.Off {
		m.alerts.deliveryTime.WithLabelValues(o.Kind).Observe(o.Took.Seconds())
	}
}

func (m *Metrics) tally(t trail.Tally) {
	for result, n := range map[string]int{"raised": t.Raised, "resolved": t.Resolved, "known": t.Known} {
		m.alerts.warnings.WithLabelValues(result).Add(float64(n))
	}
}
