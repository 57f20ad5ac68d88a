// Package daemon runs the server programs that tests need.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// ErrEnded is wrapped where a program ended before it answered.
var ErrEnded = errors.New("it ended at once")

// Daemon is a running program.
type Daemon struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// Start runs the program. The caller closes it.
func Start(cmd *exec.Cmd) (*Daemon, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	d := &Daemon{cmd: cmd, ended: make(chan struct{})}
	go func() { defer close(d.ended); _ = cmd.Wait() }()
	return d, nil
}

// Ready asks until there is no error. It gives up when the program has ended (the error wraps ErrEnded), and when the context has.
func (d *Daemon) Ready(ctx context.Context, every time.Duration, ask func(context.Context) error) error {
	name := filepath.Base(d.cmd.Path)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-d.ended:
			return fmt.Errorf("%s: %w: %s", name, ErrEnded, d.cmd.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w: %w", name, ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// Close asks the program to end, kills it where it takes longer than it may, and waits until it has ended.
func (d *Daemon) Close(within time.Duration) {
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-d.ended:
	case <-time.After(within):
		_ = d.cmd.Process.Kill()
		<-d.ended
	}
}
