// Package warn turns a forecast into an early warning: how long until a threshold is crossed, how early at worst, how
// likely within the horizon. It knows nothing of Grafana, HTTP or SQL.
package warn

import (
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// Values that ETA and ETAEarly take where there is no time left to state, in hours. They are finite, so that a rule such
// as `eta_early < 72` does not fire on them, and so that no query answers "no data".
const (
	Never     = 1_000_000.0 // no crossing within the horizon
	Uncertain = 2_000_000.0 // the forecast is too uncertain to state a time
)

// State is the one-word answer.
type State string

// The states of a warning. Codes for numeric outputs: 0 ok, 1 rising, 2 uncertain, 3 breached.
const (
	OK             State = "ok"        // no crossing expected within the horizon
	Rising         State = "rising"    // a crossing is expected
	UncertainState State = "uncertain" // too uncertain to say
	Breached       State = "breached"  // already across
)

// Code gives the number of a state: 0 ok, 1 rising, 2 uncertain, 3 breached.
func (s State) Code() float64 {
	switch s {
	case OK:
		return 0
	case Rising:
		return 1
	case Breached:
		return 3
	default:
		return 2
	}
}

// Input is one series with its forecast.
type Input struct {
	Values    []float64 // training values, oldest first; NaN is missing
	Step      time.Duration
	Threshold float64
	Above     bool // true: crossing upwards is the trouble
	Forecast  *forecast.Result
	Seed      uint64 // of the sampled paths, so that replicas give the same answer
}

// Answer is the early warning of one series. Times are hours from the last training value.
type Answer struct {
	ETA, ETAEarly  float64 // median and pessimistic (10 % quantile) time to the crossing; Never, Uncertain; 0 when breached
	Probability    float64 // chance of a crossing within the horizon, 0 to 1, from sampled paths
	Prob24, Prob72 float64 // within 24 h and 72 h; NaN where the horizon is shorter
	State          State
	Current        float64 // last known value; NaN where none
	Threshold      float64
	GrowthPerDay   float64  // robust trend, in the metric's unit per day
	HeldBack       []string // guards that held a warning back, by name
}

// Stated tells whether hours is a time, not Never or Uncertain.
func Stated(hours float64) bool { return !math.IsNaN(hours) && hours < Never }
