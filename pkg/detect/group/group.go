// Package group finds the instances of one query that behave unlike the others at the same time: several hosts, one metric.
// It knows nothing of Grafana, HTTP or SQL.
package group

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
)

// Input are the instances on one grid.
type Input struct {
	Values [][]float64 // one row per instance, oldest first; NaN is a missing value
	Step   time.Duration
	From   int // what lies before is history to learn from
}

// Output has one entry per instance.
type Output struct {
	Score   []float64 // 1 = at the edge of what the trained clusters allow; NaN = nothing known
	Outlier []bool
	Cluster []int // nearest trained cluster, -1 where nothing is known
	Why     []string
	Centres [][]float64 // of the clusters, in the units of Features
	Window  int         // points that were evaluated
	Notices []string
}

// Features name what an instance is described by; all are differences from the group's median at the same time, so that a
// load that rises everywhere moves nobody.
var Features = [...]string{"level", "upper", "swing"}

// Detector is an algorithm with its parameters.
type Detector interface {
	Detect(ctx context.Context, in Input) (*Output, error)
}

// Algorithm declares a group detector to the registry.
type Algorithm struct {
	ID        string                        `json:"id"`
	Title     string                        `json:"title"`
	Summary   string                        `json:"summary"`
	Reference string                        `json:"reference"`
	MinPoints int                           `json:"minPoints"`
	Params    []param.Spec                  `json:"params"`
	New       func(p param.Values) Detector `json:"-"`
}

// Algorithms is the registry of group detectors.
func Algorithms() []Algorithm {
	return []Algorithm{{
		ID: "kmeans", Title: "K-means over the instances", MinPoints: 30, New: newKMeans,
		Summary:   "Clusters how the instances usually differ from each other, and flags those far from every cluster now.",
		Reference: "Lloyd, IEEE Trans. Inf. Theory 28 (1982); k-means++: Arthur, Vassilvitskii (2007); silhouette: Rousseeuw (1987)",
		Params: []param.Spec{
			{Name: "window", Kind: param.Duration, Default: time.Hour, Help: "The newest stretch, which is compared with the history."},
			{Name: "clusters", Kind: param.Integer, Default: 0, Min: param.Bound(0), Max: param.Bound(8), Help: "Number of clusters; 0 chooses by silhouette."},
			{Name: "sensitivity", Kind: param.Choice, Default: "medium", Choices: []string{"high", "medium", "low"},
				Help: "Distance allowed beyond the trained spread: high 1.25, medium 1.5, low 2 times."},
		},
	}}
}

// Lookup gives the algorithm with the given id; the error wraps detect.ErrUnknownAlgorithm and lists the known ids.
func Lookup(id string) (Algorithm, error) {
	ids := []string{detect.Auto}
	for _, a := range Algorithms() {
		if a.ID == id {
			return a, nil
		}
		ids = append(ids, a.ID)
	}
	return Algorithm{}, fmt.Errorf("%w: no group detector %q, known are: %s", detect.ErrUnknownAlgorithm, id, strings.Join(ids, ", "))
}

// Run compares the instances over the newest window; auto is kmeans.
func Run(ctx context.Context, in Input, opt detect.Options) (*Output, error) {
	id := opt.Algorithm
	if id == "" || id == detect.Auto {
		id = "kmeans"
	}
	a, err := Lookup(id)
	if err != nil {
		return nil, err
	}
	p, err := param.Parse(a.Params, opt.Params)
	if err != nil {
		return nil, err
	}
	if in.Step <= 0 {
		return nil, fmt.Errorf("%w: step is %s, a positive duration is needed", param.ErrInvalid, in.Step)
	}
	return a.New(p).Detect(ctx, in)
}
