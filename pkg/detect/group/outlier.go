package group

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
	"github.com/forewarn/earlywarning/pkg/param"
)

// points are the described windows.
type points = cluster.Points

const (
	starts         = 5       // seedings of which the best is kept
	mostStretches  = 6000    // trained windows of all instances together
	mostSilhouette = 400     // points that a silhouette is computed from: its cost is their square
	goodSilhouette = 0.6     // from which more than one cluster is believed
	mostClusters   = 4       // that are tried
	epochs         = 8       // parts of the history; a cluster that lasts is seen in three quarters of them
	spread80       = 2.56310 // distance of the 10 and 90 % points of the standard normal distribution
	leastSpread    = 0.02    // of the metric's size
	unseen         = 3.0     // windows' worth of room for what a history of few windows has not shown
)

// byClusters trains K-means on how the instances differed from the group's median over windows of the history, and asks
// whether an instance's newest window is near a place of its own or of the group. A small cluster is not bad for being small,
// and with two clusters neither has to be: only distance counts, in units of what is usual there. A cluster that the history
// knows for a short time only is an incident, not a habit, and no centre.
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
	h, err := train(in, d.window)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return blank(in), nil
	}
	shrink(h.trained, h.unit)
	c, err := d.cluster(ctx, h.trained)
	if err != nil {
		return nil, err
	}
	c = lastingOnly(c, h)
	usual := learn(h, c, len(in.Values))
	d.factor *= 1 + unseen/float64(h.times)
	out := blank(in)
	out.Window = h.window
	for j := range in.Values {
		now, ok := h.now(j)
		if !ok {
			out.Why[j] = tooSparse
			continue
		}
		d.judge(out, j, now, h.unit, usual)
	}
	return out, nil
}

// judge scores one instance.
func (d byClusters) judge(out *Output, j int, now, unit [dims]float64, usual habits) {
	p := points{X: now[:], Dims: dims}
	raw := now
	shrink(p, unit)
	near, distance := usual.nearest(j, p.X)
	out.Cluster[j] = near
	out.set(j, distance/d.factor)
	centre, worst := usual.centres.Row(near), 0
	for f := range dims {
		if math.Abs(p.X[f]-centre[f]) > math.Abs(p.X[worst]-centre[worst]) {
			worst = f
		}
	}
	if out.Outlier[j] {
		out.Why[j] = fmt.Sprintf("%s is %+.3g against the group's median, %+.3g is usual", Features[worst], raw[worst], centre[worst]*unit[worst])
	}
}

// cluster uses the number asked for, or the one with the best silhouette, but one where none is good.
func (d byClusters) cluster(ctx context.Context, trained points) (cluster.Means, error) {
	if d.clusters > 0 {
		return cluster.KMeans(ctx, trained, min(d.clusters, trained.Len()), starts)
	}
	sample := trained
	if n := trained.Len(); n > mostSilhouette {
		sample = points{Dims: dims}
		for i := range mostSilhouette {
			sample.X = append(sample.X, trained.Row(i*n/mostSilhouette)...)
		}
	}
	best, width := cluster.Means{}, goodSilhouette
	for k := 2; k <= mostClusters && k < sample.Len(); k++ {
		c, err := cluster.KMeans(ctx, sample, k, starts)
		if err != nil {
			return best, err
		}
		if s := cluster.Silhouette(sample, c.Of, c.Centres.Len()); s > width {
			width, best = s, c
		}
	}
	if best.Of == nil {
		return cluster.KMeans(ctx, trained, 1, starts)
	}
	return cluster.From(trained, best.Centres)
}

// lastingOnly leaves out the clusters that are seen in less than three quarters of the history's epochs, and their windows. Where
// none lasts all stay.
func lastingOnly(c cluster.Means, h *history) cluster.Means {
	k := c.Centres.Len()
	seen := make([][epochs]bool, k)
	for i, s := range h.at {
		seen[c.Of[i]][s.time*epochs/h.times] = true
	}
	out, number := cluster.Means{Centres: points{Dims: dims}}, make([]int, k)
	for a := range k {
		n := 0
		for _, yes := range seen[a] {
			if yes {
				n++
			}
		}
		number[a] = -1
		if 4*n >= 3*epochs {
			number[a] = out.Centres.Len()
			out.Centres.X = append(out.Centres.X, c.Centres.Row(a)...)
		}
	}
	if out.Centres.Len() == 0 {
		return c
	}
	for _, a := range c.Of {
		out.Of = append(out.Of, number[a])
	}
	return out
}
