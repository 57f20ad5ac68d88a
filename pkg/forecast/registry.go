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
			ID: "seasonal-naive", Title: "Seasonal naive", MinPoints: 1, New: newSeasonalNaive,
			Summary:   "The last cycle of the longest season again, or the last value where there is no season.",
			Reference: "Hyndman, Athanasopoulos: Forecasting: principles and practice, 3rd ed., section 5.2",
			Params:    []param.Spec{{Name: "drift", Kind: param.Boolean, Default: false, Help: "Without a season, carry the mean change per step on."}},
		},
		{
			ID: "ets", Title: "Exponential smoothing (Holt-Winters, ETS)", MinPoints: 5, New: newETS,
			Summary:   "Level, trend and season that follow the data, the form chosen by AICc; long seasons are taken out first.",
			Reference: "Hyndman, Koehler, Snyder, Grose, International Journal of Forecasting 18 (2002)",
			Params: []param.Spec{{Name: "trend", Kind: param.Choice, Default: "auto", Choices: []string{"auto", "none", "linear", "damped"},
				Help: "Form of the trend; auto chooses by AICc."}},
		},
		{
			ID: "theta", Title: "Theta", MinPoints: 5, New: newTheta,
			Summary:   "Exponential smoothing with a dampened share of the overall trend; strong on short, trending series.",
			Reference: "Fiorucci et al., International Journal of Forecasting 32 (2016); Hyndman, Billah (2003)",
			Params: []param.Spec{{Name: "variant", Kind: param.Choice, Default: "dynamic", Choices: []string{"dynamic", "standard"},
				Help: "The dynamic optimised model, or the standard Theta method."}},
		},
		{
			ID: "linear", Title: "Robust linear trend", MinPoints: 6, New: newLinear,
			Summary:   "The median slope of the history, carried on from the present level; seasons are taken out first.",
			Reference: "Sen, JASA 63 (1968); Theil (1950)",
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
			ID: "ar", Title: "Sparse-lag autoregression", MinPoints: 10, New: newSparseAR,
			Summary:   "Regression on the last points and on the same time one day and one week ago; strong on steady daily rhythms.",
			Reference: "McClave, Technometrics 17 (1975); Box, Jenkins: Time series analysis (1970)",
			Params: []param.Spec{
				{Name: "logs", Kind: param.Boolean, Default: false, Help: "Model a series of positive values in logs: its swings grow with its level."},
				{Name: "cycles", Kind: param.Integer, Default: 0, Min: param.Bound(0), Max: param.Bound(1000), Help: "Newest cycles of the longest season to learn from; 0 learns from all."},
			},
		},
		{
			ID: combinationID, Title: "Combination", MinPoints: 12, New: func(param.Values) Forecaster { return combination{horizon: 1} },
			Summary:   "The weighted median of ten models, each weighted by how close it was on held-out stretches; what auto uses.",
			Reference: "Bates, Granger, Operational Research Quarterly 20 (1969); Petropoulos, Svetunkov, International Journal of Forecasting 36 (2020)",
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
