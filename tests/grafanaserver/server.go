// Package grafanaserver runs a real Grafana on loopback, offline, with the data source built from this tree, for tests.
package grafanaserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/forewarn/earlywarning/tests/daemon"
	"github.com/forewarn/earlywarning/tests/loopback"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

// ErrMissing is wrapped where GRAFANA_HOME names no Grafana.
var ErrMissing = errors.New("GRAFANA_HOME is not the folder of a Grafana")

// Available tells with an error wrapping ErrMissing that the machine has no Grafana.
func Available() error {
	program := filepath.Join(os.Getenv("GRAFANA_HOME"), "bin", "grafana")
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("%w: %w", ErrMissing, err)
	}
	return nil
}

// Options of a Grafana.
type Options struct {
	Provisioning string   // folder
	Mail         string   // host:port of an SMTP server
	Env          []string // NAME=value, beside this process' own
	Log          io.Writer
}

// Server is a running Grafana whose administrator is admin with the password admin.
type Server struct {
	URL string
	run *daemon.Daemon
}

// Start runs Grafana with its state in dir and waits until it answers. The caller closes the server.
func Start(ctx context.Context, dir string, o Options) (*Server, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	address, err := loopback.Address()
	if err != nil {
		return nil, err
	}
	if err := install(ctx, filepath.Join(dir, "plugins", "forewarn")); err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "grafana.ini")
	if err := os.WriteFile(config, []byte(settings(dir, address, o)), 0o600); err != nil {
		return nil, err
	}
	home := os.Getenv("GRAFANA_HOME")
	cmd := exec.Command(filepath.Join(home, "bin", "grafana"), "server", "--homepath", home, "--config", config)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = home, o.Log, o.Log, append(os.Environ(), o.Env...)
	run, err := daemon.Start(cmd)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + address, run: run}
	healthy := func(ctx context.Context) error { return s.Call(ctx, http.MethodGet, "/api/health", nil) }
	if err := run.Ready(ctx, 300*time.Millisecond, healthy); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// install puts the data source, without its editors, where Grafana looks for plugins.
func install(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	program, err := pluginproc.Build(ctx, dir)
	if err != nil {
		return err
	}
	source := filepath.Join("..", "..", "src", "datasource", "plugin.json")
	raw, err := os.ReadFile(source)
	if err != nil {
		return fmt.Errorf("%s beside %s: %w", source, program, err)
	}
	raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("%VERSION%"), []byte("0.0.1")), []byte("%TODAY%"), []byte("2026-01-02"))
	if err := os.WriteFile(filepath.Join(dir, "module.js"), []byte("define([], function () { return {}; });\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "plugin.json"), raw, 0o600)
}

func settings(dir, address string, o Options) string {
	host, port := address[:len("127.0.0.1")], address[len("127.0.0.1:"):]
	return fmt.Sprintf(`[paths]
data = %[1]s/data
logs = %[1]s/log
plugins = %[1]s/plugins
provisioning = %[2]s
[server]
http_addr = %[3]s
http_port = %[4]s
root_url = http://%[3]s:%[4]s/
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
[news]
news_feed_enabled = false
[security]
disable_gravatar = true
[plugins]
allow_loading_unsigned_plugins = forewarn-earlywarning-datasource
preinstall_disabled = true
public_key_retrieval_disabled = true
[unified_alerting]
alertmanager_config_poll_interval = 5s
evaluation_timeout = 2m
[smtp]
enabled = true
host = %[5]s
startTLS_policy = NoStartTLS
from_address = grafana@example.com
`, dir, o.Provisioning, host, port, o.Mail)
}

// Call asks Grafana's API as its administrator; into takes a JSON answer, nil drops it.
func (s *Server) Call(ctx context.Context, method, path string, into any) error {
	return s.ask(ctx, method, path, nil, into)
}

// Post gives Grafana's API a JSON body as its administrator; into takes a JSON answer, nil drops it.
func (s *Server) Post(ctx context.Context, path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return s.ask(ctx, http.MethodPost, path, raw, into)
}

func (s *Server) ask(ctx context.Context, method, path string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("admin", "admin")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d: %s", method, path, res.StatusCode, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// Close ends Grafana and its plugins.
func (s *Server) Close() { s.run.Close(20 * time.Second) }
