package forecast

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"time"
)

// ErrBadState is wrapped when bytes are not a stored forecaster that this version can read.
var ErrBadState = errors.New("not a readable stored forecaster")

const (
	codecMagic   = "FW"
	codecVersion = 6
	// StateSize is what Marshal keeps to for models of up to two seasons, in bytes: where more would be needed, long seasons
	// and pasts are kept more coarsely. A model with more long seasons may exceed it.
	StateSize = 4096

	coarsest = listSingle // values that the longest season keeps at least
)

// Marshal writes a state to bytes, to be read by Unmarshal. The format, version 6, all numbers little-endian:
//
//	"FW", version (1 byte), table of value lists, header, bands, watch, model, CRC-32 (IEEE) of all before (4 bytes)
//
// Counts are unsigned varints, single numbers are float64. Lists (seasons, newest values) stand once in the table, however many
// models share them: up to 256 values as float32 differences from the first, longer ones in steps of 1/4094 of their range (12
// bits), and, where the whole would exceed StateSize, as means of neighbours with straight lines between, and all of
// them in 24 or at last 12 bits. So a stored forecast
// differs from the one before by less than the thousandth part of the series' range, and far less up to 256 values.
func Marshal(s *State) ([]byte, error) {
	collect := &writer{collecting: true}
	s.encode(collect)
	w := s.bytes(collect.lists, math.MaxInt, 0)
	for limit := math.MaxInt; len(w.b) > StateSize; limit = min(limit, longest(collect.lists)) * 7 / 8 {
		w = s.bytes(collect.lists, limit, 1)
		if least := limit <= coarsest || longest(collect.lists) <= coarsest; least && len(w.b) > StateSize {
			w = s.bytes(collect.lists, limit, 2)
			break
		}
	}
	return w.b, nil
}

// bytes writes the state with lists of at most limit values, packed more or less tightly.
func (s *State) bytes(lists [][]float64, limit, tight int) *writer {
	w := &writer{tight: tight}
	w.b = append(w.b, codecMagic...)
	w.b = append(w.b, codecVersion)
	w.table(lists, limit)
	s.encode(w)
	w.b = binary.LittleEndian.AppendUint32(w.b, crc32.ChecksumIEEE(w.b))
	return w
}

// Unmarshal reads what Marshal wrote; errors wrap ErrBadState. Whatever the bytes, it does not fail otherwise.
func Unmarshal(b []byte) (*State, error) {
	const around = len(codecMagic) + 1 + 4
	if len(b) < around || string(b[:len(codecMagic)]) != codecMagic {
		return nil, fmt.Errorf("%w: %d bytes without the mark %q", ErrBadState, len(b), codecMagic)
	}
	if v := b[len(codecMagic)]; v != codecVersion {
		return nil, fmt.Errorf("%w: it is of version %d, this program reads version %d", ErrBadState, v, codecVersion)
	}
	body, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return nil, fmt.Errorf("%w: its checksum does not hold", ErrBadState)
	}
	r := &reader{b: body[len(codecMagic)+1:]}
	r.table()
	s := decodeState(r)
	if r.err == nil && len(r.b) > 0 {
		r.fail("%d bytes are left over", len(r.b))
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadState, r.err)
	}
	return s, nil
}

func (s *State) encode(w *writer) {
	w.text(s.Algorithm)
	w.uint(int(s.Step))
	w.int64(s.start.Unix())
	w.uint(s.start.Nanosecond())
	w.uint(s.Trained)
	w.uint(s.Seen)
	w.float(s.Confidence)
	w.ints(s.Periods)
	w.limit(s.Bounds.Min)
	w.limit(s.Bounds.Max)
	w.text(s.clock.name())
	w.uint(s.clock.behind)
	s.bands.encode(w)
	w.float(s.watch.usual)
	w.float(s.watch.sum)
	w.float(s.watch.recent)
	s.model.encode(w)
}

func decodeState(r *reader) *State {
	s := &State{Algorithm: r.text(), Step: time.Duration(r.uint(math.MaxInt64))}
	seconds := r.int64()
	s.start = time.Unix(seconds, int64(r.uint(1e9-1))).UTC()
	s.Trained, s.Seen = r.uint(1<<40), r.uint(1<<40)
	s.Confidence = r.finite()
	s.Periods = r.ints(1<<20, 64)
	s.Bounds = Bounds{Min: r.limit(), Max: r.limit()}
	s.clock = decodeClock(r, s)
	s.bands = decodeBands(r)
	s.watch = watch{usual: r.finite(), sum: r.finite(), recent: r.finite()}
	if s.model = r.model(0); s.Step <= 0 {
		r.fail("its step is %s", s.Step)
	}
	return s
}

func (t *bandTable) encode(w *writer) {
	w.uint(t.at[len(t.at)-1])
	w.rough(t.spread)
	for _, v := range []float64{t.reach.lo, t.reach.hi, t.phi} {
		w.float(v)
	}
	for i, v := range t.below {
		w.float(v)
		w.float(t.above[i])
	}
	w.rough(slices.Concat(t.curves...))
}

func decodeBands(r *reader) bandTable {
	h := max(r.uint(1e6), 1)
	t := bandTable{at: knotSteps(h, curveKnots), fine: knotSteps(h, spreadKnots), spread: r.rough(1 << 10)}
	t.reach = reach{r.float(), r.float()}
	t.phi = r.within(0, 0.999)
	for range bandLevels {
		t.below, t.above = append(t.below, r.within(0, math.MaxFloat64)), append(t.above, r.within(0, math.MaxFloat64))
	}
	curves := r.rough(1 << 13)
	if len(t.spread) != len(t.fine) || len(curves)%len(t.at) != 0 {
		r.fail("its bands are incomplete")
		return t
	}
	if !finite(t.spread) || !(t.reach.lo <= t.reach.hi) {
		r.fail("its bands have gaps")
		return t
	}
	t.curves = slices.Collect(slices.Chunk(curves, len(t.at)))
	for _, v := range t.spread {
		if v < 0 {
			r.fail("a spread is %v", v)
		}
	}
	return t
}
