package query

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Limits of one query; a grid larger than this has no use and could starve Grafana.
const (
	maxPoints  = 100_000 // values of one series
	maxHorizon = 10_000  // steps ahead
	maxSources = 16      // signals of a composite
	maxRecent  = 64      // points that guards.n can look at
)

func (q *Query) validate() error {
	for _, check := range []func() error{q.checkType, q.checkSources, q.checkSignal, q.checkModel, q.checkTimes, q.checkLimits} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (q *Query) checkType() error {
	types := []Type{Forecast, Anomaly, Warning, Outlier, Composite, Series}
	if !slices.Contains(types, q.Type) {
		return invalid("queryType", fmt.Sprintf("%q", q.Type), "one of "+join(types))
	}
	if !allowed(q.Type, q.Output) {
		return invalid("output", fmt.Sprintf("%q", q.Output), fmt.Sprintf("one of %s for queryType %s", join(Outputs(q.Type)), q.Type))
	}
	if !slices.Contains(explain.Languages(), q.Language) {
		return invalid("language", fmt.Sprintf("%q", q.Language), "one of "+join(explain.Languages()))
	}
	if !slices.Contains([]detect.Direction{detect.Both, detect.Above, detect.Below}, q.Direction) {
		return invalid("direction", fmt.Sprintf("%q", q.Direction), "both, above or below")
	}
	return nil
}

func (q *Query) checkSources() error {
	if q.Type != Composite {
		return checkSource("source", q.Source)
	}
	if n := len(q.Sources); n < 2 || n > maxSources {
		return invalid("sources", fmt.Sprintf("a list of %d", n), fmt.Sprintf("2 to %d sources", maxSources))
	}
	if len(q.Join) == 0 {
		return invalid("join", "empty", `the labels that name an entity in every source, such as ["host"]`)
	}
	names := map[string]bool{}
	for i, s := range q.Sources {
		field := fmt.Sprintf("sources[%d]", i)
		if s.Name == "" || names[s.Name] {
			return invalid(field+".name", fmt.Sprintf("%q", s.Name), "a name that no other source of the query has")
		}
		names[s.Name] = true
		if err := checkSource(field, s.Spec); err != nil {
			return err
		}
	}
	return nil
}

// checkSignal wants the name of a source where a part is asked for, and none elsewhere.
func (q *Query) checkSignal() error {
	if q.Output != SignalShare {
		if q.Signal != "" {
			return invalid("signal", fmt.Sprintf("%q", q.Signal), "only given with output share")
		}
		return nil
	}
	names := make([]string, len(q.Sources))
	for i, s := range q.Sources {
		names[i] = s.Name
	}
	if !slices.Contains(names, q.Signal) {
		return invalid("signal", fmt.Sprintf("%q", q.Signal), "the name of one of the sources: "+strings.Join(names, ", "))
	}
	return nil
}

func checkSource(field string, s source.Spec) error {
	switch s.Kind {
	case source.Prometheus:
		if strings.TrimSpace(s.Expr) == "" {
			return invalid(field+".expr", "empty", "a PromQL expression")
		}
		if s.Interval != "" {
			if _, err := param.ParseDuration(s.Interval); err != nil {
				return fmt.Errorf("%w: field %q: %w", ErrInvalid, field+".interval", err)
			}
		}
	case source.MySQL:
		if strings.TrimSpace(s.RawSQL) == "" {
			return invalid(field+".rawSql", "empty", "a SELECT statement")
		}
		if s.Format != "" && s.Format != "time_series" && s.Format != "table" {
			return invalid(field+".format", fmt.Sprintf("%q", s.Format), "time_series or table")
		}
	case source.Logs:
		for name, value := range map[string]string{"table": s.Table, "time": s.Time, "message": s.Message} {
			if value == "" && !(name == "message" && len(s.Keywords) == 0 && s.Patterns == 0) {
				return invalid(field+"."+name, "empty", "the name of the log table's "+name)
			}
		}
	case "":
		return invalid(field+".kind", "missing", "prometheus, mysql or logs")
	default:
		return invalid(field+".kind", fmt.Sprintf("%q", s.Kind), "prometheus, mysql or logs")
	}
	return nil
}

func (q *Query) checkTimes() error {
	if q.Interval < time.Second {
		return invalid("interval", q.Interval, "at least 1s")
	}
	if q.Interval%time.Second != 0 {
		return invalid("interval", q.Interval, "a whole number of seconds")
	}
	if q.TrainingWindow < 2*q.Interval {
		return invalid("trainingWindow", param.FormatDuration(q.TrainingWindow), "at least two intervals of "+param.FormatDuration(q.Interval))
	}
	if n := q.TrainingWindow / q.Interval; n > maxPoints {
		least := (q.TrainingWindow/maxPoints + time.Second).Truncate(time.Second)
		return invalid("interval", fmt.Sprintf("%s, which makes %d points of a trainingWindow of %s", param.FormatDuration(q.Interval), n,
			param.FormatDuration(q.TrainingWindow)), fmt.Sprintf("at least %s (at most %d points)", param.FormatDuration(least), maxPoints))
	}
	if n := (q.Lead + q.Interval - 1) / q.Interval; q.Lead != 0 && (q.Lead < q.Interval || n > maxHorizon) {
		return invalid("lead", param.FormatDuration(q.Lead), fmt.Sprintf("1 to %d intervals of %s", maxHorizon, param.FormatDuration(q.Interval)))
	}
	if q.Horizon < q.Interval {
		return invalid("horizon", param.FormatDuration(q.Horizon), "at least one interval of "+param.FormatDuration(q.Interval))
	}
	if n := q.Steps(); n > maxHorizon {
		return invalid("horizon", fmt.Sprintf("%s, %d steps ahead", param.FormatDuration(q.Horizon), n),
			fmt.Sprintf("at most %d intervals of %s", maxHorizon, param.FormatDuration(q.Interval)))
	}
	return nil
}

func (q *Query) checkLimits() error {
	if !(q.Confidence >= 0.5 && q.Confidence <= 0.99) {
		return invalid("confidence", q.Confidence, "0.5 to 0.99")
	}
	if q.Bounds.Min != nil && q.Bounds.Max != nil && *q.Bounds.Min >= *q.Bounds.Max {
		return invalid("bounds", fmt.Sprintf("min %v and max %v", *q.Bounds.Min, *q.Bounds.Max), "a min below the max")
	}
	if q.Guards.MinDeviation < 0 || q.Guards.MinRelative < 0 {
		return invalid("guards", fmt.Sprintf("minDeviation %v and minRelative %v", q.Guards.MinDeviation, q.Guards.MinRelative), "no negative value")
	}
	if err := q.checkGuards(); err != nil {
		return err
	}
	if q.Threshold != nil {
		if math.IsNaN(q.Threshold.Value) || math.IsInf(q.Threshold.Value, 0) {
			return invalid("threshold.value", q.Threshold.Value, "a finite number")
		}
		if q.Threshold.Direction == "" {
			q.Threshold.Direction = detect.Above
		}
		if q.Threshold.Direction != detect.Above && q.Threshold.Direction != detect.Below {
			return invalid("threshold.direction", fmt.Sprintf("%q", q.Threshold.Direction), "above or below")
		}
	}
	if q.Threshold == nil && (q.Type == Warning || q.Crosses() || q.Type == Anomaly && q.Model.Algorithm == "threshold") {
		return invalid("threshold", "missing", `an object such as {"value": 90, "direction": "above"}`)
	}
	return nil
}

// checkGuards checks the guards beyond a single point, and the sources that some of them need.
func (q *Query) checkGuards() error {
	g := q.Guards
	if judged := q.Type == Composite || q.Type == Outlier || q.Type == Warning; judged && g != (detect.Guards{}) {
		return invalid("guards", "given", fmt.Sprintf("none with queryType %s, which has guards of its own; those of the query are for anomalies", q.Type))
	}
	if g.N < 0 || g.N > maxRecent || g.K < 0 || g.K > g.N {
		return invalid("guards.k", fmt.Sprintf("%d of n %d", g.K, g.N), fmt.Sprintf("k of n points with 0 ≤ k ≤ n ≤ %d", maxRecent))
	}
	if g.MinVolume < 0 {
		return invalid("guards.minVolume", g.MinVolume, "no negative value")
	}
	if err := q.checkReadBy("volume", q.Volume, "guards.minVolume", g.MinVolume > 0, "what the values rest on, such as requests"); err != nil {
		return err
	}
	if err := q.checkReadBy("agreement", q.Agreement, "guards.agreement", g.Agreement > 0, "another signal, such as the errors"); err != nil {
		return err
	}
	if q.Deployments == nil {
		return nil
	}
	if q.Type != Anomaly && q.Type != Composite {
		return invalid("deployments", "given", "only an anomaly or composite query reads them")
	}
	return checkSource("deployments", q.Deployments.Source)
}

// checkReadBy wants a source where a guard needs one, and none elsewhere. A series query may have the guards of the anomaly beside it.
func (q *Query) checkReadBy(field string, spec *source.Spec, guard string, given bool, what string) error {
	switch {
	case spec != nil && (q.Type != Anomaly || !given):
		return invalid(field, "given", "only an anomaly query with "+guard+" reads it")
	case spec == nil && given:
		return invalid(field, "missing", "a source of "+what+", as "+guard+" is given")
	case spec != nil:
		return checkSource(field, *spec)
	}
	return nil
}

func join[T ~string](items []T) string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = string(item)
	}
	return strings.Join(out, ", ")
}
