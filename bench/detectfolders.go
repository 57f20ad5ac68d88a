package main

import (
	"bufio"
	"cmp"
	"fmt"
	"slices"
)

// folderSum sums up the files of one kind.
type folderSum struct {
	set, name    string
	files        int
	weeks        float64
	events       int
	found, alone [3]int
	worst        float64 // false alerts a week of the noisiest file at medium
	worstFile    string
	nab          []*nabFile
}

func (g folderSum) recall(k int) float64  { return float64(g.found[k]) / float64(g.events) }
func (g folderSum) perWeek(k int) float64 { return float64(g.alone[k]) / g.weeks }

// add takes a file in.
func (g *folderSum) add(j judged) {
	g.files++
	g.weeks, g.events = g.weeks+j.weeks, g.events+j.events
	for k := range g.found {
		g.found[k], g.alone[k] = g.found[k]+j.found[k], g.alone[k]+j.alone[k]
	}
	if w := float64(j.alone[0]) / j.weeks; w > g.worst {
		g.worst, g.worstFile = w, j.name
	}
	if j.nab != nil {
		g.nab = append(g.nab, j.nab)
	}
}

// byFolder sums up in the order of the names, and over each set.
func byFolder(all []judged) (folders, sets []folderSum) {
	add := func(to []folderSum, set, name string, j judged) []folderSum {
		i := slices.IndexFunc(to, func(g folderSum) bool { return g.set == set && g.name == name })
		if i < 0 {
			i, to = len(to), append(to, folderSum{set: set, name: name})
		}
		to[i].add(j)
		return to
	}
	for _, j := range all {
		folders, sets = add(folders, j.set, j.folder, j), add(sets, j.set, "all", j)
	}
	slices.SortStableFunc(folders, func(a, b folderSum) int { return cmp.Compare(a.name, b.name) })
	return folders, sets
}

// printFolders tells, for each folder and set, what a person gets at each sensitivity, and names the worst. NAB's score is that at
// the threshold which the other folders ask for: nothing of a folder has chosen its own.
func printFolders(all []judged) {
	folders, sets := byFolder(all)
	fmt.Printf("\n%-8s %-40s %5s %6s |%s | %-24s\n", "set", "folder", "files", "events", "  low: recall, false/week |          medium |            high", "noisiest file at medium")
	for _, s := range sets {
		of := slices.DeleteFunc(slices.Clone(folders), func(g folderSum) bool { return g.set != s.set })
		for _, g := range append(of, s) {
			fmt.Printf("%-8s %-40s %5d %6d |", g.set, g.name, g.files, g.events)
			for _, k := range []int{1, 0, 2} { // low, medium, high
				fmt.Printf(" %7.2f %7.2f |", g.recall(k), g.perWeek(k))
			}
			fmt.Printf(" %.2f %s\n", g.worst, g.worstFile)
		}
		events := slices.DeleteFunc(slices.Clone(of), func(g folderSum) bool { return g.events == 0 })
		if len(events) > 1 {
			deaf := slices.MinFunc(events, func(a, b folderSum) int { return cmp.Compare(a.recall(0), b.recall(0)) })
			loud := slices.MaxFunc(of, func(a, b folderSum) int { return cmp.Compare(a.perWeek(0), b.perWeek(0)) })
			fmt.Printf("%-8s worst at medium: recall %.2f in %s, %.2f false a week in %s\n", s.set, deaf.recall(0), deaf.name, loud.perWeek(0), loud.name)
		}
		if len(s.nab) > 0 {
			printNAB(of, s)
		}
	}
}

func printNAB(folders []folderSum, set folderSum) {
	fmt.Printf("\n%-40s |%s\n", "NAB's score, threshold of all | of the others", "   standard      low FP          low FN")
	line := func(name string, score func(p nabProfile) (own, left float64)) {
		fmt.Printf("%-40s |", name)
		for _, p := range nabProfiles {
			own, left := score(p)
			fmt.Printf(" %6.1f %6.1f |", own, left)
		}
		fmt.Println()
	}
	for _, g := range folders {
		line(g.name, func(p nabProfile) (own, left float64) {
			return nabScore(g.nab, p, nabThreshold(set.nab, p)), nabScore(g.nab, p, nabThreshold(others(folders, g.name), p))
		})
	}
	line("all", func(p nabProfile) (own, left float64) {
		raw, none, all := 0.0, 0.0, 0.0
		for _, g := range folders {
			t := nabThreshold(others(folders, g.name), p)
			for _, f := range g.nab {
				r, n, a := f.raw(p, t)
				raw, none, all = raw+r, none+n, all+a
			}
		}
		return nabScore(set.nab, p, nabThreshold(set.nab, p)), 100 * (raw - none) / (all - none)
	})
}

// others are the files of all folders but one.
func others(folders []folderSum, but string) (out []*nabFile) {
	for _, g := range folders {
		if g.name != but {
			out = append(out, g.nab...)
		}
	}
	return out
}

// foldersHead names the columns that writeFolders writes.
const foldersHead = "set,folder,files,weeks,events,found_low,found,found_high,false_low,false,false_high,nab\n"

// writeFolders writes a row for each folder and one for each set; NAB's standard score stands in the set's.
func writeFolders(path string, all []judged) error {
	folders, sets := byFolder(all)
	return writeLines(path, func(w *bufio.Writer) {
		w.WriteString(foldersHead)
		for _, g := range append(folders, sets...) {
			fmt.Fprintf(w, "%s,%s,%d,%.4f,%d", g.set, g.name, g.files, g.weeks, g.events)
			for _, n := range [][3]int{g.found, g.alone} {
				fmt.Fprintf(w, ",%d,%d,%d", n[1], n[0], n[2])
			}
			score := ""
			if g.name == "all" && len(g.nab) > 0 {
				score = fmt.Sprintf("%.2f", nabScore(g.nab, nabProfiles[0], nabThreshold(g.nab, nabProfiles[0])))
			}
			fmt.Fprintf(w, ",%s\n", score)
		}
	})
}
