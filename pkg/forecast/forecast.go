// Package forecast says what a series will do next: forecasters behind one interface, a registry, automatic selection,
// and prediction intervals from errors made out of sample. It knows nothing of Grafana, HTTP or SQL.
package forecast

import (
	"context"
	"errors"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Errors that callers branch on.
var (
	// ErrTooShort is wrapped when a series has too few known values for the algorithm.
	ErrTooShort = errors.New("too few points")
	// ErrUnknownAlgorithm is wrapped when no forecaster has the given id.
	ErrUnknownAlgorithm = errors.New("unknown algorithm")
)

// Input is one series to fit.
type Input struct {
	Values  []float64     // on a regular grid, oldest first; NaN is a missing value
	Step    time.Duration // distance of two values
	Start   time.Time     // time of Values[0]
	Periods []int         // seasonal periods in steps, ascending; nil = find them (DetectPeriods), empty = none
	Bounds  Bounds        // physical limits of the metric
	Events  []Event       // holidays and the like; used by piecewise alone
	// Zone is whose clocks the day's course keeps to when they change for summer time; nil = UTC. Steps of more than an
	// hour do not need it.
	Zone *time.Location

	seasons []int        // periods worth a lag although they were not proven; see Run
	shared  *sharedSplit // decomposition made once for several models; nil = each makes its own
	work    *stlWork     // memory for decompositions, one after the other; nil = each has its own
	room    int          // values that a model is going to learn after these
}

// Forecaster is an algorithm with its parameters, not yet fitted.
type Forecaster interface {
	// Fit estimates the model; it wraps ErrTooShort when there is too little to learn from. Values is not changed
	// and not kept.
	Fit(ctx context.Context, in Input) (Model, error)
}

// Model is a fitted forecaster. It is safe for concurrent use until it is handed to what may change it: a backtest or a State,
// which let it go on point by point without estimating it again.
type Model interface {
	// Fitted gives the one-step-ahead expectation at every training point, same length as Input.Values; NaN where the
	// model had no basis yet.
	Fitted() []float64
	// Forecast gives the expected values of the h steps after the training data.
	Forecast(h int) []float64
	// Explain gives what the fit found, for people: parameters and components by name.
	Explain() map[string]float64

	fork() Model      // an own copy without the past's fitted values
	next() float64    // what is expected of the next point
	push(v float64)   // takes the next point in; NaN is a missing value
	encode(w *writer) // writes itself to a store; see codec.go
}

// Algorithm declares a forecaster to the registry; forms, docs and validation come from it.
type Algorithm struct {
	ID        string                          `json:"id"`
	Title     string                          `json:"title"`
	Summary   string                          `json:"summary"`
	Reference string                          `json:"reference"` // the publication it implements
	MinPoints int                             `json:"minPoints"` // known values needed
	Params    []param.Spec                    `json:"params"`
	New       func(p param.Values) Forecaster `json:"-"`
}
