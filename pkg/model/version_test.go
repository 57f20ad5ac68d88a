package model

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASummaryIsTheMedianSoThatOddSeriesDoNotHideTheOthers(t *testing.T) {
	v := Version{Results: []SeriesResult{
		{Points: 100, MASE: known(0.5), TwinMASE: known(1), Skill: known(0.5), Coverage: known(0.95)},
		{Points: 100, MASE: known(0.7), TwinMASE: known(1), Skill: known(0.3), Coverage: known(0.93)},
		{Points: 100, MASE: known(900), TwinMASE: known(1), Skill: known(-899), Coverage: known(0)},
		{Points: 7}, // too short: counted, and without figures
	}}
	v.Summarise()
	require.Equal(t, 4, v.Summary.Series)
	require.Equal(t, 307, v.Summary.Points)
	require.Equal(t, []float64{0.7, 1, 0.3, 0.93}, []float64{*v.Summary.Error.MASE, *v.Summary.Error.TwinMASE, *v.Summary.Error.Skill, *v.Summary.Coverage})
}

func TestASummaryWithoutFiguresHasNone(t *testing.T) {
	v := Version{Results: []SeriesResult{{Points: 3}}, Summary: Summary{Points: 99, Series: 9}}
	v.Summarise()
	require.Equal(t, Summary{Series: 1, Points: 3}, v.Summary, "and nothing of before is left")
	raw, err := json.Marshal(v.Summary)
	require.NoError(t, err)
	require.JSONEq(t, `{"series":1,"points":3,"error":{"mase":null,"twinMase":null,"skill":null},"coverage":null,"threshold":0}`, string(raw))
}

func TestWhatIsNotANumberIsUnknown(t *testing.T) {
	require.Nil(t, Known(math.NaN()))
	require.Nil(t, Known(math.Inf(-1)))
	require.Equal(t, 0.0, *Known(0), "zero is known")
}
