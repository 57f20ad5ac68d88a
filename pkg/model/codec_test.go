package model

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

func TestAVersionsSeriesForecastTheSameAfterTheyWereStored(t *testing.T) {
	var all []Series
	for i, name := range hosts(3) {
		all = append(all, learnt(t, name, 40+float64(i)))
	}
	raw, err := EncodeStates(all)
	require.NoError(t, err)
	back, err := DecodeStates(raw)
	require.NoError(t, err)
	require.Len(t, back, len(all))
	for i := range all {
		require.Equal(t, []any{all[i].Name, all[i].Labels, all[i].Points, all[i].Periods}, []any{back[i].Name, back[i].Labels, back[i].Points, back[i].Periods})
		require.Equal(t, all[i].Backtest, back[i].Backtest)
		require.Equal(t, all[i].State.End(), back[i].State.End())
		want, got := ahead(t, all[i].State), ahead(t, back[i].State)
		for h := range want {
			require.InDelta(t, want[h], got[h], 0.02, "step %d of %s: a thousandth of the season's height", h, all[i].Name)
		}
		require.True(t, all[i].Past.End.Equal(back[i].Past.End))
		require.Len(t, back[i].Past.Fit, len(all[i].Past.Fit))
	}
}

func TestTheSameVersionGivesTheSameBytes(t *testing.T) {
	all := []Series{learnt(t, "a", 50)}
	one, err := EncodeStates(all)
	require.NoError(t, err)
	two, err := EncodeStates(all)
	require.NoError(t, err)
	require.Equal(t, one, two)
}

func TestEverySeriesTakesAFewKilobytes(t *testing.T) {
	var all []Series
	for _, name := range hosts(10) {
		all = append(all, learnt(t, name, 50))
	}
	raw, err := EncodeStates(all)
	require.NoError(t, err)
	require.Less(t, len(raw)/len(all), 6<<10, "500 series are to be stored in under 3 MB")
}

// heads are series without states, which training keeps where there was too little.
func heads() *rapid.Generator[Series] {
	value := rapid.Float64Range(-1e9, 1e9)
	return rapid.Custom(func(t *rapid.T) Series {
		s := Series{Name: rapid.StringN(0, 20, -1).Draw(t, "name"), Labels: series.Labels(rapid.MapOfN(rapid.StringN(1, 5, -1), rapid.String(), 1, 3).Draw(t, "labels")),
			Periods: rapid.SliceOfN(rapid.IntRange(1, 2000), 1, 2).Draw(t, "periods"), Points: rapid.IntRange(0, 1e6).Draw(t, "points")}
		number := func(name string) float64 {
			if rapid.Bool().Draw(t, name+" is known") {
				return value.Draw(t, name)
			}
			return math.NaN()
		}
		s.Backtest = forecast.Backtest{Origins: rapid.IntRange(0, 9).Draw(t, "origins"), MAE: number("mae"), SeasonalNaive: number("naive"), Coverage: number("coverage")}
		if n := rapid.IntRange(0, 40).Draw(t, "past"); n > 0 {
			s.Past = query.Past{End: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "end"), 0).UTC(), Lower: math.Abs(value.Draw(t, "lower")), Upper: math.Abs(value.Draw(t, "upper"))}
			for range n {
				s.Past.Fit = append(s.Past.Fit, number("fit"))
			}
		}
		return s
	})
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func TestHeadsAndPastsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(heads(), 0, 5).Draw(t, "series")
		raw, err := EncodeStates(all)
		require.NoError(t, err)
		back, err := DecodeStates(raw)
		require.NoError(t, err)
		require.Len(t, back, len(all))
		for i, want := range all {
			got := back[i]
			require.Equal(t, want.Name, got.Name)
			require.Equal(t, want.Labels, got.Labels)
			require.Equal(t, want.Periods, got.Periods)
			require.Equal(t, want.Points, got.Points)
			require.Nil(t, got.State)
			require.True(t, same(want.Backtest.MAE, got.Backtest.MAE) && same(want.Backtest.SeasonalNaive, got.Backtest.SeasonalNaive) && same(want.Backtest.Coverage, got.Backtest.Coverage))
			require.True(t, want.Past.End.Equal(got.Past.End))
			require.Equal(t, want.Past.Lower, got.Past.Lower)
			require.Equal(t, want.Past.Upper, got.Past.Upper)
			close(t, want.Past.Fit, got.Past.Fit)
		}
	})
}

// close checks that values are within a 65534th of their range, and that gaps stay gaps.
func close(t require.TestingT, want, got []float64) {
	require.Len(t, got, len(want))
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range want {
		if !math.IsNaN(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	for i, v := range want {
		if math.IsNaN(v) {
			require.True(t, math.IsNaN(got[i]), "a gap is a gap")
			continue
		}
		require.InDelta(t, v, got[i], (hi-lo)/60_000)
		require.GreaterOrEqual(t, got[i], lo-(hi-lo)*1e-12)
		require.LessOrEqual(t, got[i], hi+(hi-lo)*1e-12)
	}
}

func TestPastsAtTheEdges(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct{ in, want []float64 }{
		"constant":            {[]float64{7, 7, 7}, []float64{7, 7, 7}},
		"one point":           {[]float64{-3.5}, []float64{-3.5}},
		"all missing":         {[]float64{nan, nan}, []float64{nan, nan}},
		"infinity is missing": {[]float64{1, inf, -inf, 2}, []float64{1, nan, nan, 2}},
		"the widest range":    {[]float64{-math.MaxFloat64, math.MaxFloat64}, []float64{-math.MaxFloat64, math.MaxFloat64}},
		"a gap at each end":   {[]float64{nan, 5, nan}, []float64{nan, 5, nan}},
	} {
		t.Run(name, func(t *testing.T) {
			got, rest, err := readPast(append(appendPast(nil, c.in), 'x'), len(c.in))
			require.NoError(t, err)
			require.Equal(t, []byte{'x'}, rest, "what follows is left alone")
			for i := range c.want {
				require.True(t, same(c.want[i], got[i]), "%v, not %v", got, c.want)
			}
		})
	}
}

func TestBandsThatAreNotNumbersAreStoredAsNone(t *testing.T) {
	raw, err := EncodeStates([]Series{{Name: "a", Past: query.Past{End: noon, Fit: []float64{1}, Lower: math.NaN(), Upper: math.Inf(1)}}})
	require.NoError(t, err)
	back, err := DecodeStates(raw)
	require.NoError(t, err)
	require.Zero(t, back[0].Past.Lower)
	require.Zero(t, back[0].Past.Upper)
}

// squeezed gives bytes as EncodeStates would have written them with this content.
func squeezed(t testing.TB, content []byte) []byte {
	enc, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return enc.EncodeAll(content, []byte(statesMagic))
}

// content is heads and what follows them.
func content(head string, body ...byte) []byte {
	return append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(head))), head...), body...)
}

func TestDamagedBytesAreRefused(t *testing.T) {
	good, err := EncodeStates([]Series{learnt(t, "a", 50)})
	require.NoError(t, err)
	for name, b := range map[string][]byte{
		"nothing":                    nil,
		"too short for the mark":     []byte("FW"),
		"another mark":               append([]byte("FWS9"), good[4:]...),
		"only the mark":              []byte(statesMagic),
		"not compressed":             []byte(statesMagic + "plain text"),
		"no length":                  squeezed(t, []byte{1, 2}),
		"a length beyond the end":    squeezed(t, binary.LittleEndian.AppendUint32(nil, math.MaxUint32)),
		"heads that are no JSON":     squeezed(t, content(`{]`)),
		"heads of another kind":      squeezed(t, content(`{"n":"a"}`)),
		"a state beyond the end":     squeezed(t, content(`[{"n":"a","b":9}]`, 1, 2)),
		"a state of negative length": squeezed(t, content(`[{"n":"a","b":-1}]`)),
		"a past beyond the end":      squeezed(t, content(`[{"n":"a","f":3}]`, make([]byte, 20)...)),
		"a past of negative length":  squeezed(t, content(`[{"n":"a","f":-3}]`)),
		"a past that is absurd":      squeezed(t, content(`[{"n":"a","f":4611686018427387904}]`)),
		"an unreadable state":        squeezed(t, content(`[{"n":"a","b":3}]`, 1, 2, 3)),
		"more than the heads tell":   squeezed(t, content(`[]`, 1)),
		"a range that is no number":  squeezed(t, content(`[{"n":"a","f":1}]`, append(bytes.Repeat([]byte{0xff}, 16), 0, 0)...)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := DecodeStates(b)
			require.Error(t, err)
			if name != "an unreadable state" {
				require.ErrorIs(t, err, ErrBadStates)
			} else {
				require.ErrorIs(t, err, forecast.ErrBadState)
			}
		})
	}
	for n := range len(good) {
		if n%97 == 0 || n > len(good)-5 {
			_, err := DecodeStates(good[:n])
			require.Error(t, err, "cut to %d of %d bytes", n, len(good))
		}
	}
}

func TestAFlippedBitIsNoticed(t *testing.T) {
	good, err := EncodeStates([]Series{learnt(t, "a", 50)})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		bad := bytes.Clone(good)
		at := rapid.IntRange(0, len(bad)-1).Draw(t, "byte")
		bad[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		back, err := DecodeStates(bad)
		if err == nil { // a bit of the frame that carries nothing
			again, err := EncodeStates(back)
			require.NoError(t, err)
			require.Equal(t, good, again, "bit of byte %d", at)
		}
	})
}

// The checksum of the compression hides what lies behind it from a fuzzer: the content is fuzzed, and then the whole.
func FuzzDecodeStates(f *testing.F) {
	good, err := EncodeStates([]Series{{Name: "a", Labels: series.Labels{"h": "1"}, Past: query.Past{End: noon, Fit: []float64{1, 2}}}})
	require.NoError(f, err)
	f.Add(good)
	f.Add(content(`[{"n":"a","b":2,"f":1}]`, make([]byte, 20)...))
	f.Add(content(`[null,{"n":"b","t":{"o":1}}]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = DecodeStates(b)
		back, err := DecodeStates(squeezed(t, b))
		if err != nil {
			require.True(t, errors.Is(err, ErrBadStates) || errors.Is(err, forecast.ErrBadState), "%v", err)
			return
		}
		_, err = EncodeStates(back)
		require.NoError(t, err, "what was read can be written")
	})
}

func FuzzDecodeResults(f *testing.F) {
	good, err := EncodeResults([]SeriesResult{{Name: "a", Seasons: []string{"24h"}}})
	require.NoError(f, err)
	f.Add(good)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := DecodeResults(b); err != nil {
			require.ErrorIs(t, err, ErrBadStates)
		}
	})
}

func TestResultsComeBackAndDamagedOnesAreRefused(t *testing.T) {
	want := []SeriesResult{{Name: "磁盘", Labels: map[string]string{"host": "a"}, Algorithm: "ets", Reason: "why", MASE: known(0.7), Coverage: known(0.95), Seasons: []string{"24h"}, Points: 9, Gaps: 1, Notices: []string{"n"}}}
	raw, err := EncodeResults(want)
	require.NoError(t, err)
	got, err := DecodeResults(raw)
	require.NoError(t, err)
	require.Equal(t, want, got)
	for _, bad := range [][]byte{{1}, raw[:len(raw)-1]} {
		_, err = DecodeResults(bad)
		require.ErrorIs(t, err, ErrBadStates)
	}
	other, err := json.Marshal("text")
	require.NoError(t, err)
	_, err = DecodeResults(squeezed(t, other)[len(statesMagic):])
	require.ErrorIs(t, err, ErrBadStates)
}

// A model of 500 series is to be loaded in under 50 ms.
func BenchmarkDecodeStates(b *testing.B) {
	c, err := Compile(Definition{Name: "m", Query: json.RawMessage(`{"source":{"kind":"prometheus","expr":"x"},"interval":"5m","trainingWindow":"28d"}`)}, query.Defaults{})
	require.NoError(b, err)
	g := series.Grid{Start: noon.Add(-28 * 24 * time.Hour), Step: 5 * time.Minute, Len: 28 * 288}
	var all []Series
	for k := range 10 {
		values := make([]float64, g.Len)
		for i := range values {
			values[i] = 50 + 20*math.Sin(2*math.Pi*float64(i)/288) + 5*math.Sin(2*math.Pi*float64(i)/2016) + float64((i*7919+k*104729)%1000)/200
		}
		s, _, err := query.Learn(b.Context(), c.Query, g, series.Series{Name: "s", Values: values})
		require.NoError(b, err)
		all = append(all, *s)
	}
	for len(all) < 500 {
		all = append(all, all[len(all)%10])
	}
	raw, err := EncodeStates(all)
	require.NoError(b, err)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		_, err := DecodeStates(raw)
		require.NoError(b, err)
	}
}
