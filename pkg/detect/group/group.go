// Package group finds the instances of one query that behave unlike the others at the same time: several hosts, one metric.
// It knows nothing of Grafana, HTTP or SQL.
package group

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
)

// Input are the instances on one grid. The newest stretch, of the length that the detector's window says, is evaluated;
// what it is compared with lies before From where that is enough, else before that stretch.
type Input struct {
	Values [][]float64 // one row per instance, all of the same length, oldest first; NaN is a missing value
	Step   time.Duration
	Start  time.Time
	From   int // what lies before is history to learn from

	Calendar *calendar.Calendar // zone, days off, maintenance, excluded stretches; nil knows nothing
}

// Output has one entry per instance.
type Output struct {
	Score     []float64 // 1 = at the edge of what the history allows; NaN = nothing known
	Outlier   []bool
	Held      []string // per instance the stage that kept it from being an outlier: "maintenance" or "deployment"; nil where none did
	Cluster   []int    // nearest trained cluster, -1 where nothing is known
	Why       []string
	Window    int       // points that were evaluated
	Flags     [][]bool  // one row per instance: the points at which it was outside; nil where the detector only judges the window as a whole
	Low, High []float64 // the band of those who are not outliers, one value per point from From on; NaN where nothing is known
	Algorithm string    // id used; with "auto", the one chosen
	Notices   []string

	parts, usual []float64 // of a whole, in per cent, now and as is usual; nil where the instances are none
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

func window() param.Spec {
	return param.Spec{Name: "window", Kind: param.Duration, Default: time.Hour, Help: "The newest stretch, which is compared with the history."}
}

func sensitivity(help string) param.Spec {
	return param.Spec{Name: "sensitivity", Kind: param.Choice, Default: "medium", Choices: []string{"high", "medium", "low"}, Help: help}
}

// Algorithms is the registry of group detectors.
func Algorithms() []Algorithm {
	return []Algorithm{
		{
			ID: "kmeans", Title: "K-means over the instances", MinPoints: 30, New: newKMeans,
			Summary:   "Clusters how the instances usually differ from each other, and flags those far from every cluster now.",
			Reference: "Lloyd, IEEE Trans. Inf. Theory 28 (1982); k-means++: Arthur, Vassilvitskii (2007); silhouette: Rousseeuw (1987)",
			Params: []param.Spec{
				window(),
				{Name: "clusters", Kind: param.Integer, Default: 0, Min: param.Bound(0), Max: param.Bound(8), Help: "Number of clusters; 0 chooses by silhouette."},
				sensitivity("Distance allowed beyond the trained spread: high 1.25, medium 1.5, low 2 times."),
			},
		},
		{
			ID: "mad", Title: "Median absolute deviation", MinPoints: 30, New: newMAD,
			Summary:   "Flags instances whose distance from the group's median is not what it usually is.",
			Reference: "Hampel: The influence curve and its role in robust estimation, JASA 69 (1974)",
			Params:    []param.Spec{window(), sensitivity("Median absolute deviations allowed: high 5, medium 7, low 10.")},
		},
		{
			ID: "dbscan", Title: "DBSCAN over the instances", MinPoints: 10, New: newDensity,
			Summary:   "Flags instances that a gap parts from the group's cluster, at each step of the window; nobody where the group has split.",
			Reference: "Ester, Kriegel, Sander, Xu: A density-based algorithm for discovering clusters in large spatial databases with noise, KDD 1996",
			Params:    []param.Spec{window(), sensitivity("Robust standard deviations allowed: high 5, medium 6.5, low 9.")},
		},
		{
			ID: "shares", Title: "Shift of shares (Jensen-Shannon)", MinPoints: 30, New: newShares,
			Summary:   "Takes the series as parts of a whole, such as requests by source, and flags those whose shares are not as usual at this time of the day.",
			Reference: "Lin: Divergence measures based on the Shannon entropy, IEEE Trans. Inf. Theory 37 (1991); Endres, Schindelin: A new metric for probability distributions (2003)",
			Params:    []param.Spec{window(), sensitivity("Distance allowed beyond that of 95 % of the history: high 1.25, medium 1.5, low 2 times.")},
		},
	}
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
	if err := in.validate(); err != nil {
		return nil, err
	}
	seen := in.Values
	if len(seen) > 0 {
		n := len(seen[0])
		in.Values = in.learnable(min(max(int(p.Duration("window")/in.Step), 1), n))
	}
	out, err := a.New(p).Detect(ctx, in)
	if err != nil {
		return nil, err
	}
	out.Algorithm, in.Values = id, seen
	out.band(in)
	out.hold(in)
	if !slices.Contains(out.Outlier, true) && out.Held == nil && len(in.Values) >= leastInstances {
		out.Notices = append(out.Notices, "no outlier: all instances agree")
	}
	return out, nil
}

func (in *Input) validate() error {
	if in.Step <= 0 {
		return fmt.Errorf("%w: step is %s, a positive duration is needed", param.ErrInvalid, in.Step)
	}
	for j, row := range in.Values {
		if len(row) != len(in.Values[0]) {
			return fmt.Errorf("%w: values of instance %d are %d, as many as of the first are needed: %d", param.ErrInvalid, j, len(row), len(in.Values[0]))
		}
	}
	if len(in.Values) > 0 && (in.From < 0 || in.From > len(in.Values[0])) {
		return fmt.Errorf("%w: from is %d, an index of the %d values is needed", param.ErrInvalid, in.From, len(in.Values[0]))
	}
	return nil
}

// blank is the answer before anything is known of the instances.
func blank(in Input) *Output {
	k := len(in.Values)
	out := &Output{Score: make([]float64, k), Outlier: make([]bool, k), Cluster: make([]int, k), Why: make([]string, k)}
	for j := range k {
		out.Score[j], out.Cluster[j], out.Why[j] = math.NaN(), -1, "nothing to compare with"
	}
	if k < leastInstances {
		out.Notices = append(out.Notices, fmt.Sprintf("the query gives %d instances; a group needs at least %d to tell who differs", k, leastInstances))
	}
	return out
}

// band gives the range of those who are not outliers at each point.
func (out *Output) band(in Input) {
	if len(in.Values) == 0 {
		return
	}
	n := len(in.Values[0])
	out.Low, out.High = make([]float64, n), make([]float64, n)
	for i := range n {
		out.Low[i], out.High[i] = math.NaN(), math.NaN()
	}
	for j, row := range in.Values {
		for i := in.From; i < n; i++ {
			outside := out.Outlier[j] && i >= n-out.Window
			if out.Flags != nil {
				outside = out.Flags[j][i]
			}
			if v := row[i]; known(v) && !outside {
				if !(v >= out.Low[i]) {
					out.Low[i] = v
				}
				if !(v <= out.High[i]) {
					out.High[i] = v
				}
			}
		}
	}
}

// set notes a score and what it means.
func (out *Output) set(j int, score float64) {
	out.Score[j], out.Outlier[j], out.Why[j] = score, score >= 1, "as the group and its own history"
}
