package group

import (
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
)

const (
	leastInstances = 3
	leastWindows   = 10 // trained windows of all instances together
	tooSparse      = "less than half of the evaluated window is known"
)

// history is what a group was like before the evaluated window.
type history struct {
	dev     [][]float64 // deviation of each instance from the group's median
	window  int         // points that are evaluated, the newest ones
	trained points      // features of the windows before
	at      []stretch
	times   int           // how many windows an instance has at most
	unit    [dims]float64 // of each feature
}

// train describes the history: what lies before in.From where that is enough, so that nothing shown is learnt, else what
// lies before the evaluated window. It gives nil for groups that are too small.
func train(in Input, window time.Duration) (*history, error) {
	if len(in.Values) < leastInstances {
		return nil, nil
	}
	n := len(in.Values[0])
	h := &history{window: min(max(int(window/in.Step), 1), n)}
	dev, size := deviations(in.Values)
	h.dev = dev
	until := n - h.window
	if in.From < until {
		h.trained, h.at = stretches(dev, in.From, h.window)
	}
	if len(h.at) < leastWindows*len(in.Values) {
		h.trained, h.at = stretches(dev, until, h.window)
	}
	if len(h.at) < leastWindows {
		return nil, fmt.Errorf("%w: the history before the evaluated %s holds %d windows of that length over all instances, %d are needed: choose a longer trainingWindow or a shorter window",
			detect.ErrTooShort, window, len(h.at), leastWindows)
	}
	for _, s := range h.at {
		h.times = max(h.times, s.time+1)
	}
	h.unit = scales(h.trained, size)
	return h, nil
}

// now describes the evaluated window of an instance.
func (h *history) now(j int) ([dims]float64, bool) {
	row := h.dev[j]
	return describe(row[len(row)-h.window:], make([]float64, 0, h.window))
}
