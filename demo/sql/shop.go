package sql

import (
	"strings"
	"time"

	gms "github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/types"
	"github.com/dolthub/vitess/go/sqltypes"
	"github.com/shopspring/decimal"

	"github.com/forewarn/earlywarning/demo/world"
)

// Database is the name of the database.
const Database = "shop"

// shop is the database: two tables, read-only.
type shop struct {
	world        *world.World
	orders, logs *table
	next         time.Time // the first minute that is not in the tables
}

func newShop(w *world.World) *shop {
	column := func(table, name string, t gms.Type) *gms.Column {
		return &gms.Column{Name: name, Type: t, Source: table, DatabaseSource: Database}
	}
	text := func(n int64) gms.Type { return types.MustCreateString(sqltypes.VarChar, n, gms.Collation_Default) }
	datetime := types.MustCreateDatetimeType(sqltypes.Datetime, 0)
	return &shop{
		world: w, next: w.Start(),
		orders: &table{database: Database, name: "orders_per_minute", at: 0, schema: gms.Schema{
			column("orders_per_minute", "ts", datetime),
			column("orders_per_minute", "region", text(16)),
			column("orders_per_minute", "orders", types.Int32),
			column("orders_per_minute", "amount", types.MustCreateDecimalType(12, 2)),
		}},
		logs: &table{database: Database, name: "app_logs", at: 1, schema: gms.Schema{
			column("app_logs", "id", types.Int64),
			column("app_logs", "ts", datetime),
			column("app_logs", "container", text(32)),
			column("app_logs", "level", text(8)),
			column("app_logs", "message", types.Text),
		}},
	}
}

// fill adds the rows of all minutes that ended by now.
func (s *shop) fill(now time.Time) {
	var orders, logs []gms.Row
	for ; !s.next.Add(world.Step).After(now); s.next = s.next.Add(world.Step) {
		for _, o := range s.world.Orders(s.next) {
			orders = append(orders, gms.Row{o.Time, o.Region, int32(o.Orders), decimal.New(o.Cents, -2)})
		}
		for _, l := range s.world.Logs(s.next) {
			logs = append(logs, gms.Row{l.ID, l.Time, l.Container, l.Level, l.Message})
		}
	}
	s.orders.append(orders)
	s.logs.append(logs)
}

func (*shop) Name() string     { return Database }
func (*shop) IsReadOnly() bool { return true }

func (s *shop) GetTableInsensitive(_ *gms.Context, name string) (gms.Table, bool, error) {
	for _, t := range []*table{s.orders, s.logs} {
		if strings.EqualFold(name, t.name) {
			return t, true, nil
		}
	}
	return nil, false, nil
}

func (s *shop) GetTableNames(*gms.Context) ([]string, error) {
	return []string{s.logs.name, s.orders.name}, nil
}

// The engine asks every database for views; this one has none.

func (*shop) CreateView(*gms.Context, string, string, string) error { return gms.ErrReadOnly.New() }
func (*shop) DropView(*gms.Context, string) error                   { return gms.ErrReadOnly.New() }
func (*shop) AllViews(*gms.Context) ([]gms.ViewDefinition, error)   { return nil, nil }
func (*shop) GetViewDefinition(*gms.Context, string) (gms.ViewDefinition, bool, error) {
	return gms.ViewDefinition{}, false, nil
}
