package sql

import (
	"testing"
	"time"

	gms "github.com/dolthub/go-mysql-server/sql"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/demo/world"
)

// However often the tables are filled, and with a clock that is set back in between, they hold each minute that has ended once.
func TestTheTablesHoldEachEndedMinuteOnce(t *testing.T) {
	w := world.New(begin, 1)
	rapid.Check(t, func(t *rapid.T) {
		s, latest := newShop(w), time.Duration(0)
		for _, seconds := range rapid.SliceOfN(rapid.IntRange(-600, 7200), 1, 8).Draw(t, "clock") {
			now := time.Duration(seconds) * time.Second
			latest = max(latest, now)
			s.fill(w.Start().Add(now))
		}
		var orders, logs []gms.Row
		for at := w.Start(); at.Add(time.Minute).Sub(w.Start()) <= latest; at = at.Add(time.Minute) {
			for _, o := range w.Orders(at) {
				orders = append(orders, gms.Row{at, o.Region, int32(o.Orders), decimal.New(o.Cents, -2)})
			}
			for _, l := range w.Logs(at) {
				logs = append(logs, gms.Row{l.ID, l.Time, l.Container, l.Level, l.Message})
			}
		}
		require.Equal(t, orders, s.orders.all())
		require.Equal(t, logs, s.logs.all())
	})
}

// A lookup gives one stretch of the table that holds all rows its ranges ask for, and nothing outside the time that they span.
func TestALookupGivesOneStretch(t *testing.T) {
	s := newShop(world.New(begin, 1))
	s.fill(s.world.Start().Add(3 * time.Hour))
	tab, kind := s.logs, s.logs.schema[s.logs.at].Type
	at := func(seconds int) time.Time { return s.world.Start().Add(time.Duration(seconds) * time.Second) }
	rapid.Check(t, func(t *rapid.T) {
		var ranges gms.MySQLRangeCollection
		var bounds [][2]int
		for range rapid.IntRange(1, 4).Draw(t, "ranges") {
			low, high := rapid.IntRange(-600, 11400).Draw(t, "from"), rapid.IntRange(-600, 11400).Draw(t, "to")
			low, high = min(low, high), max(low, high)
			switch rapid.SampledFrom([]string{"closed", "above", "below"}).Draw(t, "kind") {
			case "closed":
				ranges = append(ranges, gms.MySQLRange{gms.ClosedRangeColumnExpr(at(low), at(high), kind)})
			case "above":
				high = 20_000
				ranges = append(ranges, gms.MySQLRange{gms.GreaterOrEqualRangeColumnExpr(at(low), kind)})
			case "below":
				low = -20_000
				ranges = append(ranges, gms.MySQLRange{gms.LessOrEqualRangeColumnExpr(at(high), kind)})
			}
			bounds = append(bounds, [2]int{low, high})
		}
		least, most := bounds[0][0], bounds[0][1]
		for _, b := range bounds {
			least, most = min(least, b[0]), max(most, b[1])
		}
		parts, err := tab.LookupPartitions(nil, gms.IndexLookup{Index: timeIndex{tab}, Ranges: ranges})
		require.NoError(t, err)
		part, err := parts.Next(nil)
		require.NoError(t, err)
		got := part.(partition).rows
		found := map[int64]bool{}
		for _, r := range got {
			when := r[tab.at].(time.Time)
			require.False(t, when.Before(at(least)) || when.After(at(most)), "%s is outside", when)
			found[r[0].(int64)] = true
		}
		require.Len(t, found, len(got), "no row twice")
		for _, r := range tab.all() {
			for _, b := range bounds {
				if when := r[tab.at].(time.Time); !when.Before(at(b[0])) && !when.After(at(b[1])) {
					require.True(t, found[r[0].(int64)], "%s was asked for", when)
				}
			}
		}
	})
}

// The index tells the engine that rows come in the order of time, and only so: the newest first has to be sorted.
func TestTheIndexTellsItsOrder(t *testing.T) {
	s := newShop(world.New(begin, 1))
	for _, tab := range []*table{s.orders, s.logs} {
		list, err := tab.GetIndexes(nil)
		require.NoError(t, err)
		require.Len(t, list, 1)
		i := list[0].(gms.OrderedIndex)
		require.Equal(t, []string{tab.name + ".ts"}, i.Expressions())
		require.Equal(t, []string{"ts", Database, tab.name, "BTREE"}, []string{i.ID(), i.Database(), i.Table(), i.IndexType()})
		require.Equal(t, gms.IndexOrderAsc, i.Order())
		require.False(t, i.Reversible() || i.IsUnique() || i.IsSpatial() || i.IsFullText() || i.IsVector() || i.IsGenerated(), "several rows may have one time")
		require.False(t, tab.PreciseMatch(), "the engine filters once more")
	}
}

// Views are neither there nor to be made.
func TestThereAreNoViews(t *testing.T) {
	s := newShop(world.New(begin, 1))
	require.True(t, gms.ErrReadOnly.Is(s.CreateView(nil, "v", "SELECT 1", "")))
	require.True(t, gms.ErrReadOnly.Is(s.DropView(nil, "v")))
	_, found, err := s.GetViewDefinition(nil, "v")
	require.NoError(t, err)
	require.False(t, found)
	list, err := s.AllViews(nil)
	require.NoError(t, err)
	require.Empty(t, list)
}
