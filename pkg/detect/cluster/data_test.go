package cluster

// generator is the linear congruential generator of Numerical Recipes, so that an oracle in another language sees the same
// points.
func generator(seed uint32) func() float64 {
	return func() float64 {
		seed = 1664525*seed + 1013904223
		return float64(seed) / (1 << 32)
	}
}

// blobs are n points around k centres within ±10, each off by the sum of twelve uniform numbers less six.
func blobs(n, dims, k int, seed uint32) Points {
	centre, p := make([]float64, k*dims), Points{make([]float64, n*dims), dims}
	g := generator(seed + 1)
	for i := range centre {
		centre[i] = 20*g() - 10
	}
	g = generator(seed)
	for i := range p.X {
		e := -6.0
		for range 12 {
			e += g()
		}
		p.X[i] = centre[i/dims%k*dims+i%dims] + e
	}
	return p
}
