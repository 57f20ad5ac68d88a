package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

// machine is what a method says of one machine.
type machine struct {
	score  []float64
	fading []float64 // severity, which scorers of anomaly scores are given
	alarm  []bool
	from   int
	events []incident
	weeks  float64
}

// tally is what one method says of a set.
type tally struct {
	method        string
	named, points int
	time          time.Duration
	machines      []machine
}

const anyMetric = "any metric alone"

const compositeUsage = `usage: go run ./bench composite -data DIR [flags]

Compares the ways of weighing several metrics of one machine together with each other and with the best that its metrics say one by
one, on sets whose events name the metrics they are seen in: DIR/smd and DIR/asd, each with data/ and interpretation/. Then draws
machines with two weak signals.
flags:
`

func composites(ctx context.Context, args []string) error {
	flags := newFlags("composite", compositeUsage)
	data := flags.String("data", "", "folder with smd/ and asd/, each with data/ and interpretation/")
	out := flags.String("out", "", "folder for each method's scores, OUT/METHOD/SET; empty = none")
	draws := flags.Int("draws", 200, "machines with two weak signals that are drawn")
	perWeek := flags.Float64("alone", 2, "false alarms a week at which the methods are compared")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return fmt.Errorf("-data is needed: the folder of smd and asd")
	}
	if *draws < 0 || !(*perWeek >= 0) {
		return fmt.Errorf("-draws is %d, -alone %v: at least 0 is needed of each", *draws, *perWeek)
	}
	fmt.Printf("%-6s %-18s %7s | %7s %11s | %-22s | %12s %9s\n", "set", "method", "events", "recall", "false/week", fmt.Sprintf("recall at %g false/week", *perWeek), "first named", "us/point")
	for _, set := range detectSets {
		err := eachSet(set.name, "smd,asd", func() ([]labelled, error) { return set.list(*data) }, func(files []labelled) error {
			tallies, err := tallied(ctx, *data, *out, set.name, files)
			for _, t := range tallies {
				t.print(set.name, *perWeek)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	var drawn pairs
	for seed := range uint64(*draws) {
		if err := drawn.draw(ctx, seed); err != nil {
			return err
		}
	}
	if drawn.draws > 0 {
		fmt.Println(&drawn)
	}
	return nil
}

// tallied runs every method on every machine of a set.
func tallied(ctx context.Context, data, out, set string, files []labelled) (tallies []*tally, err error) {
	for _, method := range append(composite.Methods(), anyMetric) {
		tallies = append(tallies, &tally{method: method})
	}
	for _, f := range files {
		if err := f.read(); err != nil {
			return nil, fmt.Errorf("%s: %w", f.rel, err)
		}
		events, err := interpretation(filepath.Join(data, set, "interpretation", strings.TrimSuffix(f.rel, ".csv")+".txt"), f.train)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if n := len(f.values[0]); e.from >= n {
				return nil, fmt.Errorf("%s: an event begins at row %d, the file has %d", f.rel, e.from, n)
			}
		}
		for _, t := range tallies {
			err := t.add(ctx, f, events)
			if err == nil {
				err = t.write(out, set, f.rel)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.rel, err)
			}
		}
	}
	return tallies, nil
}

// add runs the method on one machine.
func (t *tally) add(ctx context.Context, f labelled, events []incident) error {
	m := machine{from: f.train, events: events}
	begin := processorTime()
	if t.method == anyMetric {
		var err error
		if m.score, m.fading, m.alarm, err = anyAlone(ctx, f); err != nil {
			return err
		}
	} else {
		in := composite.Input{Step: f.step, Start: f.start, From: f.train, Method: t.method}
		for k, x := range f.values {
			in.Signals = append(in.Signals, composite.Signal{Name: f.names[k], Values: x})
		}
		out, err := composite.Run(ctx, in)
		if err != nil {
			return err
		}
		m.score, m.fading, m.alarm = out.Score, out.Severity(), out.Anomalous
		for _, e := range events {
			if slices.Contains(e.metrics, loudest(out, e)) {
				t.named++
			}
		}
	}
	t.time += processorTime() - begin
	t.points += len(m.score)
	m.weeks = float64(len(m.score)-m.from) * f.step.Hours() / (7 * 24)
	t.machines = append(t.machines, m)
	return nil
}

// write keeps the newest machine's scores in a form that scorers of anomaly scores read.
func (t *tally) write(dir, set, rel string) error {
	if dir == "" {
		return nil
	}
	path := filepath.Join(dir, strings.ReplaceAll(t.method, " ", "-"), set, rel)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	m := t.machines[len(t.machines)-1]
	return writeLines(path, func(w *bufio.Writer) {
		w.WriteString("score,alert\n")
		for i, s := range m.fading {
			fmt.Fprintf(w, "%.6g,%d\n", finite(s), count(m.alarm[i]))
		}
	})
}

func (t *tally) print(set string, perWeek float64) {
	events, hits, alone, weeks := 0, 0, 0, 0.0
	for _, m := range t.machines {
		h, a := countAlarms(m.alarm, m.from, m.events)
		events, hits, alone, weeks = events+len(m.events), hits+h, alone+a, weeks+m.weeks
	}
	named := "-"
	if t.method != anyMetric {
		named = fmt.Sprintf("%d of %d", t.named, events)
	}
	fmt.Printf("%-6s %-18s %7d | %7.2f %11.2f | %-22.2f | %12s %9.1f\n", set, t.method, events, float64(hits)/float64(events), float64(alone)/weeks, t.recallAt(perWeek*weeks), named,
		float64(t.time.Microseconds())/float64(t.points))
}

// recallAt is the recall with the lowest limit of the score down to which at most so many alarms are without an event.
func (t *tally) recallAt(most float64) (recall float64) {
	for limit := 64.0; limit > 1.0/64; limit *= 0.95 {
		events, hits, alone := 0, 0, 0
		for _, m := range t.machines {
			h, a := countAlarms(confirmed(m.score, limit), m.from, m.events)
			events, hits, alone = events+len(m.events), hits+h, alone+a
		}
		if float64(alone) > most {
			break
		}
		recall = max(recall, float64(hits)/float64(events))
	}
	return recall
}

// confirmed marks points at the limit or above that are confirmed by one of the two before, or at twice the limit.
func confirmed(score []float64, limit float64) []bool {
	out := make([]bool, len(score))
	for i, s := range score {
		near := i > 0 && score[i-1] >= limit || i > 1 && score[i-2] >= limit
		out[i] = s >= limit && (near || s >= 2*limit)
	}
	return out
}

// anyAlone gives the highest score and severity of the metrics at each point, and whether one of them is flagged.
func anyAlone(ctx context.Context, f labelled) (score, fading []float64, alarm []bool, err error) {
	n := len(f.values[0])
	score, fading, alarm = make([]float64, n), make([]float64, n), make([]bool, n)
	for _, x := range f.values {
		r, err := detect.Run(ctx, detect.Input{Values: x, Step: f.step, Start: f.start, From: f.train}, detect.Options{})
		if err != nil {
			return nil, nil, nil, err
		}
		severity := r.Severity()
		for i, a := range r.Anomalous {
			alarm[i] = alarm[i] || a
			if severity[i] > fading[i] {
				fading[i] = severity[i]
			}
			if r.Score[i] > score[i] {
				score[i] = r.Score[i]
			}
		}
	}
	return score, fading, alarm, nil
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
