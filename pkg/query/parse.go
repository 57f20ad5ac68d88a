package query

import (
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
)

// Defaults are what a query leaves out; a data source may set its own.
type Defaults struct {
	TrainingWindow string  `json:"trainingWindow"`
	Interval       string  `json:"interval"`
	Horizon        string  `json:"horizon"`
	Confidence     float64 `json:"confidence"`
}

// Parse reads a query, fills what it leaves out from d and then from the built-in defaults, and validates it.
// Every error wraps ErrInvalid (ErrNoModel for a trained model) and names the field.
func Parse(raw []byte, d Defaults) (*Query, error) {
	w, err := decode(raw)
	if err != nil {
		return nil, err
	}
	q, err := w.query(d)
	if err != nil {
		return nil, err
	}
	return q, q.validate()
}

func (w *wire) query(d Defaults) (*Query, error) {
	q := &Query{
		RefID: w.RefID, Type: w.QueryType, Sources: w.Sources, Join: w.Join, Signal: w.Signal,
		Direction: w.Direction, Output: w.Output, MaxDataPoints: int(min(max(w.MaxDataPoints, 0), maxPoints)), Bounds: forecast.Bounds{Min: w.Bounds.Min, Max: w.Bounds.Max},
	}
	if q.Type == "" {
		q.Type = Forecast
	}
	if w.Source != nil {
		q.Source = *w.Source
	}
	if err := w.unfit(q.Type); err != nil {
		return nil, err
	}
	if w.Model != nil {
		q.Model = *w.Model
	}
	if q.Model.Algorithm == "" && q.Model.Name == "" {
		q.Model.Algorithm = "auto"
	}
	if q.Direction == "" {
		q.Direction = detect.Both
	}
	if q.Output == "" {
		q.Output = All
	}
	if q.Language = w.Language; q.Language == "" {
		q.Language = explain.English
	}
	if err := w.style(q); err != nil {
		return nil, err
	}
	q.Confidence = 0.95
	if d.Confidence != 0 {
		q.Confidence = d.Confidence
	}
	if w.Confidence != nil {
		q.Confidence = *w.Confidence
	}
	if err := w.durations(q, d); err != nil {
		return nil, err
	}
	for _, fill := range []func(*Query) error{w.guards, w.limit, w.whatIf, w.filters} {
		if err := fill(q); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// unfit refuses the combinations of source, sources and join that contradict the query type.
func (w *wire) unfit(t Type) error {
	switch {
	case t == Composite && w.Source != nil:
		return invalid("source", "given", "a composite reads `sources`, a list of at least two")
	case t != Composite && len(w.Sources) > 0:
		return invalid("sources", "given", "only queryType composite joins several; use `source`")
	case t != Composite && len(w.Join) > 0:
		return invalid("join", "given", "only queryType composite joins several")
	case t != Composite && w.Source == nil:
		return invalid("source", "missing", `an object such as {"kind": "prometheus", "expr": "…"}`)
	}
	return nil
}

func (w *wire) style(q *Query) error {
	switch w.Style {
	case "":
		// a series as it is may be for a gauge, whose colours come from thresholds
		q.Styled = q.Type != Series
	case "auto":
		q.Styled = true
	case "none":
	default:
		return invalid("style", w.Style, "auto or none")
	}
	return nil
}

func (w *wire) durations(q *Query, d Defaults) (err error) {
	if q.TrainingWindow, err = duration("trainingWindow", w.TrainingWindow, d.TrainingWindow, 14*24*time.Hour); err != nil {
		return err
	}
	if q.Interval, err = duration("interval", w.Interval, d.Interval, defaultInterval(q.Type, q.TrainingWindow)); err != nil {
		return err
	}
	horizon := 24 * time.Hour
	if q.Type == Warning {
		horizon = 72 * time.Hour
	}
	if q.Horizon, err = duration("horizon", w.Horizon, d.Horizon, horizon); err != nil {
		return err
	}
	switch asked := q.Type == Forecast && q.Output == Hindcasts; {
	case asked:
		q.Lead, err = duration("lead", w.Lead, "", q.Horizon)
	case w.Lead != "":
		return invalid("lead", w.Lead, "given only with queryType forecast and output hindcast")
	}
	return err
}

func (w *wire) guards(q *Query) (err error) {
	g := w.Guards
	q.Guards = detect.Guards{MinDeviation: g.MinDeviation, MinRelative: g.MinRelative, K: g.K, N: g.N, MinVolume: g.MinVolume}
	if g.Floor != nil {
		q.Guards.Floor, q.Guards.HasFloor = *g.Floor, true
	}
	if q.Guards.For, err = wait("guards.for", g.For); err != nil {
		return err
	}
	if q.Guards.Cooldown, err = wait("guards.cooldown", g.Cooldown); err != nil {
		return err
	}
	if q.Guards.Agreement, err = wait("guards.agreement", g.Agreement); err != nil {
		return err
	}
	q.Volume, q.Agreement = w.Volume, w.Agreement
	if d := w.Deployments; d != nil {
		q.Deployments = &Deployments{Source: d.Spec}
		if q.Deployments.Quiet, err = duration("deployments.quiet", d.Quiet, "", usualQuiet); err != nil {
			return err
		}
	}
	return w.calendar(q)
}

// usualQuiet is how long nothing is flagged after a deployment where the query does not say.
const usualQuiet = 30 * time.Minute

// wait reads a duration that may be left out or zero.
func wait(field, text string) (time.Duration, error) {
	if text == "" || text == "0s" || text == "0" {
		return 0, nil
	}
	d, err := param.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%w: field %q: %w", ErrInvalid, field, err)
	}
	return d, nil
}

func (w *wire) calendar(q *Query) error {
	if w.Calendar == nil {
		return nil
	}
	c, err := calendar.New(*w.Calendar)
	if err != nil {
		return fmt.Errorf("%w: field \"calendar\": %w", ErrInvalid, err)
	}
	q.Calendar = c
	return nil
}

// duration reads a field, or the data source's default, or the built-in one.
func duration(field, text, fallback string, builtIn time.Duration) (time.Duration, error) {
	if text == "" {
		text = fallback
	}
	if text == "" {
		return builtIn, nil
	}
	d, err := param.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%w: field %q: %w", ErrInvalid, field, err)
	}
	return d, nil
}

// defaultInterval is 5 minutes (10 for warnings, which look further ahead), and coarser where the window is so long that
// it would hold more points than four weeks at 5 minutes.
func defaultInterval(t Type, window time.Duration) time.Duration {
	steps := []time.Duration{5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour}
	if t == Warning {
		steps = steps[1:]
	}
	for _, step := range steps {
		if window/step <= 8064 {
			return step
		}
	}
	return 24 * time.Hour
}

func invalid(field string, value any, right string) error {
	return fmt.Errorf("%w: field %q is %v, needed is %s", ErrInvalid, field, value, right)
}
