package query

import (
	"time"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// Answer is what a query found: one entry per series, all on one grid whose first Past points lie before AsOf and whose
// other points are the future.
type Answer struct {
	Query   *Query
	Grid    series.Grid
	Past    int
	Band    *Band     // outlier: where those lie that are not one
	AsOf    time.Time // the last complete bucket ends here; forecasts start here
	Results []Result
	Notices []series.Notice
	Stats   Stats
}

// Result is the answer for one series, or one entity of a composite. Slices are nil where the query type has none; those
// of the past have Answer.Past values, those of the future the rest of the grid.
type Result struct {
	Name   string
	Labels series.Labels

	Actual, Expected, Lower, Upper   []float64 // past
	Ahead                            []float64 // past: forecast the lead before; Lower and Upper are its band then
	Forecast, ForecastLo, ForecastUp []float64 // future
	LastWeek                         []float64 // past, output last_week: the value at the same local time seven days before
	Score                            []float64 // past; 1 = at the edge of the band
	Anomalous                        []bool    // past
	Warning                          *warn.Answer
	Limits                           []float64 // past: the warning's threshold then; nil where it is a fixed one
	Outlier                          *OutlierResult
	Crosses                          *Crosses             // forecast, outputs about its crossing
	Hindcast                         *Hindcast            // of Ahead
	PastWarning                      *PastWarning         // what a warning said in the past; the grid is that of its looks
	Components                       []forecast.Component // output components: their past and future on the grid
	Shares                           []Share              // composite: share of each signal at the newest scored point

	Algorithm string
	Why       string
	Periods   []int // in steps
	Points    int   // known training values
	Backtest  *forecast.Backtest
	HeldBack  map[string]int
	Episodes  []explain.Episode // flagged or held back, by time
	Held      []string          // past: the stage that held each point back; nil where no point was
}

// Band is a range over the past.
type Band struct{ Lower, Upper []float64 }

// OutlierResult says how one instance compares with the others over the evaluated window.
type OutlierResult struct {
	Score   float64
	Outlier bool
	Cluster int
	Why     string

	Actual, Expected float64 // its level and the group's middle over the window (group.Output.Levels); NaN where not known
	Agree, Members   int     // of the group: those who are no outliers, of those who could be compared
}

// Crosses is where a forecast first reaches the threshold.
type Crosses struct {
	Hours               float64 // from Answer.AsOf to the step's begin; warn.Never where it does not within the horizon
	Value, Lower, Upper float64 // of the forecast and its band at that step; NaN where there is none
}

// Share is one signal's part in a composite score, 0 to 1.
type Share struct {
	Signal string
	Share  float64
}

// Stats say what the answer cost and rests on.
type Stats struct {
	TrainingFrom, TrainingTo time.Time
	Read, Fit                time.Duration
	FitsCached               int
	Executed                 []string // queries as the sources executed them
}
