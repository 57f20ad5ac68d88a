package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/forewarn/earlywarning/pkg/order"
)

// peerRow is one method's forecasts by series, and its times.
type peerRow struct {
	method  string
	own     bool
	answers map[string]answer
	ms      []float64
}

// readTruth fills in what came after the training part; rows are series,values.
func readTruth(path string, problems []problem) error {
	rows, err := table(path)
	if err != nil {
		return err
	}
	if n := len(rows[0]); n != 2 {
		return fmt.Errorf("%s has %d columns, 2 are needed: series,values", path, n)
	}
	truth := map[string]string{}
	for _, row := range rows[1:] {
		truth[row[0]] = row[1]
	}
	for i := range problems {
		if problems[i].truth, err = numbers(truth[problems[i].name]); err != nil {
			return fmt.Errorf("%s: series %s: %w", path, problems[i].name, err)
		}
		if len(problems[i].truth) != problems[i].horizon {
			return fmt.Errorf("%s: series %s has %d values, %d are needed", path, problems[i].name, len(problems[i].truth), problems[i].horizon)
		}
	}
	return nil
}

// readPeers reads a script's forecasts and times, in the order of the methods; a method without every step of all series is left out.
func readPeers(prefix string, problems []problem) ([]peerRow, error) {
	ahead, err := lines(prefix+".csv", 6)
	if err != nil {
		return nil, err
	}
	times, err := lines(prefix+"_ms.csv", 3)
	if err != nil {
		return nil, err
	}
	var rows []peerRow
	at := map[string]int{}
	for _, f := range ahead {
		k, ok := at[f[0]]
		if !ok {
			k = len(rows)
			at[f[0]] = k
			rows = append(rows, peerRow{method: f[0], answers: map[string]answer{}})
		}
		a := rows[k].answers[f[1]]
		for i, to := range []*[]float64{&a.mean, &a.lo95, &a.hi95} {
			v, err := strconv.ParseFloat(f[3+i], 64)
			if err != nil {
				return nil, fmt.Errorf("%s.csv: %s of %s: %w", prefix, f[1], f[0], err)
			}
			*to = append(*to, v)
		}
		rows[k].answers[f[1]] = a
	}
	for _, f := range times {
		v, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return nil, fmt.Errorf("%s_ms.csv: %s of %s: %w", prefix, f[1], f[0], err)
		}
		if k, ok := at[f[0]]; ok {
			rows[k].ms = append(rows[k].ms, v)
		}
	}
	return slices.DeleteFunc(rows, func(r peerRow) bool {
		return slices.ContainsFunc(problems, func(p problem) bool {
			a, ok := r.answers[p.name]
			return !ok || len(a.mean) < p.horizon
		})
	}), nil
}

// lines are a table's rows behind the header, all of so many columns.
func lines(path string, columns int) ([][]string, error) {
	rows, err := table(path)
	if errors.Is(err, errNoHeader) { // a script that found nothing to run
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if n := len(rows[0]); n != columns {
		return nil, fmt.Errorf("%s has %d columns, %d are needed", path, n, columns)
	}
	return rows[1:], nil
}

// printPeers writes the table; the last column is the processor time against our method of the same kind.
func printPeers(w io.Writer, problems []problem, rows []peerRow) {
	own := map[string]float64{}
	for _, r := range rows {
		if r.own {
			own[strings.TrimPrefix(r.method, "Forewarn: ")] = order.Median(r.ms)
		}
	}
	fmt.Fprintln(w, "| method | sMAPE | MASE | OWA | MSIS | within 95 % | ms | times our |")
	fmt.Fprintln(w, "|---|--:|--:|--:|--:|--:|--:|---|")
	base := scoreAll(problems, func(p problem) answer { return answer{mean: naive2(p.train, p.period, p.horizon)} })
	for _, r := range rows {
		s := scoreAll(problems, func(p problem) answer { return r.answers[p.name] })
		ms := order.Median(r.ms)
		fmt.Fprintf(w, "| %s | %.2f | %.3f | %.3f | %.2f | %.3f | %s | %s |\n", r.method, s.smape, s.mase, (s.smape/base.smape+s.mase/base.mase)/2, s.msis, s.cover,
			digits(ms), against(r, ms, own))
	}
}

func against(r peerRow, ms float64, own map[string]float64) string {
	if r.own {
		return ""
	}
	for _, t := range twins {
		if strings.Contains(r.method, t.peer) && own[t.own] > 0 {
			return fmt.Sprintf("%s %s; auto %s", t.own, digits(ms/own[t.own]), digits(ms/own["auto"]))
		}
	}
	return ""
}

// digits writes two digits, or the whole number.
func digits(v float64) string {
	switch {
	case v >= 10:
		return fmt.Sprintf("%.0f", v)
	case v >= 1:
		return fmt.Sprintf("%.1f", v)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}
