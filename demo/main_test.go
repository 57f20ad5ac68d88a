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
