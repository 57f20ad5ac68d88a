package prom

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
)

var quiet = slog.New(slog.DiscardHandler)

// stored reads every series of a database, by its labels.
func stored(t *testing.T, db *tsdb.DB) (times map[string][]int64, values map[string][]float64) {
	t.Helper()
	q, err := db.Querier(0, math.MaxInt64)
	require.NoError(t, err)
	defer func() { require.NoError(t, q.Close()) }()
	times, values = map[string][]int64{}, map[string][]float64{}
	set := q.Select(t.Context(), true, nil, labels.MustNewMatcher(labels.MatchRegexp, "job", ".+"))
	for set.Next() {
		name := set.At().Labels().String()
		it := set.At().Iterator(nil)
		for it.Next() == chunkenc.ValFloat {
			at, v := it.At()
			times[name], values[name] = append(times[name], at), append(values[name], v)
		}
		require.NoError(t, it.Err())
	}
	require.NoError(t, set.Err())
	return times, values
}

// A history of three days is written in blocks, the world goes on live at four samples a minute: each series is one piece, without a gap, a
// repetition or a leap where they meet, and has the world's own values on all whole minutes.
func TestHistoryAndLiveAreOnePiece(t *testing.T) {
	w, dir := world.New(begin, 1), t.TempDir()
	meet, first := begin.Truncate(2*time.Hour), begin.Truncate(2*time.Hour).Add(-72*time.Hour)
	k := w.Walk()
	k.To(first)
	var done []float64
	require.NoError(t, backfill(t.Context(), quiet, dir, k, meet, func(d float64) { done = append(done, d) }))
	require.IsNonDecreasing(t, done)
	require.InDelta(t, 1, done[len(done)-1], 0)
	require.Equal(t, meet, k.Time(), "the walker stands where the blocks end")

	db, err := tsdb.Open(dir, quiet, nil, tsdb.DefaultOptions(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	blocks := db.Blocks()
	require.GreaterOrEqual(t, len(blocks), 2)
	for i, b := range blocks {
		require.LessOrEqual(t, b.MaxTime()-b.MinTime(), blockSpan.Milliseconds())
		if i > 0 {
			require.GreaterOrEqual(t, b.MinTime(), blocks[i-1].MaxTime()-1, "blocks do not overlap")
		}
	}
	l := newLive(db, w, 15*time.Second)
	last := meet.Add(-time.Minute)
	require.Equal(t, last.Add(15*time.Second), l.next, "right after the newest sample of the blocks")
	require.NoError(t, l.until(t.Context(), begin))

	times, values := stored(t, db)
	require.Len(t, times, len(k.Series()))
	check := w.Walk()
	check.To(first)
	want, sets := map[string][]float64{}, labelSets(check.Series())
	for ; !check.Time().After(begin); check.Next() {
		for i, v := range check.Values() {
			if name := sets[i].String(); !math.IsNaN(v) {
				want[name] = append(want[name], v)
			}
		}
	}
	for name, at := range times {
		require.Equal(t, first.UnixMilli(), at[0], name)
		var minutes []float64
		for i, ms := range at {
			if i > 0 && !strings.Contains(name, `container="ingest"`) { // that one was killed and started anew
				step := time.Minute
				if ms > last.UnixMilli() {
					step = 15 * time.Second
				}
				require.Equal(t, step.Milliseconds(), ms-at[i-1], "%s at %s", name, time.UnixMilli(ms).UTC())
			}
			if ms%60_000 == 0 {
				minutes = append(minutes, values[name][i])
			}
		}
		require.Equal(t, begin.UnixMilli(), at[len(at)-1], name)
		require.Equal(t, want[name], minutes, name)
	}
}

// Where blocks cannot be written the error is told, by all that make them, and nobody waits for ever.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	w := world.New(begin, 1)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	k := w.Walk()
	err := backfill(t.Context(), quiet, filepath.Join(file, "below"), k, w.Start().Add(12*24*time.Hour), func(float64) {})
	require.Error(t, err)
	require.True(t, k.Time().Before(w.Start().Add(12*24*time.Hour)), "and what follows is not made")

	_, err = open(t.Context(), quiet, file, w, 1, func(float64) {})
	require.ErrorContains(t, err, "demo folder")
	_, err = Start(t.Context(), Config{Address: "127.0.0.1:0", Dir: file, World: w, Seed: 1, Now: func() time.Time { return begin }})
	require.ErrorContains(t, err, "prometheus: demo folder")

	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, markerName, "in the way"), 0o755))
	_, err = open(t.Context(), quiet, dir, w, 1, func(float64) {})
	require.ErrorContains(t, err, "demo folder", "a marker that cannot be removed")
}

// A folder is taken up again only where its marker tells of this very world, and lately.
func TestWhichWorldAFolderHolds(t *testing.T) {
	now, here := begin.UTC(), begin.Truncate(time.Minute)
	lately := here.Add(-30 * time.Minute)
	for name, c := range map[string]struct {
		file any
		want time.Time
	}{
		"this world, lately":       {marker{worldVersion, 1, lately}, lately},
		"this world, just now":     {marker{worldVersion, 1, here}, here},
		"as old as it may be":      {marker{worldVersion, 1, now.Add(-freshFor)}, now.Add(-freshFor)},
		"a moment older":           {marker{worldVersion, 1, now.Add(-freshFor - time.Nanosecond)}, here},
		"of the future":            {marker{worldVersion, 1, now.Add(time.Nanosecond)}, here},
		"another seed":             {marker{worldVersion, 2, lately}, here},
		"values of another time":   {marker{worldVersion - 1, 1, lately}, here},
		"nothing that it needs":    {map[string]any{}, here},
		"other things":             {[]int{1}, here},
		"a time that is none":      {map[string]any{"version": worldVersion, "seed": 1, "anchor": "noon"}, here},
		"a seed that is no number": {map[string]any{"version": worldVersion, "seed": "1", "anchor": lately}, here},
	} {
		dir := t.TempDir()
		raw, err := json.Marshal(c.file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, markerName), raw, 0o600))
		require.True(t, c.want.Equal(Anchor(dir, now, 1)), "%s: %s", name, Anchor(dir, now, 1))
	}
	require.Equal(t, here, Anchor(t.TempDir(), now, 1), "an empty folder")
	require.Equal(t, here, Anchor(filepath.Join(t.TempDir(), "none"), now, 1), "no folder")
	_, err := readMarker(t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// Where the server was stopped for a while and is started again over the same folder, live samples go on where they ended.
func TestLiveGoesOnWhereItEnded(t *testing.T) {
	w, dir := world.New(begin, 1), t.TempDir()
	for i, until := range []time.Time{begin, begin.Add(7 * time.Minute), begin.Add(7 * time.Minute), begin.Add(40 * time.Minute)} {
		db, err := tsdb.Open(dir, quiet, nil, tsdb.DefaultOptions(), nil)
		require.NoError(t, err)
		l := newLive(db, w, time.Minute)
		if i > 0 {
			require.Equal(t, db.Head().MaxTime()+60_000, l.next.UnixMilli())
		}
		require.NoError(t, l.until(t.Context(), until))
		times, _ := stored(t, db)
		for name, at := range times {
			require.Len(t, at, int(until.Truncate(time.Minute).Sub(begin.Truncate(2*time.Hour))/time.Minute)+1, name)
		}
		require.NoError(t, db.Close())
	}
}

// An error is told, and the samples that follow are tried all the same; what is cancelled is no error.
func TestLiveTellsItsErrorsAndGoesOn(t *testing.T) {
	l := newLive(emptyDB(t), world.New(begin, 1), time.Minute)
	good := l.sets[0]
	l.sets[0] = labels.EmptyLabels()
	require.ErrorContains(t, l.until(t.Context(), begin), "append to {}")

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	now, told := begin, 0
	l.run(ctx, func() time.Time {
		if l.db.Head().MaxTime() >= begin.UnixMilli() {
			cancel() // a sample was written after the error
		}
		now = now.Add(time.Minute)
		return now
	}, func(err error) {
		told++
		require.ErrorContains(t, err, "append to {}")
		l.sets[0] = good
	})
	require.Equal(t, 1, told)
	require.GreaterOrEqual(t, l.db.Head().MaxTime(), begin.UnixMilli())
}
