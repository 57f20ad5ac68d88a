package detect

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
	"github.com/forewarn/earlywarning/pkg/detect/forest"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	usualShare = 0.99 // quantile of the training's distances that the limit starts from
	treeShare  = 0.999
)

// scorer is trained on the features of points and says how unusual another is, 1 being the limit.
type scorer interface {
	train(ctx context.Context, rows []float64) error
	score(row []float64) float64
}

// byFeatures trains a scorer on the points of the window before, as early as it can, after some days more, and
// later each week, and scores the points until the next training with it.
type byFeatures struct {
	window time.Duration
	make   func() scorer
}

func newPointMeans(p param.Values) Detector {
	factor := bySensitivity(p, 2, 3, 5)
	return byFeatures{p.Duration("window"), func() scorer { return &nearestMean{k: p.Int("clusters"), factor: factor} }}
}

func newPointForest(p param.Values) Detector {
	margin := bySensitivity(p, 0.02, 0.05, 0.1)
	return byFeatures{p.Duration("window"), func() scorer { return &isolated{trees: p.Int("trees"), margin: margin} }}
}

func (d byFeatures) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	f, window := newFeatures(in), max(int(d.window/in.Step), featureLeast)
	var model scorer
	var row [featureCount]float64
	level := math.NaN()
	for i := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		if i >= featureLeast && (model == nil && i%(featureLeast/4) == 0 || f.due(i)) {
			if rows := f.train(max(i-window, 0), i); rows != nil {
				model = d.make()
				if err := model.train(ctx, rows); err != nil {
					return out, err
				}
			}
		}
		if i >= in.From && model != nil && f.describe(i, &row) {
			out.Expected[i], out.Score[i] = level, min(model.score(row[:]), scoreCap)
		}
		if model != nil {
			level = f.centre[0]
		}
	}
	out.State = keeps(window, f.centre, f.unit, level, &model)
	return out, nil
}

// nearestMean is the distance to the nearest of k centres (Lloyd 1982; as a detector: Yairi, Kato, Hori: Fault detection by
// mining association rules from house-keeping data, i-SAIRAS 2001) over that which all but 1 % of the training kept to.
type nearestMean struct {
	k             int
	factor, limit float64
	centres       cluster.Points
}

func (m *nearestMean) train(ctx context.Context, rows []float64) error {
	p := cluster.Points{X: rows, Dims: featureCount}
	found, err := cluster.KMeans(ctx, p, min(m.k, p.Len()), 2)
	if err != nil {
		return err
	}
	m.centres = found.Centres
	distances := make([]float64, p.Len())
	for i := range distances {
		_, distances[i] = m.centres.Nearest(p.Row(i))
	}
	slices.Sort(distances)
	m.limit = max(math.Sqrt(distances[int(usualShare*float64(len(distances)-1))]), 1) * m.factor
	return nil
}

func (m *nearestMean) score(row []float64) float64 {
	_, d := m.centres.Nearest(row)
	return math.Sqrt(d) / m.limit
}

// isolated is the isolation forest's score, 0 at the training's median and 1 a margin above what all but a thousandth of the
// training kept to.
type isolated struct {
	trees            int
	margin, low, top float64
	forest           *forest.Forest
}

func (m *isolated) train(ctx context.Context, rows []float64) (err error) {
	p := cluster.Points{X: rows, Dims: featureCount}
	if m.forest, err = forest.Grow(ctx, p, forest.Options{Trees: m.trees}); err != nil {
		return err
	}
	s := m.forest.Scores(p)
	slices.Sort(s)
	m.low, m.top = s[len(s)/2], s[int(treeShare*float64(len(s)-1))]+m.margin
	return nil
}

func (m *isolated) score(row []float64) float64 {
	return max((m.forest.Score(row)-m.low)/(m.top-m.low), 0)
}
