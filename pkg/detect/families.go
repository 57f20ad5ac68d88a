package detect

import (
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

const day = 24 * time.Hour

func number(name string, most float64, help string) param.Spec {
	return param.Spec{Name: name, Kind: param.Number, Default: 0.0, Min: param.Bound(0), Max: param.Bound(most), Help: help}
}

func span(name string, value time.Duration, help string) param.Spec {
	return param.Spec{Name: name, Kind: param.Duration, Default: value, Help: help}
}

func whole(name string, value int, least, most float64, help string) param.Spec {
	return param.Spec{Name: name, Kind: param.Integer, Default: value, Min: param.Bound(least), Max: param.Bound(most), Help: help}
}

func choice(name, value string, help string, choices ...string) param.Spec {
	return param.Spec{Name: name, Kind: param.Choice, Default: value, Choices: choices, Help: help}
}

// families are the detectors that are asked for by name.
func families() []Algorithm {
	percent := []param.Spec{
		sensitivity("Allowed difference: high 30, medium 50, low 100 percent of the reference."),
		number("percent", 1e6, "Allowed difference in percent of the reference; 0 takes the sensitivity's."),
		number("change", 1e300, "Allowed difference in the metric's unit, on top of the percentage."),
	}
	return []Algorithm{
		{
			ID: "mad", Title: "Median absolute deviation", MinPoints: robustLeast, New: newMAD, Confirm: true,
			Summary:   "Outside the moving median plus or minus k median absolute deviations: half of the window may be wild without moving the band.",
			Reference: "Hampel: The influence curve and its role in robust estimation, JASA 69 (1974)",
			Params: []param.Spec{span("window", day, "How far back the median looks."), sensitivity("k: high 4, medium 6, low 9 robust standard deviations."),
				number("k", 100, "Robust standard deviations to either side; 0 takes the sensitivity's.")},
		},
		{
			ID: "quantile", Title: "Quartile fences", MinPoints: robustLeast, New: newQuantile, Confirm: true,
			Summary:   "Further outside the moving quartiles than k times the distance between them; suits skewed metrics.",
			Reference: "Tukey: Exploratory data analysis (1977)",
			Params: []param.Spec{span("window", day, "How far back the quartiles look."), sensitivity("k: high 2, medium 3, low 5 times the distance between the quartiles."),
				number("k", 100, "Times the distance between the quartiles; 0 takes the sensitivity's.")},
		},
		{
			ID: "same-period", Title: "Same time before (同比)", MinPoints: 2, New: newSamePeriod,
			Summary:   "Differs from the same local time yesterday, last week or on the days before by more than a percentage.",
			Reference: "Year-over-year comparison, as in any business report; per minute and day as in Tencent BlueKing's monitoring",
			Params: append([]param.Spec{
				choice("with", withYesterday, "yesterday; last-week; mean of the days before; interval: their least to most; amplitude: the change from the point before against the same change on those days.",
					withYesterday, withLastWeek, withMean, withInterval, withAmplitude),
				whole("days", 7, 1, 28, "Days of mean, interval and amplitude."),
			}, percent...),
		},
		{
			ID: "previous-period", Title: "Points just before (环比)", MinPoints: 2, New: newPreviousPeriod,
			Summary:   "Differs from the point before, or from the mean of the points before, by more than a percentage.",
			Reference: "Period-over-period comparison, as in any business report; per point as in Tencent BlueKing's monitoring",
			Params: append([]param.Spec{
				choice("with", withPrevious, "previous: the point before; mean of the points before.", withPrevious, withMean),
				whole("points", 5, 1, 1440, "Points of the mean."),
			}, percent...),
		},
		{
			ID: "forecast-residual", Title: "Forecast residual", MinPoints: leastKnown, New: newResidual, Confirm: true,
			Summary:   "Further from a forecast made before than its own past errors make likely; gives a p-value.",
			Reference: "Split conformal prediction: Vovk, Gammerman, Shafer: Algorithmic learning in a random world (2005)",
			Params: []param.Spec{choice("forecaster", "mstl", "What forecasts.", "mstl", "ets", "theta", "seasonal-naive", "linear"),
				span("refit", day, "How often, and so how far ahead, a forecast is made."), span("window", 14*day, "How far back a forecast looks."),
				sensitivity("alpha: high 0.01, medium 0.001, low 0.0001."),
				number("alpha", 0.5, "p-value at the edge of the band; 0 takes the sensitivity's.")},
		},
		{
			ID: "level-shift", Title: "Level shift", MinPoints: shiftLeast, New: newShift,
			Summary:   "Many small differences to one side add up: finds a lasting shift that no single point shows; seasons are taken out first.",
			Reference: "Page: Continuous inspection schemes, Biometrika 41 (1954); Siegmund: Sequential analysis (1985)",
			Params: []param.Spec{span("window", day, "How far back the level looks."), span("adopt", day, "A shift that lasted for so long is the new level."),
				sensitivity("limit: high 8, medium 10, low 14 standard deviations."),
				number("limit", 1000, "Standard deviations that have to add up; 0 takes the sensitivity's.")},
		},
		{
			ID: "kmeans", Title: "K-means over the points", MinPoints: featureLeast, New: newPointMeans, Confirm: true,
			Summary:   "Far from all clusters of what the last points usually look like: level, change, trend, restlessness, difference from the day before.",
			Reference: "Lloyd, IEEE Trans. Inf. Theory 28 (1982); Yairi, Kato, Hori: Fault detection by mining association rules from house-keeping data (2001)",
			Params: []param.Spec{span("window", 14*day, "How far back a training looks."), whole("clusters", 8, 1, 64, "Number of clusters."),
				sensitivity("Distance allowed beyond that of 99 % of the training: high 2, medium 3, low 5 times.")},
		},
		{
			ID: "isolation-forest", Title: "Isolation forest", MinPoints: featureLeast, New: newPointForest, Confirm: true,
			Summary:   "Easily set apart by random cuts from what the last points usually look like.",
			Reference: "Liu, Ting, Zhou: Isolation forest, ICDM 2008",
			Params: []param.Spec{span("window", 14*day, "How far back a training looks."), whole("trees", 100, 10, 500, "Number of trees."),
				sensitivity("Margin above the score of 99.9 % of the training: high 0.02, medium 0.05, low 0.1.")},
		},
		{
			ID: "spectral-residual", Title: "Spectral residual", MinPoints: 16, New: newSpectral, Confirm: true,
			Summary:   "Stands out from what the spectrum of the points before explains; for sudden spikes and dips.",
			Reference: "Ren et al.: Time-series anomaly detection service at Microsoft, KDD 2019",
			Params: []param.Spec{whole("window", 64, 16, 1024, "Points of the window."), sensitivity("limit: high 3, medium 5, low 8 times the usual saliency."),
				number("limit", 1000, "Times the usual saliency; 0 takes the sensitivity's.")},
		},
		{
			ID: "matrix-profile", Title: "Matrix profile", MinPoints: 64, New: newProfile, Confirm: true,
			Summary:   "The newest stretch is like none before: finds shapes that are wrong although no value is.",
			Reference: "Yeh et al.: Matrix profile I, ICDM 2016; Lu et al., KDD 2022; Akbarinia, Cloez (2019)",
			Params: []param.Spec{span("length", time.Hour, "Length of a stretch."), span("window", 7*day, "How far back the most similar stretch is looked for."),
				sensitivity("factor: high 1.5, medium 2, low 3."), number("factor", 100, "Times the distance that 99 % of the stretches before kept to; 0 takes the sensitivity's.")},
		},
		{
			ID: "flat-line", Title: "Flat line", MinPoints: silenceChanges, New: newFlat, Fixed: true,
			Summary:   "A series that used to move stands still for longer than ever.",
			Reference: "Run length of equal values against the longest before, as in any stale-data check",
			Params:    []param.Spec{span("after", 30*time.Minute, "Standing still for less is not flagged.")},
		},
		{
			ID: "missing-data", Title: "Missing data", MinPoints: silenceChanges, New: newMissing, Fixed: true,
			Summary:   "Values stay away for longer than ever; the missing points themselves are scored.",
			Reference: "Run length of missing values against the longest before, as in any stale-data check",
			Params:    []param.Spec{span("after", 10*time.Minute, "A shorter gap is not flagged.")},
		},
	}
}
