package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// eachSet reads the named data set and hands it to work. A set that is not among the chosen is passed over in silence, one whose
// files are absent with a line.
func eachSet[D any](name, only string, load func() (D, error), work func(D) error) error {
	if !chosen(only, name) {
		return nil
	}
	data, err := load()
	if os.IsNotExist(err) {
		fmt.Printf("%-19s skipped: %v\n", name, err)
		return nil
	}
	if err == nil {
		err = work(data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// chosen tells whether a name is in a list with commas; the empty list is all.
func chosen(list, name string) bool {
	return list == "" || slices.Contains(strings.Split(list, ","), name)
}

// known refuses a list with commas in which something stands that there is none of; name tells how each of all is called.
func known[S any](flag, list string, all []S, name func(S) string) error {
	if list == "" {
		return nil
	}
	var names []string
	for _, s := range all {
		names = append(names, name(s))
	}
	for given := range strings.SplitSeq(list, ",") {
		if !slices.Contains(names, given) {
			return fmt.Errorf("-%s names %q, known are: %s", flag, given, strings.Join(names, ", "))
		}
	}
	return nil
}

// enough refuses a number of workers that could do nothing.
func enough(workers int) error {
	if workers < 1 {
		return fmt.Errorf("-workers is %d, at least 1 is needed", workers)
	}
	return nil
}
