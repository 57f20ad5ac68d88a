package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
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

// quietSets are real series, each of one set.
var quietSets = []struct {
	name string
	load func(dir string) ([]warnCase, error) // an error of os.IsNotExist means that it is absent
}{
	{"m4_hourly", quietProblems("m4/hourly_series.csv.gz", time.Hour)},
	{"m4_weekly", quietProblems("m4/weekly_series.csv.gz", 7*24*time.Hour)},
	{"bitbrains_h48", quietProblems("bitbrains/h48_series.csv.gz", time.Hour)},
	{"bitbrains_h168gaps", quietProblems("bitbrains/h168gaps_series.csv.gz", time.Hour)},
	{"kpi", quietFiles("kpi/data/*.csv.gz")},
	{"wsd", quietFiles("wsd/data/*.csv.gz")},
	{"nab", quietFiles("nab/data/*/*.csv.gz")},
	{"mscloud", quietFiles("mscloud/data/*/*.csv.gz")},
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

// quietFiles reads files with the columns timestamp,value,label, or value,label at steps of a minute.
func quietFiles(pattern string) func(string) ([]warnCase, error) {
	return func(dir string) ([]warnCase, error) {
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, &os.PathError{Op: "open", Path: filepath.Join(dir, pattern), Err: os.ErrNotExist}
		}
		var out []warnCase
		for _, file := range files {
			c, err := quietFile(file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			out = append(out, c)
		}
		return out, nil
	}
}

// isoBlank turns 2018-03-15T00:00:00Z into 2018-03-15 00:00:00.
var isoBlank = strings.NewReplacer("T", " ", "Z", "")

func quietFile(path string) (warnCase, error) {
	rows, err := table(path)
	if err != nil {
		return warnCase{}, err
	}
	c := warnCase{name: strings.TrimSuffix(filepath.Base(path), ".csv.gz"), step: quietStep}
	var start time.Time
	at, count := slices.Index(rows[0], "value"), []float64{}
	stamped := rows[0][0] == "timestamp"
	for i, row := range rows[1:] {
		t := time.Unix(int64(i)*60, 0)
		if stamped {
			if t, err = time.Parse(time.DateTime, isoBlank.Replace(row[0])); err != nil {
				return c, err
			}
		}
		if i == 0 {
			start = t
		}
		v, err := strconv.ParseFloat(row[at], 64)
		if err != nil {
			v = math.NaN()
		}
		slot := int(t.Sub(start) / c.step)
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
	return c, nil
}
