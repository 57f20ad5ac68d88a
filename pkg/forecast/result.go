package forecast

// Options say what Run is to produce.
type Options struct {
	Algorithm  string         // registry id, or "auto"
	Params     map[string]any // the algorithm's own options, as decoded from JSON
	Horizon    int            // steps ahead, >= 1
	Confidence float64        // coverage of the interval, 0.5 to 0.99
	Components bool           // split past and forecast into trend, seasons and remainder
}

// Result is a forecast with its interval. Slices named for the past have the length of Input.Values, those of the
// future have Horizon values. Values stay inside Input.Bounds.
type Result struct {
	Algorithm string // id of the algorithm that was used; with "auto", the one chosen
	Why       string // one sentence: why this one, or why a fallback
	Periods   []int  // seasonal periods used, in steps

	Fitted, FittedLower, FittedUpper []float64 // one-step-ahead expectation and interval over the training data
	Mean, Lower, Upper               []float64 // the future
	Sigma                            []float64 // standard error of the forecast per horizon step, not decreasing

	Residuals []float64   // one-step errors of the training data, newest last, NaN where undefined
	Errors    [][]float64 // one row per backtest origin: actual minus forecast, Horizon values, NaN where unknown

	Components []Component // where the options ask for them; their past has the length of Input.Values

	Backtest Backtest
	Explain  map[string]float64
	Notices  []string

	bounds Bounds
	reach  reach

	shape shape      // of the band
	model Model      // what was fitted; only for Train
	kept  *bandTable // of a stored state, which has no backtest
}

// Backtest is the accuracy on held-out parts of the training data.
type Backtest struct {
	Origins       int     `json:"origins"`       // rolling origins that were forecast and compared
	MAE           float64 `json:"mae"`           // mean absolute error, in the metric's unit
	SeasonalNaive float64 `json:"seasonalNaive"` // the same for the seasonal-naive twin
	Coverage      float64 `json:"coverage"`      // share of held-out points inside the interval, 0 to 1; NaN with fewer than two origins
}
