package mysql

import (
	"fmt"
	"time"
	_ "time/tzdata" // the machine may have no time zone files

	"github.com/forewarn/earlywarning/pkg/source"
)

// zone understands a session time zone: an offset such as +08:00, or an IANA name such as Asia/Shanghai. Empty and SYSTEM are
// read as UTC, as Grafana's own source does.
func zone(name string) (*time.Location, error) {
	if name == "" || name == "SYSTEM" {
		return time.UTC, nil
	}
	if t, err := time.Parse("-07:00", name); err == nil {
		_, offset := t.Zone()
		return time.FixedZone(name, offset), nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%w: mysql: timezone %q is neither an offset such as +08:00 nor a name such as Asia/Shanghai", source.ErrNotConfigured, name)
	}
	return loc, nil
}
