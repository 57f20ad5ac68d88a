package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Columns of a trial's folders.
const (
	weeksColumn  = 1
	eventsColumn = 2
	foundColumn  = 3 // low, medium, high
	falseColumn  = 6
	nabColumn    = 9
)

// falseWeighs is how much recall a false alert a week outweighs, in choosing among trials.
const falseWeighs = 0.1

func setNames(t trial) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(t.folders)) {
		if strings.HasSuffix(name, "/all") {
			out = append(out, name)
		}
	}
	return out
}

func printTrialHead(t trial) {
	fmt.Printf("%-34s", "recall, false alerts a week")
	for _, set := range setNames(t) {
		fmt.Printf(" | %-25s", strings.TrimSuffix(set, "/all")+": medium, high")
	}
	fmt.Printf(" | %5s\n", "NAB")
}

// printTrial prints a trial less what auto reaches as it is; that one as it is.
func printTrial(t, plain trial) {
	fmt.Printf("%-34s", t.name)
	show, nab := "%5.2f %5.2f %6.2f %5.2f", "%5.1f"
	if t.name != plain.name {
		show, nab = "%+5.2f %+5.2f %+6.2f %+5.2f", "%+5.1f"
	}
	score := math.NaN()
	for _, set := range setNames(plain) {
		var v []any
		for k := 1; k <= 2; k++ {
			v = append(v, rate(t, set, foundColumn+k, eventsColumn)-less(t, plain, set, foundColumn+k, eventsColumn))
			v = append(v, rate(t, set, falseColumn+k, weeksColumn)-less(t, plain, set, falseColumn+k, weeksColumn))
		}
		fmt.Printf(" | "+show+"  ", v...)
		if s := t.folders[set][nabColumn]; !math.IsNaN(s) {
			score = s
			if t.name != plain.name {
				score -= plain.folders[set][nabColumn]
			}
		}
	}
	fmt.Printf(" | "+nab+"\n", score)
}

func rate(t trial, folder string, column, of int) float64 {
	return t.folders[folder][column] / t.folders[folder][of]
}

func less(t, plain trial, folder string, column, of int) float64 {
	if t.name == plain.name {
		return 0
	}
	return rate(plain, folder, column, of)
}

// value is what a trial is worth on some folders at medium and high: recall less a tenth of the false alerts a week, the folders of a
// set together counting as much as those of any other set.
func value(t trial, folders []string) float64 {
	type sum struct{ events, found, weeks, alone float64 }
	sums := map[string]sum{}
	for _, f := range folders {
		set, _, _ := strings.Cut(f, "/")
		c, s := t.folders[f], sums[set]
		s.events, s.weeks = s.events+2*c[eventsColumn], s.weeks+2*c[weeksColumn]
		s.found, s.alone = s.found+c[foundColumn+1]+c[foundColumn+2], s.alone+c[falseColumn+1]+c[falseColumn+2]
		sums[set] = s
	}
	total := 0.0
	for _, set := range slices.Sorted(maps.Keys(sums)) {
		s := sums[set]
		if s.events > 0 {
			total += s.found / s.events / float64(len(sums))
		}
		total -= falseWeighs * s.alone / s.weeks / float64(len(sums))
	}
	return total
}

// printLeftOut chooses among the trials without each folder in turn.
func printLeftOut(all []trial) {
	plain := all[0]
	folders := slices.DeleteFunc(slices.Sorted(maps.Keys(plain.folders)), func(name string) bool { return strings.HasSuffix(name, "/all") })
	best := func(folders []string) trial {
		return slices.MaxFunc(all, func(a, b trial) int {
			if d := value(a, folders) - value(b, folders); d != 0 {
				return int(math.Copysign(1, d))
			}
			return 0
		})
	}
	seen := best(folders)
	fmt.Printf("\nvalue (recall less %g of the false alerts a week) of all folders as it is: %.3f; of the best variant, %s: %.3f\n", falseWeighs, value(plain, folders), seen.name, value(seen, folders))
	fmt.Printf("%-54s %-36s %9s %9s\n", "folder left out", "best on the others", "its value", "as it is")
	won, sum := 0, 0.0
	for i, f := range folders {
		rest := slices.Concat(folders[:i], folders[i+1:])
		chosen := best(rest)
		its, was := value(chosen, folders[i:i+1]), value(plain, folders[i:i+1])
		fmt.Printf("%-54s %-36s %9.3f %9.3f\n", f, chosen.name, its, was)
		if sum += its - was; its > was {
			won++
		}
	}
	fmt.Printf("on the folders left out what was chosen is worth %+.3f on average, and is better on %d of %d\n", sum/float64(len(folders)), won, len(folders))
}
