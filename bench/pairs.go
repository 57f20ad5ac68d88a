package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

const (
	pairPoints = 4032 // two weeks of five minutes
	pairFrom   = 3456
	pairAt     = 4000
	pairOff    = 12  // points from there on, an hour
	weakOff    = 4.0 // standard deviations: the edge of its own band
	strongOff  = 4.8
)

// pairs draws entities of three to eight signals and asks the default method whether any two signals that are a little off weigh more
// than one that is off by more, and whether the answer names the two.
type pairs struct{ draws, heavier, named, raised, strong int }

func (p *pairs) draw(ctx context.Context, seed uint64) error {
	rng := rand.New(rand.NewPCG(seed, 11))
	who := rng.Perm(3 + rng.IntN(6))
	run := func(off map[int]float64) (*composite.Output, error) {
		rng := rand.New(rand.NewPCG(seed, 12))
		in := composite.Input{Step: 5 * time.Minute, From: pairFrom}
		for k := range who {
			s := composite.Signal{Name: fmt.Sprint(k), Values: make([]float64, pairPoints)}
			for i := range s.Values {
				noise, above := rng.NormFloat64(), off[k]
				if above > 0 && i >= pairAt && i < pairAt+pairOff {
					noise = above
				}
				s.Values[i] = 50 + 10*math.Sin(2*math.Pi*float64(i)/288) + noise
			}
			in.Signals = append(in.Signals, s)
		}
		return composite.Run(ctx, in)
	}
	two, err := run(map[int]float64{who[0]: weakOff, who[1]: weakOff})
	if err != nil {
		return err
	}
	one, err := run(map[int]float64{who[2]: strongOff})
	if err != nil {
		return err
	}
	off := func(out *composite.Output) []float64 { return out.Score[pairAt : pairAt+pairOff] }
	p.draws++
	p.heavier += count(slices.Max(off(two)) > slices.Max(off(one)))
	p.raised += count(slices.Contains(two.Anomalous[pairAt:pairAt+pairOff], true))
	p.strong += count(slices.Contains(one.Anomalous[pairAt:pairAt+pairOff], true))
	first := byShare(two, pairAt+pairOff-1)[:2]
	p.named += count(slices.Contains(first, who[0]) && slices.Contains(first, who[1]))
	return nil
}

// byShare gives the signals' indices, the largest share at a point first.
func byShare(out *composite.Output, i int) []int {
	order := make([]int, len(out.Shares))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(out.Shares[b][i], out.Shares[a][i]) })
	return order
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (p *pairs) String() string {
	return fmt.Sprintf("two signals %g standard deviations off for an hour, of 3 to 8: above one that is %g off in %d of %d draws, named first and second in %d, raised in %d (the one alone: %d)",
		weakOff, strongOff, p.heavier, p.draws, p.named, p.raised, p.strong)
}
