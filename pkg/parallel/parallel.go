// Package parallel shares work for many series among processors.
package parallel

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// Each runs work for every index below n, so many at a time, and stops at the first error, which it gives; what has not begun by then
// is left out. A panic in work is an error that names the index.
func Each(ctx context.Context, n, atATime int, work func(ctx context.Context, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atATime)
	for i := range n {
		g.Go(func() (err error) {
			defer func() {
				if r := recover(); r != nil {
					err = fmt.Errorf("series %d: internal error: %v", i, r)
				}
			}()
			if err := ctx.Err(); err != nil {
				return err
			}
			return work(ctx, i)
		})
	}
	return g.Wait()
}
