package main

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// detectSet is one data set of the detection benchmark.
type detectSet struct {
	name   string
	mark   func(ctx context.Context, f labelled, algorithm string) (marked, error)
	judged bool // its labels are events that a person would be told of; tsbu's files are copies of other sets'
}

var detectSets = []detectSet{
	{"nab", markOne, true}, {"kpi", markOne, true}, {"wsd", markOne, true}, {"tsbu", markOne, false}, {"mscloud", markOne, true},
	{"smd", markMany, false}, {"asd", markMany, false}, {"jumpstarter", markMany, false},
}

func (s detectSet) called() string { return s.name }

// labelled is a file of metrics with labels. No detector is shown a label, but for the -1 of training rows.
type labelled struct {
	path, rel string // rel is below <set>/data, without .gz
	group     string // what the index says of its kind
	labels    []bool
	names     []string
	values    [][]float64 // by column; NaN is missing
	stamps    []string    // timestamps as written; nil where the file has none
	times     []time.Time
	start     time.Time
	step      time.Duration
	train     int // rows of history
}

// list gives the files of the set with what its index says of them.
func (s detectSet) list(dir string) ([]labelled, error) {
	root := filepath.Join(dir, s.name, "data")
	index, err := indexed(filepath.Join(dir, s.name, "index.csv"))
	if err != nil {
		return nil, err
	}
	var out []labelled
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(strings.TrimSuffix(path, ".gz"), ".csv") {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		f := labelled{path: path, rel: strings.TrimSuffix(rel, ".gz")}
		row := index[filepath.ToSlash(f.rel)]
		if text := row["train_rows"]; text != "" {
			if f.train, err = strconv.Atoi(text); err != nil {
				return fmt.Errorf("index: train_rows of %s: %w", f.rel, err)
			}
		}
		if text := row["step_s"]; text != "" {
			if f.step, err = time.ParseDuration(text + "s"); err != nil {
				return fmt.Errorf("index: step_s of %s: %w", f.rel, err)
			}
		}
		if text := row["start_unix"]; text != "" {
			seconds, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return fmt.Errorf("index: start_unix of %s: %w", f.rel, err)
			}
			f.start = time.Unix(int64(seconds), 0).UTC()
		}
		f.group = row["group"]
		if source := row["source"]; source != "" && f.step == 0 {
			f.borrow(dir, source)
		}
		out = append(out, f)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = &os.PathError{Op: "open", Path: filepath.Join(root, "*.csv.gz"), Err: os.ErrNotExist}
	}
	return out, err
}

// indexed reads a set's index by file name; there may be none.
func indexed(path string) (map[string]map[string]string, error) {
	rows, err := table(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]string{}
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, name := range rows[0] {
			one[name] = row[i]
		}
		out[strings.TrimSuffix(one["file"], ".gz")] = one
	}
	return out, nil
}

// read loads the rows.
func (f *labelled) read() error {
	rows, err := table(f.path)
	if err != nil {
		return err
	}
	label := slices.Index(rows[0], "label")
	body := rows[1:]
	for c, name := range rows[0] {
		switch name {
		case "timestamp":
			f.stamps, f.times = make([]string, len(body)), make([]time.Time, len(body))
			for i, row := range body {
				f.stamps[i] = row[c]
				if f.times[i], err = stamp(row[c]); err != nil {
					return fmt.Errorf("row %d: column timestamp: %w", i+1, err)
				}
			}
		case "label":
			f.labels = make([]bool, len(body))
			for i, row := range body {
				f.labels[i] = row[c] == "1"
			}
		default:
			x := make([]float64, len(body))
			for i, row := range body {
				if x[i] = math.NaN(); row[c] != "" {
					if x[i], err = strconv.ParseFloat(row[c], 64); err != nil {
						return fmt.Errorf("row %d: column %s: %w", i+1, name, err)
					}
				}
			}
			f.names, f.values = append(f.names, name), append(f.values, x)
		}
	}
	if len(f.values) == 0 || len(body) == 0 {
		return fmt.Errorf("there are no values: columns are %v", rows[0])
	}
	if f.train == 0 && label >= 0 { // the index does not tell
		for f.train < len(body) && body[f.train][label] == "-1" {
			f.train++
		}
	}
	if f.train < 0 || f.train > len(body) {
		return fmt.Errorf("train_rows is %d, the file has %d rows", f.train, len(body))
	}
	f.finishTimes()
	return nil
}

// finishTimes finds step and start where the index does not tell.
func (f *labelled) finishTimes() {
	if f.step == 0 && len(f.times) > 1 {
		gaps := make([]time.Duration, len(f.times)-1)
		for i := range gaps {
			gaps[i] = f.times[i+1].Sub(f.times[i])
		}
		slices.Sort(gaps)
		f.step = gaps[len(gaps)/2]
	}
	if f.start.IsZero() && len(f.times) > 0 {
		f.start = f.times[0]
	}
	if f.step <= 0 {
		f.step = time.Minute
	}
}

// borrow takes the step of the file that this one is a copy of: TSB-AD's copies name neither times nor a step. Where the source
// is absent it is that of most of its kind.
func (f *labelled) borrow(dir, source string) {
	set, rest, _ := strings.Cut(source, "/")
	if f.step = time.Minute; set == "nab" {
		f.step = 5 * time.Minute
		original := labelled{path: filepath.Join(dir, set, "data", filepath.FromSlash(rest)+".gz")}
		if err := original.read(); err == nil {
			f.step = original.step
		}
	}
}

func stamp(text string) (time.Time, error) {
	return time.Parse("2006-01-02 15:04:05", strings.TrimSuffix(strings.Replace(text, "T", " ", 1), "Z"))
}

// gridded is a column on the regular grid that a data source would deliver.
type gridded struct {
	values []float64
	rows   []int // index of each row
	from   int
}

// mostStretch is how much longer than the file a grid may get; with more holes than that rows are taken as they come.
const mostStretch = 4

func (f *labelled) gridded() gridded {
	x := f.values[0]
	g := gridded{rows: make([]int, len(x)), from: f.train}
	n := len(x)
	for i := range x {
		if g.rows[i] = i; f.times != nil {
			g.rows[i] = int(math.Round(float64(f.times[i].Sub(f.times[0])) / float64(f.step)))
		}
		if n = max(n, g.rows[i]+1); g.rows[i] < 0 || n > mostStretch*len(x) || i > 0 && g.rows[i] < g.rows[i-1] {
			for k := range g.rows {
				g.rows[k] = k
			}
			g.values = x
			return g
		}
	}
	g.values = slices.Repeat([]float64{math.NaN()}, g.rows[len(x)-1]+1)
	count := make([]float64, len(g.values))
	for i, at := range g.rows {
		if v := x[i]; !math.IsNaN(v) {
			count[at]++
			if count[at] == 1 {
				g.values[at] = v
			} else {
				g.values[at] += (v - g.values[at]) / count[at] // rows of one bucket: their mean
			}
		}
	}
	if f.train > 0 {
		g.from = g.rows[min(f.train, len(x)-1)]
	}
	return g
}

// pick gives each row its place of the grid.
func pick[T any](x []T, rows []int) []T {
	out := make([]T, len(rows))
	for i, at := range rows {
		out[i] = x[at]
	}
	return out
}
