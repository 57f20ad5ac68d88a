package query

import "slices"

// Output says which result is answered; alert rules ask for exactly one.
type Output string

// The outputs. Times are in hours, probabilities 0 to 1, growth in the metric's unit per day.
const (
	All            Output = "all"
	Table          Output = "table"
	Actual         Output = "actual"
	Expected       Output = "expected"
	ForecastOutput Output = "forecast"
	Lower          Output = "lower"
	Upper          Output = "upper"
	Components     Output = "components" // trend, seasons and remainder, as series
	Hindcasts      Output = "hindcast"   // what was said before, beside what came; see Hindcast and PastWarning
	Score          Output = "score"
	Anomalous      Output = "anomalous"
	OutlierOutput  Output = "outlier"
	ETA            Output = "eta"
	ETAEarly       Output = "eta_early"
	Probability    Output = "probability"
	Probability24  Output = "probability24"
	Probability72  Output = "probability72"
	State          Output = "state"
	Firing         Output = "firing"
	Current        Output = "current"
	Growth         Output = "growth"
	LastWeek       Output = "last_week" // the value at the same local time seven days before
	SignalShare    Output = "share"     // composite: the part of Query.Signal, 0 to 1
	Agree          Output = "agree"     // outlier: instances of the group that are no outliers
	Members        Output = "members"   // outlier: instances that could be compared
	Crossing       Output = "crossing"  // forecast: its value where it first reaches the threshold
	CrossingLower  Output = "crossing_lower"
	CrossingUpper  Output = "crossing_upper"
)

// Outputs gives the outputs a query type can answer, the default first.
func Outputs(t Type) []Output {
	switch t {
	case Forecast:
		return []Output{All, Actual, Expected, ForecastOutput, Lower, Upper, ETA, Crossing, CrossingLower, CrossingUpper, Components, Hindcasts}
	case Anomaly:
		return []Output{All, Actual, Expected, Lower, Upper, Score, Anomalous, LastWeek}
	case Warning:
		return []Output{All, Table, ETA, ETAEarly, Probability, Probability24, Probability72, State, Firing, Current, Growth, LastWeek, Hindcasts}
	case Outlier:
		return []Output{All, Table, Score, OutlierOutput, Actual, Expected, Agree, Members}
	case Composite:
		return []Output{All, Table, Score, Anomalous, SignalShare}
	default:
		return []Output{All, Actual}
	}
}

// Single tells whether o is one result that an alert rule can use.
func (o Output) Single() bool { return o != All && o != Table && o != Components && o != Hindcasts }

// Crosses tells whether a query asks where its forecast reaches the threshold.
func (q *Query) Crosses() bool {
	return q.Type == Forecast && slices.Contains([]Output{ETA, Crossing, CrossingLower, CrossingUpper}, q.Output)
}

func allowed(t Type, o Output) bool { return slices.Contains(Outputs(t), o) }
