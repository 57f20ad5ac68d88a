package detect

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

// dynamic is the moving mean plus or minus k standard deviations of the window before each point.
type dynamic struct {
	window time.Duration
	k      float64
}

func newDynamic(p param.Values) Detector {
	k := map[string]float64{"high": 2, "medium": 3, "low": 4}[p.String("sensitivity")]
	return dynamic{window: p.Duration("window"), k: k}
}

func (d dynamic) Detect(_ context.Context, in Input) (Output, error) {
	n := len(in.Values)
	w := max(int(d.window/in.Step), 2)
	out := blank(n)
	// Prefix sums around the median of the data: a window costs two look-ups, and the shift keeps the squares small.
	shift := median(known(in.Values))
	sum, squares, count := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
	for i, v := range in.Values {
		sum[i+1], squares[i+1], count[i+1] = sum[i], squares[i], count[i]
		if !math.IsNaN(v) {
			sum[i+1] += v - shift
			squares[i+1] += (v - shift) * (v - shift)
			count[i+1]++
		}
	}
	for i := in.From; i < n; i++ {
		lo := max(i-w, 0)
		k := count[i] - count[lo]
		if k < 5 {
			continue
		}
		mean := (sum[i] - sum[lo]) / k
		variance := (squares[i] - squares[lo] - k*mean*mean) / (k - 1)
		out.band(i, in.Values[i], shift+mean, d.k*math.Sqrt(math.Max(variance, 0)))
	}
	return out, nil
}
