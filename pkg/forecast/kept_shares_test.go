package forecast

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What the format's version 6 keeps that the ones before did not: each member's say at either end of the horizon, and how far a band
// reaches down and up at each level.

// handover is a combination of two that repeat 0 and 100: the first is right about the next step, the second from the fifth on.
func handover() *combinedModel {
	m := &combinedModel{q: 1, n: 1, detail: detail{q: 1}, tail: []float64{0}, ids: []string{"zero", "hundred"}, shares: shares{over: 5}}
	m.shares.add(1, 0)
	m.shares.add(0, 1)
	for _, v := range []float64{0, 100} {
		m.models = append(m.models, &naiveModel{period: 1, cycle: []float64{v}})
	}
	return m
}

func stateOf(m Model) *State {
	return &State{Algorithm: "combination", Step: time.Hour, Confidence: 0.9, Trained: 1, start: monday, model: m,
		bands: newBandTable(&Result{Mean: []float64{1, 1}, Sigma: []float64{1, 2}, Residuals: []float64{1}, reach: reach{-1e3, 1e3}})}
}

// The shares count from the newest point: whatever came since, the next step is told by who is right about next steps.
func TestTheSayOfMembersCountsFromTheNewestPoint(t *testing.T) {
	// A share of a quarter at the second step lies outside the middle third: 0 alone. At the third each has half of it.
	want := []float64{0, 0, 50, 100, 100, 100, 100}
	s := stateOf(handover())
	for name, kept := range map[string]*State{"as it is": s, "a clone": s.Clone(), "stored": stored(t, s), "stored twice": stored(t, stored(t, s))} {
		r, err := kept.Result(7, 0.9)
		require.NoError(t, err)
		require.InDeltaSlice(t, want, r.Mean, 1e-9, name)
		require.Equal(t, map[string]float64{"steps in a mean": 1, "weight of zero": 0.5, "weight of hundred": 0.5}, r.Explain, name)
		require.InDelta(t, 0, kept.Push(math.NaN()), 1e-9, "%s: the next step is the first one's", name)
		r, err = kept.Result(7, 0.9)
		require.NoError(t, err)
		require.InDelta(t, 0, r.Mean[0], 1e-9, "%s: and again it is", name)
		kept.Advance([]float64{7, 7})
		r, err = kept.Result(7, 0.9)
		require.NoError(t, err)
		require.InDeltaSlice(t, slices.Repeat([]float64{7}, 7), r.Mean, 1e-9, "%s: both have seen the same", name)
	}
	one := handover()
	one.shares.over = 1
	r, err := stored(t, stateOf(one)).Result(2, 0.9)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{100, 100}, r.Mean, 1e-9, "of a horizon of one step the far shares are all")
}

// What was written by the formats before this one is refused by its number, however well its checksum holds.
func TestEveryOtherVersionIsRefusedByItsNumber(t *testing.T) {
	good, err := Marshal(stateOf(handover()))
	require.NoError(t, err)
	for version := range byte(12) {
		b := slices.Clone(good[:len(good)-4])
		b[len(codecMagic)] = version
		b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
		_, err := Unmarshal(b)
		if version == codecVersion {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, ErrBadState)
		require.ErrorContains(t, err, fmt.Sprintf("it is of version %d, this program reads version 6", version))
	}
}

func TestSharesThatCannotBeAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		says   string
		change func(*combinedModel)
	}{
		"near above one":  {"1.5 is not between 0 and 1", func(m *combinedModel) { m.shares.near[0] = 1.5 }},
		"far below zero":  {"-0.5 is not between 0 and 1", func(m *combinedModel) { m.shares.far[1] = -0.5 }},
		"no number":       {"a number is NaN", func(m *combinedModel) { m.shares.near[1] = math.NaN() }},
		"nobody":          {"a combination is incomplete", func(m *combinedModel) { m.models = nil }},
		"no last value":   {"a combination is incomplete", func(m *combinedModel) { m.tail = nil }},
		"seen too little": {"a combination is incomplete", func(m *combinedModel) { m.n = 0 }},
		"a long horizon":  {"above", func(m *combinedModel) { m.shares.over = mostPeriod + 1 }},
	} {
		m := handover()
		c.change(m)
		b, err := Marshal(stateOf(m))
		require.NoError(t, err)
		_, err = Unmarshal(b)
		require.ErrorIs(t, err, ErrBadState, name)
		require.ErrorContains(t, err, c.says, name)
	}
}

// Both sides of every level come back to the bit, with the persistence and the reach; the spread and the curves nearly.
func TestABandTableComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := rapid.IntRange(1, 400).Draw(t, "steps")
		size := rapid.Float64Range(1e-6, 1e6).Draw(t, "size")
		r := &Result{Mean: make([]float64, h), Sigma: make([]float64, h), Errors: make([][]float64, rapid.IntRange(0, maxOrigins).Draw(t, "origins")),
			Residuals: []float64{size}, reach: reach{-size, math.Inf(1)}}
		for i := range r.Sigma {
			r.Sigma[i] = size * (1 + float64(i)/10)
		}
		for k := range r.Errors {
			r.Errors[k] = moved(noise(h, 0, 1, uint64(k)), 0, size)
		}
		r.shape = r.conform()
		table := newBandTable(r)
		w := &writer{}
		table.encode(w)
		in := &reader{b: w.b}
		got := decodeBands(in)
		require.NoError(t, in.err)
		require.Empty(t, in.b)
		require.Equal(t, []any{table.at, table.fine, table.below, table.above, table.reach, table.phi}, []any{got.at, got.fine, got.below, got.above, got.reach, got.phi})
		require.InDeltaSlice(t, table.spread, got.spread, 1e-3*slices.Max(table.spread))
		require.Len(t, got.curves, len(table.curves))
		for k, curve := range table.curves {
			require.InDeltaSlice(t, curve, got.curves[k], 5e-3*size, "curve %d", k)
		}
	})
}

// Two dozen members with long cycles of their own do not fit into a state's size: what they keep becomes coarser step by step, and the
// state can still be read and goes on.
func TestAStateThatIsTooLargeBecomesCoarser(t *testing.T) {
	m := &combinedModel{q: 1, n: 3000, detail: detail{q: 1}, tail: []float64{0}, shares: shares{over: 5}}
	for k := range 24 {
		c := make([]float64, 500+k)
		for i := range c {
			c[i] = float64(k) + math.Sin(2*math.Pi*float64(i)/float64(len(c)))
		}
		m.ids = append(m.ids, fmt.Sprint("cycle ", len(c)))
		m.shares.add(1./24, 1./24)
		m.models = append(m.models, &naiveModel{period: len(c), cycle: c})
	}
	s := stateOf(m)
	collect := &writer{collecting: true}
	s.encode(collect)
	whole := s.bytes(collect.lists, math.MaxInt, 0)
	b, err := Marshal(s)
	require.NoError(t, err)
	require.Greater(t, len(whole.b), 4*StateSize)
	require.Less(t, len(b), len(whole.b)/2)
	kept := stored(t, s)
	want, got := m.Forecast(100), kept.model.Forecast(100)
	require.InDeltaSlice(t, want, got, 0.1, "of a swing of 2")
	kept.Advance([]float64{5, math.NaN(), 6})
	require.True(t, finite(kept.model.Forecast(100)))
}
