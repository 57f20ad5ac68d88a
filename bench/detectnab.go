package main

import (
	"math"
	"slices"
)

// nabProfile weighs what is found, what is missed and what is false.
type nabProfile struct {
	name               string
	hit, miss, mistake float64
}

var nabProfiles = []nabProfile{{"standard", 1, 1, 0.11}, {"low FP", 1, 1, 0.22}, {"low FN", 1, 2, 0.11}}

// nabFile is a file of the Numenta Anomaly Benchmark with what a detection at each row is worth (Lavin, Ahmad: Evaluating
// real-time anomaly detection algorithms, ICMLA 2015): inside a window more the earlier, behind one less and less of a mistake's
// weight is forgiven. The first 15 % of the rows, at most 750, count for nothing.
type nabFile struct {
	hits    []nabHit // in the rows that count
	windows int
	counted int // windows with rows that count
}

// nabHit is a row at which an alert begins.
type nabHit struct {
	score, worth float64
	window       int // -1 outside
}

func newNABFile(score []float64, windows []incident) *nabFile {
	n := len(score)
	live := min(int(0.15*float64(n)), 750)
	f := &nabFile{windows: len(windows)}
	for _, w := range windows {
		if w.to >= live {
			f.counted++
		}
	}
	before := -1 // window
	for i := range n {
		for before+1 < len(windows) && windows[before+1].from <= i {
			before++
		}
		if s := finite(score[i]); i >= live && s >= 1 {
			f.hits = append(f.hits, nabWorth(i, s/(1+s), before, windows))
		}
	}
	return f
}

// nabWorth is the detection at row i, where one window or none has begun.
func nabWorth(i int, score float64, before int, windows []incident) nabHit {
	h := nabHit{score, -1, -1}
	if before < 0 {
		return h
	}
	w := windows[before]
	length := float64(w.to - w.from + 1)
	if i <= w.to {
		h.window, h.worth = before, nabCurve(-float64(w.to-i+1)/length)/nabCurve(-1)
	} else if d := float64(i-w.to) / (length - 1); d <= 3 {
		h.worth = nabCurve(d)
	}
	return h
}

func nabCurve(x float64) float64 { return 2/(1+math.Exp(5*x)) - 1 }

// raw is the sum over the file of what the detections at a threshold are worth; none is what it would be without any, all with a
// detection at the beginning of each window.
func (f *nabFile) raw(p nabProfile, threshold float64) (raw, none, all float64) {
	none = -p.miss * float64(f.counted)
	raw = none
	best := slices.Repeat([]float64{-p.miss}, f.windows)
	for _, h := range f.hits {
		switch worth := p.hit * h.worth; {
		case h.score < threshold:
		case h.window < 0:
			raw += p.mistake * h.worth
		case worth > best[h.window]:
			raw += worth - best[h.window]
			best[h.window] = worth
		}
	}
	return raw, none, p.hit * float64(f.windows)
}

// nabScore is the normalised score, 0 for no detection and 100 for a detection at the beginning of each window and none elsewhere.
func nabScore(files []*nabFile, p nabProfile, threshold float64) float64 {
	raw, none, all := 0.0, 0.0, 0.0
	for _, f := range files {
		r, n, a := f.raw(p, threshold)
		raw, none, all = raw+r, none+n, all+a
	}
	return 100 * (raw - none) / (all - none)
}

// nabThreshold is the threshold with the highest score.
func nabThreshold(files []*nabFile, p nabProfile) (best float64) {
	tried := []float64{1.1}
	for _, f := range files {
		for _, h := range f.hits {
			tried = append(tried, h.score)
		}
	}
	slices.Sort(tried)
	top := math.Inf(-1)
	for _, t := range slices.Compact(tried) {
		if s := nabScore(files, p, t); s > top {
			best, top = t, s
		}
	}
	return best
}
