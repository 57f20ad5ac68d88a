// Package servers starts the demo's servers together over one world.
package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/forewarn/earlywarning/demo/prom"
	"github.com/forewarn/earlywarning/demo/sql"
	"github.com/forewarn/earlywarning/demo/world"
)

// Config of the servers.
type Config struct {
	Prometheus string        // host:port
	MySQL      string        // host:port
	Dir        string        // of the database, kept and used again while fresh; empty = a temporary one
	Seed       uint64        // of the world
	Every      time.Duration // between live samples; 0 = one minute
	Now        func() time.Time
	Progress   func(done float64) // of making the history, 0 to 1; nil = untold
}

// Servers are running servers.
type Servers struct {
	World      *world.World
	Prometheus *prom.Server
	MySQL      *sql.Server
	temporary  string
}

// Start makes the history and starts both servers; on an error nothing is left running.
func Start(ctx context.Context, c Config) (*Servers, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Servers{}
	if c.Dir == "" {
		dir, err := os.MkdirTemp("", "forewarn-demo-")
		if err != nil {
			return nil, fmt.Errorf("demo folder: %w", err)
		}
		c.Dir, s.temporary = dir, dir
	}
	s.World = world.New(prom.Anchor(c.Dir, c.Now(), c.Seed), c.Seed)
	var err error
	if s.MySQL, err = sql.Start(ctx, sql.Config{Address: c.MySQL, World: s.World, Now: c.Now}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Prometheus, err = prom.Start(ctx, prom.Config{Address: c.Prometheus, Dir: c.Dir, World: s.World, Seed: c.Seed, Every: c.Every, Now: c.Now, Progress: c.Progress})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close stops what runs and removes a temporary folder.
func (s *Servers) Close() error {
	var errs []error
	if s.MySQL != nil {
		errs = append(errs, s.MySQL.Close())
	}
	if s.Prometheus != nil {
		errs = append(errs, s.Prometheus.Close())
	}
	if s.temporary != "" {
		errs = append(errs, os.RemoveAll(s.temporary))
	}
	return errors.Join(errs...)
}
