package sql

import (
	"cmp"
	"io"
	"slices"
	"sync"
	"time"

	gms "github.com/dolthub/go-mysql-server/sql"
)

// table is a read-only table whose rows are in order of a time column, which is its index. Rows are appended while queries run: a
// query sees those that were there when it began.
type table struct {
	database string
	name     string
	schema   gms.Schema
	at       int // the time column

	mu   sync.RWMutex
	rows []gms.Row
}

var (
	_ gms.IndexAddressableTable = (*table)(nil)
	_ gms.IndexedTable          = (*table)(nil)
)

func (t *table) append(rows []gms.Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, rows...)
}

// all gives the rows that are there now; they and their order never change.
func (t *table) all() []gms.Row {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows
}

func (t *table) Name() string               { return t.name }
func (t *table) String() string             { return t.name }
func (t *table) Schema() gms.Schema         { return t.schema }
func (t *table) Collation() gms.CollationID { return gms.Collation_Default }

// Partitions is one for the whole table.
func (t *table) Partitions(*gms.Context) (gms.PartitionIter, error) {
	return gms.PartitionsToPartitionIter(partition{t.all()}), nil
}

// PartitionRows gives the rows of a partition.
func (t *table) PartitionRows(_ *gms.Context, p gms.Partition) (gms.RowIter, error) {
	return &iterator{rows: p.(partition).rows}, nil
}

// GetIndexes gives the one over the time column.
func (t *table) GetIndexes(*gms.Context) ([]gms.Index, error) { return []gms.Index{timeIndex{t}}, nil }

// PreciseMatch is false: the engine filters once more what a lookup gives.
func (t *table) PreciseMatch() bool { return false }

// IndexedAccess gives the table itself, which answers lookups.
func (t *table) IndexedAccess(*gms.Context, gms.IndexLookup) gms.IndexedTable { return t }

// LookupPartitions is one partition for the time that the lookup's ranges span.
func (t *table) LookupPartitions(_ *gms.Context, l gms.IndexLookup) (gms.PartitionIter, error) {
	rows := t.all()
	ranges, ok := l.Ranges.(gms.MySQLRangeCollection)
	if !ok || len(ranges) == 0 {
		return gms.PartitionsToPartitionIter(partition{rows}), nil
	}
	first, last := len(rows), 0
	for _, r := range ranges {
		from, to := 0, len(rows)
		if key, ok := bound(r[0].LowerBound); ok {
			from = t.search(rows, key)
		}
		if key, ok := bound(r[0].UpperBound); ok {
			to = t.search(rows, key.Add(time.Second)) // DATETIME without fractions: the bound itself is in
		}
		first, last = min(first, from), max(last, to)
	}
	return gms.PartitionsToPartitionIter(partition{rows[min(first, last):last]}), nil
}

func bound(c gms.MySQLRangeCut) (time.Time, bool) {
	var key any
	switch c := c.(type) {
	case gms.Above:
		key = c.Key
	case gms.Below:
		key = c.Key
	}
	at, ok := key.(time.Time)
	return at, ok
}

// search gives the first row that is not before a time.
func (t *table) search(rows []gms.Row, when time.Time) int {
	i, _ := slices.BinarySearchFunc(rows, when, func(r gms.Row, when time.Time) int {
		return cmp.Compare(r[t.at].(time.Time).UnixNano(), when.UnixNano())
	})
	return i
}

type partition struct{ rows []gms.Row }

func (partition) Key() []byte { return []byte("all") }

type iterator struct{ rows []gms.Row }

func (i *iterator) Next(*gms.Context) (gms.Row, error) {
	if len(i.rows) == 0 {
		return nil, io.EOF
	}
	r := i.rows[0]
	i.rows = i.rows[1:]
	return r, nil
}

func (*iterator) Close(*gms.Context) error { return nil }
