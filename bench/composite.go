package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

// incident is a labelled event of several metrics: rows [from, to] and the metrics it is seen in, counted from 0.
type incident struct {
	from, to int
	metrics  []int
}

// tally is what one method says of a set.
type tally struct {
	events, hits, named, alarms int
	weeks, seconds              float64
	points                      int
}

const (
	lateRows = 10 // an alarm so many rows after an event still is its alarm
	joinRows = 30 // alarms with fewer rows between them are one
)

// composites compares the ways of weighing several metrics of one machine together with each other and with the best that its
// metrics say one by one, on sets whose events name the metrics they are seen in.
func composites(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("composite", flag.ContinueOnError)
	data := flags.String("data", "", "folder with smd/ and asd/, each with data/ and interpretation/")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return fmt.Errorf("-data is needed: the folder of smd and asd")
	}
	fmt.Printf("%-6s %-18s %7s %7s %11s %12s %9s\n", "set", "method", "events", "recall", "false/week", "first named", "us/point")
	for _, set := range detectSets {
		if set.name != "smd" && set.name != "asd" {
			continue
		}
		files, err := set.list(*data)
		if os.IsNotExist(err) {
			fmt.Printf("%-6s skipped: %v\n", set.name, err)
			continue
		}
		if err != nil {
			return err
		}
		for _, method := range append(composite.Methods(), "any metric alone") {
			var t tally
			for _, f := range files {
				if err := t.add(ctx, f, filepath.Join(*data, set.name, "interpretation"), method); err != nil {
					return fmt.Errorf("%s: %s: %w", set.name, f.rel, err)
				}
			}
			named := "-"
			if method != "any metric alone" {
				named = fmt.Sprintf("%d of %d", t.named, t.events)
			}
			fmt.Printf("%-6s %-18s %7d %7.2f %11.2f %12s %9.1f\n", set.name, method, t.events, float64(t.hits)/float64(t.events), float64(t.alarms)/t.weeks, named,
				1e6*t.seconds/float64(t.points))
		}
	}
	return nil
}

// add runs a method on one machine.
func (t *tally) add(ctx context.Context, f labelled, labels, method string) error {
	if err := f.read(); err != nil {
		return err
	}
	events, err := interpretation(filepath.Join(labels, strings.TrimSuffix(f.rel, ".csv")+".txt"), f.train)
	if err != nil {
		return err
	}
	n := len(f.values[0])
	begin := time.Now()
	var alarm []bool
	var out *composite.Output
	if method == "any metric alone" {
		alarm, err = anyAlone(ctx, f)
	} else {
		in := composite.Input{Step: f.step, Start: f.start, From: f.train, Method: method}
		for k, x := range f.values {
			in.Signals = append(in.Signals, composite.Signal{Name: f.names[k], Values: x})
		}
		if out, err = composite.Run(ctx, in); err == nil {
			alarm = out.Anomalous
		}
	}
	if err != nil {
		return err
	}
	t.seconds += time.Since(begin).Seconds()
	t.points += n
	t.weeks += float64(n-f.train) * f.step.Hours() / (7 * 24)
	near := make([]bool, n)
	for _, e := range events {
		t.events++
		for i := e.from; i <= min(e.to+lateRows, n-1); i++ {
			near[i] = true
		}
		if slices.Contains(alarm[e.from:min(e.to+lateRows+1, n)], true) {
			t.hits++
		}
		if out != nil && slices.Contains(e.metrics, loudest(out, e)) {
			t.named++
		}
	}
	for i := f.train; i < n; i++ {
		if !alarm[i] {
			continue
		}
		first, last := i, i
		for ; i < n && i-last <= joinRows; i++ {
			if alarm[i] {
				last = i
			}
		}
		if !slices.Contains(near[first:last+1], true) {
			t.alarms++
		}
		i = last
	}
	return nil
}

func anyAlone(ctx context.Context, f labelled) ([]bool, error) {
	out := make([]bool, len(f.values[0]))
	for _, x := range f.values {
		r, err := detect.Run(ctx, detect.Input{Values: x, Step: f.step, Start: f.start, From: f.train}, detect.Options{})
		if err != nil {
			return nil, err
		}
		for i, a := range r.Anomalous {
			out[i] = out[i] || a
		}
	}
	return out, nil
}

// loudest is the metric with the largest share over an event, weighted by the score.
func loudest(out *composite.Output, e incident) int {
	best, at := 0.0, -1
	for k, shares := range out.Shares {
		sum := 0.0
		for i := e.from; i <= min(e.to, len(shares)-1); i++ {
			if v := shares[i] * out.Score[i]; v > 0 {
				sum += v
			}
		}
		if sum > best {
			best, at = sum, k
		}
	}
	return at
}

// interpretation reads lines of "first-last:metric,metric", rows counted from the end of training and metrics from 1.
func interpretation(path string, train int) (events []incident, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		rows, metrics, ok := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		first, last, dash := strings.Cut(rows, "-")
		if rows == "" && !ok {
			continue
		}
		var e incident
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if !ok || !dash || err1 != nil || err2 != nil || to < from {
			return nil, fmt.Errorf("%s: %q is not first-last:metrics", path, lines.Text())
		}
		e.from, e.to = from+train, to+train
		for text := range strings.SplitSeq(metrics, ",") {
			m, err := strconv.Atoi(text)
			if err != nil {
				return nil, fmt.Errorf("%s: metric %q: %w", path, text, err)
			}
			e.metrics = append(e.metrics, m-1)
		}
		events = append(events, e)
	}
	return events, lines.Err()
}
