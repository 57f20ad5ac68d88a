package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// incident is a labelled event of several metrics: rows [from, to] and the metrics it is seen in, counted from 0.
type incident struct {
	from, to int
	metrics  []int
}

const (
	lateRows = 10 // an alarm so many rows after an event still is its alarm
	joinRows = 30 // alarms of several metrics with fewer rows between them are one
)

// countAlarms counts the events that alarms of several metrics hit, and the alarms that none explains.
func countAlarms(alarm []bool, from int, events []incident) (hits, alone int) {
	return countJoined(alarm, from, events, joinRows)
}

// countJoined does so where alarms up to so many rows apart are one.
func countJoined(alarm []bool, from int, events []incident, join int) (hits, alone int) {
	n := len(alarm)
	near := make([]bool, n)
	for _, e := range events {
		for i := e.from; i <= min(e.to+lateRows, n-1); i++ {
			near[i] = true
		}
		if slices.Contains(alarm[e.from:min(e.to+lateRows+1, n)], true) {
			hits++
		}
	}
	for i := from; i < n; i++ {
		if !alarm[i] {
			continue
		}
		first, last := i, i
		for ; i < n && i-last <= join; i++ {
			if alarm[i] {
				last = i
			}
		}
		if !slices.Contains(near[first:last+1], true) {
			alone++
		}
		i = last
	}
	return hits, alone
}

// interpretation reads lines of "first-last:metric,metric", rows counted from the end of training and metrics from 1.
func interpretation(path string, train int) (events []incident, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		rows, metrics, ok := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		first, last, dash := strings.Cut(rows, "-")
		if rows == "" && !ok {
			continue
		}
		var e incident
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if !ok || !dash || err1 != nil || err2 != nil || to < from {
			return nil, fmt.Errorf("%s: %q is not first-last:metrics", path, lines.Text())
		}
		e.from, e.to = from+train, to+train
		for text := range strings.SplitSeq(metrics, ",") {
			m, err := strconv.Atoi(text)
			if err != nil {
				return nil, fmt.Errorf("%s: metric %q: %w", path, text, err)
			}
			e.metrics = append(e.metrics, m-1)
		}
		events = append(events, e)
	}
	return events, lines.Err()
}
