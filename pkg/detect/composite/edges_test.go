package composite

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
)

// sane checks what holds for every answer: scores are numbers of zero or more or missing, nothing is raised without one, and shares
// of the known signals add up to one.
func sane(t require.TestingT, out *Output, from int) {
	for i, s := range out.Score {
		require.False(t, math.IsInf(s, 0) || s < 0, "score %v at %d", s, i)
		if i < from {
			require.True(t, math.IsNaN(s) && !out.Anomalous[i])
			continue
		}
		require.False(t, out.Anomalous[i] && !(s >= recovered), "raised with %v at %d", s, i)
		sum, known := 0.0, 0
		for _, row := range out.Shares {
			if !math.IsNaN(row[i]) {
				require.True(t, row[i] >= 0 && row[i] <= 1+1e-9, "share %v at %d", row[i], i)
				sum += row[i]
				known++
			}
		}
		require.Equal(t, known == 0, math.IsNaN(s), "a score has its shares, at %d", i)
		if known > 0 {
			require.InDelta(t, 1, sum, 1e-6)
		}
	}
}

func missing(s Signal, from, to int) {
	for i := from; i < to; i++ {
		s.Values[i] = math.NaN()
	}
}

func TestASignalThatComesLate(t *testing.T) {
	for name, since := range map[string]int{"a week ago": 2016, "a day before what is shown": shown - 288, "in what is shown": shown + 100} {
		t.Run(name, func(t *testing.T) {
			s := signals(4, 11, 0)
			missing(s[2], 0, since)
			out := score(t, s)
			sane(t, out, shown)
			require.Zero(t, flags(out), "its coming is no alarm")
			raise(s[0], 20)
			out = score(t, s)
			sane(t, out, shown)
			require.True(t, out.Anomalous[4004], "the others are watched all the same")
		})
	}
}

func TestASignalThatDisappears(t *testing.T) {
	for _, from := range []int{0, 2000, shown, 3990, 4002} {
		s := signals(4, 12, 0)
		missing(s[1], from, fortnight)
		raise(s[0], 20)
		out := score(t, s)
		sane(t, out, shown)
		require.True(t, out.Anomalous[4004], "gone from %d on", from)
		require.True(t, math.IsNaN(out.Shares[1][4004]))
		require.NotContains(t, out.Anomalous[shown:3990], true, "its going is no alarm")
	}
}

func TestAnEntityThatIsGoneAltogether(t *testing.T) {
	s := signals(3, 13, 0)
	for k := range s {
		missing(s[k], 3600, 3900)
	}
	raise(s[0], 20)
	out := score(t, s)
	sane(t, out, shown)
	for i := 3600; i < 3900; i++ {
		require.True(t, math.IsNaN(out.Score[i]))
	}
	require.True(t, out.Anomalous[4004], "when it is back it is watched")
	require.NotContains(t, out.Anomalous[3600:3990], true)

	for k := range s {
		missing(s[k], 0, fortnight)
	}
	_, err := Run(context.Background(), Input{Signals: s, Step: fiveMinutes, From: shown})
	require.ErrorIs(t, err, detect.ErrTooShort)
}

func TestManySignals(t *testing.T) {
	s := signals(100, 14, 0.5)
	raise(s[42], 12)
	raise(s[77], 12)
	out := score(t, s)
	sane(t, out, shown)
	require.True(t, out.Anomalous[4004])
	for k := range s {
		if k != 42 && k != 77 {
			require.Less(t, out.Shares[k][4004], min(out.Shares[42][4004], out.Shares[77][4004]))
		}
	}
}

// A point that was missing when it was first asked for and came later is scored as if it had always been there.
func TestLatePointsAreScoredWhenTheyCome(t *testing.T) {
	s := signals(3, 15, 0)
	raise(s[1], 20)
	whole := score(t, s)
	late := make([]Signal, len(s))
	for k := range s {
		late[k] = Signal{s[k].Name, slices.Clone(s[k].Values[:4010])}
	}
	late[0].Values[4009] = math.NaN()
	sane(t, score(t, late), shown)
	late[0].Values[4009] = s[0].Values[4009]
	require.Equal(t, whole.Score[shown:4010], score(t, late).Score[shown:])
}

// An incident in the history does not make the next one usual.
func TestAnIncidentInTheHistoryDoesNotHideTheNext(t *testing.T) {
	s := signals(3, 16, 0)
	for k := range 2 {
		for i := 3000; i < 3036; i++ {
			s[k].Values[i] += 40
		}
		raise(s[k], 40)
	}
	out := score(t, s)
	require.True(t, out.Anomalous[4003])
}

// Whatever the values, an answer is sane.
func TestAnyValuesGiveASaneAnswer(t *testing.T) {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1e300, 1e300, 5e-324, 1e140, 7}
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(1, 4).Draw(t, "signals"), rapid.IntRange(2, 700).Draw(t, "n")
		s := signals(k, rapid.Uint64().Draw(t, "seed"), rapid.Float64Range(0, 3).Draw(t, "common"))
		for j := range s {
			s[j].Values = s[j].Values[:n]
		}
		for range rapid.IntRange(0, 8).Draw(t, "stretches") {
			row, from := s[rapid.IntRange(0, k-1).Draw(t, "row")].Values, rapid.IntRange(0, n-1).Draw(t, "from")
			v := rapid.SampledFrom(odd).Draw(t, "value")
			for i := from; i < min(from+rapid.IntRange(1, n).Draw(t, "length"), n); i++ {
				row[i] = v
			}
		}
		from := rapid.IntRange(0, n).Draw(t, "shown")
		out, err := Run(context.Background(), Input{Signals: s, Step: fiveMinutes, From: from, Method: rapid.SampledFrom(Methods()).Draw(t, "method")})
		if err != nil {
			require.True(t, errors.Is(err, detect.ErrTooShort), "%v", err)
			return
		}
		sane(t, out, from)
	})
}
