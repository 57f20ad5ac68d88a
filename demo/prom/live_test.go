package prom

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
)

// emptyDB is a database without history.
func emptyDB(t *testing.T) *tsdb.DB {
	db, err := tsdb.Open(t.TempDir(), nil, nil, tsdb.DefaultOptions(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// samples reads one series.
func samples(t *testing.T, db *tsdb.DB, name, instance, mode string) (times []int64, values []float64) {
	q, err := db.Querier(0, 1<<62)
	require.NoError(t, err)
	defer func() { require.NoError(t, q.Close()) }()
	set := q.Select(t.Context(), true, nil, labels.MustNewMatcher(labels.MatchEqual, "__name__", name),
		labels.MustNewMatcher(labels.MatchEqual, "instance", instance), labels.MustNewMatcher(labels.MatchEqual, "mode", mode))
	for set.Next() {
		it := set.At().Iterator(nil)
		for it.Next() == chunkenc.ValFloat {
			at, v := it.At()
			times, values = append(times, at), append(values, v)
		}
		require.NoError(t, it.Err())
	}
	require.NoError(t, set.Err())
	return times, values
}

func TestLiveSamplesContinueTheWorld(t *testing.T) {
	w := world.New(begin, 1)
	for _, every := range []time.Duration{time.Minute, 15 * time.Second} {
		t.Run(every.String(), func(t *testing.T) {
			db := emptyDB(t)
			l := newLive(db, w, every)
			from := w.Anchor().Truncate(2 * time.Hour)
			require.Equal(t, from, l.next, "an empty head begins where the blocks end")
			// In two goes, as minutes pass.
			require.NoError(t, l.until(t.Context(), begin))
			require.NoError(t, l.until(t.Context(), begin.Add(10*time.Minute)))
			require.NoError(t, l.until(t.Context(), begin), "a clock that is set back does no harm")

			times, values := samples(t, db, "node_cpu_seconds_total", "azure-ea-01:9100", "user")
			require.Len(t, times, int(begin.Add(10*time.Minute).Truncate(every).Sub(from)/every)+1)
			k := w.Walk()
			k.To(from)
			at := -1
			for i, s := range k.Series() {
				if s.Labels["__name__"] == "node_cpu_seconds_total" && s.Labels["instance"] == "azure-ea-01:9100" && s.Labels["mode"] == "user" {
					at = i
				}
			}
			for i, ms := range times {
				require.Equal(t, from.Add(time.Duration(i)*every).UnixMilli(), ms)
				if ms%60_000 == 0 {
					k.To(time.UnixMilli(ms))
					require.Equal(t, k.Values()[at], values[i], "whole minutes are the same at any rate of samples")
				}
				if i > 0 {
					require.GreaterOrEqual(t, values[i], values[i-1])
				}
			}
		})
	}
}

func TestSamplesArriveByThemselves(t *testing.T) {
	w := world.New(begin, 1)
	db := emptyDB(t)
	var now atomic.Int64
	now.Store(begin.UnixNano())
	clock := func() time.Time { return time.Unix(0, now.Load()) }
	s := newLive(db, w, time.Second)
	require.NoError(t, s.until(t.Context(), clock()))
	before := db.Head().MaxTime()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.run(t.Context(), clock, func(err error) { t.Error(err) })
	}()
	now.Store(begin.Add(3 * time.Second).UnixNano())
	require.Eventually(t, func() bool { return db.Head().MaxTime() == before+3000 }, 20*time.Second, 20*time.Millisecond)
}
