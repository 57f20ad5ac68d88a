// Package detect marks what is abnormal in a series: detectors behind one interface, a registry, and one score scale
// on which 1 is the edge of the allowed band. It knows nothing of Grafana, HTTP or SQL.
package detect

import (
	"context"
	"errors"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Errors that callers branch on.
var (
	// ErrTooShort is wrapped when a series has too few known values for the detector.
	ErrTooShort = errors.New("too few points")
	// ErrUnknownAlgorithm is wrapped when no detector has the given id.
	ErrUnknownAlgorithm = errors.New("unknown algorithm")
)

// Direction says which deviations count.
type Direction string

// The directions of a deviation.
const (
	Both  Direction = "both"
	Above Direction = "above"
	Below Direction = "below"
)

// Threshold is a fixed limit in the metric's unit.
type Threshold struct {
	Value     float64   `json:"value"`
	Direction Direction `json:"direction"` // above: abnormal when value > Value
}

// Guards hold back flags that have no impact. Zero values hold nothing back.
type Guards struct {
	MinDeviation float64 // least |actual - expected|, in the metric's unit
	MinRelative  float64 // least |actual - expected| / |expected|
	Floor        float64 // flags only where the actual value is at least this (HasFloor)
	HasFloor     bool
	For          time.Duration // a flag needs to last this long before it is raised
	K, N         int           // a flag needs K of the newest N known points outside; 0 leaves it to Algorithm.Confirm
	MinVolume    float64       // least Input.Volume at the point
	Agreement    time.Duration // Input.Other was outside its band so long ago at most
	Cooldown     time.Duration // after an episode no other is raised for so long, unless it is half as bad again
}

// Input is one series to score. Scoring is causal: the score at i uses values up to i only, and the expectation at i
// uses values before i only.
type Input struct {
	Values    []float64 // on a regular grid, oldest first; NaN is a missing value
	Step      time.Duration
	Start     time.Time
	From      int // first index to score; what lies before is history to learn from
	Direction Direction
	Guards    Guards
	Threshold *Threshold         // for detectors that need a fixed limit
	Min, Max  *float64           // physical limits: bands stay inside
	Calendar  *calendar.Calendar // zone, holidays, maintenance, excluded stretches; nil knows nothing
	Volume    []float64          // how much each value rests on (requests behind a ratio), for Guards.MinVolume; nil where it does not matter
	Other     []float64          // score of another signal at each point, for Guards.Agreement; nil where there is none
	marks     marks
}

func (in Input) grid() series.Grid {
	return series.Grid{Start: in.Start, Step: in.Step, Len: len(in.Values)}
}

// Output has one value per input point; NaN before From and where no answer is possible.
type Output struct {
	Expected, Lower, Upper []float64      // the band a value may lie in
	Score                  []float64      // 0 = as expected or on the side not asked for, 1 = at the edge of the band, more = outside
	P                      []float64      // p-value of each point; nil where the detector has none
	Anomalous              []bool         // score >= 1, confirmed (Algorithm.Confirm) and every guard passed; a raised episode holds until its score stays below 0.5
	HeldBack               map[string]int // points with score >= 1 that a stage held back, by stage
	Held                   []string       // the stage that held each point back, empty for none; nil where no point was
	Algorithm              string         // id used; with "auto", the one chosen
	Why                    string         // one sentence on the choice or a fallback
	Periods                []int          // seasonal periods used, in steps
	Notices                []string
	State                  State   // at the last point
	most                   int     // episodes within a day, see settle; 0 for any number
	alone                  float64 // score from which one point alone is flagged; 0 leaves it to Algorithm.Urgent
}

// Detector is an algorithm with its parameters.
type Detector interface {
	// Detect fills Expected, Lower, Upper and Score; direction and guards are applied by Run.
	Detect(ctx context.Context, in Input) (Output, error)
}

// Algorithm declares a detector to the registry; forms, docs and validation come from it.
type Algorithm struct {
	ID        string                        `json:"id"`
	Title     string                        `json:"title"`
	Summary   string                        `json:"summary"`
	Reference string                        `json:"reference"`
	MinPoints int                           `json:"minPoints"`
	Params    []param.Spec                  `json:"params"`
	New       func(p param.Values) Detector `json:"-"`
	Fixed     bool                          `json:"-"` // learns nothing, so that nothing can be kept from being learnt
	Confirm   bool                          `json:"-"` // a flag needs 2 of 3 neighbouring points outside, or one at Urgent; it is lowered with hysteresis
	Urgent    float64                       `json:"-"` // score from which one point alone is flagged where that is not 2
}

// Options say how Run is to score.
type Options struct {
	Algorithm string         // registry id, or "auto"
	Params    map[string]any // the detector's own options, as decoded from JSON
}
