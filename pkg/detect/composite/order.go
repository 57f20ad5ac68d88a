package composite

// nth moves the value that would be at k, were x sorted, there, what is not above it before, and what is not below it behind
// (Hoare: Algorithm 65, Find, Comm. ACM 4, 1961). x holds no NaN.
func nth(x []float64, k int) float64 {
	lo, hi := 0, len(x)-1
	for lo < hi {
		a, b, c := x[lo], x[lo+(hi-lo)/2], x[hi]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := lo, hi
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for x[j] > pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return x[k]
		}
	}
	return x[k]
}

// middle is the median of x; it changes the order.
func middle(x []float64) float64 {
	n := len(x)
	high := nth(x, n/2)
	if n%2 == 1 {
		return high
	}
	low := x[0]
	for _, v := range x[1 : n/2] {
		low = max(low, v)
	}
	return (low + high) / 2
}
