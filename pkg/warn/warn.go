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
	Never     = 1_000_000.0 // no crossing within the week, or the horizon where that is longer
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

// Input is one series with its threshold.
type Input struct {
	Values      []float64 // history, oldest first; NaN is missing
	Step        time.Duration
	Threshold   float64
	Above       bool             // true: crossing upwards is the trouble
	Bounds      forecast.Bounds  // no future goes beyond
	Horizon     time.Duration    // of Answer.Probability; 0 = that of the forecast, or a week where there is none
	Forecast    *forecast.Result // follows on the values; may be nil
	Growth      float64          // what if it grew faster by this share, -1 to not at all; the zero value leaves it
	GrowthAfter time.Duration    // from then on
	Modelled    bool             // draw the futures from Forecast and not from the series' own regimes
	Seed        uint64           // of the sampled futures, so that replicas give the same answer
}

// Answer is the early warning of one series. Times are hours from the last value.
type Answer struct {
	ETA, ETAEarly  float64 // median and pessimistic (nine of ten crossings come later) time to the crossing; Never, Uncertain; 0 when breached
	Probability    float64 // chance of a crossing within the horizon, 0 to 1, from sampled futures
	Prob24, Prob72 float64 // within 24 h and 72 h; NaN where the futures are shorter
	State          State
	Current        float64 // last known value; NaN where none
	Threshold      float64
	GrowthPerDay   float64  // present growth, in the metric's unit per day
	HeldBack       []string // guards that held a warning back, by name
	Firing         bool     // the alarm is raised; see Alarm

	times []float64 // hours at which the sampled futures cross, sorted; +Inf where they do not
	seen  float64   // hours that the futures reach
}

// Within gives the chance of a crossing within the given hours, 0 to 1; NaN where the futures are shorter or nothing is known.
func (a Answer) Within(hours float64) float64 {
	switch {
	case a.State == Breached:
		return 1
	case len(a.times) == 0 || hours > a.seen:
		return math.NaN()
	}
	return share(a.times, hours)
}

// Unknown tells that there was nothing to answer from: too short a history, or no threshold.
func (a Answer) Unknown() bool { return math.IsNaN(a.Probability) }

// Stated tells whether hours is a time, not Never or Uncertain.
func Stated(hours float64) bool { return !math.IsNaN(hours) && hours < Never }
