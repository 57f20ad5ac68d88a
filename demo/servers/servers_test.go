package servers

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	shop "github.com/forewarn/earlywarning/demo/sql"
	"github.com/forewarn/earlywarning/demo/world"
)

const anyPort = "127.0.0.1:0"

var begin = time.Date(2026, 3, 11, 9, 41, 30, 0, time.UTC)

// taken holds a port for as long as the test goes on.
func taken(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", anyPort)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l.Addr().String()
}

// free requires that nobody listens at an address any more.
func free(t *testing.T, address string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	require.NoError(t, err, "the port is given back")
	require.NoError(t, l.Close())
}

// temporary is where temporary folders are made during the test.
func temporary(t *testing.T) func() int {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	return func() int {
		list, err := os.ReadDir(dir)
		require.NoError(t, err)
		return len(list)
	}
}

// Both servers tell of one world, each in its own language: the clock, the seed and the anchor are the same. When they are closed nothing of
// them is left, no port and no folder.
func TestBothServersTellOfOneWorld(t *testing.T) {
	folders := temporary(t)
	var told []float64
	s, err := Start(t.Context(), Config{Prometheus: anyPort, MySQL: anyPort, Seed: 7, Now: func() time.Time { return begin }, Progress: func(done float64) { told = append(told, done) }})
	require.NoError(t, err)
	require.Equal(t, 1, folders())
	require.IsNonDecreasing(t, told)
	require.InDelta(t, 1, told[len(told)-1], 0)
	want := world.New(begin, 7)
	require.Equal(t, want.Anchor(), s.World.Anchor())

	c, err := api.NewClient(api.Config{Address: "http://" + s.Prometheus.Address()})
	require.NoError(t, err)
	k := want.Walk()
	k.To(want.Anchor())
	answer, _, err := v1.NewAPI(c).Query(t.Context(), `{job=~".+"}`, begin)
	require.NoError(t, err)
	got := map[model.Fingerprint]float64{}
	for _, one := range answer.(model.Vector) {
		got[one.Metric.Fingerprint()] = float64(one.Value)
	}
	require.Len(t, got, len(k.Series()))
	for i, one := range k.Series() {
		metric := model.Metric{}
		for name, value := range one.Labels {
			metric[model.LabelName(name)] = model.LabelValue(value)
		}
		require.Equal(t, k.Values()[i], got[metric.Fingerprint()], "%v", one.Labels)
	}

	db, err := sql.Open("mysql", fmt.Sprintf("%s:%s@tcp(%s)/%s", shop.User, shop.Password, s.MySQL.Address(), shop.Database))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	var orders int
	var ts string
	newest := want.Orders(want.Anchor().Add(-time.Minute))
	require.NoError(t, db.QueryRow("SELECT ts, orders FROM orders_per_minute WHERE region = 'east' ORDER BY ts DESC LIMIT 1").Scan(&ts, &orders))
	require.Equal(t, newest[0].Time.Format(time.DateTime), ts)
	require.Equal(t, newest[0].Orders, orders)

	web, my := s.Prometheus.Address(), s.MySQL.Address()
	onLoopbackOnly(t, web)
	onLoopbackOnly(t, my)
	require.NoError(t, s.Close())
	free(t, web)
	free(t, my)
	require.Zero(t, folders())
}

// onLoopbackOnly requires that an address of 127.0.0.1 is not to be reached at the machine's other addresses.
func onLoopbackOnly(t *testing.T, address string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1", host)
	others, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range others {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			conn, err := net.Dial("tcp4", net.JoinHostPort(n.IP.String(), port))
			if err == nil {
				_ = conn.Close()
			}
			require.Error(t, err, "reached at %s", n.IP)
		}
	}
}

// Where one of the two cannot start, the other does not go on and no folder stays behind.
func TestNothingIsLeftOfAStartThatFails(t *testing.T) {
	folders, held := temporary(t), taken(t)
	_, err := Start(t.Context(), Config{Prometheus: anyPort, MySQL: held, Now: func() time.Time { return begin }})
	require.ErrorContains(t, err, held)
	require.ErrorContains(t, err, "mysql")
	require.Zero(t, folders())

	my := unused(t)
	_, err = Start(t.Context(), Config{Prometheus: held, MySQL: my, Now: func() time.Time { return begin }})
	require.ErrorContains(t, err, "prometheus")
	free(t, my)
	require.Zero(t, folders())

	ctx, cancel := context.WithCancel(t.Context())
	web := unused(t)
	_, err = Start(ctx, Config{Prometheus: web, MySQL: my, Now: func() time.Time { return begin }, Progress: func(float64) { cancel() }})
	require.ErrorIs(t, err, context.Canceled, "interrupted while the history was made")
	free(t, web)
	free(t, my)
	require.Zero(t, folders())
}

// unused gives an address that was free just now.
func unused(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", anyPort)
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

// A folder that is named is the user's: it stays, with what is in it, also where the start failed.
func TestANamedFolderStays(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/notes.txt", []byte("mine"), 0o600))
	_, err := Start(t.Context(), Config{Prometheus: taken(t), MySQL: anyPort, Dir: dir, Now: func() time.Time { return begin }})
	require.Error(t, err)
	require.FileExists(t, dir+"/notes.txt")
	require.NoError(t, (&Servers{}).Close(), "closing what never started")
}

func TestATemporaryFolderThatCannotBeMade(t *testing.T) {
	missing := t.TempDir() + "/gone"
	t.Setenv("TMPDIR", missing)
	t.Setenv("TMP", missing)
	_, err := Start(t.Context(), Config{Prometheus: anyPort, MySQL: anyPort})
	require.ErrorContains(t, err, "demo folder")
}
