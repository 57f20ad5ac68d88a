package sql

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/logs"
	"github.com/forewarn/earlywarning/pkg/source/mysql"
)

func TestScratch(t *testing.T) {
	t0 := time.Now()
	s, err := Start(t.Context(), Config{Address: "127.0.0.1:0", World: world.New(t0, 1)})
	require.NoError(t, err)
	fmt.Println("start", time.Since(t0))
	defer s.Close()
	db, err := sql.Open("mysql", "forewarn:forewarn@tcp("+s.Address()+")/shop?parseTime=true")
	require.NoError(t, err)
	defer db.Close()
	show := func(q string) {
		t0 := time.Now()
		rows, err := db.Query(q)
		if err != nil {
			fmt.Println("ERR", q, err)
			return
		}
		defer rows.Close()
		types, _ := rows.ColumnTypes()
		for _, c := range types {
			fmt.Print(c.Name(), ":", c.DatabaseTypeName(), " ")
		}
		n := 0
		for rows.Next() {
			v := make([]any, len(types))
			p := make([]any, len(types))
			for i := range v {
				p[i] = &v[i]
			}
			require.NoError(t, rows.Scan(p...))
			if n < 3 {
				for i := range v {
					if b, ok := v[i].([]byte); ok {
						v[i] = string(b)
					}
				}
				fmt.Print(v)
			}
			n++
		}
		fmt.Println(" ", n, "rows", rows.Err(), time.Since(t0), q)
	}
	show("SELECT VERSION()")
	show("SHOW TABLES")
	show("SELECT @@time_zone, @@global.time_zone, @@max_execution_time")
	show("SET SESSION max_statement_time = 30")
	show("SET SESSION max_execution_time = 30000")
	show("SET time_zone='+08:00'")
	show("SET time_zone='Asia/Shanghai'")
	show("SELECT ts, UNIX_TIMESTAMP(ts), region, orders, amount FROM orders_per_minute LIMIT 3")
	show("SET time_zone='+00:00'")
	show("SELECT COUNT(*) FROM app_logs")
	show("SELECT COUNT(*), MIN(ts), MAX(ts), SUM(amount) FROM orders_per_minute")
	show("SELECT * FROM app_logs WHERE message LIKE '%OutOfMemory%' ORDER BY ts DESC LIMIT 2")
	show("SELECT UNIX_TIMESTAMP(ts) DIV 300 * 300 AS time, region AS metric, SUM(orders) AS orders FROM orders_per_minute GROUP BY 1, 2 ORDER BY 1")
	show("SELECT UNIX_TIMESTAMP(ts) DIV 300 * 300 AS time, region AS metric, SUM(orders) AS orders FROM orders_per_minute WHERE ts BETWEEN FROM_UNIXTIME(" + fmt.Sprint(t0.Unix()-86400) + ") AND FROM_UNIXTIME(" + fmt.Sprint(t0.Unix()) + ") GROUP BY 1, 2 ORDER BY 1")
	show("EXPLAIN SELECT * FROM orders_per_minute WHERE ts BETWEEN FROM_UNIXTIME(" + fmt.Sprint(t0.Unix()-86400) + ") AND FROM_UNIXTIME(" + fmt.Sprint(t0.Unix()) + ")")
	show("INSERT INTO orders_per_minute VALUES (NOW(), 'x', 1, 1)")
	show("DROP TABLE orders_per_minute")
	show("CREATE TABLE x (a INT)")
	show("CREATE USER x@y IDENTIFIED BY 'z'")
	show("SELECT ts + INTERVAL 1 MINUTE AS t, AVG(amount) OVER (PARTITION BY region) FROM orders_per_minute LIMIT 2")
	show("WITH x AS (SELECT ts AS time, orders FROM orders_per_minute) SELECT * FROM x LIMIT 1")
	c, err := mysql.New(mysql.Config{URL: s.Address(), User: "forewarn", Password: "forewarn", Database: "shop"})
	require.NoError(t, err)
	fmt.Println(c.Check(t.Context()))
	for _, tz := range []string{"", "+08:00", "Asia/Shanghai"} {
		c, err := mysql.New(mysql.Config{URL: s.Address(), User: "forewarn", Password: "forewarn", Database: "shop", Timezone: tz})
		require.NoError(t, err)
		for _, spec := range []source.Spec{
			{Kind: source.MySQL, RawSQL: "SELECT $__timeGroup(ts, '5m') AS time, region AS metric, SUM(orders) AS orders FROM orders_per_minute WHERE $__timeFilter(ts) GROUP BY 1, 2 ORDER BY 1"},
			{Kind: source.Logs, Table: "app_logs", Time: "ts", Message: "message", Level: "level", Entity: "container", Keywords: []string{"OutOfMemory", "timeout", "connection refused"}},
		} {
			t0 := time.Now()
			var src source.Source = c
			if spec.Kind == source.Logs {
				src = logs.New(c)
			}
			set, err := src.Read(t.Context(), source.Request{Spec: spec, From: t0.Add(-14 * 24 * time.Hour), To: t0, Step: 5 * time.Minute})
			fmt.Println(tz, err, time.Since(t0))
			if err == nil {
				for _, s := range set.Series {
					fmt.Print(s.Name, len(s.Values), s.Values[len(s.Values)-3:], " ")
				}
				fmt.Println(set.Notices)
			}
		}
	}
}
