//go:build grafana

// Package channels drives a real Grafana with this repository's provisioning, a real Prometheus and a real MariaDB, and compares what
// each channel is sent with tests/testdata/recorded: `go tool mage channels`, with -update through `go test` to write them anew.
package channels

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/grafanaserver"
)

var update = flag.Bool("update", false, "write the recorded messages anew")

// tale is a rule whose messages are kept.
type tale struct {
	rule     string
	words    *regexp.Regexp // that only its messages have
	channels []string       // who is told
	vague    bool           // its end is told of by a series that is gone or, a moment before, by its last numbers
}

// The rules that are provisioned, and those that the app's wizard writes.
var (
	most  = []string{"dingtalk", "feishu", "wecom", "slack", "webhook", "email"}
	every = append([]string{"sms", "phone", "zammad"}, most...)
	told  = []tale{
		{"cpu", regexp.MustCompile(`limit 80 %|上限 80 %`), every, false},
		{"disk", regexp.MustCompile(`Disk filling up|磁盘即将写满`), most, false},
		{"soon", regexp.MustCompile(`Disk full within a day|磁盘一天内写满|请立即清理空间|"text":"(已恢复：)?aliyun-hz-01:9100 /data`), every, false},
		{"usual", regexp.MustCompile(`CPU unusual|CPU 与此时段不符`), most, false},
		{"outlier", regexp.MustCompile(`Host unlike|主机与同组不同`), most, false},
		{"source", regexp.MustCompile(`requests come from elsewhere|网关请求来源变化`), most, false},
		{"together", regexp.MustCompile(`Container out of line|容器综合异常`), most, false},
		{"pattern", regexp.MustCompile(`Log message new|日志消息新出现`), most, true},
	}
	wizards = []tale{
		{"wizard-outlier", regexp.MustCompile(`hosts-alike`), most, false},
		{"wizard-forecast", regexp.MustCompile(`disks-ahead`), most, false},
	}
)

// name is rule-channel-status of a message; empty for one of another rule.
func name(m message) string {
	text := m.Subject + m.Text + m.Body
	status := "firing"
	if regexp.MustCompile(`Over: |已恢复`).MatchString(text) {
		status = "resolved"
	}
	for _, one := range slices.Concat(told, wizards) {
		if one.words.MatchString(text) {
			return one.rule + "-" + m.Channel + "-" + status
		}
	}
	return ""
}

func TestEveryChannelIsToldOnceAtBothEnds(t *testing.T) {
	require.NoError(t, grafanaserver.Available())
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	dir := t.TempDir()
	world, ends := serve(ctx, t, dir), receive(t)
	provision(t, dir, world, quick)
	grafana, log := start(ctx, t, dir, ends)

	wait(ctx, t, ends, told, "firing", log)
	world.calmDown(ctx, t)
	require.NoError(t, grafana.Call(ctx, http.MethodDelete, "/api/datasources/uid/forewarn/resources/cache", nil))
	wait(ctx, t, ends, told, "resolved", log)

	heard(t, ends)
	trail(ctx, t, grafana)
}

// heard holds what the channels were told against what was recorded: each message once.
func heard(t *testing.T, ends *receivers) {
	t.Helper()
	got := map[string][]message{}
	for _, m := range ends.all() {
		signed(t, m)
		if n := name(m); n != "" {
			got[n] = append(got[n], normal(m))
		}
	}
	for n, list := range got {
		require.Len(t, list, 1, "%s: once", n)
		if !vague(n) {
			compare(t, n, list[0])
		}
	}
}

func vague(name string) bool {
	for _, one := range slices.Concat(told, wizards) {
		if one.vague && strings.HasPrefix(name, one.rule+"-") && strings.HasSuffix(name, "-resolved") {
			return true
		}
	}
	return false
}

// wait waits until every channel has what it is to be told.
func wait(ctx context.Context, t *testing.T, ends *receivers, tales []tale, status, log string) {
	t.Helper()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		have := map[string]bool{}
		for _, m := range ends.all() {
			have[name(m)] = true
		}
		var missing []string
		for _, one := range tales {
			for _, channel := range one.channels {
				if n := one.rule + "-" + channel + "-" + status; !have[n] {
					missing = append(missing, n)
				}
			}
		}
		if len(missing) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			for _, m := range ends.all() {
				t.Logf("%s %q %s%s", m.Channel, name(m), m.Subject, m.Text)
			}
			require.Fail(t, "not told", "%v\n%s", missing, strings.Join(troubles(log), "\n"))
		case <-tick.C:
		}
	}
}

// compare holds a message against the recorded one.
func compare(t *testing.T, name string, m message) {
	t.Helper()
	path := filepath.Join("..", "testdata", "recorded", name+".json")
	raw, err := json.MarshalIndent(m, "", " ")
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(path, append(raw, '\n'), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	same(t, name, string(want), string(raw)+"\n")
}

// trail holds each warning once at both ends, and its chain is whole.
func trail(ctx context.Context, t *testing.T, g *grafanaserver.Server) {
	t.Helper()
	const audit = "/api/datasources/uid/forewarn/resources/audit"
	var all struct {
		Entries []struct {
			Action, Subject string
			Values          map[string]any
		}
	}
	require.NoError(t, g.Call(ctx, http.MethodGet, audit+"?kind=warning&limit=1000", &all))
	count := map[string]int{}
	for _, e := range all.Entries {
		count[fmt.Sprintf("%s %v %s", e.Action, e.Values["ruleUid"], e.Subject)]++
	}
	require.NotEmpty(t, count)
	for what, n := range count {
		require.Equal(t, 1, n, what)
	}
	for _, rule := range []string{"forewarn-cpu-threshold tencent-bj-02:9100", "forewarn-disk-soon aliyun-hz-01:9100 /data", "forewarn-container-composite api"} {
		for _, action := range []string{"warning.raised ", "warning.resolved "} {
			require.Equal(t, 1, count[action+rule], action+rule)
		}
	}
	var verified struct{ OK bool }
	require.NoError(t, g.Call(ctx, http.MethodGet, audit+"/verify", &verified))
	require.True(t, verified.OK)
}
