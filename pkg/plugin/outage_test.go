package plugin

import (
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/tests/mariaserver"
	"github.com/forewarn/earlywarning/tests/outage"
)

// breakage is a running data source, how its store breaks, what the pages say of it then, and how it is mended.
type breakage struct {
	i        *Instance
	down, up func()
	says     string
}

// breakages are the ways a store breaks under a data source that runs.
var breakages = map[string]func(t *testing.T) breakage{
	"the file is taken away": func(t *testing.T) breakage {
		i := served(t, nil)
		path := i.db.Where()
		return breakage{i, func() { require.NoError(t, os.Rename(path, path+".away")) }, func() { require.NoError(t, os.Rename(path+".away", path)) },
			path + " cannot be opened: does its folder exist, may Grafana's user write to it, or was the file moved away? Put it back, or restart Grafana to begin with an empty one"}
	},
	"another program has the file": func(t *testing.T) breakage {
		i := served(t, nil)
		other, err := sql.Open("sqlite", "file:"+i.db.Where()+"?_txlock=immediate")
		require.NoError(t, err)
		t.Cleanup(func() { _ = other.Close() })
		var lock *sql.Tx
		return breakage{i, func() {
			lock, err = other.BeginTx(t.Context(), nil)
			require.NoError(t, err)
		}, func() { require.NoError(t, lock.Rollback()) }, i.db.Where() + " is locked by another program: end it, or wait"}
	},
	"the server cannot be reached": func(t *testing.T) breakage {
		mariaserver.Need(t, maria)
		between, err := outage.New(maria.Address)
		require.NoError(t, err)
		t.Cleanup(between.Down)
		i := servedFrom(t, between.Address)
		return breakage{i, between.Down, func() { require.NoError(t, between.Up()) }, i.db.Where() + " cannot be reached; it is tried again with the next request"}
	},
	"the server takes the rights away": func(t *testing.T) breakage {
		mariaserver.Need(t, maria)
		between, err := outage.New(maria.Address)
		require.NoError(t, err)
		t.Cleanup(between.Down)
		i := servedFrom(t, between.Address)
		grant := func(statement string) { // which open connections do not notice
			require.NoError(t, maria.Exec(t.Context(), statement))
			between.Down()
			require.NoError(t, between.Up())
		}
		return breakage{i, func() { grant("REVOKE INSERT, UPDATE, DELETE ON *.* FROM keeper@'127.0.0.1'") }, func() { grant("GRANT ALL ON *.* TO keeper@'127.0.0.1'") },
			i.db.Where() + ` refuses the user "keeper": check storePassword and the grants (all privileges on the database are needed)`}
	},
}

// Pages say which store, what is wrong and what to do; queries go on; and when it is mended all is as it was, and nothing was done meanwhile.
func TestWhatIsSeenWhenTheStoreBreaksUnderARunningDataSource(t *testing.T) {
	for name, way := range breakages {
		t.Run(name, func(t *testing.T) {
			b := way(t)
			i := b.i
			trained(t, i, forecastOf("cpu", "a"))
			require.NoError(t, asked(t, i, nil, `{"model":{"name":"cpu"}}`)["A"].Error)
			before := audited(t, i)

			b.down()
			s := statusOf(t, i).Store
			require.False(t, s.OK)
			require.Contains(t, s.Message, "the model store does not work: "+b.says)
			require.NotContains(t, s.Message, "secret'")
			for method, path := range map[string]string{"POST": "models/cpu/train", "DELETE": "models/cpu"} {
				status, raw := sendAs(t, i, "anna", "Editor", method, path, nil)
				require.Equal(t, 503, status, string(raw))
				require.Contains(t, string(raw), "the model store does not work: ")
			}
			var all api.Models
			if status := as(t, i, "eve", "Viewer", "GET", "models", nil, &all); status == 200 { // it can still be read
				require.Len(t, all.Models, 1)
				require.Equal(t, s, all.Store, "the list says that nothing can be kept")
			} else {
				require.Equal(t, 503, status)
			}
			require.NoError(t, asked(t, i, nil, `{`+cheap+`}`)["A"].Error, "a query with its model in it needs no store")
			require.NoError(t, asked(t, i, nil, `{"model":{"name":"cpu"}}`)["A"].Error, "nor does one of a model that was used before")

			b.up()
			until(t, "the store works again", func() bool { return statusOf(t, i).Store.OK })
			require.Equal(t, 1, modelNamed(t, i, "cpu").Live)
			require.Equal(t, before, audited(t, i), "nothing was done meanwhile")
			v, err := i.store.VerifyAudit(t.Context())
			require.NoError(t, err)
			require.True(t, v.OK, v.Message)
			require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "models/cpu/train", nil, nil), "and it can be trained again")
		})
	}
}

// A rule is answered while the store is away, and is not held up at each evaluation; what it saw cross is noted once the store is back.
func TestARuleIsAnsweredWhileTheStoreIsAwayAndItsCrossingsAreNotedAfterwards(t *testing.T) {
	b := breakages["the server cannot be reached"](t)
	now := time.Now()
	evaluatedBy(t, b.i, now, 500)
	open := func() int {
		list, err := b.i.store.OpenCrossings(t.Context())
		require.NoError(t, err)
		return len(list)
	}
	require.Zero(t, open(), "far below the threshold")
	b.down()
	evaluatedBy(t, b.i, now, -500)
	require.False(t, b.i.alerting.failed.IsZero(), "it is known to be away")
	b.up()
	evaluatedBy(t, b.i, now, -500)
	require.Zero(t, open(), "for a minute nobody asks it")
	b.i.alerting.failed = time.Now().Add(-2 * time.Minute)
	evaluatedBy(t, b.i, now, -500)
	require.Equal(t, 2, open(), "both hosts are above")
	evaluatedBy(t, b.i, now, -500)
	lines, _, err := b.i.store.Audit(t.Context(), store.AuditFilter{Kind: store.CrossingBegan})
	require.NoError(t, err)
	require.Len(t, lines, 2, "each is noted once")
}
