package tests

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/frame"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// A rule's sentence joins several numbers of one series ("full in 9 h (earliest 6 h); now 87 %"). Grafana hands a template
// only the values whose labels equal, contain or are contained in those of the condition; so the nodes of a rule must
// answer with the same labels, whatever output each asks for.
func TestNumbersOfOneSeriesMeetInARule(t *testing.T) {
	for _, r := range rules(t) {
		t.Run(r.UID, func(t *testing.T) {
			var first map[string]string
			for _, n := range r.Data {
				if n.DatasourceUID != sourceUID {
					continue
				}
				raw, err := json.Marshal(n.Model)
				require.NoError(t, err)
				q, err := query.Parse(raw, query.Defaults{})
				require.NoError(t, err)
				got := frame.Frames(answer(q), true)[0]
				field := got.Fields[len(got.Fields)-1]
				if first == nil {
					first = field.Labels
				}
				require.EqualValues(t, first, field.Labels, "%s (%s)", n.RefID, q.Output)
				require.Contains(t, field.Labels, "instance")
			}
		})
	}
}

// answer is what a query finds for one series with something to say for every output.
func answer(q *query.Query) *query.Answer {
	one := []float64{1}
	r := query.Result{Name: "web-1", Labels: series.Labels{"instance": "web-1"}, Actual: one, Expected: one, Lower: one, Upper: one,
		Score: one, Anomalous: []bool{true}}
	switch q.Type {
	case query.Warning:
		r.Warning = &warn.Answer{ETA: 9, ETAEarly: 6, Current: 87, State: warn.Rising}
	case query.Outlier:
		r.Outlier = &query.OutlierResult{Score: 2, Outlier: true}
	}
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	return &query.Answer{Query: q, Grid: series.Grid{Start: at, Step: q.Interval, Len: 1}, Past: 1, AsOf: at, Results: []query.Result{r}}
}
