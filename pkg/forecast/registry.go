package forecast

import (
	"fmt"
	"strings"

	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	// Auto is the id that lets Run choose by backtest.
	Auto = "auto"

	combinationID = "combination"
)

// Algorithms is the registry: every forecaster, simplest first. Adding one means its own file and one entry here.
func Algorithms() []Algorithm {
	return []Algorithm{
		{
			ID: "naive", Title: "Naive", MinPoints: 1, New: newNaive,
			Summary:   "The last value again.",
			Reference: "Hyndman, Athanasopoulos: Forecasting: principles and practice, 3rd ed., section 5.2",
		},
		{
			ID: "drift", Title: "Drift", MinPoints: 2, New: newDrift,
			Summary:   "The last value, and the mean change per step of the whole history carried on.",
			Reference: "Hyndman, Athanasopoulos: Forecasting: principles and practice, 3rd ed., section 5.2",
		},
		{
			ID: "seasonal-naive", Title: "Seasonal naive", MinPoints: 1, New: newSeasonalNaive,
			Summary:   "The last cycle of the longest season again, or the last value where there is no season.",
			Reference: "Hyndman, Athanasopoulos: Forecasting: principles and practice, 3rd ed., section 5.2",
			Params:    []param.Spec{{Name: "drift", Kind: param.Boolean, Default: false, Help: "Without a season, carry the mean change per step on."}},
		},
		{
			ID: "ets", Title: "Exponential smoothing (Holt-Winters, ETS)", MinPoints: 5, New: newETS,
			Summary:   "Level, trend and season that follow the data, the form chosen by AICc; long seasons, or several, are taken out first, which is what mstl does: the two are then the same.",
			Reference: "Hyndman, Koehler, Snyder, Grose, International Journal of Forecasting 18 (2002)",
			Params: []param.Spec{{Name: "trend", Kind: param.Choice, Default: "auto", Choices: []string{"auto", "none", "linear", "damped"},
				Help: "Form of the trend; auto chooses by AICc."},
				{Name: "errors", Kind: param.Choice, Default: "auto", Choices: []string{"auto", "additive", "multiplicative"},
					Help: "Errors of one size, or in shares of the level (positive values only); auto chooses by AICc."},
				{Name: "season", Kind: param.Choice, Default: "auto", Choices: []string{"auto", "additive", "multiplicative"},
					Help: "A season of one size, or in shares of the level; asked for, it gets a state of its own up to 24 steps. Auto chooses by AICc up to 12, longer seasons are taken out first."}},
		},
		{
			ID: "theta", Title: "Theta", MinPoints: 5, New: newTheta,
			Summary:   "Exponential smoothing with a dampened share of the overall trend; strong on short, trending series.",
			Reference: "Fiorucci et al., International Journal of Forecasting 32 (2016); Hyndman, Billah (2003)",
			Params: []param.Spec{{Name: "variant", Kind: param.Choice, Default: "dynamic", Choices: []string{"dynamic", "optimised", "standard"},
				Help: "The dynamic optimised model, the optimised one with the line of the whole history, or the standard Theta method."}},
		},
		{
			ID: "linear", Title: "Robust linear trend", MinPoints: 6, New: newLinear,
			Summary:   "The median slope of the history, carried on from the present level; seasons are taken out first.",
			Reference: "Sen, JASA 63 (1968); Theil (1950); Huber, Annals of Mathematical Statistics 35 (1964)",
			Params: []param.Spec{{Name: "estimator", Kind: param.Choice, Default: "theil-sen", Choices: []string{"theil-sen", "huber"},
				Help: "The median of all slopes between blocks, or Huber's regression on all points."}},
		},
		{
			ID: "mstl", Title: "Several seasons (MSTL)", MinPoints: 5, New: newMSTL,
			Summary:   "Daily, weekly and other seasons split off by loess, the rest forecast by exponential smoothing or Theta.",
			Reference: "Bandara, Hyndman, Bergmeir, arXiv 2107.13462; Cleveland et al., Journal of Official Statistics 6 (1990)",
			Params: []param.Spec{
				{Name: "trend", Kind: param.Choice, Default: "ets", Choices: []string{"ets", "theta"}, Help: "Model of the seasonally adjusted series."},
				{Name: "robust", Kind: param.Boolean, Default: false, Help: "Give outliers no weight when splitting; costs about ten times the time."},
			},
		},
		{
			ID: "ar", Title: "Sparse-lag autoregression", MinPoints: 5, New: newSparseAR,
			Summary:   "Regression on the last points and on the same time one day and one week ago; strong on steady daily rhythms.",
			Reference: "McClave, Technometrics 17 (1975); Box, Jenkins: Time series analysis (1970)",
			Params: []param.Spec{
				{Name: "logs", Kind: param.Boolean, Default: false, Help: "Model a series of positive values in logs: its swings grow with its level."},
				{Name: "cycles", Kind: param.Integer, Default: 0, Min: param.Bound(0), Max: param.Bound(1000), Help: "Newest cycles of the longest season to learn from; 0 learns from all."},
			},
		},
		{
			ID: "arima", Title: "ARIMA", MinPoints: arimaLeast, New: newARIMA,
			Summary:   "Autoregression and moving average of the series or of its changes, terms chosen by AICc; seasons are taken out first.",
			Reference: "Hyndman, Khandakar, Journal of Statistical Software 27 (2008); Box, Jenkins: Time series analysis (1970)",
		},
		{
			ID: "piecewise", Title: "Piecewise trend and Fourier seasons", MinPoints: piecewiseLeast, New: newPiecewise,
			Summary:   "A trend in straight pieces, or one that saturates at a capacity, with smooth seasons and holidays, as in Prophet.",
			Reference: "Taylor, Letham, The American Statistician 72 (2018)",
			Params: []param.Spec{
				{Name: "growth", Kind: param.Choice, Default: "linear", Choices: growths, Help: "Form of the trend; saturating needs bounds.max as capacity, bounds.min is the floor (0 without)."},
				{Name: "season", Kind: param.Choice, Default: "additive", Choices: []string{"additive", "multiplicative"}, Help: "Seasons and holidays of one size, or in shares of the trend."},
				{Name: "changepoints", Kind: param.Integer, Default: 25, Min: param.Bound(0), Max: param.Bound(100), Help: "Points in the first 80 % of the history at which the slope may change."},
				{Name: "flexibility", Kind: param.Number, Default: 0.05, Min: param.Bound(0.001), Max: param.Bound(10), Help: "Scale of the slope's changes: more follows the history more closely."},
				{Name: "harmonics", Kind: param.Integer, Default: 6, Min: param.Bound(1), Max: param.Bound(30), Help: "Waves of each season: more allow sharper shapes."},
			},
		},
		{
			ID: "intermittent", Title: "Sparse counts (Croston, TSB)", MinPoints: 3, New: newIntermittent,
			Summary:   "For counts that are mostly zero: how much comes and how often, smoothed apart.",
			Reference: "Croston, Operational Research Quarterly 23 (1972); Syntetos, Boylan (2005); Teunter, Syntetos, Babai, EJOR 214 (2011)",
			Params: []param.Spec{
				{Name: "variant", Kind: param.Choice, Default: "tsb", Choices: []string{"tsb", "sba", "croston"}, Help: "TSB fades when nothing comes any more; SBA is Croston without its bias."},
				{Name: "alpha", Kind: param.Number, Default: 0.1, Min: param.Bound(0.01), Max: param.Bound(0.5), Help: "Weight of the newest value."},
			},
		},
		{
			ID: combinationID, Title: "Combination", MinPoints: 12, New: func(param.Values) Forecaster { return combination{horizon: 1} },
			Summary:   "The middle of up to fourteen models (regressions on past values, profiles, mean changes, a decomposition, repeats), weighted by how close each was on held-out stretches; what auto uses.",
			Reference: "Bates, Granger, Operational Research Quarterly 20 (1969); Jose, Winkler, International Journal of Forecasting 24 (2008); Doornik, Castle, Hendry, International Journal of Forecasting 36 (2020)",
		},
	}
}

// Lookup gives the algorithm with the given id; the error wraps ErrUnknownAlgorithm and lists the known ids.
func Lookup(id string) (Algorithm, error) {
	ids := []string{Auto}
	for _, a := range Algorithms() {
		if a.ID == id {
			return a, nil
		}
		ids = append(ids, a.ID)
	}
	return Algorithm{}, fmt.Errorf("%w: no forecaster %q, known are: %s", ErrUnknownAlgorithm, id, strings.Join(ids, ", "))
}
