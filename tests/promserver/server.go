// Package promserver runs a real Prometheus on loopback, with history filled in, for tests and benchmarks.
package promserver

import (
	"context"
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
)

// ErrMissing is wrapped when prometheus or promtool is not on the PATH.
var ErrMissing = errors.New("prometheus is not installed")

// Available tells with an error wrapping ErrMissing which of the two executables the machine lacks.
func Available() error {
	for _, name := range []string{"prometheus", "promtool"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w: no %s on the PATH (Debian's package prometheus has it)", ErrMissing, name)
		}
	}
	return nil
}

// Server is a running Prometheus that scrapes nothing.
type Server struct {
	URL string
	run *daemon.Daemon
}

// Start runs Prometheus over the store in dir (which Fill may have filled) and waits until it answers. What it logs goes to
// log; nil drops it. The caller closes the server.
func Start(ctx context.Context, dir string, log io.Writer) (*Server, error) {
	return start(ctx, dir, log, "http", http.DefaultClient)
}

// StartSecured is Start for a server that is secured by a file in dir (Prometheus' --web.config.file), and a client that it lets in.
func StartSecured(ctx context.Context, dir, file string, log io.Writer, client *http.Client) (*Server, error) {
	return start(ctx, dir, log, "https", client, "--web.config.file="+filepath.Join(dir, file))
}

func start(ctx context.Context, dir string, log io.Writer, scheme string, client *http.Client, flags ...string) (*Server, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	address, err := loopback.Address()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(config, []byte("global: {scrape_interval: 1m}\n"), 0o600); err != nil {
		return nil, err
	}
	// Blocks as long as those filled in are not compacted while something is measured.
	args := append(flags, "--config.file="+config, "--storage.tsdb.path="+store(dir), "--web.listen-address="+address,
		"--storage.tsdb.retention.time=10y", "--storage.tsdb.min-block-duration="+blockLength, "--storage.tsdb.max-block-duration="+blockLength, "--log.level=error")
	cmd := exec.Command("prometheus", args...)
	cmd.Stdout, cmd.Stderr = log, log
	run, err := daemon.Start(cmd)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: scheme + "://" + address, run: run}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := run.Ready(ctx, 50*time.Millisecond, func(ctx context.Context) error { return s.answers(ctx, client) }); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the server and waits until it has ended.
func (s *Server) Close() { s.run.Close(5 * time.Second) }

func (s *Server) answers(ctx context.Context, client *http.Client) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/-/ready", nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", res.Status)
	}
	return nil
}

func store(dir string) string { return filepath.Join(dir, "store") }
