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

// alarms are the p-values of an entity's alarm at each sensitivity.
var alarms = []float64{composite.DefaultAlarm, 1e-9, 1e-4}

// markMany scores the metrics of an entity together.
func markMany(ctx context.Context, f labelled, _ string) (marked, error) {
	in := composite.Input{Step: f.step, Start: f.start, From: f.train}
	for k, x := range f.values {
		in.Signals = append(in.Signals, composite.Signal{Name: f.names[k], Values: x})
	}
	m := marked{points: len(f.values[0])}
	for k, alarm := range alarms {
		begin := time.Now()
		in.Alarm = alarm
		r, err := composite.Run(ctx, in)
		if err != nil {
			return m, err
		}
		m.alert[k] = r.Anomalous
		if k == 0 {
			m.seconds = time.Since(begin).Seconds()
			m.score, m.opening = r.Severity(), r.Score
		}
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

// finite is 0 where there is no score.
func finite(s float64) float64 {
	if math.IsNaN(s) {
		return 0
	}
	return s
}
