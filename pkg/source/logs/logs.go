// Package logs counts log rows of a MySQL table per interval, keyword and entity. The database counts; rows are never shipped.
package logs

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/logs/pattern"
)

// Source is a source.Source over a log table.
type Source struct{ db source.Source }

// New makes a source that counts through db, which runs statements.
func New(db source.Source) *Source { return &Source{db: db} }

// identifier is what a table or column may be called: names and dots, nothing that needs quoting rules.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$`)

// Read counts matching rows per interval. One series per keyword or pattern (and entity); without either all rows count. An interval
// without a row is 0 between the first and the last interval with any counted row of the answer, and missing outside: a table
// that was not yet written to is not a quiet one.
func (s *Source) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	sql, err := Statement(r.Spec)
	if err != nil {
		return nil, err
	}
	var notices []series.Notice
	if r.Spec.Patterns > 0 {
		if sql, notices, err = s.patterns(ctx, r); err != nil {
			return nil, err
		}
	}
	set, err := s.db.Read(ctx, source.Request{Spec: source.Spec{Kind: source.MySQL, RawSQL: sql}, From: r.From, To: r.To, Step: r.Step})
	if err != nil {
		return nil, err
	}
	set.Notices = append(set.Notices, notices...)
	zeros(set)
	for i, one := range set.Series {
		delete(one.Labels, "field")
		if one.Labels["keyword"] == "" {
			delete(one.Labels, "keyword")
		}
		name := strings.TrimSpace(one.Labels[r.Spec.Entity] + " " + one.Labels["keyword"] + one.Labels[patternLabel])
		if name == "" {
			name = r.Spec.Table
		}
		set.Series[i].Name = name
	}
	series.Distinguish(set.Series)
	return set, nil
}

// Check asks the database.
func (s *Source) Check(ctx context.Context) (string, error) { return s.db.Check(ctx) }

// Close does nothing: the connection belongs to the MySQL source.
func (*Source) Close() error { return nil }

// Statement builds the counting SQL, one SELECT per keyword joined by UNION ALL. Names are checked, texts are escaped; the
// error wraps source.ErrRefused and names the field.
func Statement(spec source.Spec) (string, error) {
	names := map[string]string{"table": spec.Table, "time": spec.Time, "message": spec.Message, "level": spec.Level, "entity": spec.Entity}
	for _, field := range []string{"table", "time", "message", "level", "entity"} {
		if v := names[field]; v != "" && !identifier.MatchString(v) {
			return "", fmt.Errorf("%w: source.%s is %q, a name of letters, digits and _ is needed", source.ErrRefused, field, v)
		}
	}
	if len(spec.Levels) > 0 && spec.Level == "" {
		return "", fmt.Errorf("%w: source.levels is given, source.level must name their column", source.ErrRefused)
	}
	if spec.Patterns < 0 || spec.Patterns > mostPatterns {
		return "", fmt.Errorf("%w: source.patterns is %d, 0 to %d are allowed", source.ErrRefused, spec.Patterns, mostPatterns)
	}
	if spec.Patterns > 0 && len(spec.Keywords) > 0 {
		return "", fmt.Errorf("%w: source.patterns and source.keywords are both given, one of the two is needed", source.ErrRefused)
	}
	if spec.Patterns > 0 && spec.Message == "" {
		return "", fmt.Errorf("%w: source.message is empty, the column whose patterns are followed is needed", source.ErrRefused)
	}
	keywords := spec.Keywords
	if len(keywords) == 0 {
		keywords = []string{""}
	}
	parts := make([]string, len(keywords))
	for i, k := range keywords {
		parts[i] = one(spec, k)
	}
	return strings.Join(parts, " UNION ALL "), nil
}

func one(spec source.Spec, keyword string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "SELECT $__timeGroup(%s, $__interval) AS time, ", quote(spec.Time))
	group := "1"
	if spec.Entity != "" {
		fmt.Fprintf(&b, "%s AS %s, ", quote(spec.Entity), quote(spec.Entity))
		group += ", 2"
	}
	fmt.Fprintf(&b, "%s AS keyword, COUNT(*) AS count FROM %s WHERE $__timeFilter(%s)", literal(keyword), quote(spec.Table), quote(spec.Time))
	if keyword != "" {
		fmt.Fprintf(&b, " AND %s LIKE %s", quote(spec.Message), literal("%"+pattern.Escape(keyword)+"%"))
	}
	fmt.Fprintf(&b, "%s GROUP BY %s", levelled(spec), group)
	return b.String()
}

// levelled is the condition on the levels; empty without any.
func levelled(spec source.Spec) string {
	if len(spec.Levels) == 0 {
		return ""
	}
	levels := make([]string, len(spec.Levels))
	for i, l := range spec.Levels {
		levels[i] = literal(l)
	}
	return fmt.Sprintf(" AND %s IN (%s)", quote(spec.Level), strings.Join(levels, ", "))
}

func quote(name string) string { return "`" + strings.ReplaceAll(name, ".", "`.`") + "`" }

// literal writes a text for MySQL with quotes and backslashes escaped.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`, "\x00", "").Replace(s) + "'"
}

// zeros fills the gaps between the first and the last counted interval of the whole set.
func zeros(set *series.Set) {
	first, last := set.Grid.Len, -1
	for _, s := range set.Series {
		for i, v := range s.Values {
			if !math.IsNaN(v) {
				first, last = min(first, i), max(last, i)
			}
		}
	}
	for _, s := range set.Series {
		for i := first; i <= last; i++ {
			if math.IsNaN(s.Values[i]) {
				s.Values[i] = 0
			}
		}
	}
}
