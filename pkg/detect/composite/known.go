package composite

import (
	"slices"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/series"
)

func (in *Input) grid() series.Grid {
	return series.Grid{Start: in.Start, Step: in.Step, Len: len(in.Signals[0].Values)}
}

// learnt gives the values with those of the history missing that are not to be learnt from; what is scored stays.
func (in *Input) learnt(values []float64) []float64 {
	past := in.Calendar.Learn(in.grid(), values[:in.From])
	if in.From == 0 || &past[0] == &values[0] {
		return values
	}
	return slices.Concat(past, values[in.From:])
}

// silent names what keeps each point from being raised: maintenance, or a deployment; nil where nothing does.
func (in *Input) silent() (out []string) {
	g := in.grid()
	for _, m := range in.Calendar.Marks(g.Start, g.End()) {
		if m.Kind == calendar.Excluded {
			continue
		}
		if out == nil {
			out = make([]string, g.Len)
		}
		for i, end := m.Indices(g); i < end; i++ {
			if out[i] != string(calendar.Maintenance) {
				out[i] = string(m.Kind)
			}
		}
	}
	return out
}
