package cache_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/cache"
)

func TestHoldsAtMostItsBytesAndDropsTheLeastRecentlyUsed(t *testing.T) {
	c := cache.New[string](100)
	c.Put("a", "A", 40)
	c.Put("b", "B", 40)
	_, ok := c.Get("a") // now b is the least recently used
	require.True(t, ok)
	c.Put("c", "C", 40)

	_, ok = c.Get("b")
	require.False(t, ok)
	for key, want := range map[string]string{"a": "A", "c": "C"} {
		got, ok := c.Get(key)
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	n, bytes := c.Stats()
	require.Equal(t, 2, n)
	require.EqualValues(t, 80, bytes)
}

func TestReplacingAValueCountsItOnce(t *testing.T) {
	c := cache.New[int](100)
	c.Put("a", 1, 60)
	c.Put("a", 2, 70)
	n, bytes := c.Stats()
	require.Equal(t, 1, n)
	require.EqualValues(t, 70, bytes)
	got, _ := c.Get("a")
	require.Equal(t, 2, got)
}

func TestAValueLargerThanTheCacheIsNotHeldAndEvictsNothingElse(t *testing.T) {
	c := cache.New[int](100)
	c.Put("a", 1, 60)
	c.Put("big", 2, 101)
	_, ok := c.Get("big")
	require.False(t, ok)
	_, ok = c.Get("a")
	require.True(t, ok)
}

func TestClearForgetsEverything(t *testing.T) {
	c := cache.New[int](100)
	c.Put("a", 1, 60)
	c.Clear()
	n, bytes := c.Stats()
	require.Zero(t, n)
	require.Zero(t, bytes)
}

func TestOnceSharesOneRunBetweenCallersOfTheSameKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cache.New[int](100)
		release := make(chan struct{})
		var runs, answered atomic.Int32
		for range 5 {
			go func() {
				v, err := c.Once("k", func() (int, error) { <-release; return int(runs.Add(1)), nil })
				require.NoError(t, err)
				require.Equal(t, 1, v)
				answered.Add(1)
			}()
		}
		synctest.Wait() // one makes it, the others wait for that
		require.Zero(t, answered.Load())
		other, err := c.Once("another key", func() (int, error) { return 9, nil })
		require.NoError(t, err)
		require.Equal(t, 9, other, "other keys do not wait")
		close(release)
		synctest.Wait()
		require.EqualValues(t, 5, answered.Load())
		again, err := c.Once("k", func() (int, error) { return int(runs.Add(1)), nil })
		require.NoError(t, err)
		require.Equal(t, 2, again, "what was made is not held: that is Put")
	})
}

func TestOncePassesErrorsOn(t *testing.T) {
	boom := errors.New("boom")
	_, err := cache.New[int](1).Once("k", func() (int, error) { return 0, boom })
	require.ErrorIs(t, err, boom)
}
