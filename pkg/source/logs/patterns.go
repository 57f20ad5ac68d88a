package logs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/logs/pattern"
)

const (
	mostPatterns = 50   // that a query can follow
	sampledRows  = 5000 // newest rows that patterns are learnt from
	sampledForms = 1500 // different forms of messages among them
	longest      = 300  // characters of a message that are looked at
	newestSteps  = 3    // intervals in which a pattern may surge
	patternLabel = "pattern"
	otherLabel   = "other"
)

// patterns learns the patterns of the newest messages and gives the statement that counts them. The database masks digits and
// groups what is then alike, so that some hundred forms are shipped and not the rows. A pattern that is new has counted nothing before,
// one that surges more than before: both are for a detector to see; what no pattern holds is counted as "other".
func (s *Source) patterns(ctx context.Context, r source.Request) (SQL, []series.Notice, error) {
	grid := series.NewGrid(r.From, r.To, r.Step)
	set, err := s.db.Read(ctx, sample(r.Spec, grid).over(grid.Time(grid.Len-1), grid.End(), r.Step))
	if err != nil {
		return SQL{}, nil, fmt.Errorf("patterns: %w", err)
	}
	miner := pattern.NewMiner()
	newest := map[*pattern.Template]int{}
	texts := map[string]*pattern.Template{}
	for _, field := range []string{"count", "newest"} {
		for _, one := range set.Series {
			for _, v := range one.Values {
				switch text := one.Labels["message"]; {
				case one.Labels["field"] != field || !(v > 0):
				case field == "count":
					texts[text] = miner.Add(text, int(v))
				default:
					newest[texts[text]] += int(v)
				}
			}
		}
	}
	all := miner.Templates()
	chosen := choose(all, newest, r.Spec.Patterns)
	var notices []series.Notice
	if len(chosen) == r.Spec.Patterns && len(all) > len(chosen) {
		notices = append(notices, series.Notice{Text: fmt.Sprintf("the newest %d rows have %d message patterns: %d are followed, the most frequent, the newest and the rarest; the others are counted as %q",
			sampledRows, len(all), len(chosen), otherLabel)})
	}
	return counting(r.Spec, chosen), notices, nil
}

// choose takes the most frequent patterns for half of the places, for a quarter those that the newest intervals have most of beside
// them (what surges), and the rarest for the others (what is new is rare). A pattern without words is none. The order is that in which
// they are asked: the one that says most first.
func choose(all []*pattern.Template, newest map[*pattern.Template]int, n int) []*pattern.Template {
	all = slices.DeleteFunc(slices.Clone(all), func(t *pattern.Template) bool { return t.Literal() == 0 })
	slices.SortStableFunc(all, func(a, b *pattern.Template) int { return cmp.Compare(b.Count, a.Count) })
	if len(all) > n {
		quarter := n / 4
		frequent, rest := all[:n-2*quarter], slices.Clone(all[n-2*quarter:])
		slices.SortStableFunc(rest, func(a, b *pattern.Template) int { return cmp.Compare(newest[b], newest[a]) })
		surging, rest := rest[:quarter], rest[quarter:]
		slices.SortStableFunc(rest, func(a, b *pattern.Template) int { return cmp.Compare(b.Count, a.Count) })
		all = slices.Concat(frequent, surging, rest[len(rest)-quarter:])
	}
	slices.SortStableFunc(all, func(a, b *pattern.Template) int { return cmp.Compare(b.Literal(), a.Literal()) })
	return all
}

// title is how a pattern is named: dots stand for what differs, which every channel of messages shows as they are.
func title(t *pattern.Template) string {
	return strings.ReplaceAll(t.String(), pattern.Wildcard, "…")
}

// sample counts the forms of the newest messages of the grid, in one bucket: their first characters with digits masked. A digit
// stands at the end of what is longer, so that a word that was cut is no word. Those of the newest intervals are counted apart.
func sample(spec source.Spec, grid series.Grid) (sql SQL) {
	message, at := quote(spec.Message), quote(spec.Time)
	masked := fmt.Sprintf("LEFT(%s, %d)", message, longest)
	for digit := '1'; digit <= '9'; digit++ { // REGEXP_REPLACE is not in every server, and slow in some
		masked = fmt.Sprintf("REPLACE(%s, '%c', '0')", masked, digit)
	}
	sql.write(fmt.Sprintf("SELECT $__unixEpochFrom() AS time, message, COUNT(*) AS count, SUM(late) AS newest FROM (SELECT"+
		" CONCAT(%s, IF(CHAR_LENGTH(%s) > %d, '0', '')) AS message, IF(%s >= FROM_UNIXTIME(%d), 1, 0) AS late"+
		" FROM %s WHERE %s >= FROM_UNIXTIME(%d) AND %s < FROM_UNIXTIME(%d)",
		masked, message, longest, at, grid.Time(grid.Len-newestSteps).Unix(), quote(spec.Table), at, grid.Start.Unix(), at, grid.End().Unix()))
	sql.levelled(spec)
	sql.write(fmt.Sprintf(" ORDER BY %s DESC LIMIT %d) AS newest GROUP BY message ORDER BY count DESC, message LIMIT %d", at, sampledRows, sampledForms))
	return sql
}

// counting counts each pattern, and the rest as other, in one pass over the table.
func counting(spec source.Spec, patterns []*pattern.Template) (sql SQL) {
	sql.write("SELECT $__timeGroup(" + quote(spec.Time) + ", $__interval) AS time, ")
	group := "1, 2"
	if spec.Entity != "" {
		sql.write(quote(spec.Entity) + " AS " + quote(spec.Entity) + ", ")
		group = "1, 2, 3"
	}
	if len(patterns) == 0 {
		sql.write("?", otherLabel)
	} else {
		sql.write("CASE")
		for _, t := range patterns {
			sql.write(" WHEN "+holds(spec)+" THEN ?", t.Like(), title(t))
		}
		sql.write(" ELSE ? END", otherLabel)
	}
	sql.write(" AS " + patternLabel + ", COUNT(*) AS count FROM " + quote(spec.Table) + " WHERE $__timeFilter(" + quote(spec.Time) + ")")
	sql.levelled(spec)
	sql.write(" GROUP BY " + group)
	return sql
}
