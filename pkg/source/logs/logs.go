// Package logs counts log rows of a MySQL table per interval, keyword and entity. The database counts; rows are never shipped.
package logs

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

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
	set, err := s.db.Read(ctx, sql.over(r.From, r.To, r.Step))
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

// SQL is a statement with a placeholder for each text.
type SQL struct {
	Text string
	Args []any
}

// over is the request to run the statement over a range.
func (s SQL) over(from, to time.Time, step time.Duration) source.Request {
	return source.Request{Spec: source.Spec{Kind: source.MySQL, RawSQL: s.Text}, Args: s.Args, From: from, To: to, Step: step}
}

// write appends to the statement; texts are what its placeholders stand for.
func (s *SQL) write(sql string, texts ...string) {
	s.Text += sql
	for _, t := range texts {
		s.Args = append(s.Args, t)
	}
}

// Statement builds the counting SQL, one SELECT per keyword joined by UNION ALL. Names are checked, texts are placeholders; the
// error wraps source.ErrRefused and names the field.
func Statement(spec source.Spec) (SQL, error) {
	names := map[string]string{"table": spec.Table, "time": spec.Time, "message": spec.Message, "level": spec.Level, "entity": spec.Entity}
	for _, field := range []string{"table", "time", "message", "level", "entity"} {
		if v := names[field]; v != "" && !identifier.MatchString(v) {
			return SQL{}, fmt.Errorf("%w: source.%s is %q, a name of letters, digits and _ is needed", source.ErrRefused, field, v)
		}
	}
	if len(spec.Levels) > 0 && spec.Level == "" {
		return SQL{}, fmt.Errorf("%w: source.levels is given, source.level must name their column", source.ErrRefused)
	}
	if spec.Patterns < 0 || spec.Patterns > mostPatterns {
		return SQL{}, fmt.Errorf("%w: source.patterns is %d, 0 to %d are allowed", source.ErrRefused, spec.Patterns, mostPatterns)
	}
	if spec.Patterns > 0 && len(spec.Keywords) > 0 {
		return SQL{}, fmt.Errorf("%w: source.patterns and source.keywords are both given, one of the two is needed", source.ErrRefused)
	}
	if spec.Patterns > 0 && spec.Message == "" {
		return SQL{}, fmt.Errorf("%w: source.message is empty, the column whose patterns are followed is needed", source.ErrRefused)
	}
	keywords := spec.Keywords
	if len(keywords) == 0 {
		keywords = []string{""}
	}
	var sql SQL
	for i, k := range keywords {
		if i > 0 {
			sql.write(" UNION ALL ")
		}
		sql.one(spec, k)
	}
	return sql, nil
}

func (s *SQL) one(spec source.Spec, keyword string) {
	s.write("SELECT $__timeGroup(" + quote(spec.Time) + ", $__interval) AS time, ")
	group := "1"
	if spec.Entity != "" {
		s.write(quote(spec.Entity) + " AS " + quote(spec.Entity) + ", ")
		group += ", 2"
	}
	s.write("? AS keyword, COUNT(*) AS count FROM "+quote(spec.Table)+" WHERE $__timeFilter("+quote(spec.Time)+")", keyword)
	if keyword != "" {
		s.write(" AND "+holds(spec), "%"+pattern.Escape(keyword)+"%")
	}
	s.levelled(spec)
	s.write(" GROUP BY " + group)
}

// holds is the condition that a message is like a pattern, whose text is to be given.
func holds(spec source.Spec) string {
	return quote(spec.Message) + " LIKE ? ESCAPE '" + pattern.EscapedBy + "'"
}

// levelled writes the condition on the levels; nothing without any.
func (s *SQL) levelled(spec source.Spec) {
	if n := len(spec.Levels); n > 0 {
		s.write(" AND "+quote(spec.Level)+" IN (?"+strings.Repeat(", ?", n-1)+")", spec.Levels...)
	}
}

func quote(name string) string { return "`" + strings.ReplaceAll(name, ".", "`.`") + "`" }

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
