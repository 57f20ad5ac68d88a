package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/forewarn/earlywarning/demo/servers"
	"github.com/forewarn/earlywarning/demo/sql"
)

// serverFlags are the flags that serve and report share.
type serverFlags struct {
	prometheus, mysql, dir string
	seed                   uint64
	every                  time.Duration
}

func (f *serverFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.prometheus, "prometheus", "127.0.0.1:9190", "`address` of the Prometheus API")
	set.StringVar(&f.mysql, "mysql", "127.0.0.1:9306", "`address` of the MySQL server")
	set.StringVar(&f.dir, "dir", "", "`folder` to keep the data in for the next start; empty = a temporary one")
	set.Uint64Var(&f.seed, "seed", 1, "of the generated data")
	set.DurationVar(&f.every, "every", time.Minute, "time between live samples, 1m or a part of it such as 15s")
}

func (f *serverFlags) check() error {
	if f.every < time.Second || f.every > time.Minute || time.Minute%f.every != 0 {
		return fmt.Errorf("-every is %s; a part of a minute is needed, such as 15s or 1m", f.every)
	}
	return nil
}

// start starts the servers and tells of it.
func (f *serverFlags) start(ctx context.Context, out io.Writer) (*servers.Servers, error) {
	begun, told := time.Now(), -1
	s, err := servers.Start(ctx, servers.Config{Prometheus: f.prometheus, MySQL: f.mysql, Dir: f.dir, Seed: f.seed, Every: f.every,
		Progress: func(done float64) {
			if quarter := int(4 * done); quarter > told {
				told = quarter
				_, _ = fmt.Fprintf(out, "Making four weeks of history: %3d %%\n", 25*quarter)
			}
		}})
	if err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintf(out, "Prometheus API  http://%s\nMySQL           %s, database %s, user and password %s\nReady after %s.\n",
		s.Prometheus.Address(), s.MySQL.Address(), sql.Database, sql.User, time.Since(begun).Round(100*time.Millisecond))
	return s, nil
}

func serve(ctx context.Context, args []string, out io.Writer) error {
	var f serverFlags
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	set.SetOutput(out)
	f.register(set)
	if err := set.Parse(args); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	s, err := f.start(ctx, out)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, "Interrupt to end.")
	<-ctx.Done()
	return s.Close()
}
