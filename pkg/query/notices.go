package query

import (
	"errors"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
)

// addNotices joins the notices of all series: each text once, with the number of series it holds for.
func (a *Answer) addNotices(perSeries [][]string) {
	type first struct {
		series int
		text   string
	}
	count := map[string]int{}
	var order []first
	for i, texts := range perSeries {
		for _, text := range texts {
			if count[text] == 0 {
				order = append(order, first{i, text})
			}
			count[text]++
		}
	}
	for _, o := range order {
		who := a.Results[o.series].Name
		if n := count[o.text]; n > 1 {
			who = fmt.Sprintf("%d series", n)
		}
		a.Notices = append(a.Notices, series.Notice{Severity: series.Info, Text: who + ": " + o.text})
	}
}

func tooShort(err error) bool {
	return errors.Is(err, forecast.ErrTooShort) || errors.Is(err, detect.ErrTooShort)
}

// from gives values[at:], filled in front with missing values where at is negative.
func from(values []float64, at int) []float64 {
	if at >= 0 {
		return values[min(at, len(values)):]
	}
	out := make([]float64, -at+len(values))
	for i := range -at {
		out[i] = math.NaN()
	}
	copy(out[-at:], values)
	return out
}
