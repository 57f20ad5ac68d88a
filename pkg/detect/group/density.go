package group

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	smoothing    = 5    // steps that evidence is averaged over: a spike of one step is nobody's outlier
	mostEvident  = 12.0 // scales that one step adds at most
	majority     = 0.6  // of the instances that the largest cluster must hold
	gapShare     = 0.5  // of the allowed distance that must lie between an outlier and the cluster
	mostGathered = 600  // values of an instance that a spread is estimated from
	habitWins    = 3    // times the evaluated window that the history must be long for a habit to be learnt from it alone
)

// byDensity clusters the instances at each step by DBSCAN on how far each is from the group's median, less its own habit: who is
// joined to the largest cluster by no gap is outside. In one dimension a density-based cluster is a run of sorted values
// without a gap, so a step costs one sort, and that only where somebody is far out. Where no cluster holds a majority nobody is
// accused: the group has split.
type byDensity struct {
	window   time.Duration
	distance float64 // robust standard deviations
}

func newDensity(p param.Values) Detector {
	return byDensity{window: p.Duration("window"), distance: map[string]float64{"high": 5, "medium": 6.5, "low": 9}[p.String("sensitivity")]}
}

func (d byDensity) Detect(ctx context.Context, in Input) (*Output, error) {
	out := blank(in)
	if len(in.Values) < leastInstances {
		return out, nil
	}
	n := len(in.Values[0])
	out.Window = min(max(int(d.window/in.Step), 1), n)
	first := n - out.Window
	dev, size := deviations(in.Values)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	past := n
	if until := min(max(in.From, 0), first); until >= max(habitWins*out.Window, leastWindows) {
		past = until // what is evaluated is not learnt from
	} else if first >= max(habitWins*out.Window, leastWindows) {
		past = first
	}
	evidence(dev, past, leastSpread*size)
	out.Flags = make([][]bool, len(dev))
	all := make([]bool, n*len(dev))
	for j := range dev {
		out.Flags[j] = all[j*n : (j+1)*n]
	}
	split := d.judge(out, dev, first)
	for j, row := range dev {
		d.say(out, in, j, row[first:])
	}
	if split > 0 {
		out.Notices = append(out.Notices, fmt.Sprintf("at %d of %d steps no cluster held %.0f %% of the instances: the group has split, and nobody was accused there", split, out.Window, 100*majority))
	}
	return out, nil
}

// evidence turns deviations into distances in robust standard deviations: less each instance's habit, its median over the first
// past steps, averaged over some steps, and in units of its own or the group's usual spread, whichever is larger.
func evidence(dev [][]float64, past int, floor float64) {
	spread, habit, buf := make([]float64, len(dev)), make([]float64, len(dev)), make([]float64, 0, len(dev[0]))
	gather := func(row []float64, less float64) []float64 {
		buf = buf[:0]
		for i := 0; i < len(row); i += len(row)/mostGathered + 1 {
			if v := row[i]; !math.IsNaN(v) {
				buf = append(buf, math.Abs(v-less))
			}
		}
		return buf
	}
	var usual []float64
	for j, row := range dev {
		buf = buf[:0]
		for _, v := range row[:past] {
			if !math.IsNaN(v) {
				buf = append(buf, v)
			}
		}
		if len(buf) == 0 {
			continue
		}
		habit[j] = order.Median(buf)
		spread[j] = 1.4826 * order.Median(gather(row[:past], habit[j]))
		usual = append(usual, spread[j])
	}
	if len(usual) > 0 {
		floor = max(floor, order.Median(usual))
	}
	if floor == 0 {
		floor = 1
	}
	for j, row := range dev {
		unit := max(spread[j], floor)
		smooth(row, habit[j], unit)
		// Averaging shrinks noise by an amount that depends on its memory: measured, not assumed.
		if own := gather(row[:past], 0); len(own) > 0 {
			s := max(1.4826*order.Median(own), floor/unit/math.Sqrt(smoothing))
			for i := range row {
				row[i] /= s
			}
		}
	}
}

// smooth replaces values by the mean of the newest known ones, less the habit, in units, and cut where they are extreme.
func smooth(row []float64, habit, unit float64) {
	var ring [smoothing]float64
	sum, n, at := 0.0, 0, 0
	for i, v := range row {
		if math.IsNaN(v) {
			continue
		}
		v = min(max((v-habit)/unit, -mostEvident), mostEvident)
		if n == smoothing {
			sum -= ring[at]
		} else {
			n++
		}
		ring[at] = v
		at = (at + 1) % smoothing
		sum += v
		row[i] = sum / smoothing // few values tell less
	}
}

// judge sets flags and scores over the evaluated steps, and counts those at which the group has split.
func (d byDensity) judge(out *Output, dev [][]float64, first int) (split int) {
	column := make([]float64, 0, len(dev))
	for i := first; i < len(dev[0]); i++ {
		far, known := false, 0
		for _, row := range dev {
			if e := math.Abs(row[i]); e >= d.distance {
				far = true
			}
			if !math.IsNaN(row[i]) {
				known++
			}
		}
		if !far || known < leastInstances {
			continue
		}
		column = column[:0]
		for _, row := range dev {
			if !math.IsNaN(row[i]) {
				column = append(column, row[i])
			}
		}
		slices.Sort(column)
		lo, hi := d.cluster(column)
		if float64(hi-lo) < majority*float64(known) {
			split++
			continue
		}
		low, high := column[lo], column[hi-1]
		middle := order.Quantile(column[lo:hi], 0.5)
		for j, row := range dev {
			// Far from the cluster, and from what is usual for the instance itself: a cluster that moved away accuses nobody.
			if e := row[i]; (e < low || e > high) && math.Abs(e-middle) >= d.distance && math.Abs(e) >= d.distance {
				out.Flags[j][i] = true
			}
		}
	}
	return split
}

// cluster gives the largest run [lo, hi) of sorted values without a gap.
func (d byDensity) cluster(sorted []float64) (lo, hi int) {
	eps, start := gapShare*d.distance, 0
	for i := 1; i <= len(sorted); i++ {
		if i == len(sorted) || sorted[i]-sorted[i-1] > eps {
			if i-start > hi-lo {
				lo, hi = start, i
			}
			start = i
		}
	}
	return lo, hi
}

// say notes what the evaluated steps say of one instance.
func (d byDensity) say(out *Output, in Input, j int, row []float64) {
	n := len(in.Values[0])
	flags := out.Flags[j][n-len(row):]
	known, best, side, steps := 0, 0.0, 0.0, 0
	for i, e := range row {
		if math.IsNaN(e) {
			continue
		}
		known++
		score := math.Abs(e) / d.distance
		if flags[i] {
			steps++
		} else {
			score = min(score, 1-1e-9)
		}
		if score > best {
			best, side = score, e
		}
	}
	if 2*known < len(row) || known == 0 {
		clear(flags)
		out.Why[j] = tooSparse
		return
	}
	out.Cluster[j] = 0
	out.set(j, best)
	if steps == 0 {
		return
	}
	out.Cluster[j] = 1
	word := "above"
	if side < 0 {
		word = "below"
	}
	out.Why[j] = fmt.Sprintf("outside the cluster at %d of %d steps, at most %.1f robust standard deviations %s what is usual against the group's median", steps, known, math.Abs(side), word)
}
