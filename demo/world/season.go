package world

import (
	"math"
	"time"
)

// hourOf is the local hour of the day, 0 to 24.
func hourOf(m minute) float64 {
	_, offset := timeOf(m).In(zone).Zone()
	return float64(floorMod(m+int64(offset)/60, 1440)) / 60
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }

// weekday is local; a world's week starts on Monday like everybody's.
func weekday(m minute) time.Weekday { return timeOf(m).In(zone).Weekday() }

// peak rises from 0 to 1 around an hour of the day and falls again; width is its standard deviation in hours.
func peak(m minute, hour, width float64) float64 {
	d := math.Mod(hourOf(m)-hour+36, 24) - 12
	return math.Exp(-d * d / (2 * width * width))
}

// office is people's working day in 0 to 1: a morning and a higher afternoon, a dip at lunch, little at night.
func office(m minute) float64 {
	return clamp(0.06+0.75*peak(m, 10.3, 1.9)+0.9*peak(m, 15.5, 2.4)+0.35*peak(m, 20.5, 1.8), 0, 1)
}

// evening is what people do at home: a small noon and a large evening.
func evening(m minute) float64 {
	return clamp(0.1+0.5*peak(m, 12.5, 2.2)+0.9*peak(m, 20.5, 2.6), 0, 1)
}

// week scales by the day: weekend at weekends, 1 else, with an hour of blending around midnight.
func week(m minute, weekend float64) float64 {
	at := func(m minute) float64 {
		if d := weekday(m); d == time.Saturday || d == time.Sunday {
			return weekend
		}
		return 1
	}
	sum := 0.0
	for k := minute(-30); k <= 30; k += 15 {
		sum += at(m + k)
	}
	return sum / 5
}
