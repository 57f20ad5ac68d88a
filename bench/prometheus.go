package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/tests/promserver"
)

// served is a real Prometheus with a history, in a folder of its own.
type served struct {
	*promserver.Server
	dir string
}

// serve fills a Prometheus with what metrics gives for a history up to the end; nil where this machine has no Prometheus, which it
// says.
func serve(ctx context.Context, name string, metrics []promserver.Metric) (s *served, err error) {
	if err := promserver.Available(); err != nil {
		fmt.Printf("SKIPPED bench %s: %s\n", name, err)
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "forewarn-bench")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir)
		}
	}()
	progress("filling Prometheus with %d series", len(metrics))
	if err := promserver.Fill(ctx, dir, metrics); err != nil {
		return nil, err
	}
	server, err := promserver.Start(ctx, dir, os.Stderr)
	if err != nil {
		return nil, err
	}
	return &served{server, dir}, nil
}

// close ends the server and takes its folder away.
func (s *served) close() {
	s.Close()
	_ = os.RemoveAll(s.dir)
}

// quantile gives the p-quantile of some times.
func quantile(d []time.Duration, p float64) time.Duration {
	x := make([]float64, len(d))
	for i, v := range d {
		x[i] = float64(v)
	}
	return time.Duration(order.QuantileOf(x, p))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+" …\n", args...) }
