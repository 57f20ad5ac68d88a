package mysql

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/source"
)

// fill says what a bucket without a row is: missing (NULL), the value before, or a number.
type fill struct {
	previous bool
	value    *float64
}

// expansion replaces the macros of one statement.
type expansion struct {
	from, to time.Time
	step     time.Duration
	fill     fill
	dialect  dialect
}

// expand replaces the macros of Grafana's own MySQL source, with their meaning, in everything but quoted text and comments. An
// unknown $__macro is refused by name (source.ErrRefused).
func (e *expansion) expand(sql string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(sql); {
		if end := e.dialect.skip(sql, i); end != i {
			b.WriteString(sql[i:end])
			i = end
			continue
		}
		if !strings.HasPrefix(sql[i:], "$__") {
			b.WriteByte(sql[i])
			i++
			continue
		}
		k := i + 3
		for k < len(sql) && isWord(sql[k]) && sql[k] != '$' {
			k++
		}
		name, args := sql[i+3:k], []string(nil)
		if k < len(sql) && sql[k] == '(' {
			end, list, ok := e.arguments(sql, k)
			if !ok {
				return "", refuse(fmt.Sprintf("the brackets of $__%s are not closed", name))
			}
			args, k = list, end
		}
		text, err := e.macro(name, args)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		i = k
	}
	return b.String(), nil
}

// arguments splits what stands in the brackets that open at i by its top-level commas.
func (e *expansion) arguments(sql string, i int) (end int, list []string, ok bool) {
	depth, start := 0, i+1
	for k := i; k < len(sql); {
		if next := e.dialect.skip(sql, k); next != k {
			k = next
			continue
		}
		switch sql[k] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				if text := strings.TrimSpace(sql[start:k]); text != "" || len(list) > 0 {
					list = append(list, text)
				}
				return k + 1, list, true
			}
		case ',':
			if depth == 1 {
				list = append(list, strings.TrimSpace(sql[start:k]))
				start = k + 1
			}
		}
		k++
	}
	return 0, nil, false
}

func (e *expansion) macro(name string, args []string) (string, error) {
	from, to := e.from.Unix(), e.to.Unix()
	column := ""
	if len(args) > 0 {
		column = args[0]
	}
	switch name {
	case "interval":
		return param.FormatDuration(e.step), nil
	case "interval_ms":
		return strconv.FormatInt(e.step.Milliseconds(), 10), nil
	case "timeFrom":
		return fmt.Sprintf("FROM_UNIXTIME(%d)", from), nil
	case "timeTo":
		return fmt.Sprintf("FROM_UNIXTIME(%d)", to), nil
	case "unixEpochFrom":
		return strconv.FormatInt(from, 10), nil
	case "unixEpochTo":
		return strconv.FormatInt(to, 10), nil
	case "unixEpochNanoFrom":
		return strconv.FormatInt(e.from.UnixNano(), 10), nil
	case "unixEpochNanoTo":
		return strconv.FormatInt(e.to.UnixNano(), 10), nil
	}
	if column == "" {
		return "", e.unknown(name)
	}
	switch name {
	case "timeEpoch", "time":
		return fmt.Sprintf("UNIX_TIMESTAMP(%s) as time_sec", column), nil
	case "timeFilter":
		return fmt.Sprintf("%s BETWEEN FROM_UNIXTIME(%d) AND FROM_UNIXTIME(%d)", column, from, to), nil
	case "unixEpochFilter":
		return fmt.Sprintf("%s >= %d AND %s <= %d", column, from, column, to), nil
	case "unixEpochNanoFilter":
		return fmt.Sprintf("%s >= %d AND %s <= %d", column, e.from.UnixNano(), column, e.to.UnixNano()), nil
	case "timeGroup", "timeGroupAlias":
		return e.group(name, "UNIX_TIMESTAMP("+column+")", args)
	case "unixEpochGroup", "unixEpochGroupAlias":
		return e.group(name, column, args)
	}
	return "", e.unknown(name)
}

func (e *expansion) unknown(name string) error {
	return fmt.Errorf("%w: mysql: macro $__%s is not known or lacks its column; known are time, timeEpoch, timeFilter, timeFrom, timeTo, timeGroup, timeGroupAlias, unixEpochFilter, unixEpochFrom, unixEpochTo, unixEpochNanoFilter, unixEpochNanoFrom, unixEpochNanoTo, unixEpochGroup, unixEpochGroupAlias, interval, interval_ms",
		source.ErrRefused, name)
}

// group is the time bucket; $__interval and auto mean the query's own step.
func (e *expansion) group(name, seconds string, args []string) (string, error) {
	if len(args) < 2 {
		return "", refuse(fmt.Sprintf("$__%s needs a column and an interval, such as $__%s(ts, '5m')", name, name))
	}
	text := strings.Trim(args[1], `'"`)
	step := e.step
	if text != "$__interval" && text != "auto" {
		d, err := param.ParseDuration(text)
		if err != nil {
			return "", refuse(fmt.Sprintf("$__%s: interval: %v", name, err))
		}
		step = d
	}
	if step < time.Second {
		return "", refuse(fmt.Sprintf("$__%s: interval %s is below one second", name, step))
	}
	if len(args) > 2 {
		if err := e.setFill(name, args[2]); err != nil {
			return "", err
		}
	}
	s := int64(step / time.Second)
	out := fmt.Sprintf("%s DIV %d * %d", seconds, s, s)
	if strings.HasSuffix(name, "Alias") {
		out += ` AS "time"`
	}
	return out, nil
}

func (e *expansion) setFill(name, text string) error {
	switch strings.ToLower(text) {
	case "null":
	case "previous":
		e.fill.previous = true
	default:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return refuse(fmt.Sprintf("$__%s: fill %q is not NULL, previous or a number", name, text))
		}
		e.fill.value = &v
	}
	return nil
}
