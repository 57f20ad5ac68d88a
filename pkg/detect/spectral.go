package detect

import (
	"context"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"

	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	spectralSmooth = 3    // points of the spectrum's moving average
	spectralAhead  = 5    // points added behind the newest, which would otherwise stand at the edge
	spectralPast   = 21   // saliencies that the newest is compared with
	spectralSlack  = 0.25 // of the range of as many values, which a spike exceeds
)

// spectral is the spectral residual (Ren et al.: Time-series anomaly detection service at Microsoft, KDD 2019): what is left of
// a window's log spectrum after its moving average, transformed back, is how salient each point is. The newest point is
// compared with the mean saliency of those before; the score is (s - mean) / mean over the limit.
type spectral struct {
	window int
	limit  float64
}

func newSpectral(p param.Values) Detector {
	return spectral{p.Int("window"), pick(p, "limit", 3, 5, 8)}
}

func (d spectral) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	s := newSaliency(d.window)
	window, n := make([]float64, d.window-spectralAhead), 0
	for i, v := range in.Values {
		if i%1024 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		if math.IsNaN(v) {
			continue // the window holds known values
		}
		if n == len(window) {
			copy(window, window[1:])
			n--
		}
		window[n] = v
		if n++; n < len(window) || i < in.From {
			continue
		}
		out.Expected[i], out.Score[i] = mean(window[n-1-spectralAhead:n-1]), min(s.newest(window)/d.limit, scoreCap)
	}
	out.State = keeps(0, s, window)
	return out, nil
}

func mean(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// saliency holds the buffers of one window length.
type saliency struct {
	forward *fourier.FFT
	back    *fourier.CmplxFFT
	x       []float64
	half    []complex128
	full    []complex128
	logs    []float64
	salient []float64
}

func newSaliency(n int) *saliency {
	return &saliency{fourier.NewFFT(n), fourier.NewCmplxFFT(n), make([]float64, n), make([]complex128, n/2+1), make([]complex128, n), make([]float64, n), make([]float64, n)}
}

// newest is how far the saliency of the last of x exceeds the mean of those before, in units of that mean.
func (s *saliency) newest(x []float64) float64 {
	n := copy(s.x, x)
	// The point ahead is estimated from the mean slope of the last ones, as in the paper, and repeated; the newest, which is in
	// question, has no part in it.
	slope, last := 0.0, x[n-2]
	for k := 1; k <= spectralAhead; k++ {
		slope += (last - x[n-2-k]) / float64(k)
	}
	ahead := x[n-1-spectralAhead] + slope
	for i := n; i < len(s.x); i++ {
		s.x[i] = ahead
	}
	s.transform()
	from := max(n-1-spectralPast, 0)
	// What is no further out than the points before were among themselves is no spike, however clean their spectrum.
	lo, hi := slices.Min(x[from:n-1]), slices.Max(x[from:n-1])
	if slack := max(spectralSlack*(hi-lo), leastScale*math.Abs(x[n-2])); x[n-1] >= lo-slack && x[n-1] <= hi+slack {
		return 0
	}
	usual := mean(s.salient[from : n-1])
	if usual <= 0 {
		return 0
	}
	return max((s.salient[n-1]-usual)/usual, 0)
}

// transform fills salient with the saliency of x.
func (s *saliency) transform() {
	n := len(s.x)
	s.half = s.forward.Coefficients(s.half, s.x)
	for i := range s.full {
		if i < len(s.half) {
			s.full[i] = s.half[i]
		} else {
			s.full[i] = cmplx.Conj(s.half[n-i])
		}
		s.logs[i] = math.Log(max(cmplx.Abs(s.full[i]), 1e-8))
	}
	for i, c := range s.full {
		average := 0.0
		for k := range spectralSmooth {
			if j := i - k; j >= 0 {
				average += s.logs[j]
			}
		}
		average /= float64(min(i+1, spectralSmooth))
		size := max(cmplx.Abs(c), 1e-8)
		s.full[i] = c * complex(math.Exp(s.logs[i]-average)/size, 0)
	}
	s.full = s.back.Sequence(s.full, s.full)
	for i, c := range s.full {
		s.salient[i] = cmplx.Abs(c) / float64(n)
	}
}
