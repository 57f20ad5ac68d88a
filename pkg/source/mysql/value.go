package mysql

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// float reads a number as the driver gives it: native, or as text (DECIMAL and all of the text protocol). NULL is NaN.
func float(v any) (float64, error) {
	switch x := v.(type) {
	case nil:
		return math.NaN(), nil
	case int64:
		return float64(x), nil
	case uint64:
		return float64(x), nil
	case float32:
		return float64(x), nil
	case float64:
		return x, nil
	case bool:
		if x {
			return 1, nil
		}
		return 0, nil
	case []byte:
		if f, err := strconv.ParseFloat(string(x), 64); err == nil {
			return f, nil
		}
	case string:
		if f, err := strconv.ParseFloat(x, 64); err == nil {
			return f, nil
		}
	}
	return 0, fmt.Errorf("%v is not a number", v)
}

// bitsOf reads a BIT(n): its bytes, the highest first. They may look like the text of another number.
func bitsOf(v any) (float64, error) {
	b, ok := v.([]byte)
	if !ok || len(b) > 8 {
		return float(v)
	}
	n := uint64(0)
	for _, one := range b {
		n = n<<8 | uint64(one)
	}
	return float64(n), nil
}

// text reads a label; NULL is empty. Bytes that are no UTF-8 get a mark in their place, as labels are text wherever they go.
func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case []byte:
		return strings.ToValidUTF8(string(x), "\uFFFD")
	case time.Time:
		return x.UTC().Format(time.RFC3339)
	default:
		return fmt.Sprint(x)
	}
}

// moment reads a time: a date, or an epoch in seconds, milliseconds, microseconds or nanoseconds, told apart by size as
// Grafana does (an epoch in seconds has at most 10 digits until the year 2286). NULL is no time.
func moment(v any, zone *time.Location) (time.Time, bool, error) {
	switch x := v.(type) {
	case nil:
		return time.Time{}, false, nil
	case time.Time:
		return x, !x.IsZero(), nil
	case []byte:
		if t, ok := date(string(x), zone); ok {
			return t, true, nil
		}
	case string:
		if t, ok := date(x, zone); ok {
			return t, true, nil
		}
	}
	f, err := float(v)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("%v is neither a date nor an epoch", text(v))
	}
	unit := time.Second
	switch a := math.Abs(f); {
	case a >= 1e17:
		unit = time.Nanosecond
	case a >= 1e14:
		unit = time.Microsecond
	case a >= 1e11:
		unit = time.Millisecond
	}
	if unit == time.Nanosecond {
		return time.Unix(0, int64(f)), true, nil
	}
	perSecond := float64(time.Second / unit)
	whole, part := math.Modf(f / perSecond)
	return time.Unix(int64(whole), int64(part*1e9)), true, nil
}

func date(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02 15:04:05.999999999", "2006-01-02", time.RFC3339Nano} {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(s), zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
