package training

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/tests/outage"
)

const inline = `{"queryType":"forecast","source":{"kind":"prometheus","expr":"load_percent{host=\"h01\"}"},"trainingWindow":"7d","interval":"5m","horizon":"2h"}`

func TestATrainingThatIsKilledIsResumedWithinAMinuteAndLeavesNothingHalfWritten(t *testing.T) {
	t.Parallel()
	world.Need(t)
	settings, _ := sqlite(t)
	first := start(t, settings, nil)
	job := first.train(definition("load", 40, slow))
	first.under(job.ID)
	killed := time.Now()
	first.kill()

	second := start(t, settings, nil)
	require.Empty(t, second.versions("load"), "no half-written version")
	require.Eventually(t, func() bool { return second.job(job.ID).Attempt == 2 }, time.Minute, 100*time.Millisecond)
	require.Less(t, time.Since(killed), time.Minute)
	second.done(job.ID)
	versions := second.versions("load")
	require.Len(t, versions, 1)
	require.Equal(t, 40, versions[0].Series)
	second.whole()
	r := second.ask(`{"model":{"name":"load"}}`)
	require.NoError(t, r.Error)
	require.Len(t, r.Frames[0].Fields, 1+5*40)
}

func TestATrainedModelAnswersAfterAKill(t *testing.T) {
	t.Parallel()
	world.Need(t)
	settings, _ := sqlite(t)
	first := start(t, settings, nil)
	first.done(first.train(definition("load", 10, `{"algorithm":"ets"}`)).ID)
	first.kill()
	second := start(t, settings, nil)
	r := second.ask(`{"model":{"name":"load"}}`)
	require.NoError(t, r.Error)
	for _, n := range r.Frames[0].Meta.Notices {
		require.NotContains(t, n.Text, "fitted on request")
	}
}

func TestAStoreThatGoesAwayDuringTrainingAndQueries(t *testing.T) {
	t.Parallel()
	world.Need(t)
	t.Run("mysql", func(t *testing.T) {
		proxy, err := outage.New(world.Maria.Address)
		require.NoError(t, err)
		defer proxy.Down()
		settings, secure := mysql(t, proxy.Address)
		survive(t, start(t, settings, secure), proxy.Down, proxy.Up)
	})
	t.Run("sqlite", func(t *testing.T) {
		settings, path := sqlite(t)
		survive(t, start(t, settings, nil), func() { require.NoError(t, os.Rename(path, path+".away")) }, func() error { return os.Rename(path+".away", path) })
	})
}

// survive trains while the store goes away and comes back.
func survive(t *testing.T, r *replica, down func(), up func() error) {
	r.done(r.train(definition("before", 10, `{"algorithm":"ets"}`)).ID)
	require.NoError(t, r.ask(`{"model":{"name":"before"}}`).Error)
	job := r.train(definition("load", 40, slow))
	r.under(job.ID)
	down()
	require.NoError(t, r.ask(inline).Error, "what needs no store works without it")
	require.NoError(t, r.ask(`{"model":{"name":"before"}}`).Error, "a model that was used before goes on answering")
	require.Equal(t, http.StatusServiceUnavailable, r.call("POST", "models/before/train", nil, nil))
	var s api.Status
	require.Equal(t, http.StatusOK, r.call("GET", "status", nil, &s))
	require.False(t, s.Store.OK)
	require.NotEmpty(t, s.Store.Message)
	time.Sleep(5 * time.Second) // some of the training, or all of it, happens meanwhile
	require.NoError(t, up())
	require.Equal(t, http.StatusOK, r.call("GET", "status", nil, &s))
	require.True(t, s.Store.OK, s.Store.Message)
	r.done(job.ID)
	require.Len(t, r.versions("load"), 1)
	r.whole()
}

func TestTwoReplicasTrainTheSameModelOnce(t *testing.T) {
	t.Parallel()
	world.Need(t)
	settings, secure := mysql(t, world.Maria.Address)
	one, two := start(t, settings, secure), start(t, settings, secure)
	job := one.train(definition("load", 20, slow))
	var same api.Job
	require.Equal(t, http.StatusAccepted, two.call("POST", "models/load/train", nil, &same))
	require.Equal(t, job.ID, same.ID)
	one.done(job.ID)
	require.Len(t, two.versions("load"), 1)
	require.NoError(t, two.ask(`{"model":{"name":"load"}}`).Error, "what one has trained the other answers from")
	require.Equal(t, http.StatusAccepted, two.call("POST", "models/load/train", nil, &same))
	two.done(same.ID)
	require.Equal(t, http.StatusOK, one.call("POST", "models/load/rollback", nil, nil))
	require.Eventually(t, func() bool {
		r := two.ask(`{"model":{"name":"load"}}`)
		require.NoError(t, r.Error)
		return fmt.Sprint(r.Frames[0].Meta.Custom) != "" && custom(r.Frames[0].Meta.Custom)["version"] == 1.0
	}, 10*time.Second, 100*time.Millisecond, "a rollback on one replica is seen by the other")
}

func custom(v any) map[string]any { m, _ := v.(map[string]any); return m }

func TestThreeReplicasThatAreKilledAtRandomDoEachJobOnce(t *testing.T) {
	t.Parallel()
	world.Need(t)
	settings, secure := mysql(t, world.Maria.Address)
	replicas := make([]*replica, 3)
	for i := range replicas {
		replicas[i] = start(t, settings, secure)
		require.Equal(t, http.StatusOK, replicas[i].call("GET", "models", nil, nil), "the first request starts the worker")
	}
	const models = 9
	for i := range models {
		replicas[i%3].train(definition(fmt.Sprint("load ", i), 20, slow))
	}
	kills, taken := 0, map[string]bool{}
	deadline := time.Now().Add(4 * time.Minute)
	for {
		i := rand.IntN(3)
		var all api.Jobs
		require.Equal(t, http.StatusOK, replicas[i].call("GET", "jobs", nil, &all))
		require.Len(t, all.Jobs, models)
		open := 0
		for _, j := range all.Jobs {
			require.NotEqual(t, api.JobFailed, j.State, j.Error)
			if j.State != api.JobDone {
				open++
			}
			if j.Attempt > 1 {
				taken[j.ID] = true
			}
		}
		if open == 0 {
			break
		}
		require.True(t, time.Now().Before(deadline), "%d jobs are still open after %d kills", open, kills)
		time.Sleep(time.Duration(300+rand.IntN(900)) * time.Millisecond)
		if kills < 6 {
			kills++
			replicas[i].kill()
			replicas[i] = start(t, settings, secure)
			require.Equal(t, http.StatusOK, replicas[i].call("GET", "models", nil, nil))
		}
	}
	require.NotEmpty(t, taken, "no job was taken up from a killed worker: the test did not test it")
	for i := range models {
		name := fmt.Sprint("load ", i)
		versions := replicas[0].versions(name)
		require.Len(t, versions, 1, name)
		require.Equal(t, 20, versions[0].Series)
	}
	var trail api.Audit
	require.Equal(t, http.StatusOK, replicas[0].call("GET", "audit?kind=model.trained&limit=1000", nil, &trail))
	require.Len(t, trail.Entries, models, "each job is done once")
	replicas[0].whole()
}
