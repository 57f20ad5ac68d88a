package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// forecastSet is one data set of the forecast benchmark.
type forecastSet struct {
	name string
	load func(dir string) ([]problem, error) // an error of os.IsNotExist means that it is absent
}

var forecastSets = []forecastSet{
	{"m4_hourly", seriesFile("m4/hourly_series.csv.gz", time.Hour)},
	{"m4_weekly", seriesFile("m4/weekly_series.csv.gz", 7*24*time.Hour)},
	{"bitbrains_h48", seriesFile("bitbrains/h48_series.csv.gz", time.Hour)},
	{"bitbrains_h168gaps", seriesFile("bitbrains/h168gaps_series.csv.gz", time.Hour)},
	{"planetlab", planetLab},
	{"ett", ett},
}

var errNoHeader = errors.New("has no header")

// table reads a CSV file, gzipped or not; the first row is the header, and there always is one.
func table(path string) ([][]string, error) {
	f, err := os.Open(path)
	if os.IsNotExist(err) && strings.HasSuffix(path, ".gz") {
		f, err = os.Open(strings.TrimSuffix(path, ".gz"))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var text io.Reader = f
	if strings.HasSuffix(f.Name(), ".gz") {
		if text, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	rows, err := csv.NewReader(bufio.NewReaderSize(text, 1<<20)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s %w", path, errNoHeader)
	}
	return rows, nil
}

// numbers reads values joined by semicolons; an empty one is missing.
func numbers(text string) ([]float64, error) {
	parts := strings.Split(text, ";")
	out := make([]float64, len(parts))
	for i, s := range parts {
		if s == "" {
			out[i] = math.NaN()
			continue
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, fmt.Errorf("value %d: %w", i, err)
		}
		out[i] = v
	}
	return out, nil
}

// seriesFile reads the columns series,category,m,h,train.
func seriesFile(name string, step time.Duration) func(string) ([]problem, error) {
	return func(dir string) ([]problem, error) {
		rows, err := table(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		var out []problem
		for _, row := range rows[1:] {
			if len(row) != 5 {
				return nil, fmt.Errorf("%s: a row has %d columns, 5 are needed: series,category,m,h,train", name, len(row))
			}
			p := problem{name: row[0], category: row[1], step: step}
			var errs [3]error
			p.period, errs[0] = strconv.Atoi(row[2])
			p.horizon, errs[1] = strconv.Atoi(row[3])
			p.train, errs[2] = numbers(row[4])
			for _, err := range errs {
				if err != nil {
					return nil, fmt.Errorf("%s: series %s: %w", name, p.name, err)
				}
			}
			if p.period < 1 || p.horizon < 1 {
				return nil, fmt.Errorf("%s: series %s: m is %d and h is %d, at least 1 is needed of each", name, p.name, p.period, p.horizon)
			}
			out = append(out, p)
		}
		return out, nil
	}
}

// earlier moves the end of series without a truth in their file back by so many horizons: what follows then is the truth. Series
// that would have fewer than five horizons left, or gaps in the truth, are left out.
func earlier(problems []problem, horizons int) []problem {
	if horizons == 0 {
		return problems
	}
	var out []problem
	for _, p := range problems {
		if p.truth == nil {
			end := len(p.train) - horizons*p.horizon
			if end < 5*p.horizon {
				continue
			}
			p.train, p.truth = p.train[:end], p.train[end:end+p.horizon]
			if slices.ContainsFunc(p.truth, math.IsNaN) {
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// folder lists the tables of a folder; an error of os.IsNotExist where there are none.
func folder(dir string) ([]string, error) {
	var out []string
	for _, pattern := range []string{"*.csv", "*.csv.gz"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		out = append(out, files...)
	}
	slices.Sort(out)
	if len(out) == 0 {
		return nil, &os.PathError{Op: "open", Path: filepath.Join(dir, "*.csv.gz"), Err: os.ErrNotExist}
	}
	return out, nil
}

// planetLab makes three problems of every VM's day.
func planetLab(dir string) (out []problem, err error) {
	const horizon = 48
	err = vmDays(dir, func(day, vm string, x []float64) {
		for _, at := range []int{144, 192, 240} {
			if at+horizon <= len(x) {
				out = append(out, problem{name: fmt.Sprintf("%s.%s.%d", day, vm, at), category: strconv.Itoa(at), period: 1,
					horizon: horizon, step: 5 * time.Minute, train: x[:at], truth: x[at : at+horizon]})
			}
		}
	})
	return out, err
}

// vmDays hands every VM's values of every day of PlanetLab to work.
func vmDays(dir string, work func(day, vm string, x []float64)) error {
	files, err := folder(filepath.Join(dir, "planetlab"))
	if err != nil {
		return err
	}
	for _, file := range files {
		rows, err := table(file)
		if err != nil {
			return err
		}
		day, _, _ := strings.Cut(filepath.Base(file), ".")
		for _, row := range rows[1:] {
			x, err := numbers(row[len(row)-1])
			if err != nil {
				return fmt.Errorf("%s: %s: %w", file, row[0], err)
			}
			work(day, row[0], x)
		}
	}
	return nil
}

// ett makes a problem of every 28th day of every column.
func ett(dir string) (out []problem, err error) {
	const horizon, history, stride = 48, 8 * 7 * 24, 28 * 24
	err = ettColumns(dir, func(file, column string, x []float64) {
		name, _, _ := strings.Cut(file, ".")
		for at := history; at+horizon <= len(x); at += stride {
			out = append(out, problem{name: fmt.Sprintf("%s.%s.%d", name, column, at), category: column, period: 24, horizon: horizon,
				step: time.Hour, train: x[at-history : at], truth: x[at : at+horizon]})
		}
	})
	return out, err
}

// ettColumns hands every column of every file of ETT to work, but the first, which has the times.
func ettColumns(dir string, work func(file, column string, x []float64)) error {
	files, err := folder(filepath.Join(dir, "ett"))
	if err != nil {
		return err
	}
	for _, file := range files {
		rows, err := table(file)
		if err != nil {
			return err
		}
		for c, column := range rows[0][1:] {
			x := make([]float64, len(rows)-1)
			for i, row := range rows[1:] {
				if x[i], err = strconv.ParseFloat(row[c+1], 64); err != nil {
					return fmt.Errorf("%s: %s: row %d: %w", file, column, i+1, err)
				}
			}
			work(filepath.Base(file), column, x)
		}
	}
	return nil
}
