package query

import (
	"maps"
	"slices"
	"strings"

	"github.com/forewarn/earlywarning/pkg/series"
)

// signalNames names the signals of an entity for the shares of a composite's score: by their source alone where it gives one series, by
// the source and the labels that differ where it gives several ("logs timeout"). What the entity itself is called is left out,
// and so are labels that all of a source's series share; only what is still alike then gets the series' own name.
func signalNames(sources []string, list []series.Series) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = sources[i]
		if n := siblings(sources, list, i); len(n) > 1 {
			names[i] = strings.TrimSpace(sources[i] + " " + differing(n, list[i].Labels))
		}
	}
	count := map[string]int{}
	for _, name := range names {
		count[name]++
	}
	for i, name := range names {
		if count[name] > 1 {
			names[i] = strings.TrimSpace(sources[i] + " " + list[i].Name)
		}
	}
	return names
}

// siblings are the labels of all series of the source of series i.
func siblings(sources []string, list []series.Series, i int) (out []series.Labels) {
	for k, s := range list {
		if sources[k] == sources[i] {
			out = append(out, s.Labels)
		}
	}
	return out
}

// differing gives the values of those labels that are not the same in all.
func differing(all []series.Labels, own series.Labels) string {
	var values []string
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if slices.ContainsFunc(all, func(l series.Labels) bool { return l[key] != own[key] }) {
			values = append(values, own[key])
		}
	}
	return strings.Join(values, " ")
}
