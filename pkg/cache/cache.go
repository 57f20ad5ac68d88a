// Package cache keeps what is costly to make again, bounded by bytes: the least recently used goes first.
package cache

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/singleflight"
)

// Cache maps keys to values and holds at most a number of bytes. It is safe for concurrent use.
type Cache[V any] struct {
	mu    sync.Mutex
	lru   *simplelru.LRU[string, sized[V]]
	bytes int64
	limit int64
	group singleflight.Group
}

type sized[V any] struct {
	value V
	bytes int64
}

// New makes a cache of at most limit bytes.
func New[V any](limit int64) *Cache[V] {
	c := &Cache[V]{limit: limit}
	// The entry count is not the bound, bytes are; NewLRU fails only for a size below 1.
	c.lru, _ = simplelru.NewLRU(1<<30, func(_ string, s sized[V]) { c.bytes -= s.bytes })
	return c
}

// Get gives the value of a key, if it is held.
func (c *Cache[V]) Get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.lru.Get(key)
	return s.value, ok
}

// Put holds a value of the given size; one larger than the whole cache is not held.
func (c *Cache[V]) Put(key string, value V, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Remove(key)
	if bytes > c.limit {
		return
	}
	c.lru.Add(key, sized[V]{value, bytes})
	for c.bytes += bytes; c.bytes > c.limit; {
		c.lru.RemoveOldest()
	}
}

// Clear forgets everything.
func (c *Cache[V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Purge()
}

// Stats gives the number of values held and their bytes.
func (c *Cache[V]) Stats() (entries int, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lru.Len(), c.bytes
}

// Once runs make for a key; callers that come with the same key while it runs get the same result.
func (c *Cache[V]) Once(key string, make func() (V, error)) (V, error) {
	v, err, _ := c.group.Do(key, func() (any, error) { return make() })
	if err != nil {
		var none V
		return none, err
	}
	return v.(V), nil
}
