package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// warnCases reads the columns series,kind,step_s,threshold,floor,ceiling,first_eval,every,values.
func warnCases(path string) ([]warnCase, error) {
	rows, err := table(path)
	if err != nil {
		return nil, err
	}
	want := []string{"series", "kind", "step_s", "threshold", "floor", "ceiling", "first_eval", "every", "values"}
	if !slices.Equal(rows[0], want) {
		return nil, fmt.Errorf("%s has the columns %s, %s are needed", path, strings.Join(rows[0], ","), strings.Join(want, ","))
	}
	out := make([]warnCase, 0, len(rows)-1)
	for _, row := range rows[1:] {
		var n [6]float64
		for k, text := range row[2:8] {
			if n[k], err = strconv.ParseFloat(text, 64); err != nil {
				return nil, fmt.Errorf("%s: series %s: %s: %w", path, row[0], want[k+2], err)
			}
		}
		c := warnCase{name: row[0], kind: row[1], step: time.Duration(n[0] * float64(time.Second)), threshold: n[1], above: true,
			low: &n[2], high: &n[3], first: int(n[4]), each: int(n[5])}
		if c.step <= 0 || c.first < 0 || c.each < 1 {
			return nil, fmt.Errorf("%s: series %s: step_s, first_eval and every must be positive", path, c.name)
		}
		if c.values, err = numbers(row[8]); err != nil {
			return nil, fmt.Errorf("%s: series %s: %w", path, c.name, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// quietStep is the least step at which real series are watched: rules seldom ask more often.
const quietStep = 10 * time.Minute

// quietSet is a set of real series.
type quietSet struct {
	name string
	load func(dir string) ([]warnCase, error) // an error of os.IsNotExist means that it is absent
}

var quietSets = []quietSet{
	{"m4_hourly", quietProblems("m4/hourly_series.csv.gz", time.Hour)},
	{"m4_weekly", quietProblems("m4/weekly_series.csv.gz", 7*24*time.Hour)},
	{"bitbrains_h48", quietProblems("bitbrains/h48_series.csv.gz", time.Hour)},
	{"bitbrains_h168gaps", quietProblems("bitbrains/h168gaps_series.csv.gz", time.Hour)},
	{"kpi", quietFiles("kpi")},
	{"wsd", quietFiles("wsd")},
	{"nab", quietFiles("nab")},
	{"mscloud", quietFiles("mscloud")},
	{"tsbu", quietFiles("tsbu")},
	{"smd", quietFiles("smd")},
	{"asd", quietFiles("asd")},
	{"jumpstarter", quietFiles("jumpstarter")},
	{"planetlab", quietDays},
	{"ett", quietETT},
}

// quietProblems reads a file of the forecast benchmark.
func quietProblems(name string, step time.Duration) func(string) ([]warnCase, error) {
	return func(dir string) ([]warnCase, error) {
		problems, err := seriesFile(name, step)(dir)
		if err != nil {
			return nil, err
		}
		var out []warnCase
		for _, p := range problems {
			out = append(out, warnCase{name: p.name, step: step, values: p.train})
		}
		return out, nil
	}
}

// quietFiles reads a set of the detection benchmark, a case of each column.
func quietFiles(set string) func(string) ([]warnCase, error) {
	return func(dir string) ([]warnCase, error) {
		files, err := detectSet{name: set}.list(dir)
		if err != nil {
			return nil, err
		}
		var out []warnCase
		for _, f := range files {
			if err := f.read(); err != nil {
				return nil, fmt.Errorf("%s: %w", f.path, err)
			}
			for c, name := range f.names {
				out = append(out, f.quiet(c, f.rel+" "+name))
			}
		}
		return out, nil
	}
}

// quiet lays a column on a grid of its step, or of quietStep where that is longer: what falls into one bucket as its mean, a bucket of
// nothing as a gap.
func (f *labelled) quiet(column int, name string) warnCase {
	c := warnCase{name: name, step: max(quietStep, f.step)}
	var count []float64
	for i, v := range f.values[column] {
		after := time.Duration(i) * f.step
		if f.times != nil {
			after = f.times[i].Sub(f.times[0])
		}
		slot := int(after / c.step)
		if slot < 0 || math.IsNaN(v) {
			continue
		}
		for len(c.values) <= slot {
			c.values, count = append(c.values, 0), append(count, 0)
		}
		c.values[slot] += v
		count[slot]++
	}
	for i, n := range count {
		c.values[i] /= n // of none: missing
	}
	return c
}

// quietDays reads PlanetLab's days, a case of each machine.
func quietDays(dir string) (out []warnCase, err error) {
	err = vmDays(dir, func(_, vm string, x []float64) {
		f := labelled{step: 5 * time.Minute, values: [][]float64{x}}
		out = append(out, f.quiet(0, vm))
	})
	return out, err
}

// quietETT reads the hourly columns of ETT, each whole.
func quietETT(dir string) (out []warnCase, err error) {
	err = ettColumns(dir, func(file, column string, x []float64) {
		out = append(out, warnCase{name: file + " " + column, step: time.Hour, values: x})
	})
	return out, err
}
