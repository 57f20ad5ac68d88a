package query

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// live is a source of hosts whose values the test says; a value is known once its time has come.
type live struct {
	mu    sync.Mutex
	hosts int
	value func(host int, at time.Time) float64
	asked []source.Request
}

func (l *live) Read(_ context.Context, r source.Request) (*series.Set, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, r)
	g := series.NewGrid(r.From, r.To, r.Step)
	set := &series.Set{Grid: g, Executed: r.Spec.Expr}
	for k := range l.hosts {
		s := series.Series{Name: fmt.Sprintf("h%d", k), Labels: series.Labels{"host": fmt.Sprintf("h%d", k)}, Values: make([]float64, g.Len)}
		for i := range s.Values {
			s.Values[i] = l.value(k, g.Time(i))
		}
		set.Series = append(set.Series, s)
	}
	return set, nil
}
func (*live) Check(context.Context) (string, error) { return "live", nil }
func (*live) Close() error                          { return nil }

// rhythm is a day's season with a little noise.
func rhythm(host int, at time.Time) float64 {
	h := uint64(at.Unix())*6364136223846793005 + uint64(host)
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return 50 + float64(host) + 20*math.Sin(2*math.Pi*float64(at.Unix())/86400) + float64(h>>40)/float64(1<<24)
}

// shelf is a library of one model's versions.
type shelf map[int]*Trained

func (s shelf) Trained(_ context.Context, name string, version int) (*Trained, error) {
	if t := s[version]; t != nil && t.Name == name {
		return t, nil
	}
	return nil, fmt.Errorf("%w: field \"model.name\": no model %q", ErrNoModel, name)
}

const learntFrom = `"source":{"kind":"prometheus","expr":"load","legendFormat":"{{host}}"},"trainingWindow":"10d","interval":"1h","horizon":"12h"`

// lab is an engine with a source, a clock, and a model that was trained at the beginning.
type lab struct {
	*Engine
	t      *testing.T
	source *live
	clock  time.Time
	shelf  shelf
}

var began = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newLab(t *testing.T) *lab {
	l := &lab{t: t, source: &live{hosts: 2, value: rhythm}, clock: began, shelf: shelf{}}
	l.Engine = NewEngine(map[source.Kind]source.Source{source.Prometheus: l.source}, func() time.Time { return l.clock }, 1<<22, 1<<22)
	return l
}

// badDay lets all hosts stand at 1000 for a day, three days before the beginning, and gives its start.
func (l *lab) badDay() time.Time {
	bad := began.Add(-3 * 24 * time.Hour)
	l.source.value = func(host int, at time.Time) float64 {
		if !at.Before(bad) && at.Before(bad.Add(24*time.Hour)) {
			return 1000
		}
		return rhythm(host, at)
	}
	return bad
}

// train keeps a model of the query as live and as the version.
func (l *lab) train(version int, raw string) *Trained {
	l.t.Helper()
	q, err := Parse([]byte(raw), Defaults{})
	require.NoError(l.t, err)
	t := &Trained{Name: "cpu", Version: version, At: l.clock, To: l.clock.Truncate(q.Interval), Query: []byte(raw), Type: q.Type, Interval: q.Interval, Threshold: 1, Series: map[string]*TrainedSeries{}}
	t.From = t.To.Add(-q.TrainingWindow)
	sets, err := l.ReadFor(l.t.Context(), q, l.clock, q.TrainingWindow)
	require.NoError(l.t, err)
	for _, s := range sets[0].Series {
		if q.Type == Anomaly {
			break
		}
		one, _, err := Learn(l.t.Context(), q, sets[0].Grid, s)
		if tooShort(err) {
			one = &TrainedSeries{Name: s.Name, Labels: s.Labels}
		} else {
			require.NoError(l.t, err)
		}
		t.Series[SeriesKey(s.Name, s.Labels)] = one
	}
	l.shelf[version], l.shelf[0] = t, t
	l.source.asked = nil
	return t
}

func (l *lab) ask(raw string, from, to time.Duration) *Answer {
	l.t.Helper()
	q, err := Resolve(l.t.Context(), []byte(raw), Defaults{}, l.shelf)
	require.NoError(l.t, err)
	a, err := l.Execute(l.t.Context(), q, Range{l.clock.Add(from), l.clock.Add(to)})
	require.NoError(l.t, err)
	return a
}

func noticesOf(a *Answer) string {
	var out []string
	for _, n := range a.Notices {
		out = append(out, n.Text)
	}
	return strings.Join(out, "\n")
}
