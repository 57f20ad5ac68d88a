package main

import (
	"bufio"
	"errors"
	"os"
	"strconv"
)

// writeForecasts writes prefix.csv, and the split where the problems hold their truth.
func writeForecasts(prefix string, problems []problem, answers []answer) error {
	err := writeLines(prefix+".csv", func(w *bufio.Writer) {
		w.WriteString("series,step,mean,lo80,hi80,lo95,hi95\n")
		var line []byte
		for i, p := range problems {
			a := answers[i]
			for h := range a.mean {
				line = append(line[:0], p.name...)
				line = strconv.AppendInt(append(line, ','), int64(h+1), 10)
				for _, v := range []float64{a.mean[h], a.lo80[h], a.hi80[h], a.lo95[h], a.hi95[h]} {
					line = strconv.AppendFloat(append(line, ','), v, 'g', 10, 64)
				}
				w.Write(append(line, '\n'))
			}
		}
	})
	if err != nil || len(problems) == 0 || problems[0].truth == nil {
		return err
	}
	return errors.Join(
		writeLines(prefix+"_series.csv", func(w *bufio.Writer) {
			w.WriteString("series,category,m,h,train\n")
			for _, p := range problems {
				w.WriteString(p.name + "," + p.category + "," + strconv.Itoa(p.period) + "," + strconv.Itoa(p.horizon) + ",")
				w.WriteString(joined(p.train) + "\n")
			}
		}),
		writeLines(prefix+"_truth.csv", func(w *bufio.Writer) {
			w.WriteString("series,values\n")
			for _, p := range problems {
				w.WriteString(p.name + "," + joined(p.truth) + "\n")
			}
		}))
}

func joined(x []float64) string {
	var out []byte
	for i, v := range x {
		if i > 0 {
			out = append(out, ';')
		}
		if v == v { // a missing value is empty
			out = strconv.AppendFloat(out, v, 'g', -1, 64)
		}
	}
	return string(out)
}

func writeLines(path string, write func(*bufio.Writer)) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	write(w)
	return errors.Join(w.Flush(), f.Close())
}
