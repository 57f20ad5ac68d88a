package mysql

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// table puts rows on a grid.
type table struct {
	grid   series.Grid
	limits source.Limits

	columns []string
	kinds   []kind
	at      int // index of the time column

	index   map[string]int
	list    []series.Series
	count   [][]float64 // rows per series and bucket
	last    []time.Time // newest row per series, to notice repeated times
	repeats int
	merged  int
	zone    *time.Location // of dates that come as text: the session's
}

// kind is what a column means.
type kind int

const (
	number kind = iota
	label
	clock
	bits // BIT(n), whose bytes are the number
)

func newTable(grid series.Grid, limits source.Limits, zone *time.Location) *table {
	return &table{grid: grid, limits: limits, index: map[string]int{}, zone: zone}
}

// take reads all rows.
func (t *table) take(rows *sql.Rows) error {
	if err := t.head(rows); err != nil {
		return err
	}
	values, into := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range values {
		into[i] = &values[i]
	}
	var n int
	var bytes int64
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("%w: mysql: row %d: %w", source.ErrBadQuery, n+1, err)
		}
		if n++; n > t.limits.Rows {
			return fmt.Errorf("%w: more than %d rows from mysql: aggregate with GROUP BY $__timeGroup(…) or narrow the WHERE", source.ErrTooLarge, t.limits.Rows)
		}
		for _, v := range values {
			if b, ok := v.([]byte); ok {
				bytes += int64(len(b))
			} else {
				bytes += 8
			}
		}
		if bytes > t.limits.Bytes {
			return fmt.Errorf("%w: more than %d MiB from mysql: select fewer columns or aggregate", source.ErrTooLarge, t.limits.Bytes>>20)
		}
		if err := t.row(values); err != nil {
			return fmt.Errorf("%w: mysql: row %d: %w", source.ErrBadQuery, n, err)
		}
	}
	return nil
}

// head finds out what the columns mean.
func (t *table) head(rows *sql.Rows) error {
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("%w: mysql: %w", source.ErrBadQuery, err)
	}
	t.at = -1
	numbers := 0
	for i, c := range types {
		k := kindOf(c.DatabaseTypeName())
		if name := strings.ToLower(c.Name()); t.at < 0 && (name == "time" || name == "time_sec") {
			t.at, k = i, clock
		} else if k == clock {
			k = label
		}
		if k == number || k == bits {
			numbers++
		}
		t.columns, t.kinds = append(t.columns, c.Name()), append(t.kinds, k)
	}
	if t.at < 0 {
		return fmt.Errorf("%w: mysql: no column is named time or time_sec, only %s: name it, as in SELECT $__timeGroup(ts, $__interval) AS time", source.ErrBadQuery, strings.Join(t.columns, ", "))
	}
	if numbers == 0 {
		return fmt.Errorf("%w: mysql: no column is a number (%s): select a value such as avg(cpu)", source.ErrBadQuery, strings.Join(t.columns, ", "))
	}
	return nil
}

// kindOf reads the driver's type names.
func kindOf(name string) kind {
	switch name {
	case "DATETIME", "TIMESTAMP", "DATE":
		return clock
	case "CHAR", "VARCHAR", "TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "ENUM", "SET", "JSON", "BINARY", "VARBINARY", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", "TIME", "NULL":
		return label
	case "BIT":
		return bits
	default:
		return number
	}
}

// row adds one row to the series that its labels name, one for each number column.
func (t *table) row(values []any) error {
	when, ok, err := moment(values[t.at], t.zone)
	if err != nil {
		return fmt.Errorf("column %s: %w", t.columns[t.at], err)
	}
	i := t.grid.Index(when)
	if !ok || i < 0 || i >= t.grid.Len {
		return nil
	}
	labels, metric := series.Labels{}, ""
	numbers := 0
	for k, v := range values {
		switch t.kinds[k] {
		case label:
			labels[t.columns[k]] = text(v)
			if strings.EqualFold(t.columns[k], "metric") {
				metric = text(v)
			}
		case number, bits:
			numbers++
		}
	}
	for k, v := range values {
		read := float
		switch t.kinds[k] {
		case number:
		case bits:
			read = bitsOf
		default:
			continue
		}
		x, err := read(v)
		if err != nil {
			return fmt.Errorf("column %s: %w", t.columns[k], err)
		}
		if err := t.add(labels, metric, t.columns[k], numbers > 1, i, when, x); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) add(labels series.Labels, metric, column string, several bool, i int, when time.Time, x float64) error {
	key := labels.String() + "\x00" + column
	s, ok := t.index[key]
	if !ok {
		if len(t.list) >= t.limits.Series || (len(t.list)+1)*t.grid.Len > t.limits.Points {
			return fmt.Errorf("more than %d series or %d values: narrow the statement (%w)", t.limits.Series, t.limits.Points, source.ErrTooLarge)
		}
		s = len(t.list)
		t.index[key] = s
		own := series.Labels{}
		for n, v := range labels {
			own[n] = v
		}
		name := metric
		switch {
		case several:
			own["field"] = column
			name = strings.TrimSpace(metric + " " + column)
		case metric == "" && len(own) > 0:
			name = own.String()
		case metric == "":
			name = column
		}
		t.list = append(t.list, series.Series{Name: name, Labels: own, Values: series.Missing(t.grid.Len)})
		t.count, t.last = append(t.count, make([]float64, t.grid.Len)), append(t.last, time.Time{})
	}
	if when.Equal(t.last[s]) {
		t.repeats++
	}
	t.last[s] = when
	if math.IsNaN(x) {
		return nil
	}
	values, count := t.list[s].Values, t.count[s]
	if count[i] == 0 {
		values[i] = x
	} else {
		values[i] += (x - values[i]) / (count[i] + 1) // running mean
		t.merged++
	}
	count[i]++
	return nil
}

// set finishes the series: fills, unique names, notices.
func (t *table) set(f fill) *series.Set {
	for _, s := range t.list {
		last := math.NaN()
		for i, v := range s.Values {
			switch {
			case !math.IsNaN(v):
				last = v
			case f.value != nil:
				s.Values[i] = *f.value
			case f.previous:
				s.Values[i] = last
			}
		}
	}
	slices.SortFunc(t.list, func(a, b series.Series) int { return strings.Compare(a.Labels.String(), b.Labels.String()) })
	series.Distinguish(t.list)
	out := &series.Set{Grid: t.grid, Series: t.list}
	if t.repeats > 0 {
		out.Notices = append(out.Notices, series.Notice{Severity: series.Warning,
			Text: fmt.Sprintf("%d rows repeat the time of another row of the same series; their mean was taken: is a label column missing?", t.repeats)})
	} else if t.merged > 0 {
		out.Notices = append(out.Notices, series.Notice{Severity: series.Info,
			Text: fmt.Sprintf("%d rows fell into the same interval as another; their mean was taken", t.merged)})
	}
	return out
}
