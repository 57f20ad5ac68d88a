package prometheus

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// filling puts parts of an answer on the grid of a set, in whatever order they come.
type filling struct {
	limits source.Limits
	legend string

	mu      sync.Mutex
	set     *series.Set
	at      map[model.Fingerprint]int // place of a series in the set
	notices []series.Notice
}

func (f *filling) add(m model.Matrix, warnings v1.Warnings) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	grid := f.set.Grid
	first, step := grid.Start.UnixMilli(), grid.Step.Milliseconds()
	for _, stream := range m {
		i, err := f.place(stream.Metric)
		if err != nil {
			return err
		}
		values := f.set.Series[i].Values
		for _, s := range stream.Values {
			// A bucket's value is evaluated at its end.
			if k := int((int64(s.Timestamp)-first)/step) - 1; k >= 0 && k < len(values) {
				values[k] = float64(s.Value)
			}
		}
	}
	for _, w := range warnings {
		notice := series.Notice{Severity: series.Warning, Text: "Prometheus: " + w}
		if !slices.Contains(f.notices, notice) {
			f.notices = append(f.notices, notice)
		}
	}
	return nil
}

// place finds a series in the set, or makes it there.
func (f *filling) place(m model.Metric) (int, error) {
	id := m.Fingerprint()
	if i, ok := f.at[id]; ok {
		return i, nil
	}
	i, n := len(f.set.Series), f.set.Grid.Len
	if i >= f.limits.Series {
		return 0, fmt.Errorf("%w: more than %d series from prometheus: narrow the expression or aggregate", source.ErrTooLarge, f.limits.Series)
	}
	if (i+1)*n > f.limits.Points {
		return 0, fmt.Errorf("%w: more than %d values from prometheus: ask for fewer series or a coarser interval", source.ErrTooLarge, f.limits.Points)
	}
	f.at[id] = i
	f.set.Series = append(f.set.Series, series.Series{Name: name(m, f.legend), Labels: labelsOf(m), Values: series.Missing(n)})
	return i, nil
}

// finish orders the series by their labels and gives them names that tell them apart.
func (f *filling) finish() {
	slices.SortFunc(f.set.Series, func(a, b series.Series) int { return strings.Compare(a.Labels.String(), b.Labels.String()) })
	if automatic(f.legend) {
		series.Abbreviate(f.set.Series)
	}
	series.Distinguish(f.set.Series)
}
