package store

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAModelIsKeptChangedRenamedAndDeleted(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		m := create(t, s, "disk 磁盘 💾")
		got, err := s.Model(ctx, m.Name)
		require.NoError(t, err)
		require.Equal(t, m, got)
		require.Equal(t, 1, got.Revision)
		require.False(t, got.Created.IsZero())

		got.Name, got.Definition, got.UpdatedBy = "disk", []byte(`{"a": "`+strings.Repeat("ä", 100_000)+`"}`), "ben"
		require.NoError(t, s.ChangeModel(ctx, got, did("model.change")))
		_, err = s.Model(ctx, m.Name)
		require.ErrorIs(t, err, ErrNotFound)
		again, err := s.Model(ctx, "disk")
		require.NoError(t, err)
		require.Equal(t, got, again)
		require.Equal(t, "anna", again.CreatedBy)

		require.NoError(t, remove(ctx, s, "disk", did("model.delete")))
		all, err := s.Models(ctx)
		require.NoError(t, err)
		require.Empty(t, all)
		require.ErrorIs(t, remove(ctx, s, "disk", did("model.delete")), ErrNotFound)
	})
}

func TestAChangeToWhatHasChangedIsRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		first := create(t, s, "a")
		second := *first
		require.NoError(t, s.ChangeModel(ctx, first, did("model.change")))
		require.ErrorIs(t, s.ChangeModel(ctx, &second, did("model.change")), ErrConflict)
		require.ErrorIs(t, s.DeleteModel(ctx, &second, did("model.delete")), ErrConflict)
		lines, _, err := s.Audit(ctx, AuditFilter{})
		require.NoError(t, err)
		require.Len(t, lines, 2, "what was refused is not in the trail")
	})
}

func TestANameIsTakenOnceInEachDataSource(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		one, other, ctx := d.Space("1/a"), d.Space("2/a"), t.Context()
		create(t, one, "x")
		m := create(t, one, "y")
		create(t, other, "x")
		require.ErrorIs(t, one.CreateModel(ctx, &Model{Name: "x", Definition: []byte("{}"), CreatedBy: "anna"}, did("model.create")), ErrExists)
		m.Name = "x"
		require.ErrorIs(t, one.ChangeModel(ctx, m, did("model.change")), ErrExists)
		all, err := one.Models(ctx)
		require.NoError(t, err)
		require.Len(t, all, 2)
		require.Equal(t, "x", all[0].Name)
		require.NoError(t, remove(ctx, other, "x", did("model.delete")))
		_, err = one.Model(ctx, "x")
		require.NoError(t, err, "another data source's model is not touched")
		create(t, one, "X")
	})
}

func TestVersionsAreNumberedAndOneIsLive(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "m")
		_, err := s.Version(ctx, "m", 0)
		require.ErrorIs(t, err, ErrNotFound)
		_, err = s.Versions(ctx, "none")
		require.ErrorIs(t, err, ErrNotFound)
		for n := 1; n <= 4; n++ {
			v := version(strings.Repeat("s", n))
			require.NoError(t, add(ctx, s, "m", v, n != 4, did("version.add")))
			require.Equal(t, n, v.Number)
		}
		live, err := s.Version(ctx, "m", 0)
		require.NoError(t, err)
		require.Equal(t, 3, live.Number)
		require.Equal(t, []byte("sss"), live.States)
		require.Equal(t, len("results")+3, live.Bytes)
		require.Equal(t, int64(1000), live.From.Unix())
		require.JSONEq(t, `{"series": 2}`, string(live.Summary))

		create(t, s, "never trained")
		all, err := s.LiveVersions(ctx)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Equal(t, 3, all["m"].Number)

		require.NoError(t, s.SetDrift(ctx, "m", 0.5))
		m, err := s.Model(ctx, "m")
		require.NoError(t, err)
		require.Equal(t, 0.5, m.Drift)
		require.NoError(t, s.SetLive(ctx, "m", 1, did("version.rollback")))
		require.ErrorIs(t, s.SetLive(ctx, "m", 9, did("version.rollback")), ErrNotFound)
		m, err = s.Model(ctx, "m")
		require.NoError(t, err)
		require.Equal(t, []any{1, 4, 0.0}, []any{m.Live, m.Latest, m.Drift})

		n, err := s.Prune(ctx, "m", 2)
		require.NoError(t, err)
		require.Equal(t, 1, n, "version 2 goes; 3 and 4 are the newest, 1 is live")
		list, err := s.Versions(ctx, "m")
		require.NoError(t, err)
		require.Len(t, list, 3)
		require.Equal(t, 4, list[0].Number)
		require.Nil(t, list[0].States, "lists do not carry states")
	})
}

func TestALargeVersionComesBackAsItWas(t *testing.T) {
	blob := make([]byte, 8<<20)
	_, _ = rand.Read(blob)
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "m")
		v := version("")
		v.States = blob
		require.NoError(t, add(ctx, s, "m", v, true, did("version.add")))
		got, err := s.Version(ctx, "m", 1)
		require.NoError(t, err)
		require.True(t, bytes.Equal(blob, got.States))
	})
}

func TestDeletingAModelTakesEverythingOfItAndLeavesTheTrail(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "m")
		require.NoError(t, add(ctx, s, "m", version("s"), true, did("version.add")))
		_, _, err := s.Enqueue(ctx, "m", "anna", "user", did("model.train"))
		require.NoError(t, err)
		require.NoError(t, s.AddLabel(ctx, &Label{Model: "m", Kind: "incident"}, did("label.add")))
		require.NoError(t, remove(ctx, s, "m", did("model.delete")))
		create(t, s, "m")
		_, err = s.Version(ctx, "m", 1)
		require.ErrorIs(t, err, ErrNotFound)
		jobs, err := s.Jobs(ctx, "", 0)
		require.NoError(t, err)
		require.Empty(t, jobs)
		labels, err := s.Labels(ctx, "m")
		require.NoError(t, err)
		require.Empty(t, labels)
		lines, more, err := s.Audit(ctx, AuditFilter{})
		require.NoError(t, err)
		require.False(t, more)
		require.Len(t, lines, 7)
	})
}

func TestAModelIsImportedWithItsVersionsOrNotAtAll(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		m := &Model{Name: "m", Definition: []byte(`{}`), CreatedBy: "ben"}
		old, newer := version("old"), version("new")
		require.NoError(t, s.ImportModel(ctx, m, []*Version{old, newer}, 0, Entry{Who: "ben", Action: "model.import", Model: "m"}))
		got, err := s.Model(ctx, "m")
		require.NoError(t, err)
		require.Equal(t, []any{1, 2, "ben"}, []any{got.Live, got.Latest, got.CreatedBy})
		live, err := s.Version(ctx, "m", 0)
		require.NoError(t, err)
		require.Equal(t, "old", string(live.States))
		lines, _, err := s.Audit(ctx, AuditFilter{})
		require.NoError(t, err)
		require.Len(t, lines, 3)

		require.ErrorIs(t, s.ImportModel(ctx, &Model{Name: "m", Definition: []byte(`{}`), CreatedBy: "ben"}, []*Version{version("x")}, 0, did("model.import")), ErrExists)
		require.NoError(t, s.ImportModel(ctx, &Model{Name: "untrained", Definition: []byte(`{}`), CreatedBy: "ben"}, nil, -1, did("model.import")))
		// A trail that cannot be written undoes all of it.
		require.Error(t, s.ImportModel(ctx, &Model{Name: "half", Definition: []byte(`{}`)}, []*Version{version("x")}, 0, Entry{}))
		_, err = s.Model(ctx, "half")
		require.ErrorIs(t, err, ErrNotFound)
	})
}
