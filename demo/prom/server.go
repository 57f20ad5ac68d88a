// Package prom is a Prometheus server in a process: the real storage, query engine and HTTP API, fed by a generated world
// instead of by scraping.
package prom

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/tsdb"

	"github.com/forewarn/earlywarning/demo/world"
)

// Config of a server.
type Config struct {
	Address  string        // host:port; port 0 takes a free one
	Dir      string        // of the database; used again when it holds this world
	World    *world.World  //
	Seed     uint64        // of the world
	Every    time.Duration // between live samples; 0 = one minute
	Now      func() time.Time
	Log      *slog.Logger       // nil = dropped
	Progress func(done float64) // of the history, 0 to 1; nil = untold
}

// Server is a running server.
type Server struct {
	address string
	http    *http.Server
	db      *tsdb.DB
	stop    context.CancelFunc
	running sync.WaitGroup
}

// Start makes the history, begins to serve, and appends what happens from then on. It returns when the server answers.
func Start(ctx context.Context, c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Progress == nil {
		c.Progress = func(float64) {}
	}
	if c.Every <= 0 {
		c.Every = world.Step
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	// A taken port is told at once, not after the history is made.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Address)
	if err != nil {
		return nil, fmt.Errorf("prometheus: listen on %s: %w", c.Address, err)
	}
	db, err := open(ctx, c.Log, c.Dir, c.World, c.Seed, c.Progress)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prometheus: %w", err), listener.Close())
	}
	feed := newLive(db, c.World, c.Every)
	if err := feed.until(ctx, c.Now()); err != nil {
		return nil, errors.Join(fmt.Errorf("prometheus: %w", err), db.Close(), listener.Close())
	}
	c.Progress(1)

	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{address: listener.Addr().String(), db: db, stop: stop,
		http: &http.Server{Handler: handler(c.Log, db, prometheus.NewRegistry()), ReadHeaderTimeout: 10 * time.Second}}
	s.running.Go(func() { _ = s.http.Serve(listener) })
	s.running.Go(func() {
		feed.run(ctx, c.Now, func(err error) { c.Log.Error("live samples", "error", err) })
	})
	return s, nil
}

// Address is host:port.
func (s *Server) Address() string { return s.address }

// Close stops serving and closes the database.
func (s *Server) Close() error {
	s.stop()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.http.Shutdown(ctx)
	s.running.Wait()
	return errors.Join(err, s.db.Close())
}
