package sql

import gms "github.com/dolthub/go-mysql-server/sql"

// timeIndex is the index over a table's time column.
type timeIndex struct{ t *table }

var _ gms.OrderedIndex = timeIndex{}

func (i timeIndex) column() *gms.Column { return i.t.schema[i.t.at] }

func (i timeIndex) ID() string            { return i.column().Name }
func (i timeIndex) Database() string      { return i.t.database }
func (i timeIndex) Table() string         { return i.t.name }
func (i timeIndex) Expressions() []string { return []string{i.t.name + "." + i.column().Name} }
func (timeIndex) IsUnique() bool          { return false }
func (timeIndex) IsSpatial() bool         { return false }
func (timeIndex) IsFullText() bool        { return false }
func (timeIndex) IsVector() bool          { return false }
func (timeIndex) Comment() string         { return "" }
func (timeIndex) IndexType() string       { return "BTREE" }
func (timeIndex) IsGenerated() bool       { return false }
func (timeIndex) PrefixLengths() []uint16 { return nil }

func (i timeIndex) ColumnExpressionTypes() []gms.ColumnExpressionType {
	return []gms.ColumnExpressionType{{Expression: i.t.name + "." + i.column().Name, Type: i.column().Type}}
}

func (timeIndex) CanSupport(*gms.Context, ...gms.Range) bool { return true }

func (timeIndex) CanSupportOrderBy(gms.Expression) bool { return false }

// Order and Reversible let the engine take rows as they come for what is sorted by time, and sort for the newest first.

func (timeIndex) Order() gms.IndexOrder { return gms.IndexOrderAsc }
func (timeIndex) Reversible() bool      { return false }
