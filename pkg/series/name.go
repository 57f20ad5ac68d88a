package series

import (
	"fmt"
)

// Distinguish makes the names of a set unique: those that occur more than once get their labels appended, and what is still
// alike a number. Bands in panels find their other side by name.
func Distinguish(list []Series) {
	count := map[string]int{}
	for _, s := range list {
		count[s.Name]++
	}
	used := map[string]bool{}
	for i := range list {
		name := list[i].Name
		if count[name] > 1 && len(list[i].Labels) > 0 {
			name += " " + list[i].Labels.String()
		}
		unique := name
		for n := 2; used[unique]; n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		used[unique] = true
		list[i].Name = unique
	}
}
