package detect

import "time"

// localFollows is the share of a difference that the local level takes over at each point: it knows about the last four.
const localFollows = 0.4

// newLocal is a baseline that only knows the level of the newest points: what jumps out of its neighbours is far from it, though
// no season may find anything in the value.
func newLocal(step time.Duration) *baseline {
	b := newBaseline(step)
	b.steady, b.follow = true, localFollows
	return b
}
