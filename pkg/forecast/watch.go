package forecast

import "math"

// watch follows a model's one-step errors after training. It sums how far they are above what is allowed (CUSUM: Page,
// "Continuous inspection schemes", Biometrika 41, 1954), and averages them for people.
type watch struct {
	usual  float64 // mean absolute one-step error in training
	sum    float64 // Page's sum of excesses
	recent float64 // exponentially weighted mean of the absolute errors in units of usual
}

const (
	watchAllowed = 2.0      // multiple of the usual error that is no excess
	watchMost    = 8.0      // multiple as which a single error counts at most: no point alone makes a refit due
	watchLimit   = 24.0     // sum of excesses at which a refit is due
	watchAlpha   = 1.0 / 48 // weight of the newest error in the mean
	watchAge     = 0.5      // share of the training points, seen since, at which a refit is due
)

func newWatch(r *Result) watch {
	w := watch{recent: 1}
	if sizes := newestSizes(r.Residuals); len(sizes) > 0 {
		w.usual = meanOf(sizes)
	}
	if len(r.Sigma) > 0 {
		// What fits exactly, or a model with too few parameters to fit, is judged by its spread out of sample instead.
		w.usual = max(w.usual, 0.25*r.Sigma[0])
	}
	return w
}

func (w *watch) see(e float64) {
	if math.IsNaN(e) {
		return
	}
	u := watchMost
	if w.usual > 0 {
		u = min(math.Abs(e)/w.usual, watchMost)
	} else if e == 0 {
		u = 1
	}
	w.recent += watchAlpha * (u - w.recent)
	w.sum = max(w.sum+u-watchAllowed, 0)
}

// Drift says how much larger the recent one-step errors are than in training: 0 as large or smaller, 1 twice as large.
func (s *State) Drift() float64 { return max(s.watch.recent-1, 0) }

// RefitDue tells whether the model should be trained anew, and why: its errors have grown for good, or it has seen half as many
// points again as it was trained on.
func (s *State) RefitDue() (why string, due bool) {
	switch {
	case s.watch.sum > watchLimit:
		return "its errors are well above those in training, and stay so", true
	case float64(s.Seen) >= watchAge*float64(s.Trained):
		return "it has seen half as many points again as it was trained on", true
	}
	return "", false
}
