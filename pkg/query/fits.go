package query

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/forewarn/earlywarning/pkg/cache"
	"github.com/forewarn/earlywarning/pkg/forecast"
)

// fits keeps fitted forecasts, named by the content that they were fitted to: the same values give the same fit, so a held
// one is never out of date.
type fits struct {
	cache *cache.Cache[*forecast.Result]
}

func newFits(bytes int64) *fits { return &fits{cache: cache.New[*forecast.Result](bytes)} }

// run gives the forecast of a series and whether it was held already.
func (f *fits) run(ctx context.Context, in forecast.Input, opt forecast.Options) (*forecast.Result, bool, error) {
	key, err := fitKey(in, opt)
	if err != nil {
		return nil, false, err
	}
	if held, ok := f.cache.Get(key); ok {
		return held, true, nil
	}
	r, err := forecast.Run(ctx, in, opt)
	if err != nil {
		return nil, false, err
	}
	f.cache.Put(key, r, fitBytes(r))
	return r, false, nil
}

func fitKey(in forecast.Input, opt forecast.Options) (string, error) {
	options, err := json.Marshal(opt)
	if err != nil {
		return "", fmt.Errorf("%w: model.options: %w", ErrInvalid, err)
	}
	bounds, err := json.Marshal(in.Bounds)
	if err != nil {
		return "", fmt.Errorf("%w: bounds: %w", ErrInvalid, err)
	}
	key := fmt.Sprintf("%016x|%d|%d|%s|%s", digest(in.Values), len(in.Values), in.Step, bounds, options)
	if in.Zone != nil && in.Zone != time.UTC {
		key += fmt.Sprintf("|%s %d", in.Zone, in.Start.Unix())
	}
	for _, e := range in.Events {
		h := xxhash.New()
		for _, t := range e.Steps {
			_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(t)))
		}
		key += fmt.Sprintf("|%s %016x", e.Name, h.Sum64())
	}
	return key, nil
}

func digest(values []float64) uint64 {
	h := xxhash.New()
	var buf [4096]byte
	for len(values) > 0 {
		n := min(len(values), len(buf)/8)
		for i, v := range values[:n] {
			binary.LittleEndian.PutUint64(buf[8*i:], math.Float64bits(v))
		}
		_, _ = h.Write(buf[:8*n])
		values = values[n:]
	}
	return h.Sum64()
}

func fitBytes(r *forecast.Result) int64 {
	n := len(r.Fitted) + len(r.FittedLower) + len(r.FittedUpper) + len(r.Mean) + len(r.Lower) + len(r.Upper) + len(r.Sigma) + len(r.Residuals)
	for _, e := range r.Errors {
		n += len(e)
	}
	for _, c := range r.Components {
		n += len(c.Past) + len(c.Future)
	}
	return int64(8*n) + 1024
}
