package query

import (
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
)

const (
	leadLeast = 12                 // points: neighbours that confirm, and an episode that goes on
	leadAuto  = 7 * 24 * time.Hour // auto's quarantine counts a week's alerts
)

// stagesFrom is the index from which a detector is asked, so that the stages know at index shown what was before: whether enough points were
// outside, for how long already, and how long the last episode has been over. Otherwise a rule over ten minutes would tell what a panel
// over a day shows as held back. Half of what lies before stays to learn from.
func (q *Query) stagesFrom(shown int) int {
	lead := time.Duration(leadLeast+q.Guards.N)*q.Interval + q.Guards.For + 2*q.Guards.Cooldown
	if q.Model.Algorithm == detect.Auto || q.Model.Name != "" {
		lead = max(lead, leadAuto)
	}
	return max(shown-int(lead/q.Interval), shown-shown/2)
}
