package sql
import ("testing";"database/sql";"time";"fmt"
"github.com/forewarn/earlywarning/demo/world")
func TestProf(t *testing.T) {
	t0 := time.Now()
	s, err := Start(t.Context(), Config{Address: "127.0.0.1:0", World: world.New(t0, 1)})
	if err != nil { t.Fatal(err) }
	defer s.Close()
	db, _ := sql.Open("mysql", "forewarn:forewarn@tcp("+s.Address()+")/shop?parseTime=true")
	for _, q := range []string{
	"SELECT UNIX_TIMESTAMP(ts) DIV 300 * 300 AS time, region AS metric, SUM(orders) AS orders FROM orders_per_minute WHERE ts > NOW() - INTERVAL 14 DAY GROUP BY 1, 2 ORDER BY 1",
	"SELECT UNIX_TIMESTAMP(ts) AS time, orders AS orders FROM orders_per_minute WHERE ts > NOW() - INTERVAL 14 DAY",
	"SELECT UNIX_TIMESTAMP(ts) DIV 300 AS time, orders AS orders FROM orders_per_minute WHERE ts > NOW() - INTERVAL 14 DAY",
	"SELECT UNIX_TIMESTAMP(ts) DIV 300*300 AS time, orders AS orders FROM orders_per_minute WHERE ts > NOW() - INTERVAL 14 DAY",
	} {
		t0 := time.Now()
		rows, err := db.Query(q)
		if err != nil { fmt.Println(err); continue }
		n := 0
		for rows.Next() { n++ }
		fmt.Println(n, time.Since(t0), q)
	}
}
