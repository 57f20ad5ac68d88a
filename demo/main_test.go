package main

import (
	"bytes"
	"context"
	"flag"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/grafana"
	"github.com/forewarn/earlywarning/demo/report"
	"github.com/forewarn/earlywarning/demo/servers"
	"github.com/forewarn/earlywarning/demo/world"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

func TestCommandsAndTheirMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		err  string
		says string
	}{
		{nil, "which command", "serve    serve four weeks"},
		{[]string{"help"}, "", "report   ask the plugin"},
		{[]string{"sevre"}, `unknown command "sevre"`, ""},
		{[]string{"serve", "-h"}, flag.ErrHelp.Error(), "-prometheus address"},
		{[]string{"report", "-h"}, flag.ErrHelp.Error(), "-plugin file"},
		{[]string{"serve", "-evry", "1m"}, "-evry", ""},
		{[]string{"serve", "-every", "7s"}, "-every is 7s; a part of a minute is needed", ""},
		{[]string{"serve", "-every", "2m"}, "-every is 2m0s", ""},
		{[]string{"serve", "-every", "500ms"}, "-every is 500ms", ""},
		{[]string{"report", "-every", "0s"}, "-every is 0s", ""},
		{[]string{"report", "-root", "/nowhere"}, `no provisioning/datasources in "/nowhere"; -root names the folder that has it`, ""},
	} {
		var out bytes.Buffer
		err := run(t.Context(), c.args, &out)
		if c.err == "" {
			require.NoError(t, err, "%q", c.args)
		} else {
			require.ErrorContains(t, err, c.err, "%q", c.args)
		}
		require.Contains(t, out.String(), c.says, "%q", c.args)
	}
}

// The folder with the provisioning files is this one or the nearest above it; one that is named is taken as it is.
func TestTheFolderIsFoundUpwards(t *testing.T) {
	root := t.TempDir()
	below := filepath.Join(root, "a", "b")
	require.NoError(t, os.MkdirAll(below, 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(root, "provisioning", "datasources"), 0o755))
	t.Chdir(below)
	found, err := findRoot("")
	require.NoError(t, err)
	same(t, root, found)
	found, err = findRoot(filepath.Join("..", ".."))
	require.NoError(t, err)
	same(t, root, found)
	_, err = findRoot(".")
	require.ErrorContains(t, err, "-root names the folder")
}

func same(t *testing.T, a, b string) {
	t.Helper()
	one, err := os.Stat(a)
	require.NoError(t, err)
	two, err := os.Stat(b)
	require.NoError(t, err)
	require.True(t, os.SameFile(one, two), "%s %s", a, b)
}

func TestAReportNeedsNoCertainPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	taken := l.Addr().String()
	require.Equal(t, "127.0.0.1:0", free(taken))
	require.NoError(t, l.Close())
	require.Equal(t, taken, free(taken))
	require.Equal(t, "no address", free("no address"), "which starting the server then tells")
}

func TestAPluginThatIsNotThere(t *testing.T) {
	var out bytes.Buffer
	_, err := startPlugin(t.Context(), t.TempDir(), filepath.Join(t.TempDir(), "gpx"), &out)
	require.Error(t, err)
	require.Contains(t, out.String(), "gpx")
}

// log is what a command prints while it runs.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// The servers run until they are interrupted, tell where they are and how far they are, and give their ports back; where another program
// holds one of them nothing is left running.
func TestServeUntilInterrupted(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	var out log
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "-prometheus", "127.0.0.1:0", "-mysql", "127.0.0.1:0", "-dir", dir, "-every", "15s"}, &out)
	}()
	require.Eventually(t, func() bool { return strings.Contains(out.String(), "Interrupt to end.") || len(ended) > 0 }, 4*time.Minute, 100*time.Millisecond)
	text := out.String()
	for _, want := range []string{"Making four weeks of history:   0 %", "Making four weeks of history: 100 %", "database shop, user and password forewarn", "Ready after"} {
		require.Contains(t, text, want)
	}
	address := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`).FindStringSubmatch(text)
	require.NotNil(t, address, text)
	res, err := http.Get("http://" + address[1] + "/-/ready")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)

	free := "127.0.0.1:0"
	err = run(t.Context(), []string{"serve", "-prometheus", address[1], "-mysql", free}, &log{})
	require.ErrorContains(t, err, address[1], "another holds the address")

	interrupt()
	require.NoError(t, <-ended)
	l, err := net.Listen("tcp", address[1])
	require.NoError(t, err, "the port is given back")
	require.NoError(t, l.Close())
	require.FileExists(t, filepath.Join(dir, "demo.json"), "kept for the next start")
}

// Nobody but this machine reaches the demo unless its user says so: both servers are on 127.0.0.1, where the provisioned data source looks
// for them.
func TestTheDemoIsForThisMachine(t *testing.T) {
	var f serverFlags
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.register(set)
	require.NoError(t, set.Parse(nil))
	require.NoError(t, f.check())
	require.Equal(t, serverFlags{prometheus: "127.0.0.1:9190", mysql: "127.0.0.1:9306", seed: 1, every: time.Minute}, f)
	sources, err := grafana.DataSources(filepath.Join("..", "provisioning", "datasources"))
	require.NoError(t, err)
	for address, setting := range map[string]any{"http://" + f.prometheus: sources[0].URL, f.mysql: sources[0].JSONData["mysql"].(map[string]any)["url"]} {
		require.Equal(t, address, setting)
	}
}

// The page is written to a folder that is made for it, with the incidents that were injected and may be found.
func TestThePageIsWritten(t *testing.T) {
	at := time.Date(2026, 3, 11, 9, 41, 0, 0, time.UTC)
	s := &servers.Servers{World: world.New(at, 1)}
	file := filepath.Join(t.TempDir(), "new", "folder", "report.html")
	require.NoError(t, writePage(file, &report.Result{Now: at, Health: "Prometheus: up"}, s))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, want := range []string{"Prometheus: up", "11 March 2026 09:41 UTC", "flash sale four days ago", "CPU hot for the last two hours"} {
		require.Contains(t, string(text), want)
	}
	require.NotContains(t, string(text), "CPU hot on day 3", "what is to come is not told")
	require.Error(t, writePage(filepath.Join(file, "below"), &report.Result{Now: at}, s), "a file is no folder")
}

// A plugin that was built into dist/datasource is taken without being built again.
func TestTheBuiltPluginIsTaken(t *testing.T) {
	root := t.TempDir()
	built := filepath.Join(root, "dist", "datasource", pluginproc.Executable())
	require.NoError(t, os.MkdirAll(filepath.Dir(built), 0o755))
	require.NoError(t, os.WriteFile(built, []byte("no program"), 0o600))
	var out bytes.Buffer
	_, err := startPlugin(t.Context(), root, "", &out)
	require.Error(t, err, "it cannot be run")
	require.Contains(t, out.String(), built)
	require.NotContains(t, out.String(), "Building")
}
