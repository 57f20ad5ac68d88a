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
	"syscall"
	"time"

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
	URL    string
	cmd    *exec.Cmd
	ended  chan struct{}
	cancel context.CancelFunc
}

// Start runs Prometheus over the store in dir (which Fill may have filled) and waits until it answers. What it logs goes to
// log; nil drops it. The caller closes the server.
func Start(ctx context.Context, dir string, log io.Writer) (*Server, error) {
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
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{URL: "http://" + address, ended: make(chan struct{}), cancel: cancel}
	// Blocks as long as those filled in are not compacted while something is measured.
	s.cmd = exec.CommandContext(run, "prometheus", "--config.file="+config, "--storage.tsdb.path="+store(dir), "--web.listen-address="+address,
		"--storage.tsdb.retention.time=10y", "--storage.tsdb.min-block-duration="+blockLength, "--storage.tsdb.max-block-duration="+blockLength, "--log.level=error")
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 5 * time.Second
	if err := s.cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	go func() { defer close(s.ended); _ = s.cmd.Wait() }()
	if err := s.ready(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the server and waits until it has ended.
func (s *Server) Close() {
	s.cancel()
	<-s.ended
}

func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/-/ready", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-s.ended:
			return fmt.Errorf("prometheus ended at once: %s", s.cmd.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("prometheus is not ready: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

func store(dir string) string { return filepath.Join(dir, "store") }
