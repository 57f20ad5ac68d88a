package group

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	leastInstances = 3
	leastWindows   = 10  // trained stretches of all instances together
	mostSilhouette = 400 // points that a silhouette is computed from: its cost is their square
	goodSilhouette = 0.6 // from which more than one cluster is believed
)

// byClusters trains K-means on how the instances differed from the group's median over stretches of the history, and asks
// whether an instance's newest stretch is near any of the centres. A small cluster is not bad for being small, and with two
// clusters neither has to be: only distance counts, in units of the nearest cluster's own spread.
type byClusters struct {
	window   time.Duration
	clusters int
	factor   float64
}

func newKMeans(p param.Values) Detector {
	return byClusters{window: p.Duration("window"), clusters: p.Int("clusters"),
		factor: map[string]float64{"high": 1.25, "medium": 1.5, "low": 2}[p.String("sensitivity")]}
}

func (d byClusters) Detect(ctx context.Context, in Input) (*Output, error) {
	k := len(in.Values)
	out := &Output{Score: make([]float64, k), Outlier: make([]bool, k), Cluster: make([]int, k), Why: make([]string, k)}
	for j := range k {
		out.Score[j], out.Cluster[j], out.Why[j] = math.NaN(), -1, "nothing to compare with"
	}
	if k < leastInstances {
		out.Notices = append(out.Notices, fmt.Sprintf("the query gives %d instances; a group needs at least %d to tell who differs", k, leastInstances))
		return out, nil
	}
	n := len(in.Values[0])
	w := min(max(int(d.window/in.Step), 1), n)
	out.Window = w
	dev, size := deviations(in.Values)
	trained := stretches(dev, n-w, w)
	if len(trained) < leastWindows {
		return nil, fmt.Errorf("%w: the history before the evaluated %s holds %d stretches of that length over all instances, %d are needed: choose a longer trainingWindow or a shorter window",
			detect.ErrTooShort, d.window, len(trained), leastWindows)
	}
	scale := scales(trained, size)
	shrink(trained, scale)
	c, err := d.cluster(ctx, trained)
	if err != nil {
		return nil, err
	}
	limit := spreads(trained, c)
	for _, centre := range c.centres {
		row := make([]float64, dims)
		for f := range row {
			row[f] = centre[f] * scale[f]
		}
		out.Centres = append(out.Centres, row)
	}
	buf := make([]float64, 0, w)
	for j := range dev {
		d.judge(out, j, dev[j][n-w:], buf, scale, c, limit)
	}
	return out, nil
}

// judge scores one instance.
func (d byClusters) judge(out *Output, j int, now, buf []float64, scale point, c clusters, limit []float64) {
	p, ok := describe(now, buf)
	if !ok {
		out.Why[j] = "less than half of the evaluated window is known"
		return
	}
	q := []point{p}
	shrink(q, scale)
	near, squared := nearest(q[0], c.centres)
	out.Cluster[j] = near
	out.Score[j] = math.Sqrt(squared) / (d.factor * limit[near])
	out.Outlier[j] = out.Score[j] >= 1
	worst := 0
	for f := range p {
		if math.Abs(q[0][f]-c.centres[near][f]) > math.Abs(q[0][worst]-c.centres[near][worst]) {
			worst = f
		}
	}
	out.Why[j] = "as the group and its own history"
	if out.Outlier[j] {
		out.Why[j] = fmt.Sprintf("%s is %+.3g against the group's median, %+.3g is usual", Features[worst], p[worst], c.centres[near][worst]*scale[worst])
	}
}

// stretches describes all whole windows of the history, newest first, half overlapping.
func stretches(dev [][]float64, until, w int) []point {
	var out []point
	buf := make([]float64, 0, w)
	for _, row := range dev {
		for end := until; end-w >= 0; end -= max(w/2, 1) {
			if p, ok := describe(row[end-w:end], buf); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

// scales gives the unit of each feature: its robust spread, but at least 2 % of the metric's typical size, so that a group
// in close agreement does not accuse somebody of a hair's breadth.
func scales(trained []point, size float64) (s point) {
	buf := make([]float64, len(trained))
	for f := range s {
		for i, p := range trained {
			buf[i] = p[f]
		}
		s[f] = math.Max((quantile(buf, 0.9)-quantile(buf, 0.1))/2.563, 0.02*size)
		if !(s[f] > 0) {
			s[f] = 1
		}
	}
	return s
}

func shrink(points []point, scale point) {
	for i := range points {
		for f := range scale {
			points[i][f] /= scale[f]
		}
	}
}

// cluster uses the number asked for, or the one with the best silhouette, but one where none is good.
func (d byClusters) cluster(ctx context.Context, trained []point) (clusters, error) {
	if d.clusters > 0 {
		return kmeans(trained, min(d.clusters, len(trained))), nil
	}
	best, width := kmeans(trained, 1), goodSilhouette
	sample := trained
	if len(trained) > mostSilhouette {
		sample = make([]point, mostSilhouette)
		for i := range sample {
			sample[i] = trained[i*len(trained)/mostSilhouette]
		}
	}
	for k := 2; k <= 4 && k < len(sample); k++ {
		if err := ctx.Err(); err != nil {
			return best, err
		}
		if c := kmeans(sample, k); silhouette(sample, c) > width {
			width, best = silhouette(sample, c), lloyd(trained, c.centres)
		}
	}
	return best, nil
}

// spreads gives each cluster's usual distance from its centre: the 99 % quantile of its trained members, at least 1 unit.
func spreads(trained []point, c clusters) []float64 {
	members := make([][]float64, len(c.centres))
	for i, p := range trained {
		_, d := nearest(p, []point{c.centres[c.of[i]]})
		members[c.of[i]] = append(members[c.of[i]], math.Sqrt(d))
	}
	out := make([]float64, len(members))
	for k, m := range members {
		if out[k] = quantile(m, 0.99); !(out[k] > 1) {
			out[k] = 1
		}
	}
	return out
}
