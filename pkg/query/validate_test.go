package query

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/source"
)

func TestMoreRefusalsNameTheFieldAndWhatWouldBeRight(t *testing.T) {
	many := make([]string, 17)
	for i := range many {
		many[i] = fmt.Sprintf(`{"name":"s%d","kind":"prometheus","expr":"x"}`, i)
	}
	for name, c := range map[string]struct{ query, says string }{
		"text for an object":        {queryOf(Forecast, `,"bounds":"wide"`), `field "bounds" cannot be a string, an object is needed`},
		"a list for a text":         {queryOf(Forecast, `,"interval":[5]`), `field "interval" cannot be an array, text is needed`},
		"a text for a list":         {queryOf(Composite, `,"join":"host"`), `field "join" cannot be a string`},
		"deep inside":               {queryOf(Anomaly, `,"guards":{"k":"two"}`), `field "guards.k" cannot be a string, a number is needed`},
		"an unknown guard":          {queryOf(Anomaly, `,"guards":{"minDeviance":1}`), `unknown field "minDeviance"`},
		"parts of a second":         {queryOf(Forecast, `,"interval":"1500ms"`), "a whole number of seconds"},
		"a window of one step":      {queryOf(Forecast, `,"interval":"1h","trainingWindow":"1h"`), "at least two intervals of 1h"},
		"a long window":             {queryOf(Forecast, `,"interval":"1s","trainingWindow":"2d"`), "at least 2s (at most 100000 points)"},
		"a language":                {queryOf(Anomaly, `,"language":"fr"`), "en-US, zh-Hans"},
		"a negative guard":          {queryOf(Anomaly, `,"guards":{"minRelative":-0.1}`), `field "guards" is minDeviation 0 and minRelative -0.1`},
		"k without n":               {queryOf(Anomaly, `,"guards":{"k":2}`), `field "guards.k" is 2 of n 0`},
		"k above n":                 {queryOf(Anomaly, `,"guards":{"k":4,"n":3}`), "k of n points with 0 ≤ k ≤ n ≤ 64"},
		"n beyond what is kept":     {queryOf(Anomaly, `,"guards":{"k":1,"n":65}`), "≤ 64"},
		"a negative volume":         {queryOf(Anomaly, `,"guards":{"minVolume":-1}`), "guards.minVolume"},
		"a volume nobody reads":     {queryOf(Anomaly, `,"volume":{"kind":"prometheus","expr":"x"}`), "only an anomaly query with guards.minVolume"},
		"a volume of a forecast":    {queryOf(Forecast, `,"guards":{"minVolume":1},"volume":{"kind":"prometheus","expr":"x"}`), "only an anomaly query"},
		"no volume":                 {queryOf(Anomaly, `,"guards":{"minVolume":1}`), `field "volume" is missing`},
		"a volume without a query":  {queryOf(Anomaly, `,"guards":{"minVolume":1},"volume":{"kind":"prometheus"}`), `field "volume.expr" is empty`},
		"a cooldown":                {queryOf(Anomaly, `,"guards":{"cooldown":"long"}`), `field "guards.cooldown"`},
		"a calendar":                {queryOf(Anomaly, `,"calendar":{"holidays":"XX"}`), `field "calendar"`},
		"a fixed limit not given":   {queryOf(Anomaly, `,"model":{"algorithm":"threshold"}`), `field "threshold" is missing`},
		"a join of one source":      {queryOf(Forecast, `,"join":["host"]`), `field "join" is given`},
		"a least step":              {`{"source":{"kind":"prometheus","expr":"x","interval":"soon"}}`, `field "source.interval"`},
		"a source of a composite":   {`{"queryType":"composite","join":["h"],"sources":[{"name":"a","kind":"prometheus","expr":"x"},{"name":"b","kind":"mysql"}]}`, `field "sources[1].rawSql" is empty`},
		"too many sources":          {`{"queryType":"composite","join":["h"],"sources":[` + strings.Join(many, ",") + `]}`, "2 to 16 sources"},
		"a nameless source":         {`{"queryType":"composite","join":["h"],"sources":[{"kind":"prometheus","expr":"x"},{"name":"b","kind":"prometheus","expr":"x"}]}`, `field "sources[0].name" is ""`},
		"a method of composites":    {queryOf(Composite, `,"model":{"algorithm":"ets"}`), `field "model.algorithm" is "ets"`},
		"a forecaster that detects": {queryOf(Anomaly, `,"model":{"algorithm":"ets"}`), `no detector "ets"`},
		"a detector that forecasts": {queryOf(Forecast, `,"model":{"algorithm":"mad"}`), `no forecaster "mad"`},
		"options of auto":           {queryOf(Forecast, `,"model":{"options":{"a":1}}`), `unknown option "a"`},
		"an option out of range":    {queryOf(Anomaly, `,"model":{"algorithm":"mad","options":{"window":-5}}`), `field "model.options.window": `},
		"an option of another kind": {queryOf(Anomaly, `,"model":{"algorithm":"mad","options":{"window":"soon"}}`), `field "model.options.window": "soon" is not a duration`},
		"an option that is not":     {queryOf(Anomaly, `,"model":{"algorithm":"mad","options":{"speed":1}}`), `field "model": invalid parameter: unknown option "speed"`},
		"a source's wrong kind":     {`{"queryType":"composite","sources":[{"kind":"prometheus","expr":5,"name":"a"}]}`, `field "sources.expr" cannot be a number`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.query), Defaults{})
			require.ErrorIs(t, err, ErrInvalid)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestAnUnreadableDefaultOfTheDataSourceNamesTheField(t *testing.T) {
	for field, d := range map[string]Defaults{"trainingWindow": {TrainingWindow: "long"}, "interval": {Interval: "often"}, "horizon": {Horizon: "far"}, "confidence": {Confidence: 7}} {
		_, err := Parse([]byte(queryOf(Forecast, "")), d)
		require.ErrorContains(t, err, `field "`+field+`"`)
	}
}

func TestEverythingThatCanBeSaidIsRead(t *testing.T) {
	q, err := Parse([]byte(`{"refId":"B","queryType":"anomaly","source":{"kind":"logs","table":"app_logs","time":"ts","message":"message","entity":"container","keywords":["timeout"],"levels":["ERROR"]},
		"model":{"algorithm":"mad"},"trainingWindow":"7d","interval":"10m","confidence":0.9,"bounds":{"min":0,"max":100},"threshold":{"value":90},"direction":"above","language":"zh-Hans","style":"none","output":"score",
		"guards":{"minDeviation":5,"minRelative":0.1,"floor":0,"for":"10m","k":2,"n":3,"minVolume":9,"cooldown":"1h"},"volume":{"kind":"mysql","rawSql":"SELECT 1"},"calendar":{"timezone":"Asia/Shanghai"}}`), Defaults{})
	require.NoError(t, err)
	require.Equal(t, source.Spec{Kind: source.Logs, Table: "app_logs", Time: "ts", Message: "message", Entity: "container", Keywords: []string{"timeout"}, Levels: []string{"ERROR"}}, q.Source)
	require.Equal(t, detect.Guards{MinDeviation: 5, MinRelative: 0.1, HasFloor: true, For: 10 * time.Minute, K: 2, N: 3, MinVolume: 9, Cooldown: time.Hour}, q.Guards)
	require.Equal(t, detect.Threshold{Value: 90, Direction: detect.Above}, *q.Threshold, "above where it is not said")
	require.Equal(t, []any{"zh-Hans", false, Score, detect.Above, 0.9}, []any{q.Language, q.Styled, q.Output, q.Direction, q.Confidence})
	require.Equal(t, []float64{0, 100}, []float64{*q.Bounds.Min, *q.Bounds.Max})
	require.Equal(t, "Asia/Shanghai", q.Calendar.Zone().String())
	require.Equal(t, "SELECT 1", q.Volume.RawSQL)
}

func TestASeriesAsItIsIsColouredOnRequestOnly(t *testing.T) {
	for _, c := range []struct {
		kind   Type
		style  string
		styled bool
	}{{Series, "", false}, {Series, `,"style":"auto"`, true}, {Series, `,"style":"none"`, false}, {Forecast, "", true}, {Outlier, "", true}, {Forecast, `,"style":"none"`, false}} {
		q, err := Parse([]byte(queryOf(c.kind, c.style)), Defaults{})
		require.NoError(t, err)
		require.Equal(t, c.styled, q.Styled, "%s%s", c.kind, c.style)
	}
}

func TestAFloorOfZeroIsAFloor(t *testing.T) {
	for raw, want := range map[string]bool{`{}`: false, `{"floor":0}`: true, `{"floor":null}`: false, `{"for":"0s","cooldown":"0"}`: false} {
		q, err := Parse([]byte(queryOf(Anomaly, `,"guards":`+raw)), Defaults{})
		require.NoError(t, err)
		require.Equal(t, want, q.Guards.HasFloor, raw)
		require.Zero(t, q.Guards.For)
	}
}

// Whatever durations are asked for, what is accepted can be answered within the limits.
func TestAcceptedTimesAreWithinTheLimits(t *testing.T) {
	unit := rapid.SampledFrom([]string{"s", "m", "h", "d", "w"})
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string {
			return fmt.Sprint(rapid.IntRange(0, 200).Draw(t, name)) + unit.Draw(t, name+" in")
		}
		q, err := Parse([]byte(queryOf(rapid.SampledFrom([]Type{Forecast, Warning, Anomaly}).Draw(t, "type"),
			fmt.Sprintf(`,"interval":%q,"trainingWindow":%q,"horizon":%q`, text("interval"), text("window"), text("horizon")))), Defaults{})
		if err != nil {
			require.ErrorIs(t, err, ErrInvalid)
			require.Regexp(t, `field "(interval|trainingWindow|horizon)"`, err.Error())
			return
		}
		require.GreaterOrEqual(t, q.Interval, time.Second)
		require.GreaterOrEqual(t, q.TrainingWindow, 2*q.Interval)
		require.LessOrEqual(t, int64(q.TrainingWindow/q.Interval), int64(maxPoints))
		require.GreaterOrEqual(t, q.Steps(), 1)
		require.LessOrEqual(t, q.Steps(), maxHorizon)
		require.GreaterOrEqual(t, time.Duration(q.Steps())*q.Interval, q.Horizon)
	})
}
