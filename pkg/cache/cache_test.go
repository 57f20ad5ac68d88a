package cache_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/forewarn/earlywarning/pkg/cache"
	"github.com/stretchr/testify/require"
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
	c := cache.New[int](100)
	var runs atomic.Int32
	started, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = c.Once("k", func() (int, error) {
			runs.Add(1)
			close(started)
			<-release
			return 7, nil
		})
	})
	<-started
	results := make(chan int, 4)
	for range 4 {
		wg.Go(func() {
			v, _ := c.Once("k", func() (int, error) { runs.Add(1); return 7, nil })
			results <- v
		})
	}
	close(release)
	wg.Wait()
	close(results)
	for v := range results {
		require.Equal(t, 7, v)
	}
	require.LessOrEqual(t, runs.Load(), int32(5))
	require.GreaterOrEqual(t, runs.Load(), int32(1))
}

func TestOncePassesErrorsOn(t *testing.T) {
	boom := errors.New("boom")
	_, err := cache.New[int](1).Once("k", func() (int, error) { return 0, boom })
	require.ErrorIs(t, err, boom)
}
