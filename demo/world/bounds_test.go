package world

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyWorld is a world of any seed, started at any minute, and a moment in its history or the two months after.
func anyWorld(t *rapid.T) (*World, minute) {
	anchor := time.Unix(60*rapid.Int64Range(29_000_000, 30_000_000).Draw(t, "anchor"), 0)
	w := New(anchor, rapid.Uint64().Draw(t, "seed"))
	return w, minuteOf(w.Start()) + rapid.Int64Range(0, (28+60)*1440).Draw(t, "minute")
}

// stepped gives what a minute measures at one place: gauges as they are, and what counters add; by name, and by what tells series of the
// same name apart.
func stepped(p *part, m minute) map[string]map[string]float64 {
	out := make([]float64, len(p.series))
	p.step(m, out)
	all := map[string]map[string]float64{}
	for i, s := range p.series {
		name := s.Labels["__name__"]
		if all[name] == nil {
			all[name] = map[string]float64{}
		}
		all[name][s.Labels["mode"]+s.Labels["mountpoint"]+s.Labels["code"]+s.Labels["le"]+s.Labels["source"]] = out[i]
	}
	return all
}

func sum(byLabel map[string]float64) (total float64) {
	for _, v := range byLabel {
		total += v
	}
	return total
}

// Nothing that is measured is out of what is possible, in any world at any time: a minute has sixty seconds, nothing that is used is more
// than there is, requests are whole, and the slow and the failed ones are among them.
func TestNothingIsOutOfWhatIsPossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, m := anyWorld(t)
		for _, p := range w.parts() {
			all := stepped(p, m)
			for name, series := range all {
				for key, v := range series {
					require.False(t, math.IsNaN(v) || math.IsInf(v, 0) || v < 0, "%s %s of %s: %g", name, key, p.of, v)
					if strings.HasSuffix(name, "_bytes") || name == "gateway_requests_total" || strings.HasPrefix(name, "mysql_") {
						require.Equal(t, math.Trunc(v), v, "%s of %s is whole", name, p.of)
					}
				}
			}
			one := func(name string) float64 { return all[name][""] }
			switch p.series[0].Labels["job"] {
			case "node":
				require.InDelta(t, 60, sum(all["node_cpu_seconds_total"]), 1e-9, "%s", p.of)
				require.Less(t, one("node_memory_MemAvailable_bytes"), one("node_memory_MemTotal_bytes"))
				for mount, size := range all["node_filesystem_size_bytes"] {
					free := all["node_filesystem_avail_bytes"][mount]
					require.True(t, free > 0.01*size && free < 0.9*size, "%s %s: %g of %g", p.of, mount, free, size)
				}
			case "cadvisor":
				require.Less(t, one("container_memory_working_set_bytes"), one("container_spec_memory_limit_bytes"))
				require.Less(t, one("container_fs_usage_bytes"), one("container_fs_limit_bytes"))
				require.Less(t, one("container_cpu_usage_seconds_total"), 8*60.0, "%s: of the host's cores", p.of)
			case "mysql":
				require.LessOrEqual(t, one("mysql_global_status_threads_connected"), one("mysql_global_variables_max_connections"))
				require.Less(t, one("mysql_global_status_threads_running"), one("mysql_global_status_threads_connected"))
				require.Less(t, one("mysql_global_status_slow_queries"), 0.01*one("mysql_global_status_queries"))
			}
		}
	})
}

// A histogram's buckets hold those below them, end with all requests, and its sum is one that such buckets can have.
func TestHistogramsAreConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, m := anyWorld(t)
		gw, name := rapid.SampledFrom(gateways).Draw(t, "instance"), rapid.SampledFrom(Routes).Draw(t, "route")
		out := make([]float64, len(codes)+len(buckets)+3)
		w.gateway(gw, name, m, out)
		below := out[len(codes) : len(codes)+len(buckets)+1]
		seconds, requests := out[len(out)-2], out[len(out)-1]
		require.IsNonDecreasing(t, below)
		require.Equal(t, requests, below[len(buckets)], "+Inf holds all")
		require.Equal(t, requests, out[0]+out[1]+out[2]+out[3], "by code as many")
		require.Positive(t, requests)
		least, most, slack, last, floor := 0.0, 0.0, 0.0, 0.0, 0.0
		for i, le := range buckets {
			least, most = least+(below[i]-last)*floor, most+(below[i]-last)*le
			slack += le // each bucket's count is rounded
			last, floor = below[i], le
		}
		require.Zero(t, below[len(buckets)]-last, "nobody waits for more than a minute")
		require.True(t, seconds >= least-slack && seconds <= most+slack, "%g s, possible are %g to %g", seconds, least, most)
	})
}

// Every row of the shop fits its columns: the times, the lengths, the twelve digits of an amount.
func TestRowsFitTheirColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, m := anyWorld(t)
		for _, o := range w.Orders(timeOf(m)) {
			require.LessOrEqual(t, len(o.Region), 16)
			require.True(t, o.Orders >= 0 && o.Orders < 1000, "%d orders in a minute", o.Orders)
			require.True(t, o.Cents >= int64(o.Orders)*100 && o.Cents < 1e12, "%d orders of %d cents", o.Orders, o.Cents)
		}
		rows := w.Logs(timeOf(m))
		require.Less(t, len(rows), 64, "ids are by the thousand, draws by 64")
		for _, l := range rows {
			require.Equal(t, m, l.ID/1000, "the id tells the minute")
			require.Zero(t, l.Time.Nanosecond(), "whole seconds")
			require.True(t, len(l.Container) <= 32 && len(l.Level) <= 8)
			require.Contains(t, []string{"INFO", "WARN", "ERROR"}, l.Level)
			require.True(t, l.Message != "" && utf8.ValidString(l.Message) && !strings.Contains(l.Message, "%!"), l.Message)
		}
	})
}

// Random numbers are where they are said to be, and the lattice of smooth noise is passed without a leap.
func TestRandomNumbersKeepTheirRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := New(anchors[0], rapid.Uint64().Draw(t, "seed"))
		stream, i := rapid.Uint64().Draw(t, "stream"), rapid.Int64Range(-1<<40, 1<<40).Draw(t, "position")
		u := w.uniform(stream, i)
		require.True(t, u >= 0 && u < 1)
		require.LessOrEqual(t, math.Abs(w.white(stream, i)), 3.5)
		period := rapid.Int64Range(2, 2000).Draw(t, "period")
		require.LessOrEqual(t, math.Abs(w.smooth(stream, i, period)), 3.5)
		require.LessOrEqual(t, math.Abs(w.smooth(stream, i+1, period)-w.smooth(stream, i, period)), 1.5*7/float64(period)+1e-9)
		require.InDelta(t, w.white(stream, i), w.smooth(stream, i*period, period), 1e-12, "the lattice's own value where it stands")
		require.Equal(t, u, w.uniform(stream, i), "and again")
	})
}

// Seasons are shares of a day's most, the same each day; a weekend's share lies between its own and the full one.
func TestSeasonsAreShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.Int64Range(29_000_000, 30_000_000).Draw(t, "minute")
		for name, day := range map[string]func(minute) float64{"office": office, "evening": evening, "nightly": nightly, "training": training} {
			v := day(m)
			require.True(t, v >= 0 && v <= 1, "%s: %g", name, v)
			require.InDelta(t, v, day(m+1440), 1e-9, "%s: each day", name)
			require.LessOrEqual(t, math.Abs(day(m+1)-v), 0.21, "%s: no leap", name)
		}
		weekend := rapid.Float64Range(0, 1).Draw(t, "weekend")
		v := week(m, weekend)
		require.True(t, v >= weekend-1e-9 && v <= 1+1e-9)
		require.InDelta(t, v, week(m+7*1440, weekend), 1e-9, "each week")
		require.True(t, hourOf(m) >= 0 && hourOf(m) < 24)
	})
}

// However a walker comes to a minute, step by step or at once, it sees the same there.
func TestAWalkSeesTheSameHoweverItIsWalked(t *testing.T) {
	w := New(anchors[1], 3)
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 40), 1, 6).Draw(t, "steps")
		once, often := w.Walk(), w.Walk()
		out, total := make([]float64, len(often.Series())), 0
		for _, n := range steps {
			total += n
			often.To(w.Start().Add(time.Duration(total) * time.Minute))
			often.Between(often.Time(), out)
		}
		for range total {
			once.Next()
		}
		require.Equal(t, once.Time(), often.Time())
		require.Equal(t, once.Values(), often.Values())
		require.Equal(t, once.Values(), out, "on the minute there is nothing between")
	})
}

// Within a minute counters only rise, and all that is seen lies between the minute's two ends.
func TestWithinAMinuteValuesLieBetweenItsEnds(t *testing.T) {
	w := New(anchors[1], 3)
	k := w.Walk()
	k.To(w.Start().Add(200 * time.Minute))
	before := append([]float64(nil), k.Values()...)
	k.Next()
	rapid.Check(t, func(t *rapid.T) {
		a := time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "before the minute's end"))
		b := time.Duration(rapid.Int64Range(0, int64(a)).Draw(t, "and a later one"))
		first, second := make([]float64, len(before)), make([]float64, len(before))
		k.Between(k.Time().Add(-a), first)
		k.Between(k.Time().Add(-b), second)
		for i, s := range k.Series() {
			low, high := min(before[i], k.Values()[i]), max(before[i], k.Values()[i])
			slack := 1e-9 * (1 + math.Abs(high))
			require.True(t, first[i] >= low-slack && first[i] <= high+slack, "%v", s.Labels)
			if s.Counter {
				require.LessOrEqual(t, first[i], second[i]+slack, "%v", s.Labels)
			}
		}
	})
}
