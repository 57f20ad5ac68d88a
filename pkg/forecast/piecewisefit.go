package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// estimate finds the posterior mode. A linear model needs one regression; saturating growth or a season in shares of the trend is
// linearised at the present estimate, again and again (Gauss-Newton).
func (m *piecewiseModel) estimate(ctx context.Context, y []float64, flexibility float64) error {
	rows := m.rows(y)
	k, trends := m.terms(), m.trendTerms()
	columns := make([][]float64, k)
	for j := range columns {
		columns[j] = make([]float64, len(rows))
	}
	basis := make([]float64, k)
	for i, t := range rows {
		m.basis(t, basis)
		for j, v := range basis {
			columns[j][i] = v
		}
	}
	target := make([]float64, len(rows))
	for i, t := range rows {
		target[i] = (y[t] - m.floor) / m.unit
	}
	m.theta = m.start(target, columns)
	linear := m.growth != "saturating" && !m.shares
	work, z := columns, slices.Clone(target)
	if !linear {
		work = make([][]float64, k)
		for j := range work {
			work[j] = make([]float64, len(rows))
		}
	}
	for range piecewiseOuter {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !linear {
			m.linearise(columns, target, work, z, trends)
		}
		before := slices.Clone(m.theta)
		if !m.regress(work, z, flexibility) {
			return fmt.Errorf("%w: %d known values do not determine a piecewise trend", ErrTooShort, len(rows))
		}
		if linear || floats.Distance(before, m.theta, math.Inf(1)) < 1e-6 {
			return nil
		}
	}
	return nil
}

// rows gives the positions of known values, thinned evenly where there are very many.
func (m *piecewiseModel) rows(y []float64) []int {
	var out []int
	every := max((len(y)+piecewiseMost-1)/piecewiseMost, 1)
	for slices.ContainsFunc(m.periods, func(p int) bool { return gcd(p, every) > 1 }) {
		every++ // with a common divisor some phases of the season would never be seen
	}
	for t := 0; t < len(y); t += every {
		if !math.IsNaN(y[t]) {
			out = append(out, t)
		}
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// start is a level and a slope for the trend, nothing else.
func (m *piecewiseModel) start(target []float64, columns [][]float64) []float64 {
	theta := make([]float64, len(columns))
	x := slices.Clone(target)
	if m.growth == "saturating" {
		for i, v := range x {
			v = min(max(v, 0.01), 0.99)
			x[i] = math.Log(v / (1 - v))
		}
	}
	a, b := line(x)
	if theta[0] = floats.Sum(x) / float64(len(x)); m.growth != "flat" {
		theta[0], theta[1] = a, b*float64(len(x)-1)
	}
	return theta
}

// linearise writes the derivatives at the present estimate and the target that goes with them.
func (m *piecewiseModel) linearise(columns [][]float64, target []float64, work [][]float64, z []float64, trends int) {
	for i := range z {
		eta, season := 0.0, 0.0
		for j, c := range columns {
			if j < trends {
				eta += m.theta[j] * c[i]
			} else {
				season += m.theta[j] * c[i]
			}
		}
		g, slope := eta, 1.0
		if m.growth == "saturating" {
			g = 1 / (1 + math.Exp(-eta))
			slope = math.Max(g*(1-g), 1e-6)
		}
		up, us, f := slope, 1.0, g+season
		if m.shares {
			up, us, f = slope*(1+season), g, g*(1+season)
		}
		z[i] = target[i] - f
		for j, c := range columns {
			if w := us; j < trends {
				work[j][i] = up * c[i]
			} else {
				work[j][i] = w * c[i]
			}
			z[i] += m.theta[j] * work[j][i]
		}
	}
}

// regress finds the mode for a linear model: the Laplace prior of the changes is a normal one whose width is their present
// size, and the noise is estimated along.
func (m *piecewiseModel) regress(columns [][]float64, z []float64, flexibility float64) bool {
	k, n := len(columns), float64(len(z))
	gram, right := make([]float64, k*k), make([]float64, k)
	products(columns, z, gram, right)
	total := floats.Dot(z, z)
	changes, trends := m.changeTerms(), m.trendTerms()
	sigma2 := math.Max(total/n, 1e-12)
	theta := slices.Clone(m.theta)
	for j := changes; j < trends; j++ {
		theta[j] = flexibility
	}
	g, r := make([]float64, k*k), make([]float64, k)
	for range piecewiseInner {
		copy(g, gram)
		copy(r, right)
		for j := range k {
			prior := 1 / (seasonPrior * seasonPrior)
			switch {
			case j < changes:
				prior = 1 / (trendPrior * trendPrior)
			case j < trends:
				prior = 1 / (flexibility * math.Max(math.Abs(theta[j]), 1e-7))
			}
			g[j*k+j] += sigma2 * prior
		}
		if !solve(g, r, k, 0) || !finite(r) {
			return false
		}
		moved := floats.Distance(theta, r, math.Inf(1))
		copy(theta, r)
		sigma2 = math.Max(m.squares(gram, right, theta, total)/n, 1e-14)
		if moved < piecewiseDone {
			break
		}
	}
	m.theta = theta
	return true
}

// squares gives the sum of squared errors from the sums of products.
func (m *piecewiseModel) squares(gram, right, theta []float64, total float64) float64 {
	k := len(theta)
	out := total
	for a := range k {
		out += theta[a] * (floats.Dot(gram[a*k:(a+1)*k], theta) - 2*right[a])
	}
	return out
}
