package composite

// Algorithm declares a way of weighing signals together; forms, docs and validation come from it. None has options.
type Algorithm struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Summary   string `json:"summary"`
	Reference string `json:"reference"`
	PerSignal int    `json:"perSignal"` // known values that each of the signals needs for each signal there is; 0 where leastTail is enough
}

// Algorithms is the registry, the default first.
func Algorithms() []Algorithm {
	return []Algorithm{
		{
			ID: Auto, Title: "Auto", PerSignal: 2 * leastRows,
			Summary: "One score of four looks: each signal against its own seasons, and how far the signals together are from usual, from usual at that time, and from just before.",
			Reference: "Fisher: Statistical methods for research workers (1932); Mahalanobis (1936); Lowry, Woodall, Champ, Rigdon: A multivariate exponentially weighted " +
				"moving average control chart, Technometrics 34 (1992); contributions: Alcala, Qin: Reconstruction-based contribution, Automatica 45 (2009)",
		},
		{
			ID: Fisher, Title: "Fisher's method",
			Summary:   "Each signal is compared with its own seasons only, and the p-values are combined; suits signals that have little to do with each other.",
			Reference: "Fisher: Statistical methods for research workers (1932); Brown: A method for combining non-independent, one-sided tests of significance, Biometrics 31 (1975)",
		},
		{
			ID: Mahalanobis, Title: "Mahalanobis distance", PerSignal: 2 * leastRows,
			Summary:   "Where the signals and their moving averages lie together, weighed by how they vary together: finds relations that break although each value is ordinary.",
			Reference: "Mahalanobis (1936); ridge: Ledoit, Wolf, J. Multivariate Anal. 88 (2004); moving averages: Lowry, Woodall, Champ, Rigdon, Technometrics 34 (1992)",
		},
		{
			ID: PCA, Title: "Principal components", PerSignal: leastRows,
			Summary:   "What is left of the signals beside the directions in which they usually vary.",
			Reference: "Jackson, Mudholkar: Control procedures for residuals associated with principal component analysis, Technometrics 21 (1979)",
		},
		{
			ID: IsolationForest, Title: "Isolation forest", PerSignal: leastRows,
			Summary:   "How easily random cuts set the point apart from where the signals usually lie; suits signals with several ways of being usual.",
			Reference: "Liu, Ting, Zhou: Isolation forest, ICDM 2008",
		},
	}
}

// Methods gives the ids, the default first.
func Methods() []string {
	all := Algorithms()
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids
}
