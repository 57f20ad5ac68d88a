package main

import (
	"path"
	"path/filepath"
	"slices"
)

const nearRows = 3 // alerts with fewer rows between them are one

// judged is what the labels say of a file's alerts, by sensitivity in the order of sensitivities.
type judged struct {
	set, folder, name string
	weeks             float64
	events            int
	found, alone      [3]int // events found, alerts that no event explains
	nab               *nabFile
}

// judge counts as the scorers do: events are runs of label 1 in the rows after the history.
func (f labelled) judge(set string, m marked) judged {
	name := filepath.ToSlash(f.rel)
	j := judged{set: set, folder: path.Dir(name), name: name, weeks: float64(len(f.labels)-f.train) * f.step.Hours() / (7 * 24)}
	if j.folder == "." {
		j.folder = f.group
	}
	label := slices.Clone(f.labels)
	clear(label[:f.train])
	events := runsOf(label)
	j.events = len(events)
	for k, alert := range m.alert {
		j.found[k], j.alone[k] = countJoined(alert, f.train, events, nearRows)
	}
	if set == "nab" {
		j.nab = newNABFile(m.opening, events)
	}
	return j
}

// runsOf gives the stretches of true.
func runsOf(label []bool) (out []incident) {
	for i := 0; i < len(label); i++ {
		if label[i] {
			e := incident{from: i}
			for ; i < len(label) && label[i]; i++ {
				e.to = i
			}
			out = append(out, e)
		}
	}
	return out
}
