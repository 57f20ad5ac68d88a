package cluster

import (
	"testing"
)

func BenchmarkKMeans10k(b *testing.B) {
	p := blobs(10000, 4, 5, 1)
	for b.Loop() {
		if _, err := KMeans(b.Context(), p, 5, 10); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDBSCAN10k(b *testing.B) {
	p := blobs(10000, 4, 5, 1)
	for b.Loop() {
		if _, _, err := DBSCAN(p, 0.8, 10); err != nil {
			b.Fatal(err)
		}
	}
}
