package model

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/query"
)

// Accuracy compares held-out errors with those of "same as last season".
type Accuracy struct {
	MASE     *float64 `json:"mase"`     // mean absolute error divided by the seasonal-naive error within the training data
	TwinMASE *float64 `json:"twinMase"` // the same for the seasonal-naive twin on the same held-out points
	Skill    *float64 `json:"skill"`    // share of the twin's error that is gone: 0.23 = 23 % closer
}

// SeriesResult is what training found for one series, for people.
type SeriesResult struct {
	Name      string            `json:"name"`
	Labels    map[string]string `json:"labels"`
	Algorithm string            `json:"algorithm"` // empty where the series is too short
	Reason    string            `json:"reason"`
	MASE      *float64          `json:"mase"`
	TwinMASE  *float64          `json:"twinMase"`
	Skill     *float64          `json:"skill"`
	Coverage  *float64          `json:"coverage"`
	Seasons   []string          `json:"seasons"`
	Points    int               `json:"points"`
	Gaps      int               `json:"gaps"` // missing values
	Notices   []string          `json:"notices"`
}

// Summary is what lists show of a version.
type Summary struct {
	Series    int      `json:"series"`
	Points    int      `json:"points"`
	Error     Accuracy `json:"error"`
	Coverage  *float64 `json:"coverage"`
	Threshold float64  `json:"threshold"` // anomaly: multiple of the detector's band that keeps to the alert budget; 1 = the band itself
}

// Series is one series' part of a version, for queries.
type Series = query.TrainedSeries

// Version is a training's outcome.
type Version struct {
	Summary Summary
	Results []SeriesResult
	Series  []Series
}

// Summarise fills in the summary from the results: medians, so that a few odd series do not hide the others.
func (v *Version) Summarise() {
	var mase, twin, skill, coverage []float64
	v.Summary.Series, v.Summary.Points = len(v.Results), 0
	for _, r := range v.Results {
		v.Summary.Points += r.Points
		for _, one := range []struct {
			value *float64
			into  *[]float64
		}{{r.MASE, &mase}, {r.TwinMASE, &twin}, {r.Skill, &skill}, {r.Coverage, &coverage}} {
			if one.value != nil {
				*one.into = append(*one.into, *one.value)
			}
		}
	}
	v.Summary.Error = Accuracy{MASE: Known(order.Median(mase)), TwinMASE: Known(order.Median(twin)), Skill: Known(order.Median(skill))}
	v.Summary.Coverage = Known(order.Median(coverage))
}

// Known gives a pointer to v, or nil where it is not a number.
func Known(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
