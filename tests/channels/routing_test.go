//go:build grafana

package channels

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/grafanaserver"
)

// The provisioned policies with short times: tier one again after 30 s, where it is 5 min; tier two after 20 s, where it is 5 min.
const (
	cooldown = 30 * time.Second
	answerIn = 20 * time.Second
	look     = 10 * time.Second // how often Grafana looks at a group
	silent   = 45 * time.Second
)

func tiers() change {
	short := map[string]map[string]time.Duration{
		"group_wait":      {"0s": 0, "30s": time.Second, "5m": answerIn},
		"group_interval":  {"10s": look, "1m": look, "5m": look},
		"repeat_interval": {"5m": cooldown},
	}
	return func(key string, value any) any {
		if text, ok := value.(string); ok {
			if by, ok := short[key][text]; ok {
				return by.String()
			}
		}
		return value
	}
}

// maintenance makes the provisioned mute timing one that holds now, on any day, until the end of a minute that is about a minute and a half
// away; it gives that end.
func maintenance(t *testing.T, dir string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai") // of the provisioned timing
	require.NoError(t, err)
	now := time.Now().In(zone)
	from, until := now.Add(-time.Minute), now.Add(90*time.Second).Truncate(time.Minute).Add(time.Minute)
	clock := func(at time.Time) string { return at.Format("15:04") }
	times := []any{map[string]any{"start_time": clock(from), "end_time": clock(until)}}
	if from.Day() != until.Day() {
		times = []any{map[string]any{"start_time": clock(from), "end_time": "24:00"}}
		if clock(until) != "00:00" {
			times = append(times, map[string]any{"start_time": "00:00", "end_time": clock(until)})
		}
	}
	edit(t, filepath.Join(dir, "provisioning", "alerting", "mute-timings.yaml"), func(key string, value any) any {
		switch key {
		case "times":
			return times
		case "weekdays":
			return []any{"sunday:saturday"}
		}
		return value
	})
	return until
}

// told gives the times at which a channel was told of the beginning of a rule's trouble.
func (r *receivers) told(rule, channel string) (out []time.Time) {
	for _, m := range r.all() {
		if name(m) == rule+"-"+channel+"-firing" {
			out = append(out, m.At)
		}
	}
	return out
}

// until waits until something holds.
func until(ctx context.Context, t *testing.T, ends *receivers, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			for _, m := range ends.all() {
				t.Logf("%s %s %q", m.At.Format(time.TimeOnly), m.Channel, name(m))
			}
			require.Fail(t, "it did not come to it", what)
		case <-tick.C:
		}
	}
}

// raised says of which rules the trail has a warning, and of which a delivery.
func raised(ctx context.Context, t *testing.T, g *grafanaserver.Server) (warned, delivered map[string]bool) {
	t.Helper()
	warned, delivered = map[string]bool{}, map[string]bool{}
	var all struct {
		Entries []struct {
			Action string
			Values struct {
				Rule   string
				Policy string
			}
		}
	}
	require.NoError(t, g.Call(ctx, http.MethodGet, "/api/datasources/uid/forewarn/resources/audit?limit=1000", &all))
	for _, e := range all.Entries {
		switch {
		case e.Action == "warning.raised":
			require.NotEmpty(t, e.Values.Policy)
			warned[e.Values.Rule] = true
		case strings.HasPrefix(e.Action, "delivery."):
			delivered[e.Values.Rule] = true
		}
	}
	return warned, delivered
}

// The provisioned routing: what is critical tells tier one at once and again after the cooldown only, tier two where nobody answered in time;
// a silence, made as the app makes it, keeps a rule back until its end, and so does a maintenance with all that is not critical, while the
// trail has it.
func TestWhoIsToldWhenAndHowOften(t *testing.T) {
	require.NoError(t, grafanaserver.Available())
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	dir := t.TempDir()
	world, ends := serve(ctx, t, dir), receive(t)
	provision(t, dir, world, tiers())
	for _, kind := range []string{"containers", "gateway", "logs"} {
		require.NoError(t, os.Remove(filepath.Join(dir, "provisioning", "alerting", "rules-"+kind+".yaml")))
	}
	over := maintenance(t, dir)
	grafana, _ := start(ctx, t, dir, ends, "GF_UNIFIED_ALERTING_RESOLVED_ALERT_RETENTION=1s")

	until(ctx, t, ends, "tier one is told of the disk", func() bool { return len(ends.told("soon", "sms")) > 0 })
	from, to := silence(ctx, t, grafana, "forewarn-disk-soon")

	const unusual = "CPU unusual for this hour" // and not critical
	until(ctx, t, ends, "the trail has what the maintenance keeps back", func() bool {
		warned, _ := raised(ctx, t, grafana)
		return warned[unusual]
	})
	warned, delivered := raised(ctx, t, grafana)
	require.Less(t, time.Now(), over, "the maintenance is over before there was anything to keep back")
	require.True(t, warned["Host unlike the others"] || warned["Disk filling up"], "%v", warned)
	require.Empty(t, slices.DeleteFunc(slices.Collect(maps.Keys(delivered)), func(rule string) bool { return rule == "CPU over 80 %" || rule == "Disk full within a day" }), "History says that nobody was told of them")

	until(ctx, t, ends, "tier one is told of the CPU three times", func() bool { return len(ends.told("cpu", "sms")) > 2 })
	until(ctx, t, ends, "both tiers are told of the disk when the silence is over", func() bool {
		one, two := ends.told("soon", "sms"), ends.told("soon", "phone")
		return one[len(one)-1].After(to) && len(two) > 0
	})
	until(ctx, t, ends, "who hears of all is told when the maintenance is over", func() bool {
		return len(ends.told("usual", "dingtalk")) > 0 && len(ends.told("usual", "email")) > 0
	})

	// Cooldown: not before it is over, and then at the next look at the group.
	sms := ends.told("cpu", "sms")
	for i, at := range sms[1:] {
		require.GreaterOrEqual(t, at.Sub(sms[i]), cooldown-time.Second)
		require.Less(t, at.Sub(sms[i]), cooldown+2*look)
	}
	// Two tiers: the second in its time, once, and never of what is not critical.
	for _, channel := range []string{"phone", "zammad", "email"} {
		two := ends.told("cpu", channel)
		require.NotEmpty(t, two, channel)
		require.GreaterOrEqual(t, two[0].Sub(sms[0]), answerIn-time.Second, channel)
		require.Less(t, two[0].Sub(sms[0]), answerIn+look, channel)
		require.Len(t, two, 1, "%s: tier two is told again after an hour", channel)
	}
	for _, m := range ends.all() {
		if slices.Contains([]string{"sms", "phone", "zammad"}, m.Channel) {
			require.Regexp(t, "^(cpu|soon)-", name(m), "%s is told of what is critical only: %s", m.Channel, m.Body)
		}
	}
	// The silence: nothing of its rule, though the cooldown was over within it, and tier two not at all, as if somebody had answered.
	for _, m := range ends.all() {
		if strings.HasPrefix(name(m), "soon-") {
			require.False(t, m.At.After(from.Add(2*time.Second)) && m.At.Before(to), "%s was told at %s, silent from %s to %s", m.Channel, m.At, from, to)
		}
	}
	require.True(t, ends.told("soon", "phone")[0].After(to))
	require.True(t, slices.ContainsFunc(sms, func(at time.Time) bool { return at.After(from.Add(2*time.Second)) && at.Before(to) }), "while others went on")
	// The maintenance.
	for _, m := range ends.all() {
		if n := name(m); m.At.Before(over) {
			require.Regexp(t, "^(cpu|soon)-", n, "%s was told at %s, maintenance until %s: %s%s", m.Channel, m.At, over, m.Subject, m.Body)
		}
	}
	require.Less(t, ends.told("usual", "dingtalk")[0].Sub(over), 2*look, "what is still true is told when it ends")

	inSilence(ctx, t, grafana, world, ends)
}

// inSilence ends all trouble while a rule is silent, for longer than Grafana speaks of an end (resolved_alert_retention, 15 minutes where nothing
// else is said): it tells nobody of the end of that rule's warning then, the trail neither, when the silence is over as little; of the others it
// does.
func inSilence(ctx context.Context, t *testing.T, g *grafanaserver.Server, world *sources, ends *receivers) {
	t.Helper()
	_, to := silence(ctx, t, g, "forewarn-cpu-anomaly")
	world.calmDown(ctx, t)
	require.NoError(t, g.Call(ctx, http.MethodDelete, resources+"cache", nil))
	resolved := func() map[string]bool {
		var all struct {
			Entries []struct{ Values struct{ RuleUID string } }
		}
		require.NoError(t, g.Call(ctx, http.MethodGet, resources+"audit?kind=warning.resolved&limit=1000", &all))
		out := map[string]bool{}
		for _, e := range all.Entries {
			out[e.Values.RuleUID] = true
		}
		return out
	}
	until(ctx, t, ends, "the trail has the ends of the others, and the silence is over for two looks at the group", func() bool {
		return resolved()["forewarn-cpu-threshold"] && time.Now().After(to.Add(2*look))
	})
	require.False(t, resolved()["forewarn-cpu-anomaly"], "Grafana told of an end that was silent: docs/alerting.md says it does not")
	for _, m := range ends.all() {
		require.NotRegexp(t, "^usual-.*-resolved$", name(m))
	}
}

// silence turns a rule's notifications off as the app's button does (src/rules/silences.ts), and looks how Grafana has it.
func silence(ctx context.Context, t *testing.T, g *grafanaserver.Server, rule string) (from, to time.Time) {
	t.Helper()
	const api = "/api/alertmanager/grafana/api/v2/silences"
	from = time.Now()
	to = from.Add(silent)
	type matcher struct {
		Name    string `json:"name"`
		Value   string `json:"value"`
		IsEqual bool   `json:"isEqual"`
		IsRegex bool   `json:"isRegex"`
	}
	want := []matcher{{"__alert_rule_uid__", rule, true, false}}
	var made struct{ SilenceID string }
	require.NoError(t, g.Post(ctx, api, map[string]any{"matchers": want, "startsAt": from.UTC().Format(time.RFC3339Nano), "endsAt": to.UTC().Format(time.RFC3339Nano),
		"createdBy": "admin", "comment": "Turned off in Forewarn: " + rule}, &made))
	var all []struct {
		ID        string
		CreatedBy string
		Comment   string
		EndsAt    time.Time
		Matchers  []matcher
		Status    struct{ State string }
	}
	require.NoError(t, g.Call(ctx, http.MethodGet, api, &all))
	for _, one := range all {
		if one.ID == made.SilenceID {
			require.Equal(t, fmt.Sprint("admin Turned off in Forewarn: ", rule, " active ", want), fmt.Sprint(one.CreatedBy, " ", one.Comment, " ", one.Status.State, " ", one.Matchers))
			require.WithinDuration(t, to, one.EndsAt, time.Second)
			return from, to
		}
	}
	require.Fail(t, "the silence is not there", "%v", all)
	return from, to
}
