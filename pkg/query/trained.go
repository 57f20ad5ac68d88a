package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Library gives the trained models of a data source.
type Library interface {
	// Trained gives a version of a model, 0 = the live one. The error wraps ErrNoModel where there is none.
	Trained(ctx context.Context, name string, version int) (*Trained, error)
}

// Trained is a version of a model as queries use it. It is not changed.
type Trained struct {
	Name      string
	Version   int
	At        time.Time // when it was trained
	From, To  time.Time // of the training data
	Query     []byte    // what it was trained for, as Parse reads it
	Type      Type
	Interval  time.Duration
	Threshold float64 // anomaly: multiple of the detector's band that keeps to the alert budget; 0 = 1
	Unlearnt  []Unlearnt
	Demoted   map[string]Demoted // series that lose against their twin of late, by SeriesKey
	Series    map[string]*TrainedSeries
}

// Unlearnt is a stretch that people have labelled: an incident, or what was taken for one. Fits on request do not learn from it
// either.
type Unlearnt struct {
	Series series.Labels `json:"series"` // of the series that it holds for: all that have these labels
	From   time.Time     `json:"from"`
	To     time.Time     `json:"to"`
}

// calendarOf is the query's calendar with the labelled stretches of a series, in so far as the model was trained without them.
func (q *Query) calendarOf(labels series.Labels) *calendar.Calendar {
	if q.trained == nil {
		return q.Calendar
	}
	var spans []calendar.Span
	for _, u := range q.trained.Unlearnt {
		if labels.Has(u.Series) {
			spans = append(spans, calendar.Span{From: u.From, To: u.To})
		}
	}
	return q.Calendar.Excluding(spans)
}

// TrainedSeries is what training keeps of one series.
type TrainedSeries struct {
	Name     string
	Labels   series.Labels
	State    *forecast.State // nil where nothing is kept: too short, or not a forecast
	Backtest forecast.Backtest
	Periods  []int
	Points   int // known training values
	Past     Past
}

// Past are the newest one-step expectations of the training, for charts that begin before it ended.
type Past struct {
	End          time.Time // just after the last one
	Fit          []float64
	Lower, Upper float64 // distances of the band's edges from the expectation
}

// SeriesKey names a series within a model: by its labels, by its name where it has none.
func SeriesKey(name string, labels series.Labels) string {
	if len(labels) == 0 {
		return name
	}
	return labels.String()
}

// Resolve reads a query as Parse does, and one that names a trained model by filling in what the model was trained for:
// what the query says itself wins. The error wraps ErrInvalid or ErrNoModel.
func Resolve(ctx context.Context, raw []byte, d Defaults, models Library) (*Query, error) {
	var head struct {
		Type  Type   `json:"queryType"`
		Model *Model `json:"model"`
	}
	if json.Unmarshal(raw, &head) != nil || head.Model == nil || head.Model.Name == "" || models == nil {
		return Parse(raw, d)
	}
	m := head.Model
	if m.Algorithm != "" || len(m.Options) > 0 {
		return nil, invalid("model", "both a trained model's name and an algorithm", "one of the two")
	}
	if m.Version < 0 {
		return nil, invalid("model.version", m.Version, "1 or more, or none for the live one")
	}
	t, err := models.Trained(ctx, m.Name, m.Version)
	if err != nil {
		return nil, err
	}
	if asked := head.Type; asked != "" && asked != t.Type && !(forecasts(asked) && forecasts(t.Type)) {
		return nil, invalid("queryType", asked, fmt.Sprintf("%s, which the model %q was trained for", t.Type, t.Name))
	}
	merged, choice, err := t.overlay(raw)
	if err != nil {
		return nil, err
	}
	q, err := Parse(merged, d)
	if err != nil {
		return nil, err
	}
	if q.Interval != t.Interval {
		return nil, invalid("interval", param.FormatDuration(q.Interval), fmt.Sprintf("%s, which the model %q was trained with, or none", param.FormatDuration(t.Interval), t.Name))
	}
	q.Model.Name, q.Model.Version, q.trained, q.choice = t.Name, t.Version, t, choice
	return q, nil
}

func forecasts(t Type) bool { return t == Forecast || t == Warning }

// overlay lays the fields of a query over those of the definition. A composite's sources and a single source replace each other; the
// dashboard's filters are given apart.
func (t *Trained) overlay(raw []byte) (merged []byte, choice []*labels.Matcher, err error) {
	var own, base map[string]json.RawMessage
	if err := json.Unmarshal(raw, &own); err != nil {
		return nil, nil, fmt.Errorf("%w: %s", ErrInvalid, reasonOf(err))
	}
	if err := json.Unmarshal(t.Query, &base); err != nil {
		return nil, nil, errors.New("the model's definition cannot be read")
	}
	if choice, err = choose(own); err != nil {
		return nil, nil, err
	}
	delete(own, "model")
	if own["source"] != nil {
		delete(base, "sources")
	}
	if own["sources"] != nil {
		delete(base, "source")
	}
	for name, value := range own {
		if string(value) != "null" {
			base[name] = value
		}
	}
	base["interval"] = ownOr(own["interval"], t.Interval)
	merged, err = json.Marshal(base)
	return merged, choice, err
}

// ownOr gives the query's own interval, or that of the training, which may have come from the data source's defaults.
func ownOr(own json.RawMessage, trained time.Duration) json.RawMessage {
	if own != nil && string(own) != `""` && string(own) != "null" {
		return own
	}
	return json.RawMessage(`"` + param.FormatDuration(trained) + `"`)
}

// threshold is the multiple of the detector's band that the query is answered with.
func (q *Query) threshold() float64 {
	if q.trained == nil || !(q.trained.Threshold > 0) {
		return 1
	}
	return q.trained.Threshold
}

// whyFitted says why a series of a trained model is fitted on request all the same.
func (q *Query) whyFitted(s series.Series, asOf time.Time) string {
	t := q.trained
	switch {
	case q.Output == Components:
		return fmt.Sprintf("the model %s keeps no components: fitted on request", t.Name)
	case asOf.Before(t.To):
		return fmt.Sprintf("version %d of the model %s was trained on newer data than this range shows: fitted on request", t.Version, t.Name)
	case !q.goesOn(asOf):
		return fmt.Sprintf("version %d of the model %s ends at %s, too long ago to go on from: fitted on request, retrain it", t.Version, t.Name, t.To.UTC().Format(time.RFC3339))
	case t.Series[SeriesKey(s.Name, s.Labels)] == nil:
		return fmt.Sprintf("not in version %d of the model %s, which was trained before it was there: fitted on request", t.Version, t.Name)
	default:
		return fmt.Sprintf("version %d of the model %s keeps nothing of it, it had too few points: fitted on request", t.Version, t.Name)
	}
}
