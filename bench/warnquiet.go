package main

import (
	"context"
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
)

// warnQuiet counts warnings where none is due: on real series, with the threshold put just above, then just below, all that
// they ever were.
func warnQuiet(ctx context.Context, dir, only string, o warnOptions) error {
	fmt.Printf("%-19s %7s %8s %9s %12s %14s %10s\n", "set", "series", "answers", "weeks", "threshold", "false / week", "of time")
	for _, set := range quietSets {
		err := eachSet(set.name, only, func() ([]warnCase, error) { return set.load(dir) }, func(loaded []warnCase) error {
			for _, above := range []bool{true, false} {
				var cases []warnCase
				for _, c := range loaded {
					if c, ok := c.quiet(above, o); ok {
						cases = append(cases, c)
					}
				}
				answers, err := watchAll(ctx, cases, o)
				if err != nil {
					return err
				}
				side := map[bool]string{true: "above", false: "below"}[above]
				n := countQuiet(cases, answers)
				fmt.Printf("%-19s %7d %8d %9.1f %12s %14.4f %9.2f%%\n", set.name, len(cases), n.answers, n.weeks, side, float64(n.began)/n.weeks, 100*float64(n.firing)/float64(max(n.answers, 1)))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// quietCount is what warnings there were where none is due.
type quietCount struct {
	answers, firing int
	began           int     // false warnings
	weeks           float64 // that the answers stand for
}

func countQuiet(cases []warnCase, answers [][]watched) (n quietCount) {
	for i, c := range cases {
		n.answers, n.began, n.weeks = n.answers+len(answers[i]), n.began+episodes(answers[i]), n.weeks+c.weeks(len(answers[i]))
		for _, a := range answers[i] {
			n.firing += count(a.Firing)
		}
	}
	return n
}

// quiet makes a case of a real series that never crosses: evaluated from its eighth day, or its second half, on. A series without
// a range makes none.
func (c warnCase) quiet(above bool, o warnOptions) (warnCase, bool) {
	lo, hi := series.Extent(c.values)
	if !(hi > lo) {
		return c, false
	}
	c.above, c.threshold = above, hi+o.margin*(hi-lo)
	if !above {
		c.threshold = lo - o.margin*(hi-lo)
	}
	if lo >= 0 {
		c.low = new(float64)
	}
	c.first = min(int(7*24*time.Hour/c.step), len(c.values)/2)
	c.each = max(int(o.every/c.step), 1)
	return c, true
}
