package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
)

const detectorsUsage = `usage: go run ./bench detectors [flags]

Runs every detector with its defaults over generated series, one after the other on one core, and prints the processor time of a point
(the least of several rounds), the bytes of what a detector has learnt, and how many bytes of the series it reads again: to learn anew
from time to time, or to compare with.
flags:
`

// detectorCosts measures every detector of one series.
func detectorCosts(ctx context.Context, args []string) error {
	flags := newFlags("detectors", detectorsUsage)
	step := flags.Duration("step", time.Minute, "from one point to the next, whole minutes")
	days := flags.Int("days", 28, "length of a series")
	rounds := flags.Int("rounds", 3, "rounds of which the fastest counts")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *step < time.Minute || *step%time.Minute != 0 || *days < 1 || *rounds < 1 {
		return fmt.Errorf("-step is %v, -days %d, -rounds %d: whole minutes and at least 1 are needed", *step, *days, *rounds)
	}
	start := time.Unix(1_700_006_400, 0).UTC()
	minutes := usage([]int{1}, start, time.Duration(*days)*24*time.Hour)[0].Values
	every := int(*step / time.Minute)
	var x []float64
	for i := 0; i < len(minutes); i += every {
		x = append(x, minutes[i])
	}
	fmt.Printf("%d points of %v\n%-20s %9s %12s %12s\n", len(x), *step, "detector", "us/point", "state bytes", "window bytes")
	for _, a := range detect.Algorithms() {
		spent := make([]time.Duration, *rounds)
		var out *detect.Output
		for k := range spent {
			begin := processorTime()
			var err error
			if out, err = detect.Run(ctx, detect.Input{Values: x, Step: *step, Start: start, Threshold: &detect.Threshold{Value: 90}}, detect.Options{Algorithm: a.ID}); err != nil {
				return fmt.Errorf("%s: %w", a.ID, err)
			}
			spent[k] = processorTime() - begin
		}
		fmt.Printf("%-20s %9.3f %12d %12d\n", a.ID, float64(slices.Min(spent).Nanoseconds())/1000/float64(len(x)), out.State.Bytes, 8*out.State.Window)
	}
	return nil
}
