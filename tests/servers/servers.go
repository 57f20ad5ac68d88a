// Package servers starts the real servers that tests share.
package servers

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"testing"
	"time"

	"github.com/forewarn/earlywarning/tests/mariaserver"
	"github.com/forewarn/earlywarning/tests/promserver"
)

// starting is how long getting ready may take.
const starting = 10 * time.Minute

// Servers are a Prometheus and a MariaDB.
type Servers struct {
	Prom    *promserver.Server
	Maria   *mariaserver.Server
	Missing error // why there are none; tests that need them are skipped
}

// Setup says what a package's tests need. Prepare and Rows may be nil.
type Setup struct {
	// Prepare is called first, with or without servers, and gives what to do at the end.
	Prepare func(ctx context.Context, dir string) (end func(), err error)
	// Metrics are what Prometheus holds.
	Metrics func() ([]promserver.Metric, error)
	// Rows fills MariaDB.
	Rows func(ctx context.Context) error
}

// Main starts the servers, runs a package's tests and ends the process. Servers that this machine has not are an error in CI. Where
// Missing is set already, the tests run without servers.
func (s *Servers) Main(m *testing.M, setup Setup) {
	code, err := s.run(m, setup)
	if err != nil {
		log.Print(err)
	}
	os.Exit(code)
}

func (s *Servers) run(m *testing.M, setup Setup) (code int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), starting)
	defer cancel()
	dir, err := os.MkdirTemp("", "forewarn-tests-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if s.Missing == nil {
		if s.Missing = errors.Join(promserver.Available(), mariaserver.Available()); s.Missing != nil && os.Getenv("CI") == "true" {
			return 1, fmt.Errorf("in CI the real servers must be there: %w", s.Missing)
		}
	}
	if setup.Prepare != nil {
		end, err := setup.Prepare(ctx, dir)
		if err != nil {
			return 1, err
		}
		defer end()
	}
	if s.Missing == nil {
		defer s.end()
		if err := s.start(ctx, dir, setup); err != nil {
			return 1, err
		}
	}
	return m.Run(), nil
}

func (s *Servers) start(ctx context.Context, dir string, setup Setup) (err error) {
	metrics, err := setup.Metrics()
	if err != nil {
		return err
	}
	if err := promserver.Fill(ctx, dir, metrics); err != nil {
		return err
	}
	if s.Prom, err = promserver.Start(ctx, dir, os.Stderr); err != nil {
		return err
	}
	if s.Maria, err = mariaserver.Start(ctx); err != nil || setup.Rows == nil {
		return err
	}
	return setup.Rows(ctx)
}

func (s *Servers) end() {
	if s.Prom != nil {
		s.Prom.Close()
	}
	if s.Maria != nil {
		s.Maria.Close()
	}
}

// Need skips a test, visibly, where there are no servers.
func (s *Servers) Need(t *testing.T) {
	t.Helper()
	if s.Missing != nil {
		t.Skipf("SKIP, real servers are needed: %v", s.Missing)
	}
}
