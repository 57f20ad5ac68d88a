package frame

import (
	"math"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/query"
)

// mostNotices bounds what a panel's header lists.
const mostNotices = 10

// explanation is what an answer says of itself in the frame's meta, for people and for the next program.
type explanation struct {
	QueryType    query.Type    `json:"queryType"`
	AsOf         string        `json:"asOf"`
	TrainingFrom string        `json:"trainingFrom"`
	TrainingTo   string        `json:"trainingTo"`
	Model        string        `json:"model,omitempty"`   // trained one that answered
	Version      int           `json:"version,omitempty"` // of it
	Series       []seriesNotes `json:"series"`
}

type seriesNotes struct {
	Name      string         `json:"name"`
	Algorithm string         `json:"algorithm,omitempty"`
	Why       string         `json:"why,omitempty"`
	Periods   []int          `json:"periods,omitempty"` // steps
	Points    int            `json:"points"`
	MAE       *float64       `json:"mae,omitempty"`
	NaiveMAE  *float64       `json:"seasonalNaiveMae,omitempty"`
	Coverage  *float64       `json:"coverage,omitempty"`
	HeldBack  map[string]int `json:"heldBack,omitempty"`
	Episodes  []episode      `json:"episodes,omitempty"`
	Hindcast  any            `json:"hindcast,omitempty"`
}

// episode is one that was flagged or held back, in numbers and in words.
type episode struct {
	explain.Episode
	Text string `json:"text"`
}

// mostEpisodes bounds those of one series; the newest are kept.
const mostEpisodes = 20

// mostExplained bounds the series explained one by one; a query over thousands would carry more words than numbers.
const mostExplained = 100

func describe(a *query.Answer, f *data.Frame) {
	if f.Meta == nil {
		f.Meta = &data.FrameMeta{}
	}
	e := explanation{QueryType: a.Query.Type, AsOf: a.AsOf.UTC().Format(time.RFC3339),
		TrainingFrom: a.Stats.TrainingFrom.UTC().Format(time.RFC3339), TrainingTo: a.Stats.TrainingTo.UTC().Format(time.RFC3339),
		Model: a.Query.Model.Name, Version: a.Query.Model.Version}
	for i := range a.Results[:min(len(a.Results), mostExplained)] {
		r := &a.Results[i]
		n := seriesNotes{Name: r.Name, Algorithm: r.Algorithm, Why: r.Why, Periods: r.Periods, Points: r.Points}
		for _, one := range r.Episodes[max(len(r.Episodes)-mostEpisodes, 0):] {
			n.Episodes = append(n.Episodes, episode{one, one.Sentence(a.Query.Language)})
		}
		if len(r.HeldBack) > 0 {
			n.HeldBack = r.HeldBack
		}
		if b := r.Backtest; b != nil && b.Origins > 0 {
			n.MAE, n.NaiveMAE, n.Coverage = finite(b.MAE), finite(b.SeasonalNaive), finite(b.Coverage)
		}
		n.Hindcast = compared(r)
		e.Series = append(e.Series, n)
	}
	f.Meta.Custom = e
	f.Meta.ExecutedQueryString = strings.Join(a.Stats.Executed, "\n\n")
	f.Meta.Stats = []data.QueryStat{
		stat("Source read", "ms", float64(a.Stats.Read.Microseconds())/1000),
		stat("Fit and score", "ms", float64(a.Stats.Fit.Microseconds())/1000),
		stat("Fits from cache", "", float64(a.Stats.FitsCached)),
		stat("Series", "", float64(len(a.Results))),
	}
	for _, n := range a.Notices[:min(len(a.Notices), mostNotices)] {
		f.Meta.Notices = append(f.Meta.Notices, data.Notice{Severity: severity(n.Severity), Text: n.Text})
	}
}

func stat(name, unit string, v float64) data.QueryStat {
	return data.QueryStat{FieldConfig: data.FieldConfig{DisplayName: name, Unit: unit}, Value: v}
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
