package query

import (
	"context"
	"fmt"
	"maps"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

const noVolume = "volume: the source gives no series, so guards.minVolume holds nothing back"

// volume reads what ratios rest on, and gives it for a series; nil for one without a volume.
func (e *Engine) volume(ctx context.Context, q *Query, w *window, a *Answer) (func(series.Labels) []float64, error) {
	if q.Volume == nil {
		return volumes(nil, 0), nil
	}
	set, err := e.read(ctx, q, w, *q.Volume, a)
	if err != nil {
		return nil, fmt.Errorf("volume: %w", err)
	}
	if len(set.Series) == 0 {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: noVolume})
	}
	return volumes(set.Series, w.grid.Len), nil
}

// VolumeFor reads what ratios rest on for a training that ReadFor has read the series of, and gives it for a series on their grid; nil
// for one without a volume. Where the source gives nothing at all, notice says so.
func (e *Engine) VolumeFor(ctx context.Context, q *Query, g series.Grid) (of func(series.Labels) []float64, notice string, err error) {
	if q.Volume == nil {
		return volumes(nil, 0), "", nil
	}
	set, err := e.reader.pieces(ctx, source.Request{Spec: *q.Volume, From: g.Start, To: g.End(), Step: g.Step})
	if err != nil {
		return nil, "", fmt.Errorf("volume: %w", err)
	}
	if len(set.Series) == 0 {
		notice = noVolume
	}
	return volumes(set.Series, g.Len), notice, nil
}

// volumes gives the volume of a series with n values: that with the same labels, or the only one there is.
func volumes(all []series.Series, n int) func(series.Labels) []float64 {
	return func(labels series.Labels) []float64 {
		for _, s := range all {
			if len(all) == 1 || maps.Equal(s.Labels, labels) {
				return aligned(s.Values, n)
			}
		}
		return nil
	}
}

// aligned cuts or fills values to n: a source may give a shorter grid.
func aligned(values []float64, n int) []float64 {
	if len(values) >= n {
		return values[len(values)-n:]
	}
	return append(series.Missing(n-len(values)), values...)
}
