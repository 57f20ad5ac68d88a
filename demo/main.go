// Command forewarn-demo serves generated data as Prometheus and MySQL do, and reports what the plugin finds in it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage: forewarn-demo <command> [flags]

commands:
  serve    serve four weeks of generated data and what follows, until interrupted
  report   ask the plugin for all provisioned dashboards and rules, and write a page of what it found

forewarn-demo <command> -h lists the flags.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "forewarn-demo:", err)
		}
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		_, _ = io.WriteString(out, usage)
		return errors.New("which command, serve or report?")
	}
	switch args[0] {
	case "serve":
		return serve(ctx, args[1:], out)
	case "report":
		return makeReport(ctx, args[1:], out)
	case "-h", "--help", "help":
		_, err := io.WriteString(out, usage)
		return err
	}
	return fmt.Errorf("unknown command %q, serve and report are known", args[0])
}
