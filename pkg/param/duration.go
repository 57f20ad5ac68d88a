package param

import (
	"fmt"
	"time"

	"github.com/prometheus/common/model"
)

// ParseDuration reads a positive duration as Prometheus writes it (30s, 5m, 1h30m, 14d, 1w, 1y). Zero is refused.
func ParseDuration(text string) (time.Duration, error) {
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration such as 30s, 5m, 24h or 14d", text)
	}
	if d == 0 {
		return 0, fmt.Errorf("%q must be longer than zero", text)
	}
	return time.Duration(d), nil
}

// FormatDuration writes a duration as ParseDuration reads it.
func FormatDuration(d time.Duration) string { return model.Duration(d).String() }
