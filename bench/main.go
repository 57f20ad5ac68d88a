// Command bench measures the plugin: `go run ./bench <command> -h` describes each command.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// command is one benchmark; run parses its own flags and prints its result to standard output.
type command struct {
	name, summary string
	run           func(ctx context.Context, args []string) error
}

var commands = []command{
	{"overhead", "the plugin's forecast query beside the bare range query against a real Prometheus", overhead},
	{"forecast", "forecasts of the benchmark's data sets in the scorers' format", forecasts},
	{"peers", "forecasts of the same series with Forewarn and with other libraries: accuracy and processor time", peers},
	{"warn", "early warnings at every evaluation point, in the scorer's format, and on quiet real series", warnings},
	{"warncost", "processor time of the early warnings of 10,000 series, from raw values and from stored states", warningCosts},
	{"detect", "anomaly scores and alerts of the benchmark's data sets in the scorers' format", detections},
	{"detectors", "time of a point and bytes of state of every detector", detectorCosts},
	{"vary", "what each of the anomaly detector's constants, a quarter smaller and larger, does to recall and false alerts", vary},
	{"cluster", "clustering, isolation forest and outliers of a group: times beside scikit-learn's, and false accusations", clusters},
	{"composite", "several metrics of a machine weighed together: recall, false alarms and the metrics named, by method", composites},
	{"patterns", "messages of real logs grouped by their form, beside what a person did", patterns},
	{"train", "training of a model of 500 series beside queries: time, size, load", training},
}

// newFlags are the flags of a command, with what it does in front of them.
func newFlags(name, usage string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(flags.Output(), usage); flags.PrintDefaults() }
	return flags
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		for _, c := range commands {
			if c.name == args[0] {
				return c.run(ctx, args[1:])
			}
		}
	}
	text := "usage: go run ./bench <command> [flags]\n"
	for _, c := range commands {
		text += fmt.Sprintf("  %-10s %s\n", c.name, c.summary)
	}
	return errors.New(text)
}
