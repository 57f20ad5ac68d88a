package series

import "math"

// Join puts an older and a newer read of the same query on one grid of the same step. Where both have a value the newer
// one holds; a series that only one of them has is missing elsewhere. Notices and the executed query are the newer's.
func Join(older, newer *Set, grid Grid) *Set {
	out := &Set{Grid: grid, Notices: newer.Notices, Executed: newer.Executed}
	at := make(map[string]int, len(older.Series))
	for _, s := range older.Series {
		at[s.Labels.String()+s.Name] = len(out.Series)
		out.Series = append(out.Series, Series{Name: s.Name, Labels: s.Labels, Values: Missing(grid.Len)})
		place(out.Series[len(out.Series)-1].Values, s.Values, grid, older.Grid)
	}
	for _, s := range newer.Series {
		i, ok := at[s.Labels.String()+s.Name]
		if !ok {
			i = len(out.Series)
			out.Series = append(out.Series, Series{Name: s.Name, Labels: s.Labels, Values: Missing(grid.Len)})
		}
		place(out.Series[i].Values, s.Values, grid, newer.Grid)
	}
	return out
}

// place copies the known values of one grid to their places on another.
func place(to, values []float64, toGrid, fromGrid Grid) {
	shift := toGrid.Index(fromGrid.Start)
	for i, v := range values {
		if k := i + shift; k >= 0 && k < len(to) && !math.IsNaN(v) {
			to[k] = v
		}
	}
}
