package series

import (
	"maps"
	"slices"
	"strings"
)

// Abbreviate names each series by the values of the labels in which the set differs, as a reader would: "db-1" instead of
// `cpu{instance="db-1",job="node"}`. A series alone is named by its only label; where labels cannot tell the series apart, the
// names stay.
func Abbreviate(list []Series) {
	telling := varying(list)
	if len(list) == 1 && len(list[0].Labels) == 1 {
		telling = slices.Collect(maps.Keys(list[0].Labels))
	}
	if len(telling) == 0 {
		return
	}
	names, used := make([]string, len(list)), make(map[string]bool, len(list))
	for i, s := range list {
		parts := make([]string, 0, len(telling))
		for _, label := range telling {
			if value := s.Labels[label]; value != "" {
				parts = append(parts, value)
			}
		}
		names[i] = strings.Join(parts, " ")
		if names[i] == "" || used[names[i]] {
			return
		}
		used[names[i]] = true
	}
	for i := range list {
		list[i].Name = names[i]
	}
}

// varying lists, in order, the labels whose value is not the same in every series; a label that is absent counts as empty.
func varying(list []Series) []string {
	if len(list) < 2 {
		return nil
	}
	differs := map[string]bool{}
	for _, s := range list {
		for label, value := range s.Labels {
			if value != list[0].Labels[label] {
				differs[label] = true
			}
		}
		for label, value := range list[0].Labels {
			if value != s.Labels[label] {
				differs[label] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(differs))
}
