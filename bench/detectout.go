package main

import (
	"bufio"
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

// sensitivityScales are the multiples of a composite's limit at each sensitivity: one chance alarm in 10⁶, 10⁹ and 10⁴ points.
var sensitivityScales = []float64{1, 1.5, 2.0 / 3}

// markMany scores the metrics of an entity together.
func markMany(ctx context.Context, f labelled, _ string) (marked, error) {
	in := composite.Input{Step: f.step, Start: f.start, From: f.train}
	for k, x := range f.values {
		in.Signals = append(in.Signals, composite.Signal{Name: f.names[k], Values: x})
	}
	begin := time.Now()
	all, err := composite.RunScaled(ctx, in, sensitivityScales...)
	if err != nil {
		return marked{}, err
	}
	m := marked{points: len(f.values[0]), seconds: time.Since(begin).Seconds(), score: all[0].Severity(), opening: all[0].Score}
	for k, r := range all {
		m.alert[k] = r.Anomalous
	}
	return m, nil
}

// writeMarks writes a row for each row of the file.
func writeMarks(path string, f labelled, m marked) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return writeLines(path, func(w *bufio.Writer) {
		head := "score,alert,alert_low,alert_high\n"
		if f.stamps != nil {
			head = "timestamp,anomaly_score," + head
		}
		w.WriteString(head)
		var line []byte
		for i := range m.score {
			line = line[:0]
			if f.stamps != nil {
				s := finite(m.opening[i])
				line = append(append(line, f.stamps[i]...), ',')
				line = append(strconv.AppendFloat(line, s/(1+s), 'g', 6, 64), ',')
			}
			line = strconv.AppendFloat(line, finite(m.score[i]), 'g', 6, 64)
			for k := range m.alert {
				if m.alert[k][i] {
					line = append(line, ",1"...)
				} else {
					line = append(line, ",0"...)
				}
			}
			w.Write(append(line, '\n'))
		}
	})
}

// finite is 0 where there is nothing to say.
func finite(s float64) float64 {
	if math.IsNaN(s) {
		return 0
	}
	return s
}
