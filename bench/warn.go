package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/forewarn/earlywarning/pkg/warn"
)

const warnUsage = `usage: go run ./bench warn [-data FILE -out FILE] [-quiet DIR] [flags]

Answers every evaluation point of time-to-threshold cases, each from the values up to it only, with the default rule.
FILE of -data has the columns series,kind,step_s,threshold,floor,ceiling,first_eval,every,values (values joined by ';', '' = missing).
Writes FILE of -out with the columns series,index,eta_h,early_h,prob24,prob72,fire ('inf' = no crossing is foreseen).
-quiet DIR counts warnings on real series (m4/, bitbrains/, kpi/, wsd/, nab/, mscloud/, tsbu/, smd/, asd/, jumpstarter/, planetlab/ and
ett/ in DIR) that never reach a threshold put just above their range, and prints false warnings a series-week for each set.
flags:
`

// warnCase is one series with its threshold and the points at which it is evaluated.
type warnCase struct {
	name, kind  string
	step        time.Duration
	threshold   float64
	above       bool
	low, high   *float64
	first, each int
	values      []float64
}

// warnOptions are common to all parts of the benchmark.
type warnOptions struct {
	history time.Duration
	horizon time.Duration
	workers int
	every   time.Duration // between answers on real series
	margin  float64       // of the threshold beyond a real series' range, as a share of that
}

func warnings(ctx context.Context, args []string) error {
	flags := newFlags("warn", warnUsage)
	data := flags.String("data", "", "file with the cases")
	out := flags.String("out", "", "file for the answers")
	quiet := flags.String("quiet", "", "folder with real series that never cross")
	only := flags.String("kinds", "", "kinds or sets to run, separated by commas; empty = all")
	var o warnOptions
	flags.DurationVar(&o.history, "history", 14*24*time.Hour, "history that each answer is given")
	flags.DurationVar(&o.horizon, "horizon", 7*24*time.Hour, "how far ahead each answer looks")
	flags.DurationVar(&o.every, "every", time.Hour, "time between two answers on real series")
	flags.Float64Var(&o.margin, "margin", 0.05, "how far beyond a real series' range its threshold is put, as a share of the range")
	flags.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "series answered at the same time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *quiet == "" && (*data == "" || *out == ""):
		return fmt.Errorf("-data and -out are needed, or -quiet:\n%s", warnUsage)
	case o.history <= 0 || o.horizon <= 0 || o.every <= 0:
		return fmt.Errorf("-history is %s, -horizon %s and -every %s, positive durations are needed", o.history, o.horizon, o.every)
	case !(o.margin > 0):
		return fmt.Errorf("-margin is %v, a positive share is needed", o.margin)
	}
	if err := enough(o.workers); err != nil {
		return err
	}
	if *data == "" { // the kinds of a file are its own
		if err := known("kinds", *only, quietSets, func(s quietSet) string { return s.name }); err != nil {
			return err
		}
	}
	if *data != "" {
		if err := warnFile(ctx, *data, *out, *only, o); err != nil {
			return err
		}
	}
	if *quiet != "" {
		return warnQuiet(ctx, *quiet, *only, o)
	}
	return nil
}

// warnFile answers the cases of a file and writes what the scorer reads.
func warnFile(ctx context.Context, data, out, only string, o warnOptions) error {
	cases, err := warnCases(data)
	if err != nil {
		return err
	}
	cases = slices.DeleteFunc(cases, func(c warnCase) bool { return !chosen(only, c.kind) })
	begin := time.Now()
	answers, err := watchAll(ctx, cases, o)
	if err != nil {
		return err
	}
	spent, total := time.Since(begin), 0
	for _, of := range answers {
		total += len(of)
	}
	workers := max(min(o.workers, len(cases)), 1)
	fmt.Printf("%d answers for %d series in %.1f s with %d workers, %.2f ms of one worker each\n", total, len(cases), spent.Seconds(), workers,
		1000*spent.Seconds()*float64(workers)/float64(max(total, 1)))
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return writeLines(out, func(w *bufio.Writer) {
		w.WriteString("series,index,eta_h,early_h,prob24,prob72,fire\n")
		for i, c := range cases {
			for _, a := range answers[i] {
				fmt.Fprintf(w, "%s,%d,%s,%s,%.5g,%.5g,%d\n", c.name, a.index, hours(a.ETA), hours(a.ETAEarly), finite(a.Prob24), finite(a.Prob72), count(a.Firing))
			}
		}
	})
}

// hours writes a time left as the scorer reads it.
func hours(h float64) string {
	if !warn.Stated(h) {
		return "inf"
	}
	return strconv.FormatFloat(h, 'g', 7, 64)
}
