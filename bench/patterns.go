package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/forewarn/earlywarning/pkg/source/logs/pattern"
)

// drainAccuracy is Drain's grouping accuracy on the same 2,000 lines with expressions written for each log by hand (Zhu, He, Liu, He,
// Xie, Zheng, Lyu: Tools and Benchmarks for Automated Log Parsing, ICSE-SEIP 2019, table III). Here one setting serves all.
var drainAccuracy = map[string]float64{"Apache": 1, "HDFS": .998, "Hadoop": .948, "OpenSSH": .788, "Proxifier": .527, "Spark": .920, "Windows": .997, "Zookeeper": .967}

const patternsUsage = `usage: go run ./bench patterns -data DIR

Groups loghub's structured samples (He, Zhu, He, Lyu: Loghub, 2020) by their form, and prints the share of the lines that are grouped
as a person did, beside Drain's.
flags:
`

func patterns(_ context.Context, args []string) error {
	flags := newFlags("patterns", patternsUsage)
	data := flags.String("data", "", "folder with loghub/*_2k.log_structured.csv.gz")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return fmt.Errorf("-data is needed: the folder of loghub")
	}
	fmt.Printf("%-10s %9s %9s %9s\n", "log", "accuracy", "Drain", "patterns")
	total := 0.0
	for _, name := range slices.Sorted(maps.Keys(drainAccuracy)) {
		texts, events, err := logSample(filepath.Join(*data, "loghub", name+"_2k.log_structured.csv.gz"))
		if err != nil {
			return err
		}
		m := pattern.NewMiner()
		found := make([]int, len(texts))
		for i, text := range texts {
			found[i] = m.Add(text, 1).ID
		}
		got := grouping(found, events)
		total += got
		fmt.Printf("%-10s %9.3f %9.3f %9d\n", name, got, drainAccuracy[name], len(m.Templates()))
	}
	fmt.Printf("%-10s %9.3f\n", "mean", total/float64(len(drainAccuracy)))
	return nil
}

// logSample reads the texts of a structured sample and the template that a person assigned to each.
func logSample(path string) (texts, events []string, err error) {
	rows, err := table(path)
	if err != nil {
		return nil, nil, err
	}
	content, event := slices.Index(rows[0], "Content"), slices.Index(rows[0], "EventId")
	if content < 0 || event < 0 {
		return nil, nil, fmt.Errorf("%s: columns Content and EventId are needed", path)
	}
	if len(rows) == 1 {
		return nil, nil, fmt.Errorf("%s has no messages", path)
	}
	for _, row := range rows[1:] {
		texts, events = append(texts, row[content]), append(events, row[event])
	}
	return texts, events, nil
}

// grouping is the share of messages whose group holds exactly the messages that a person put together.
func grouping(found []int, truth []string) float64 {
	sizes, kinds, pairs := map[int]int{}, map[string]int{}, map[int]map[string]int{}
	for i, g := range found {
		sizes[g]++
		kinds[truth[i]]++
		if pairs[g] == nil {
			pairs[g] = map[string]int{}
		}
		pairs[g][truth[i]]++
	}
	right := 0
	for g, n := range sizes {
		for event, m := range pairs[g] {
			if m == n && kinds[event] == n {
				right += n
			}
		}
	}
	return float64(right) / float64(len(found))
}
