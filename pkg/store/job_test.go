package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const lease = time.Minute

// queued adds a job for a new model.
func queued(t *testing.T, s Store, model string) *Job {
	t.Helper()
	create(t, s, model)
	j, added, err := s.Enqueue(t.Context(), model, "anna", "user", did("model.train"))
	require.NoError(t, err)
	require.True(t, added)
	return j
}

func claim(t *testing.T, s Store, owner string, l time.Duration) *Job {
	t.Helper()
	j, err := s.Claim(t.Context(), owner, l)
	require.NoError(t, err)
	return j
}

func TestAJobIsQueuedClaimedReportedAndCompleted(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		q := queued(t, s, "m")
		require.Equal(t, Queued, q.State)
		again, added, err := s.Enqueue(ctx, "m", "ben", "user", did("model.train"))
		require.NoError(t, err)
		require.False(t, added)
		require.Equal(t, q.ID, again.ID, "one at a time for each model")
		require.Nil(t, claim(t, d.Space("other"), "w", lease), "another data source's jobs are not ours")

		j := claim(t, s, "w", lease)
		require.Equal(t, []any{q.ID, Running, 1, "w", "m", "anna"}, []any{j.ID, j.State, j.Attempt, j.Owner, j.Model, j.By})
		require.False(t, j.Started.IsZero())
		require.Nil(t, claim(t, s, "v", lease), "it is taken")
		cancelled, err := s.Renew(ctx, j, lease, Progress{Done: 3, Total: 5, Current: "host-3 磁盘"})
		require.NoError(t, err)
		require.False(t, cancelled)
		seen, err := s.Job(ctx, j.ID)
		require.NoError(t, err)
		require.Equal(t, Progress{3, 5, "host-3 磁盘"}, seen.Progress)

		v := version("states")
		j.Progress = Progress{Done: 5, Total: 5}
		require.NoError(t, s.Complete(ctx, j, v, true, Entry{Who: "anna", Action: "model.trained"}))
		seen, err = s.Job(ctx, j.ID)
		require.NoError(t, err)
		require.Equal(t, []any{Done, 1, 5}, []any{seen.State, seen.Version, seen.Progress.Done})
		m, err := s.Model(ctx, "m")
		require.NoError(t, err)
		require.Equal(t, 1, m.Live)
		lines, _, err := s.Audit(ctx, AuditFilter{Kind: "model.trained"})
		require.NoError(t, err)
		require.Equal(t, []any{"m", 1}, []any{lines[0].Model, lines[0].Version})
		require.ErrorIs(t, s.Complete(ctx, j, version(""), true, did("x.y")), ErrLeaseLost, "once only")
		_, err = s.Renew(ctx, j, lease, Progress{})
		require.ErrorIs(t, err, ErrLeaseLost)
	})
}

func TestAnotherWorkerTakesUpWhatADeadOneLeft(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		queued(t, s, "m")
		dead := claim(t, s, "dead", -time.Second) // a lease that has ended
		j := claim(t, s, "alive", lease)
		require.Equal(t, []any{dead.ID, 2, "alive"}, []any{j.ID, j.Attempt, j.Owner})
		require.ErrorIs(t, s.Complete(ctx, dead, version("late"), true, did("x.y")), ErrLeaseLost)
		require.ErrorIs(t, s.Fail(ctx, dead, "late", -1, did("x.y")), ErrLeaseLost)
		require.ErrorIs(t, s.Release(ctx, dead), ErrLeaseLost)
		versions, err := s.Versions(ctx, "m")
		require.NoError(t, err)
		require.Empty(t, versions, "nothing of the dead one's is left")
		require.NoError(t, s.Complete(ctx, j, version("good"), true, did("x.y")))
	})
}

func TestALateHeartbeatKeepsTheJobIfNobodyTookIt(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s := d.Space("1/a")
		queued(t, s, "m")
		j := claim(t, s, "slow", -time.Second)
		_, err := s.Renew(t.Context(), j, lease, Progress{})
		require.NoError(t, err)
		require.Nil(t, claim(t, s, "other", lease))
	})
}

func TestAFailedAttemptComesAgainLaterOrNever(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		queued(t, s, "m")
		j := claim(t, s, "w", lease)
		require.NoError(t, s.Fail(ctx, j, "source away", time.Hour, did("x.y")))
		require.Nil(t, claim(t, s, "w", lease), "not yet")
		seen, err := s.Job(ctx, j.ID)
		require.NoError(t, err)
		require.Equal(t, []any{Queued, "source away"}, []any{seen.State, seen.Error})
		require.True(t, seen.NotBefore.After(seen.Created.Add(50*time.Minute)))
		tamper(t, d, "UPDATE forewarn_jobs SET not_before = 0")
		j = claim(t, s, "w", lease)
		require.Equal(t, 2, j.Attempt)
		require.NoError(t, s.Fail(ctx, j, "no such metric", -1, did("model.failed")))
		seen, err = s.Job(ctx, j.ID)
		require.NoError(t, err)
		require.Equal(t, Failed, seen.State)
		require.False(t, seen.Finished.IsZero())
		lines, _, err := s.Audit(ctx, AuditFilter{Kind: "model.failed"})
		require.NoError(t, err)
		require.Len(t, lines, 1)
		_, added, err := s.Enqueue(ctx, "m", "anna", "user", did("model.train"))
		require.NoError(t, err)
		require.True(t, added, "a failed job is not in the way of the next")
	})
}

func TestAReleasedJobIsAsIfNotTried(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s := d.Space("1/a")
		queued(t, s, "m")
		require.NoError(t, s.Release(t.Context(), claim(t, s, "w", lease)))
		require.Equal(t, 1, claim(t, s, "v", lease).Attempt)
	})
}

func TestCancelling(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		waiting := queued(t, s, "waiting")
		got, err := s.Cancel(ctx, waiting.ID, did("job.cancel"))
		require.NoError(t, err)
		require.Equal(t, Cancelled, got.State)
		require.Nil(t, claim(t, s, "w", lease))

		queued(t, s, "running")
		j := claim(t, s, "w", lease)
		_, err = s.Cancel(ctx, j.ID, did("job.cancel"))
		require.NoError(t, err)
		cancelled, err := s.Renew(ctx, j, lease, Progress{})
		require.NoError(t, err)
		require.True(t, cancelled, "the worker is told")
		require.NoError(t, s.Fail(ctx, j, "context canceled", time.Second, did("x.y")))
		seen, err := s.Job(ctx, j.ID)
		require.NoError(t, err)
		require.Equal(t, []any{Cancelled, ""}, []any{seen.State, seen.Error})
		_, err = s.Cancel(ctx, j.ID, did("job.cancel"))
		require.ErrorIs(t, err, ErrConflict)
		_, err = s.Cancel(ctx, "none", did("job.cancel"))
		require.ErrorIs(t, err, ErrNotFound)

		queued(t, s, "dead")
		j = claim(t, s, "dead", -time.Second)
		_, err = s.Cancel(ctx, j.ID, did("job.cancel"))
		require.NoError(t, err)
		require.Nil(t, claim(t, s, "w", lease), "what was cancelled is not taken up again")
		seen, err = s.Job(ctx, j.ID)
		require.NoError(t, err)
		require.Equal(t, Cancelled, seen.State)
	})
}

func TestManyWorkersDoEachJobOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		const jobs, workers = 12, 4
		for i := range jobs {
			queued(t, s, fmt.Sprint("m", i))
		}
		var wg sync.WaitGroup
		errs := make(chan error, jobs+workers)
		for w := range workers {
			wg.Go(func() {
				for {
					j, err := s.Claim(ctx, fmt.Sprint("w", w), lease)
					if err != nil || j == nil {
						errs <- err
						return
					}
					errs <- s.Complete(ctx, j, version("s"), true, did("model.trained"))
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		// A worker that found the last ones locked by others may have gone home; none may be left.
		require.Nil(t, claim(t, s, "last", lease))
		all, err := s.Models(ctx)
		require.NoError(t, err)
		for _, m := range all {
			require.Equal(t, 1, m.Latest, m.Name)
		}
		list, err := s.Jobs(ctx, "m3", 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, 1, list[0].Attempt)
	})
}

func TestAJobThatIsBeingCancelledIsNotInTheWayOfTheNext(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		queued(t, s, "m")
		old := claim(t, s, "w", lease)
		_, err := s.Cancel(ctx, old.ID, did("job.cancel"))
		require.NoError(t, err)
		next, added, err := s.Enqueue(ctx, "m", "anna", "user", did("model.train"))
		require.NoError(t, err)
		require.True(t, added, "the definition may have changed: the old job is not what is asked for")
		require.NotEqual(t, old.ID, next.ID)
		require.ErrorIs(t, s.Complete(ctx, old, version("old"), true, did("model.trained")), ErrCancelled)
		require.NoError(t, s.Fail(ctx, old, "cancelled", -1, did("x.y")))
		seen, err := s.Job(ctx, old.ID)
		require.NoError(t, err)
		require.Equal(t, Cancelled, seen.State)
		require.NoError(t, s.Complete(ctx, claim(t, s, "w", lease), version("new"), true, did("model.trained")))
		versions, err := s.Versions(ctx, "m")
		require.NoError(t, err)
		require.Len(t, versions, 1)
	})
}

func TestTheNewestJobOfEachModel(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		none, err := s.NewestJobs(ctx)
		require.NoError(t, err)
		require.Empty(t, none)
		create(t, s, "never asked")
		for _, name := range []string{"a", "b"} {
			queued(t, s, name)
			require.NoError(t, s.Fail(ctx, claim(t, s, "w", lease), "first", -1, did("model.failed")))
		}
		queued(t, d.Space("1/other"), "a")
		tamper(t, d, "UPDATE forewarn_jobs SET created = created - 1000")
		again, _, err := s.Enqueue(ctx, "b", "anna", "user", did("model.train"))
		require.NoError(t, err)
		got, err := s.NewestJobs(ctx)
		require.NoError(t, err)
		require.Len(t, got, 2)
		require.Equal(t, []any{Failed, "first"}, []any{got["a"].State, got["a"].Error})
		require.Equal(t, again.ID, got["b"].ID)
		require.NoError(t, remove(ctx, s, "b", did("model.delete")))
		got, err = s.NewestJobs(ctx)
		require.NoError(t, err)
		require.Len(t, got, 1)
	})
}
