package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ErrUnknown is wrapped where no channel has the name.
var ErrUnknown = errors.New("no such channel")

// ErrTimeout is wrapped where a channel gave no answer in time.
var ErrTimeout = errors.New("timeout")

// Config is the relay part of the data source's settings (jsonData.relay), and its channels.
type Config struct {
	Hosts        []string `json:"hosts"`        // "host" or "host:port" beside the vendors' own, reached over TLS at public addresses
	PrivateHosts []string `json:"privateHosts"` // "host:port" in one's own network; plain HTTP and private addresses are allowed there

	Channels []Channel         `json:"-"`
	Secrets  map[string]string `json:"-"`
}

// Timing of deliveries.
type Timing struct {
	Attempt time.Duration   // one request
	Total   time.Duration   // a message with all its attempts and fallbacks; Grafana gives up after 30 s
	Pauses  []time.Duration // before the second and each further attempt
}

// DefaultTiming leaves room for a fallback before Grafana's own time is over.
func DefaultTiming() Timing {
	return Timing{Attempt: 5 * time.Second, Total: 25 * time.Second, Pauses: []time.Duration{500 * time.Millisecond, time.Second}}
}

// Relay delivers messages to channels. It is safe for concurrent use.
type Relay struct {
	names    []string // in the order of the settings
	channels map[string]*Channel
	broken   map[string]error  // channels whose settings are wrong, by name
	instead  map[string]string // the fallback of each
	guard    *Guard
	send     do
	timing   Timing
	now      func() time.Time

	mu   sync.Mutex
	last map[string]Outcome
}

// Outcome is what became of a message at one channel.
type Outcome struct {
	Channel  string
	Kind     string
	OK       bool
	Off      bool // the channel is declared but not in use: nothing was sent
	Status   int  // of the last answer; 0 = none came
	Answer   string
	Attempts int
	Took     time.Duration
	At       time.Time
	Err      error // why not
}

// Report is what became of a message: the channel that was asked for first, then the fallbacks that were tried.
type Report []Outcome

// OK says whether the message is out, or was not to go out.
func (r Report) OK() bool { return len(r) > 0 && (r[len(r)-1].OK || r[0].Off) }

// New makes a relay. A channel with a mistake in its settings is kept as broken, so that the others work; an error is one of the
// settings that all share.
func New(conf Config, timing Timing, now func() time.Time) (*Relay, error) {
	r := &Relay{channels: map[string]*Channel{}, broken: map[string]error{}, instead: map[string]string{}, timing: timing, now: now, last: map[string]Outcome{}}
	hosts := list(conf.Hosts)
	for _, c := range conf.Channels {
		if _, twice := r.channels[c.Name]; twice || r.broken[c.Name] != nil {
			return nil, fmt.Errorf("%w: two channels are named %q", ErrConfig, c.Name)
		}
		r.names = append(r.names, c.Name)
		ready, err := c.ready(conf.Secrets)
		if err != nil {
			r.broken[c.Name] = err
			continue
		}
		r.channels[c.Name] = ready
	}
	for _, v := range vendors {
		hosts = append(hosts, v.hosts...)
	}
	var err error
	if r.guard, err = NewGuard(hosts, list(conf.PrivateHosts)); err != nil {
		return nil, fmt.Errorf("%w: relay: %w", ErrConfig, err)
	}
	for _, c := range conf.Channels {
		switch {
		case c.Fallback == "":
		case c.Fallback == c.Name || !slices.Contains(r.names, c.Fallback):
			r.broken[c.Name] = fmt.Errorf("%w: channel %s: field \"fallback\" is %q, want the name of another channel", ErrConfig, c.Name, c.Fallback)
		default:
			r.instead[c.Name] = c.Fallback
		}
	}
	client, err := newClient(r.guard, timing.Attempt)
	if err != nil {
		return nil, err
	}
	r.send = sender(client)
	return r, nil
}

// Send delivers a webhook body to a channel, or to its fallback. The error wraps ErrUnknown or ErrBody and means that nothing
// was tried.
func (r *Relay) Send(ctx context.Context, name string, raw []byte) (Report, *Message, error) {
	if err := r.known(name); err != nil {
		return nil, nil, err
	}
	m, err := Parse(raw)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.timing.Total)
	defer cancel()
	var report Report
	tried := map[string]bool{}
	for name != "" && !tried[name] && len(report) < 4 {
		tried[name] = true
		c := r.channels[name]
		if len(report) > 0 && c != nil {
			if c.Off() {
				name = r.instead[name] // a fallback that is not in use is no delivery
				continue
			}
			m = m.undelivered(report[0], c)
		}
		o := r.deliver(ctx, name, m)
		report = append(report, o)
		if o.OK || o.Off {
			break
		}
		name = r.instead[name]
	}
	return report, m, nil
}

// Test sends a test message to one channel, without its fallback.
func (r *Relay) Test(ctx context.Context, name string) (Outcome, error) {
	if err := r.known(name); err != nil {
		return Outcome{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.timing.Total)
	defer cancel()
	lang := "en"
	if c := r.channels[name]; c != nil {
		lang = c.Language
	}
	return r.deliver(ctx, name, testMessage(lang, r.now())), nil
}

func (r *Relay) known(name string) error {
	if r.channels[name] == nil && r.broken[name] == nil {
		return fmt.Errorf("%w: %q", ErrUnknown, Clip(name, 60))
	}
	return nil
}

// deliver tries one channel as often as it makes sense, and remembers the outcome.
func (r *Relay) deliver(ctx context.Context, name string, m *Message) Outcome {
	start := r.now()
	o := Outcome{Channel: name, At: start}
	c := r.channels[name]
	if err := r.broken[name]; err != nil {
		o.Err = err
	} else {
		o.Kind, o.Off = c.Kind, c.Off()
		if !o.Off {
			r.attempt(ctx, c, m, &o)
		}
	}
	o.Took = r.now().Sub(start)
	r.mu.Lock()
	r.last[name] = o
	r.mu.Unlock()
	return o
}

func (r *Relay) attempt(ctx context.Context, c *Channel, m *Message, o *Outcome) {
	to, err := r.guard.Check(c.URL)
	if err != nil {
		o.Err = err
		return
	}
	for {
		o.Attempts++
		a, err := vendors[c.Kind].deliver(ctx, c.discreet(r.send), c, to, m, r.now())
		o.Status, o.Answer, o.Err, o.OK = a.status, Clip(string(a.body), 300), nil, err == nil
		if err == nil {
			return
		}
		o.Err = hidden{c.hide(Clip(err.Error(), 300)), err}
		var f *Failure
		if !errors.As(err, &f) || !f.Temporary || o.Attempts > len(r.timing.Pauses) || errors.Is(err, ErrTimeout) && o.Attempts > 1 {
			return
		}
		pause := max(r.timing.Pauses[o.Attempts-1], f.After)
		if until, ok := ctx.Deadline(); ok && time.Until(until) < pause+r.timing.Attempt {
			return // the rest of the time belongs to the fallback
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// hidden is an error whose text has been freed of secrets.
type hidden struct {
	text string
	err  error
}

func (h hidden) Error() string        { return h.text }
func (h hidden) Is(target error) bool { return errors.Is(h.err, target) }
