package query

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/source"
)

const promSource = `"source": {"kind": "prometheus", "expr": "up"}`

func TestDefaults(t *testing.T) {
	q, err := Parse([]byte(`{"refId": "A", "datasource": {"uid": "x"}, "intervalMs": 1000, "maxDataPoints": 43200, `+promSource+`}`), Defaults{})
	require.NoError(t, err)
	require.Equal(t, &Query{RefID: "A", Type: Forecast, Source: source.Spec{Kind: source.Prometheus, Expr: "up"}, Model: Model{Algorithm: "auto"},
		TrainingWindow: 14 * 24 * time.Hour, Interval: 5 * time.Minute, Horizon: 24 * time.Hour, Confidence: 0.95, Direction: detect.Both, Language: "en-US", Styled: true, MaxDataPoints: 43200, Output: All}, q)
	require.Equal(t, 288, q.Steps())
}

func TestThePanelsWidthIsANumberOfPointsOrNothing(t *testing.T) {
	for asked, want := range map[string]int{`1000`: 1000, `1000.7`: 1000, `0`: 0, `-5`: 0, `null`: 0, `1e30`: maxPoints} {
		q, err := Parse([]byte(`{`+promSource+`, "maxDataPoints": `+asked+`}`), Defaults{})
		require.NoError(t, err)
		require.Equal(t, want, q.MaxDataPoints, asked)
	}
	_, err := Parse([]byte(`{`+promSource+`, "maxDataPoints": "many"}`), Defaults{})
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, `field "maxDataPoints" cannot be a string, a number is needed`)
}

func TestAWarningLooksFurtherAheadAtACoarserStep(t *testing.T) {
	q, err := Parse([]byte(`{"queryType": "warning", `+promSource+`, "threshold": {"value": 90}}`), Defaults{})
	require.NoError(t, err)
	require.Equal(t, 72*time.Hour, q.Horizon)
	require.Equal(t, 10*time.Minute, q.Interval)
	require.Equal(t, detect.Above, q.Threshold.Direction)
}

func TestTheDataSourcesDefaultsComeBeforeTheBuiltInOnes(t *testing.T) {
	d := Defaults{TrainingWindow: "7d", Interval: "1m", Horizon: "2h", Confidence: 0.8}
	q, err := Parse([]byte(`{`+promSource+`, "horizon": "3h"}`), d)
	require.NoError(t, err)
	require.Equal(t, 7*24*time.Hour, q.TrainingWindow)
	require.Equal(t, time.Minute, q.Interval)
	require.Equal(t, 3*time.Hour, q.Horizon)
	require.Equal(t, 0.8, q.Confidence)
}

func TestLongWindowsGetACoarserInterval(t *testing.T) {
	for window, want := range map[string]time.Duration{"14d": 5 * time.Minute, "28d": 5 * time.Minute, "56d": 10 * time.Minute, "1y": 2 * time.Hour} {
		q, err := Parse([]byte(`{`+promSource+`, "trainingWindow": "`+window+`"}`), Defaults{})
		require.NoError(t, err)
		require.Equal(t, want, q.Interval, window)
	}
}

func TestRefusalsNameTheFieldAndWhatWouldBeRight(t *testing.T) {
	const db = `"source": {"kind": "mysql", "rawSql": "SELECT 1"}`
	for name, c := range map[string]struct{ query, says string }{
		"no JSON":               {`{`, "unexpected EOF"},
		"two objects":           {`{` + promSource + `}{}`, "after the query's closing brace"},
		"unknown field":         {`{` + promSource + `, "hroizon": "1h"}`, `unknown field "hroizon"`},
		"unknown source field":  {`{"source": {"kind": "prometheus", "query": "up"}}`, `unknown field "query"`},
		"wrong type":            {`{` + promSource + `, "confidence": "high"}`, `"confidence" cannot be a string, a number is needed`},
		"no source":             {`{}`, `field "source" is missing`},
		"no kind":               {`{"source": {"expr": "up"}}`, `"source.kind" is missing`},
		"unknown kind":          {`{"source": {"kind": "influx"}}`, "prometheus, mysql or logs"},
		"empty expr":            {`{"source": {"kind": "prometheus", "expr": " "}}`, `"source.expr" is empty`},
		"empty SQL":             {`{"source": {"kind": "mysql"}}`, `"source.rawSql" is empty`},
		"format":                {`{"source": {"kind": "mysql", "rawSql": "SELECT 1", "format": "logs"}}`, "time_series or table"},
		"log table":             {`{"source": {"kind": "logs", "time": "ts", "message": "m"}}`, `"source.table" is empty`},
		"query type":            {`{"queryType": "guess", ` + promSource + `}`, "forecast, anomaly, warning, outlier, composite, series"},
		"output":                {`{` + promSource + `, "output": "score"}`, `"output" is "score"`},
		"horizon of zero":       {`{` + promSource + `, "horizon": "0s"}`, `field "horizon": "0s" must be longer than zero`},
		"horizon under a step":  {`{` + promSource + `, "horizon": "1m"}`, "at least one interval of 5m"},
		"horizon too far":       {`{` + promSource + `, "horizon": "1y"}`, "at most 10000 intervals"},
		"step of zero":          {`{` + promSource + `, "interval": "0s"}`, `field "interval": "0s" must be longer than zero`},
		"step below a second":   {`{` + promSource + `, "interval": "500ms"}`, "at least 1s"},
		"no duration":           {`{` + promSource + `, "trainingWindow": "two weeks"}`, "not a duration such as"},
		"too many points":       {`{` + promSource + `, "interval": "1s"}`, "1209600 points"},
		"confidence":            {`{` + promSource + `, "confidence": 1}`, "0.5 to 0.99"},
		"bounds":                {`{` + promSource + `, "bounds": {"min": 5, "max": 5}}`, "a min below the max"},
		"guards":                {`{` + promSource + `, "guards": {"minDeviation": -1}}`, "no negative value"},
		"guards.for":            {`{` + promSource + `, "guards": {"for": "a while"}}`, "guards.for"},
		"style":                 {`{` + promSource + `, "style": "pretty"}`, "auto or none"},
		"direction":             {`{"queryType": "anomaly", ` + promSource + `, "direction": "up"}`, "both, above or below"},
		"no threshold":          {`{"queryType": "warning", ` + promSource + `}`, `field "threshold" is missing`},
		"threshold direction":   {`{"queryType": "warning", ` + promSource + `, "threshold": {"value": 1, "direction": "up"}}`, "above or below"},
		"unknown algorithm":     {`{` + promSource + `, "model": {"algorithm": "oracle"}}`, `no forecaster "oracle"`},
		"unknown detector":      {`{"queryType": "anomaly", ` + promSource + `, "model": {"algorithm": "oracle"}}`, `no detector "oracle"`},
		"unknown option":        {`{` + promSource + `, "model": {"algorithm": "theta", "options": {"x": 1}}}`, `unknown option "x"`},
		"version alone":         {`{` + promSource + `, "model": {"algorithm": "theta", "version": 2}}`, "model.version"},
		"model and algorithm":   {`{` + promSource + `, "model": {"name": "m", "algorithm": "theta"}}`, "one of the two"},
		"sources of a forecast": {`{` + db + `, "sources": [{"name": "a", "kind": "prometheus", "expr": "up"}]}`, "only queryType composite"},
		"source of a composite": {`{"queryType": "composite", ` + db + `}`, "a composite reads `sources`"},
		"one source":            {`{"queryType": "composite", "join": ["h"], "sources": [{"name": "a", "kind": "prometheus", "expr": "up"}]}`, "2 to 16 sources"},
		"no join":               {`{"queryType": "composite", "sources": [{"name": "a", "kind": "prometheus", "expr": "up"}, {"name": "b", "kind": "prometheus", "expr": "up"}]}`, `field "join" is empty`},
		"same name":             {`{"queryType": "composite", "join": ["h"], "sources": [{"name": "a", "kind": "prometheus", "expr": "up"}, {"name": "a", "kind": "prometheus", "expr": "up"}]}`, "sources[1].name"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.query), Defaults{})
			require.ErrorIs(t, err, ErrInvalid)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := Parse([]byte(`{`+promSource+`, "model": {"name": "disk-root", "version": 3}}`), Defaults{})
	require.ErrorIs(t, err, ErrNoModel)
	require.ErrorContains(t, err, `no model "disk-root"`)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{` + promSource + `}`))
	f.Add([]byte(`{"queryType": "composite", "join": [""], "sources": [{}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		q, err := Parse(raw, Defaults{})
		if err != nil {
			return
		}
		require.Positive(t, q.Steps())
		require.LessOrEqual(t, q.TrainingWindow/q.Interval, time.Duration(maxPoints))
	})
}
