package notify

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// script is what a vendor does with one attempt after another; the last goes on for ever.
type script []func(ctx context.Context) (answer, error)

// reply answers at once, after a while where one is given.
func reply(status int, body string, takes time.Duration) func(context.Context) (answer, error) {
	return func(ctx context.Context) (answer, error) {
		select {
		case <-ctx.Done():
			return answer{}, &Failure{Temporary: true, Err: ErrTimeout}
		case <-time.After(takes):
		}
		a := answer{status: status, body: []byte(body)}
		if status >= 300 {
			return a, &Failure{Status: status, Answer: body, Temporary: status >= 500 || status == http.StatusTooManyRequests}
		}
		return a, nil
	}
}

// later answers "too many requests, come back then".
func later(after time.Duration) func(context.Context) (answer, error) {
	return func(context.Context) (answer, error) {
		return answer{status: 429, after: after}, &Failure{Status: 429, Temporary: true, After: after}
	}
}

// silent gives no answer within the time of one attempt.
func silent(ctx context.Context) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultTiming().Attempt)
	defer cancel()
	<-ctx.Done()
	return answer{}, &Failure{Temporary: true, Err: ErrTimeout}
}

// played is a relay whose channels, all webhooks, follow scripts; at notes when each attempt began.
func played(t *testing.T, scripts map[string]script, fallback map[string]string) (r *Relay, at map[string][]time.Duration) {
	t.Helper()
	var channels []Channel
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		if scripts[name] != nil {
			channels = append(channels, Channel{Name: name, Kind: Webhook, URL: "https://" + name + ".example.com/hook", Fallback: fallback[name]})
		}
	}
	r, err := New(Config{Hosts: []string{"a.example.com", "b.example.com", "c.example.com", "d.example.com", "e.example.com"}, Channels: channels}, DefaultTiming(), time.Now)
	require.NoError(t, err)
	start := time.Now()
	at = map[string][]time.Duration{}
	r.send = func(ctx context.Context, req request) (answer, error) {
		name := req.url.Host[:1]
		at[name] = append(at[name], time.Since(start))
		list := scripts[name]
		return list[min(len(at[name]), len(list))-1](ctx)
	}
	return r, at
}

// Waiting is measured on the clock of a bubble in which time passes when all wait, so that it is exact and takes none.
func TestHowOftenAndWhenAVendorIsTriedAgain(t *testing.T) {
	ms := time.Millisecond
	for name, c := range map[string]struct {
		does script
		at   []time.Duration // of the attempts
		took time.Duration
		ok   bool
	}{
		"taken at once":                      {script{reply(200, "", 0)}, []time.Duration{0}, 0, true},
		"busy once":                          {script{reply(503, "", 0), reply(200, "", 0)}, []time.Duration{0, 500 * ms}, 500 * ms, true},
		"busy twice":                         {script{reply(503, "", 0), reply(429, "", 0), reply(200, "", 0)}, []time.Duration{0, 500 * ms, 1500 * ms}, 1500 * ms, true},
		"busy for good":                      {script{reply(500, "", 0)}, []time.Duration{0, 500 * ms, 1500 * ms}, 1500 * ms, false},
		"slow and busy":                      {script{reply(500, "", 2*time.Second)}, []time.Duration{0, 2500 * ms, 5500 * ms}, 7500 * ms, false},
		"asks for two seconds":               {script{later(2 * time.Second), reply(200, "", 0)}, []time.Duration{0, 2 * time.Second}, 2 * time.Second, true},
		"asks for more than there is":        {script{later(time.Minute)}, []time.Duration{0}, 0, false},
		"refuses":                            {script{reply(401, "", 0)}, []time.Duration{0}, 0, false},
		"says no in a good answer":           {script{reply(200, `{"success":false}`, 0)}, []time.Duration{0}, 0, false},
		"silent once":                        {script{silent, reply(200, "", 0)}, []time.Duration{0, 5500 * ms}, 5500 * ms, true},
		"silent: tried once more, not twice": {script{silent}, []time.Duration{0, 5500 * ms}, 10500 * ms, false},
		"not to be reached, then there": {script{func(context.Context) (answer, error) {
			return answer{}, &Failure{Temporary: true, Err: errors.New("connection refused")}
		}, reply(200, "", 0)}, []time.Duration{0, 500 * ms}, 500 * ms, true},
		"an address that the guard turns away": {script{func(context.Context) (answer, error) { return answer{}, &Failure{Err: ErrForbidden} }}, []time.Duration{0}, 0, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, at := played(t, map[string]script{"a": c.does}, nil)
			report, _, err := r.Send(t.Context(), "a", sample(t, "grafana-firing.json"))
			require.NoError(t, err)
			require.Equal(t, c.at, at["a"], name)
			require.Equal(t, c.ok, report.OK(), name)
			require.Equal(t, len(c.at), report[0].Attempts, name)
			require.Equal(t, c.took, report[0].Took, name)
			require.Equal(t, c.ok, report[0].Err == nil, name)
		})
	}
}

// Fallbacks are told in their order, each with a note, until one takes the message; what is left of the time is theirs.
func TestTheOrderOfFallbacks(t *testing.T) {
	down, up := script{reply(500, "", 0)}, script{reply(200, "", 0)}
	chain := map[string]string{"a": "b", "b": "c", "c": "d", "d": "e"}
	for name, c := range map[string]struct {
		scripts  map[string]script
		fallback map[string]string
		told     []string
		ok       bool
	}{
		"the first":                      {map[string]script{"a": up, "b": up, "c": up, "d": up, "e": up}, chain, []string{"a"}, true},
		"the second":                     {map[string]script{"a": down, "b": up, "c": up, "d": up, "e": up}, chain, []string{"a", "b"}, true},
		"the fourth":                     {map[string]script{"a": down, "b": down, "c": down, "d": up, "e": up}, chain, []string{"a", "b", "c", "d"}, true},
		"four are enough":                {map[string]script{"a": down, "b": down, "c": down, "d": down, "e": up}, chain, []string{"a", "b", "c", "d"}, false},
		"in a circle, each is told once": {map[string]script{"a": down, "b": down}, map[string]string{"a": "b", "b": "a"}, []string{"a", "b"}, false},
		"none":                           {map[string]script{"a": down}, nil, []string{"a"}, false},
		"the silent leave time":          {map[string]script{"a": {silent}, "b": {silent}, "c": up}, map[string]string{"a": "b", "b": "c"}, []string{"a", "b", "c"}, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, _ := played(t, c.scripts, c.fallback)
			start := time.Now()
			report, m, err := r.Send(t.Context(), "a", sample(t, "grafana-firing.json"))
			require.NoError(t, err)
			var told []string
			for _, o := range report {
				told = append(told, o.Channel)
			}
			require.Equal(t, c.told, told, name)
			require.Equal(t, c.ok, report.OK(), name)
			require.LessOrEqual(t, time.Since(start), DefaultTiming().Total, "%s: Grafana gives up after 30 s", name)
			if len(told) > 1 {
				require.Contains(t, m.Text, "a could not be told", "%s: the note names the one that was asked for", name)
			}
		})
	}
}

// A caller that goes away ends the waiting at once.
func TestACancelledMessageIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, at := played(t, map[string]script{"a": {reply(503, "", 0)}, "b": {reply(200, "", 0)}}, nil)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			time.Sleep(200 * time.Millisecond)
			cancel()
		}()
		start := time.Now()
		report, _, err := r.Send(ctx, "a", sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.False(t, report.OK())
		require.Equal(t, 200*time.Millisecond, time.Since(start))
		require.Len(t, at["a"], 1)
	})
}
