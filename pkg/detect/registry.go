package detect

import (
	"fmt"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Auto is the id of the detector that suits every series without being asked.
const Auto = "auto"

// sensitivity is the parameter that detectors share; each says what it means for its band.
func sensitivity(help string) param.Spec {
	return param.Spec{Name: "sensitivity", Kind: param.Choice, Default: "medium", Choices: []string{"high", "medium", "low"}, Help: help}
}

// Algorithms is the registry: every detector, simplest first. Adding one means its own file and one entry here.
func Algorithms() []Algorithm {
	return append([]Algorithm{
		{
			ID: Auto, Title: "Auto", MinPoints: leastKnown, New: newAutomatic, Confirm: true, Urgent: autoUrgent,
			Summary:   "Far from what is usual at this hour and from the newest points together, or restless and out of range as never before.",
			Reference: "Hampel, JASA 69 (1974); Bates, Granger, OR Quarterly 20 (1969); Ahmad et al., Neurocomputing 262 (2017)",
			Params: []param.Spec{sensitivity("Half-width of the band: high 2.5, medium 3.6, low 6.5 scales of a common day's outer deviations."),
				{Name: budgetParam, Kind: param.Number, Default: 0.0, Min: param.Bound(0), Max: param.Bound(10000), Unit: "a week",
					Help: "Alerts a week that the history before may at most have made: the band is widened until it does. 0 leaves it to the sensitivity."}},
		},
		{
			ID: "threshold", Title: "Fixed threshold", MinPoints: 1, New: newThreshold, Fixed: true,
			Summary:   "Abnormal beyond a fixed limit; the score is 1 at the limit.",
			Reference: "A fixed limit, as in any alert rule",
		},
		{
			ID: "dynamic-threshold", Title: "Dynamic threshold", MinPoints: dynamicLeast, New: newDynamic, Confirm: true,
			Summary:   "Outside the moving mean plus or minus k standard deviations of the points before.",
			Reference: "Shewhart: Economic control of quality of manufactured product (1931); moving form as in Montgomery, Statistical quality control, chapter 9",
			Params: []param.Spec{
				{Name: "window", Kind: param.Duration, Default: 24 * time.Hour, Help: "How far back mean and standard deviation look."},
				sensitivity("k: high 2, medium 3, low 4 standard deviations."),
				{Name: "k", Kind: param.Number, Default: 0.0, Min: param.Bound(0), Max: param.Bound(20), Help: "Standard deviations to either side; 0 takes the sensitivity's."},
			},
		},
		{
			ID: "seasonal-residual", Title: "Seasonal residual", MinPoints: leastKnown, New: newSeasonal, Confirm: true,
			Summary:   "Far from what is usual at this hour of the day or week, against robust medians of the same hours before.",
			Reference: "Median and median absolute deviation per seasonal slot: Hampel, JASA 69 (1974); Rousseeuw, Croux, JASA 88 (1993)",
			Params:    []param.Spec{sensitivity("Half-width of the band: high 3, medium 4, low 6 robust standard deviations.")},
		},
	}, families()...)
}

// Lookup gives the algorithm with the given id; the error wraps ErrUnknownAlgorithm and lists the known ids.
func Lookup(id string) (Algorithm, error) {
	var ids []string
	for _, a := range Algorithms() {
		if a.ID == id {
			return a, nil
		}
		ids = append(ids, a.ID)
	}
	return Algorithm{}, fmt.Errorf("%w: no detector %q, known are: %s", ErrUnknownAlgorithm, id, strings.Join(ids, ", "))
}
