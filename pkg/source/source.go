// Package source says where series come from. Each kind of source has its own folder and gives series on a regular grid,
// with gaps kept as gaps and everything worth saying as a notice.
package source

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/forewarn/earlywarning/pkg/series"
)

// Errors that callers branch on. All are faults of the source or of the query sent to it ("downstream" for Grafana),
// except ErrNotConfigured and ErrRefused, which are ours to explain.
var (
	ErrNotConfigured = errors.New("source is not configured")
	ErrRefused       = errors.New("query refused")            // not read-only, not one statement, an unknown macro
	ErrUnreachable   = errors.New("source cannot be reached") // down, DNS, TLS
	ErrDenied        = errors.New("source denied access")     // wrong password, no permission
	ErrTimeout       = errors.New("source timed out")
	ErrBadQuery      = errors.New("source rejected the query")
	ErrTooLarge      = errors.New("answer is too large") // row, byte, series or point limit
)

// Kind names a kind of source.
type Kind string

// The kinds of sources.
const (
	Prometheus Kind = "prometheus"
	MySQL      Kind = "mysql"
	Logs       Kind = "logs" // log rows of a MySQL table, counted per interval and keyword by the database
)

// Spec is the `source` of a query. Field names are those of Grafana's own data sources, so that a panel's query converts
// by copying.
type Spec struct {
	Kind Kind `json:"kind"`
	// prometheus
	Expr         string `json:"expr,omitempty"`
	LegendFormat string `json:"legendFormat,omitempty"` // {{label}} as in Grafana
	Interval     string `json:"interval,omitempty"`     // least step, as Grafana's "min step"
	// mysql
	RawSQL string `json:"rawSql,omitempty"`
	Format string `json:"format,omitempty"` // time_series (default) or table
	// logs
	Table    string   `json:"table,omitempty"`
	Time     string   `json:"time,omitempty"`
	Message  string   `json:"message,omitempty"`
	Level    string   `json:"level,omitempty"`
	Entity   string   `json:"entity,omitempty"`   // column that becomes a label, for example container
	Keywords []string `json:"keywords,omitempty"` // substrings of the message, each its own series; none = all rows
	Levels   []string `json:"levels,omitempty"`   // only rows of these levels
	Patterns int      `json:"patterns,omitempty"` // follow so many message patterns, each its own series, and the rest together; not with keywords
}

// Request asks for complete buckets of [From, To) at Step; it never reaches past now.
type Request struct {
	Spec     Spec
	From, To time.Time
	Step     time.Duration
	Args     []any             // of Spec.RawSQL's placeholders, in their order: what they hold is read as it is in every mode of the server
	Filters  []*labels.Matcher // of the labels that Prometheus picks series by, in every selector of Spec.Expr; SQL is read as it is
}

// Source reads series.
type Source interface {
	// Read gives the series on series.NewGrid(r.From, r.To, r.Step). A source with no data gives an empty set and no
	// error.
	Read(ctx context.Context, r Request) (*series.Set, error)
	// Check connects and tells what answered, for example "Prometheus 2.42.0".
	Check(ctx context.Context) (string, error)
	// Close gives back what the source holds.
	Close() error
}

// Labelled is a Source that can list the labels of its series.
type Labelled interface {
	// Labels gives the names of labels, or the values of the one that is named, in order: of series that were there between two
	// times and pass the filters.
	Labels(ctx context.Context, name string, filters []*labels.Matcher, from, to time.Time) ([]string, error)
}

// Limits bound one read.
type Limits struct {
	Series  int           // most series in one answer
	Points  int           // most values in one answer, all series together
	Rows    int           // most rows of a SQL answer
	Bytes   int64         // most bytes of one answer
	Timeout time.Duration // of one read
}

// DefaultLimits suit a plugin that shares its machine with Grafana.
func DefaultLimits() Limits {
	return Limits{Series: 2_000, Points: 20_000_000, Rows: 1_000_000, Bytes: 256 << 20, Timeout: 30 * time.Second}
}
