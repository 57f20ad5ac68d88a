package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/cluster"
	"github.com/forewarn/earlywarning/pkg/detect/forest"
	"github.com/forewarn/earlywarning/pkg/detect/group"
)

// clusterRow is one line of the table.
type clusterRow struct {
	name, result string
	work         func(ctx context.Context) (string, error)
	runs         int
	least        time.Duration
}

const clusterUsage = `usage: go run ./bench cluster -data DIR [flags]

Times grouping and outlier detection on DIR/window10k.csv.gz (points, a header) and DIR/group100x1000.csv.gz (a series a row), the
processor time of the best of several runs, beside scikit-learn's where a Python is given. Then draws groups of identical hosts and
counts those in which somebody is accused.
flags:
`

func clusters(ctx context.Context, args []string) error {
	flags := newFlags("cluster", clusterUsage)
	data := flags.String("data", "", "folder with window10k.csv.gz and group100x1000.csv.gz")
	runs := flags.Int("runs", 15, "runs of each, of which the fastest counts")
	draws := flags.Int("draws", 1000, "groups of identical hosts that are drawn")
	python := flags.String("python", "", "a Python with scikit-learn, for its times on the same window")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return fmt.Errorf("-data is needed: the folder of window10k.csv.gz")
	}
	if *runs < 1 || *draws < 0 {
		return fmt.Errorf("-runs is %d, -draws %d: at least 1 and 0 are needed", *runs, *draws)
	}
	window, err := numberTable(filepath.Join(*data, "window10k.csv.gz"), true)
	if err != nil {
		return err
	}
	hosts, err := numberTable(filepath.Join(*data, "group100x1000.csv.gz"), false)
	if err != nil {
		return err
	}
	rows := clusterRows(flat(window), hosts, *runs)
	theirs := map[string]string{}
	if *python != "" {
		if theirs, err = sklearn(ctx, *python, filepath.Join(*data, "window10k.csv.gz")); err != nil {
			return err
		}
	}
	fmt.Printf("%-44s %12s %14s  %s\n", "", "ms", "scikit-learn", "result")
	for _, r := range rows {
		if err := r.time(ctx); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		fmt.Printf("%-44s %12.3f %14s  %s\n", r.name, float64(r.least.Microseconds())/1000, theirs[r.name], r.result)
	}
	return falselyAccused(ctx, *draws)
}

func (r *clusterRow) time(ctx context.Context) (err error) {
	r.least = math.MaxInt64
	for range r.runs {
		start := processorTime()
		if r.result, err = r.work(ctx); err != nil {
			return err
		}
		r.least = min(r.least, processorTime()-start)
	}
	return nil
}

func clusterRows(p cluster.Points, hosts [][]float64, runs int) []*clusterRow {
	var grown *forest.Forest
	day := identical(1000, 1440, 1)
	among := func(values [][]float64, algorithm, window string) func(context.Context) (string, error) {
		return func(ctx context.Context) (string, error) {
			out, err := group.Run(ctx, group.Input{Values: values, Step: time.Minute}, detect.Options{Algorithm: algorithm, Params: map[string]any{"window": window}})
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("outliers %v", accused(out)), nil
		}
	}
	return []*clusterRow{
		{name: "K-means k=5, 10 starts", runs: runs, work: means(p, 5)},
		{name: "K-means k=8, 10 starts", runs: runs, work: means(p, 8)},
		{name: "DBSCAN eps=0.8 min=10", runs: runs, work: func(context.Context) (string, error) {
			of, groups, err := cluster.DBSCAN(p, 0.8, 10)
			noise := 0
			for _, g := range of {
				if g < 0 {
					noise++
				}
			}
			return fmt.Sprintf("%d clusters, %d noise", groups, noise), err
		}},
		{name: "isolation forest, 100 trees, fit and score", runs: runs, work: func(ctx context.Context) (string, error) {
			f, err := forest.Grow(ctx, p, forest.Options{})
			if err != nil {
				return "", err
			}
			grown = f
			return fmt.Sprintf("highest score %.3f, %d kB", slices.Max(f.Scores(p)), f.Bytes()/1000), nil
		}},
		{name: "isolation forest, 10,000 points one by one", runs: runs, work: func(context.Context) (string, error) {
			most := 0.0
			for i := range p.Len() {
				most = max(most, grown.Score(p.Row(i)))
			}
			return fmt.Sprintf("highest score %.3f", most), nil
		}},
		{name: "group of 100 x 1,000, DBSCAN", runs: runs, work: among(hosts, "dbscan", "1000m")},
		{name: "group of 1,000 x 24 h at 1 min, DBSCAN", runs: max(runs/5, 1), work: among(day, "dbscan", "1h")},
		{name: "group of 1,000 x 24 h at 1 min, K-means", runs: max(runs/5, 1), work: among(day, "kmeans", "1h")},
		{name: "group of 1,000 x 24 h at 1 min, MAD", runs: max(runs/5, 1), work: among(day, "mad", "1h")},
	}
}

func means(p cluster.Points, k int) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		m, err := cluster.KMeans(ctx, p, k, 10)
		return fmt.Sprintf("inertia %.2f", m.Inertia), err
	}
}

func accused(out *group.Output) (who []int) {
	for j, o := range out.Outlier {
		if o {
			who = append(who, j)
		}
	}
	return who
}

// falselyAccused draws groups of identical hosts and counts those in which somebody is accused.
func falselyAccused(ctx context.Context, draws int) error {
	for _, algorithm := range group.Algorithms() {
		n := 0
		for seed := range uint64(draws) {
			out, err := group.Run(ctx, group.Input{Values: identical([]int{3, 5, 10, 30}[seed%4], 720, seed), Step: time.Minute}, detect.Options{Algorithm: algorithm.ID})
			if err != nil {
				return err
			}
			if len(accused(out)) > 0 {
				n++
			}
		}
		fmt.Printf("%-10s accuses somebody in %d of %d groups of identical hosts\n", algorithm.ID, n, draws)
	}
	return nil
}

// identical are k hosts over n minutes with one load and noise of their own.
func identical(k, n int, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 5))
	out := make([][]float64, k)
	for j := range out {
		out[j] = make([]float64, n)
		e := 0.0
		for i := range out[j] {
			e = 0.5*e + rng.NormFloat64()
			out[j][i] = 40 + 10*math.Sin(2*math.Pi*float64(i)/1440) + e
		}
	}
	return out
}

// numberTable reads a table of numbers.
func numberTable(path string, header bool) ([][]float64, error) {
	cells, err := table(path)
	if err != nil {
		return nil, err
	}
	if header {
		cells = cells[1:]
	}
	rows := make([][]float64, len(cells))
	for i, line := range cells {
		rows[i] = make([]float64, len(line))
		for k, c := range line {
			if rows[i][k], err = strconv.ParseFloat(c, 64); err != nil {
				return nil, fmt.Errorf("%s: row %d: column %d: %w", path, i+1, k+1, err)
			}
		}
	}
	return rows, nil
}

func flat(rows [][]float64) cluster.Points {
	p := cluster.Points{Dims: 1}
	if len(rows) > 0 {
		p.Dims = len(rows[0])
	}
	for _, row := range rows {
		p.X = append(p.X, row...)
	}
	return p
}

// sklearnTimes prints "name<tab>milliseconds" for the same work on the same window.
const sklearnTimes = `
import sys, time, numpy as np
from sklearn.cluster import KMeans, DBSCAN
from sklearn.ensemble import IsolationForest
x = np.loadtxt(sys.argv[1], delimiter=',', skiprows=1)
def best(f, n=5):
    t = []
    for _ in range(n):
        s = time.process_time(); f(); t.append(time.process_time() - s)
    return 1000 * min(t)
grown = IsolationForest(n_estimators=100, random_state=0).fit(x)
for name, f in (
    ('K-means k=5, 10 starts', lambda: KMeans(5, n_init=10, random_state=0).fit(x)),
    ('K-means k=8, 10 starts', lambda: KMeans(8, n_init=10, random_state=0).fit(x)),
    ('DBSCAN eps=0.8 min=10', lambda: DBSCAN(eps=0.8, min_samples=10).fit(x)),
    ('isolation forest, 100 trees, fit and score', lambda: IsolationForest(n_estimators=100, random_state=0).fit(x).score_samples(x)),
): print('%s\t%.1f' % (name, best(f)))
`

func sklearn(ctx context.Context, python, path string) (map[string]string, error) {
	cmd := exec.CommandContext(ctx, python, "-c", sklearnTimes, path)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", python, err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, ms, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			out[name] = ms
		}
	}
	return out, nil
}
