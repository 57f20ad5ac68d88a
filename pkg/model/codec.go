package model

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// ErrBadStates is wrapped when bytes are not what EncodeStates wrote.
var ErrBadStates = errors.New("the stored states cannot be read")

const (
	statesMagic = "FWS1"
	mostStates  = 512 << 20 // bytes of states, uncompressed
)

// entry is the head of one series in the stored form; the forecaster's state and the past follow as bytes.
type entry struct {
	Name    string        `json:"n"`
	Labels  series.Labels `json:"l,omitempty"`
	Bytes   int           `json:"b,omitempty"` // of the state
	Test    *backtest     `json:"t,omitempty"`
	Periods []int         `json:"p,omitempty"`
	Points  int           `json:"k,omitempty"`
	End     int64         `json:"e,omitempty"` // of the past, Unix seconds
	Fit     int           `json:"f,omitempty"` // values of the past
	Lower   float64       `json:"d,omitempty"`
	Upper   float64       `json:"u,omitempty"`
}

// backtest has pointers because JSON has no NaN.
type backtest struct {
	Origins       int      `json:"o"`
	MAE           *float64 `json:"m"`
	SeasonalNaive *float64 `json:"s"`
	Coverage      *float64 `json:"c"`
}

// EncodeStates writes the series of a version compactly: a mark, then zstd of the length of the heads, the heads as JSON, and
// the bytes of all series.
func EncodeStates(all []Series) ([]byte, error) {
	heads := make([]entry, len(all))
	var body []byte
	for i, s := range all {
		h := entry{Name: s.Name, Labels: s.Labels, Periods: s.Periods, Points: s.Points}
		h.Test = &backtest{s.Backtest.Origins, Known(s.Backtest.MAE), Known(s.Backtest.SeasonalNaive), Known(s.Backtest.Coverage)}
		if s.State != nil {
			raw, err := forecast.Marshal(s.State)
			if err != nil {
				return nil, fmt.Errorf("series %s: %w", s.Name, err)
			}
			h.Bytes = len(raw)
			body = append(body, raw...)
		}
		if n := len(s.Past.Fit); n > 0 {
			h.End, h.Fit, h.Lower, h.Upper = s.Past.End.Unix(), n, finite(s.Past.Lower), finite(s.Past.Upper)
			body = appendPast(body, s.Past.Fit)
		}
		heads[i] = h
	}
	head, err := json.Marshal(heads)
	if err != nil {
		return nil, err
	}
	raw := binary.LittleEndian.AppendUint32(nil, uint32(len(head)))
	raw = append(append(raw, head...), body...)
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer func() { _ = enc.Close() }()
	return enc.EncodeAll(raw, []byte(statesMagic)), nil
}

func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// appendPast writes values in 65534 steps of their range; 65535 is a missing one.
func appendPast(b []byte, x []float64) []byte {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if lo > hi {
		lo, hi = 0, 0
	}
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(lo))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(hi))
	for _, v := range x {
		code := uint16(math.MaxUint16)
		switch {
		case math.IsNaN(v), math.IsInf(v, 0):
		case hi == lo:
			code = 0
		default:
			code = uint16(math.Round((v/2 - lo/2) / (hi/2 - lo/2) * (math.MaxUint16 - 1)))
		}
		b = binary.LittleEndian.AppendUint16(b, code)
	}
	return b
}

func readPast(b []byte, n int) (x []float64, rest []byte, err error) {
	if n > len(b)/2 || len(b) < 16+2*n {
		return nil, nil, fmt.Errorf("%w: they end too early", ErrBadStates)
	}
	lo, hi := math.Float64frombits(binary.LittleEndian.Uint64(b)), math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))
	if !(lo <= hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return nil, nil, fmt.Errorf("%w: a past lies between %v and %v", ErrBadStates, lo, hi)
	}
	x = make([]float64, n)
	for i := range x {
		code := binary.LittleEndian.Uint16(b[16+2*i:])
		if code == math.MaxUint16 {
			x[i] = math.NaN()
			continue
		}
		part := float64(code) / (math.MaxUint16 - 1)
		x[i] = lo*(1-part) + hi*part
	}
	return x, b[16+2*n:], nil
}

// DecodeStates reads what EncodeStates wrote; errors wrap ErrBadStates or forecast.ErrBadState.
func DecodeStates(b []byte) ([]Series, error) {
	if len(b) < len(statesMagic) || string(b[:len(statesMagic)]) != statesMagic {
		return nil, fmt.Errorf("%w: %d bytes without the mark %q", ErrBadStates, len(b), statesMagic)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostStates))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	raw, err := dec.DecodeAll(b[len(statesMagic):], nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadStates, err)
	}
	if len(raw) < 4 || int64(binary.LittleEndian.Uint32(raw)) > int64(len(raw)-4) {
		return nil, fmt.Errorf("%w: they end too early", ErrBadStates)
	}
	n := int(binary.LittleEndian.Uint32(raw))
	var heads []entry
	if err := json.Unmarshal(raw[4:4+n], &heads); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadStates, err)
	}
	body := raw[4+n:]
	out := make([]Series, len(heads))
	for i, h := range heads {
		if body, err = h.decode(&out[i], body); err != nil {
			return nil, fmt.Errorf("series %s: %w", h.Name, err)
		}
	}
	if len(body) > 0 {
		return nil, fmt.Errorf("%w: %d bytes follow the last series", ErrBadStates, len(body))
	}
	return out, nil
}

func (h entry) decode(s *Series, body []byte) (rest []byte, err error) {
	*s = Series{Name: h.Name, Labels: h.Labels, Periods: h.Periods, Points: h.Points}
	if h.Test != nil {
		s.Backtest = forecast.Backtest{Origins: h.Test.Origins, MAE: orNaN(h.Test.MAE), SeasonalNaive: orNaN(h.Test.SeasonalNaive), Coverage: orNaN(h.Test.Coverage)}
	}
	if h.Bytes < 0 || h.Fit < 0 || h.Bytes > len(body) {
		return nil, fmt.Errorf("%w: they end too early", ErrBadStates)
	}
	if h.Bytes > 0 {
		if s.State, err = forecast.Unmarshal(body[:h.Bytes]); err != nil {
			return nil, err
		}
		body = body[h.Bytes:]
	}
	if h.Fit > 0 {
		s.Past = query.Past{End: time.Unix(h.End, 0).UTC(), Lower: h.Lower, Upper: h.Upper}
		s.Past.Fit, body, err = readPast(body, h.Fit)
	}
	return body, err
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// EncodeResults writes what training found for people, compressed.
func EncodeResults(r []SeriesResult) ([]byte, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer func() { _ = enc.Close() }()
	return enc.EncodeAll(raw, nil), nil
}

// DecodeResults reads what EncodeResults wrote; errors wrap ErrBadStates.
func DecodeResults(b []byte) ([]SeriesResult, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostStates))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	raw, err := dec.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadStates, err)
	}
	var out []SeriesResult
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadStates, err)
	}
	return out, nil
}
