package sql

import (
	"errors"
	"io"
	"testing"
	"time"

	gms "github.com/dolthub/go-mysql-server/sql"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
)

func scan(t *testing.T, tab *table, parts gms.PartitionIter) (rows []gms.Row) {
	t.Helper()
	ctx := gms.NewEmptyContext()
	p, err := parts.Next(ctx)
	require.NoError(t, err)
	it, err := tab.PartitionRows(ctx, p)
	require.NoError(t, err)
	defer func() { require.NoError(t, it.Close(ctx)) }()
	for {
		r, err := it.Next(ctx)
		if errors.Is(err, io.EOF) {
			return rows
		}
		require.NoError(t, err)
		rows = append(rows, r)
	}
}

func TestLookupsReadOnlyTheirTime(t *testing.T) {
	s := newShop(world.New(begin, 1))
	s.fill(s.world.Start().Add(24 * time.Hour))
	tab := s.orders
	require.Len(t, tab.rows, 3*24*60)
	at := func(hours int) time.Time { return s.world.Start().Add(time.Duration(hours) * time.Hour) }
	kind := tab.schema[tab.at].Type
	for name, c := range map[string]struct {
		expr gms.MySQLRangeColumnExpr
		rows int
	}{
		"closed":     {gms.ClosedRangeColumnExpr(at(1), at(2), kind), 3 * 61},
		"open above": {gms.GreaterOrEqualRangeColumnExpr(at(20), kind), 3 * 4 * 60},
		"open below": {gms.LessOrEqualRangeColumnExpr(at(2), kind), 3 * 121},
		"all":        {gms.AllRangeColumnExpr(kind), 3 * 24 * 60},
		"after all":  {gms.GreaterOrEqualRangeColumnExpr(at(48), kind), 0},
		"reversed":   {gms.ClosedRangeColumnExpr(at(5), at(3), kind), 0},
	} {
		lookup := gms.IndexLookup{Index: timeIndex{tab}, Ranges: gms.MySQLRangeCollection{{c.expr}}}
		parts, err := tab.IndexedAccess(nil, lookup).LookupPartitions(nil, lookup)
		require.NoError(t, err)
		require.Len(t, scan(t, tab, parts), c.rows, name)
	}
	parts, err := tab.LookupPartitions(nil, gms.IndexLookup{})
	require.NoError(t, err)
	require.Len(t, scan(t, tab, parts), len(tab.rows), "no range is the whole table")
}

func TestAScanSeesTheRowsOfItsBeginning(t *testing.T) {
	s := newShop(world.New(begin, 1))
	s.fill(s.world.Start().Add(time.Hour))
	parts, err := s.orders.Partitions(nil)
	require.NoError(t, err)
	s.fill(s.world.Start().Add(2 * time.Hour))
	require.Len(t, scan(t, s.orders, parts), 3*60)
	parts, err = s.orders.Partitions(nil)
	require.NoError(t, err)
	require.Len(t, scan(t, s.orders, parts), 3*120)
}

func TestTablesAreFoundInAnyCase(t *testing.T) {
	s := newShop(world.New(begin, 1))
	for name, found := range map[string]bool{"app_logs": true, "APP_LOGS": true, "Orders_Per_Minute": true, "users": false} {
		tab, ok, err := s.GetTableInsensitive(nil, name)
		require.NoError(t, err)
		require.Equal(t, found, ok, name)
		require.Equal(t, found, tab != nil)
	}
	require.True(t, s.IsReadOnly())
}
