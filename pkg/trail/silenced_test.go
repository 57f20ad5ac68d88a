package trail

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/store"
)

// While a silence is on Grafana tells nobody of an end, the trail neither. The next beginning of the same series says that there was one: it is a
// warning of its own, and what came before is closed without a time to resolve. Replicas that see one beginning some seconds apart stay at one.
func TestAnEndThatASilenceKeptBackIsWrittenWhenItIsRaisedAgain(t *testing.T) {
	c := store.Config{}
	r := recorder(t, c)
	at := func(status string, begins time.Duration) *notify.Message {
		m := body(t, status)
		m.Alerts[0].StartsAt = noon.Add(begins)
		if status == "resolved" {
			m.Alerts[0].EndsAt = noon.Add(begins + 10*time.Minute)
		}
		return m
	}
	for _, step := range []struct {
		status string
		begins time.Duration
		want   Tally
		why    string
	}{
		{"firing", 0, Tally{Raised: 1}, "the first"},
		{"firing", 40 * time.Second, Tally{Known: 1}, "the same, as another replica saw it"},
		{"firing", -time.Hour, Tally{Known: 1}, "the same, from a replica whose clock is behind"},
		{"firing", 2 * time.Hour, Tally{Raised: 1}, "another one: the first ended in silence"},
		{"firing", 2*time.Hour + 30*time.Second, Tally{Known: 1}, "that one again"},
		{"resolved", 2 * time.Hour, Tally{Resolved: 1}, "and its end"},
	} {
		tally, err := r.Message(t.Context(), at(step.status, step.begins))
		require.NoError(t, err)
		require.Equal(t, step.want, tally, step.why)
	}
	got := lines(t, r)
	var actions []string
	for _, e := range got {
		actions = append(actions, e.Action)
		require.Equal(t, got[0].Values["key"], e.Values["key"])
		require.Equal(t, "CPU over 80 %", e.Values["rule"])
	}
	require.Equal(t, []string{"warning.raised", "warning.resolved", "warning.raised", "warning.resolved"}, actions)
	require.Equal(t, true, got[1].Values["unseen"])
	require.Contains(t, got[1].Note, "was not told")
	require.Contains(t, In(got[1].Values, "note", "zh-Hans", got[1].Note), "静默")
	require.Nil(t, got[1].Values["nodes"], "the next one's numbers are not its own")

	s, err := r.Summarize(t.Context(), noon.Add(-time.Hour), noon.Add(24*time.Hour))
	require.NoError(t, err)
	require.Equal(t, "2 2", fmt.Sprint(s.Raised, " ", s.Resolved))
	require.Equal(t, 10.0, s.MeanMins, "an end that nobody knows counts in no mean")
}

// Three replicas over one store are told of the second beginning at the same time: the lost end and the beginning are each written once.
func TestReplicasWriteALostEndOnce(t *testing.T) {
	c := store.Config{Path: filepath.Join(t.TempDir(), "trail.db")}
	replicas := []*Recorder{recorder(t, c), recorder(t, c), recorder(t, c)}
	_, err := replicas[0].Message(t.Context(), body(t, "firing"))
	require.NoError(t, err)
	var all sync.WaitGroup
	for k, r := range replicas {
		all.Go(func() {
			m := body(t, "firing")
			m.Alerts[0].StartsAt = noon.Add(3*time.Hour + time.Duration(k)*time.Second)
			_, err := r.Message(t.Context(), m)
			require.NoError(t, err)
		})
	}
	all.Wait()
	require.Len(t, lines(t, replicas[0]), 3)
}
