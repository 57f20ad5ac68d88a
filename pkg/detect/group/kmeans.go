package group

import (
	"context"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
)

const starts = 5 // seedings of which the best is kept

// points are the described windows.
type points = cluster.Points

// kmeans groups windows around k centres, or fewer where fewer of them differ.
func kmeans(ctx context.Context, p points, k int) (cluster.Means, error) {
	return cluster.KMeans(ctx, p, min(k, p.Len()), starts)
}
