package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/parallel"
)

const detectUsage = `usage: go run ./bench detect -data DIR [-out DIR] [-folders FILE] [flags]

Scores the benchmark's data sets point by point, each point knowing only those before it, and prints what a point cost.
DIR of -data holds nab/, kpi/, wsd/, tsbu/, mscloud/ (one metric a file) and smd/, asd/, jumpstarter/ (several metrics of one
entity) as described beside the data; what is absent is skipped. Rows before train_rows of a set's index are history.
Writes OUT/<set>/ with the truth files' names below <set>/data and the columns score,alert,alert_low,alert_high; for nab also
timestamp,anomaly_score. OUT/<set>/data is the same folder again. With -folders the labels are read afterwards: what a person
gets of each folder is printed, the worst are named, and FILE has a row for each.
flags:
`

// sensitivities are the settings that are written, the default first.
var sensitivities = []string{"medium", "low", "high"}

// marked is what was found in a file, one value a row and sensitivity.
type marked struct {
	score   []float64 // at the default sensitivity: the severity of univariate sets
	opening []float64 // the same, but above 1 only where an alert begins
	alert   [3][]bool
	points  int
	state   int // bytes of what was learnt, and of the values that are read again
	seconds float64
	noisy   bool // the answer says that the series is quarantined
	judged  judged
}

func detections(ctx context.Context, args []string) error {
	flags := newFlags("detect", detectUsage)
	data := flags.String("data", "", "folder with the data sets")
	out := flags.String("out", "", "folder for the scores; may be empty with -folders")
	folders := flags.String("folders", "", "file for recall and false alerts by folder")
	algorithm := flags.String("algorithm", detect.Auto, "detector of the sets of one metric")
	only := flags.String("sets", "", "data sets to run, separated by commas; empty = all")
	workers := flags.Int("workers", runtime.GOMAXPROCS(0), "files scored at the same time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" || *out == "" && *folders == "" {
		return fmt.Errorf("-data and -out are needed:\n%s", detectUsage)
	}
	if err := known("sets", *only, detectSets, detectSet.called); err != nil {
		return err
	}
	if err := enough(*workers); err != nil {
		return err
	}
	fmt.Printf("%-12s %6s %9s %9s %9s %9s %12s %11s\n", "set", "files", "points", "us/point", "median", "slowest", "state bytes", "quarantined")
	var all []judged
	for _, set := range detectSets {
		err := eachSet(set.name, *only, func() ([]labelled, error) { return set.list(*data) }, func(files []labelled) error {
			dir := *out
			if dir != "" {
				dir = filepath.Join(dir, set.name)
			}
			found, err := markAll(ctx, set, files, dir, *algorithm, *workers)
			if err != nil {
				return err
			}
			costs(set.name, found)
			for _, m := range found {
				if set.judged {
					all = append(all, m.judged)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if *folders == "" || len(all) == 0 {
		return nil
	}
	printFolders(all)
	return writeFolders(*folders, all)
}

// markAll scores every file on several cores, and writes it where out is not empty; the order of the answers is that of the files.
func markAll(ctx context.Context, set detectSet, files []labelled, out, algorithm string, workers int) ([]marked, error) {
	if out != "" {
		if err := os.MkdirAll(out, 0o755); err != nil {
			return nil, err
		}
		// The scorers may be given the set's folder or the one with its data.
		if err := os.Symlink(".", filepath.Join(out, "data")); err != nil && !os.IsExist(err) {
			return nil, err
		}
	}
	found := make([]marked, len(files))
	err := parallel.Each(ctx, len(files), workers, func(ctx context.Context, i int) error {
		if err := found[i].of(ctx, set, files[i], out, algorithm); err != nil {
			return fmt.Errorf("%s: %w", files[i].rel, err)
		}
		return nil
	})
	return found, err
}

// of marks a file, writes and judges what was found, and keeps what is printed.
func (m *marked) of(ctx context.Context, set detectSet, f labelled, out, algorithm string) (err error) {
	if err := f.read(); err != nil {
		return err
	}
	if *m, err = set.mark(ctx, f, algorithm); err != nil {
		return err
	}
	if out != "" {
		if err := writeMarks(filepath.Join(out, f.rel), f, *m); err != nil {
			return err
		}
	}
	if set.judged && f.labels != nil {
		m.judged = f.judge(set.name, *m)
	}
	m.score, m.opening, m.alert = nil, nil, [3][]bool{}
	return nil
}

// markOne scores the single metric of a file at every sensitivity.
func markOne(ctx context.Context, f labelled, algorithm string) (marked, error) {
	g := f.gridded()
	m := marked{points: len(f.values[0])}
	for k, s := range sensitivities {
		begin := time.Now()
		r, err := detect.Run(ctx, detect.Input{Values: g.values, Step: f.step, Start: f.start, From: g.from},
			detect.Options{Algorithm: algorithm, Params: map[string]any{"sensitivity": s}})
		if errors.Is(err, detect.ErrTooShort) { // a person is told nothing
			n := len(g.rows)
			m.score, m.opening, m.alert[k] = make([]float64, n), make([]float64, n), make([]bool, n)
			continue
		}
		if err != nil {
			return m, err
		}
		m.alert[k] = pick(r.Anomalous, g.rows)
		if k == 0 {
			m.seconds = time.Since(begin).Seconds()
			m.score, m.noisy = pick(r.Severity(), g.rows), r.HeldBack["repeats"] > 0
			m.state = r.State.Bytes + 8*r.State.Window
			m.opening = pick(openings(r), g.rows)
		}
	}
	return m, nil
}

// openings is the score, held below 1 where no alert begins: what a person is told at that point. Alerts that are counted as one
// begin once.
func openings(r *detect.Output) []float64 {
	alerts := evaluate.Episodes(r.Anomalous, r.Score, nearRows-1)
	out := slices.Clone(r.Score)
	for i := range out {
		if len(alerts) > 0 && alerts[0].From == i {
			alerts = alerts[1:]
		} else {
			out[i] = min(out[i], 0.99) // not a number stays so
		}
	}
	return out
}

// costs prints one line of times, and of how many series are said to be quarantined at times.
func costs(name string, found []marked) {
	points, seconds, state, noisy := 0, 0.0, 0, 0
	each := make([]float64, len(found))
	for i, m := range found {
		points, seconds, state = points+m.points, seconds+m.seconds, max(state, m.state)
		each[i] = 1e6 * m.seconds / float64(m.points)
		if m.noisy {
			noisy++
		}
	}
	slices.Sort(each)
	fmt.Printf("%-12s %6d %9d %9.3f %9.3f %9.3f %12d %11d\n", name, len(found), points, 1e6*seconds/float64(points), each[len(each)/2], each[len(each)-1], state, noisy)
}
