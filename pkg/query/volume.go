package query

import (
	"context"
	"fmt"
	"maps"

	"github.com/forewarn/earlywarning/pkg/series"
)

// volume reads what ratios rest on, and gives it for a series: that with the same labels, or the only one there is. A series
// without a volume gets nil.
func (e *Engine) volume(ctx context.Context, q *Query, w *window, a *Answer) (func(series.Labels) []float64, error) {
	none := func(series.Labels) []float64 { return nil }
	if q.Volume == nil {
		return none, nil
	}
	set, err := e.read(ctx, q, w, *q.Volume, a)
	if err != nil {
		return nil, fmt.Errorf("volume: %w", err)
	}
	if len(set.Series) == 0 {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: "volume: the source gives no series, so guards.minVolume holds nothing back"})
		return none, nil
	}
	return func(labels series.Labels) []float64 {
		for _, s := range set.Series {
			if len(set.Series) == 1 || maps.Equal(s.Labels, labels) {
				return aligned(s.Values, w.grid.Len)
			}
		}
		return nil
	}, nil
}

// aligned cuts or fills values to n: a source may give a shorter grid.
func aligned(values []float64, n int) []float64 {
	if len(values) >= n {
		return values[len(values)-n:]
	}
	return append(series.Missing(n-len(values)), values...)
}
