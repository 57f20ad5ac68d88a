package logs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/logs/pattern"
)

// database answers the first statement with messages and their counts, and keeps what it was asked.
type database struct {
	messages map[string]float64
	newest   map[string]float64
	fails    error
	asked    []source.Request
}

func (d *database) Read(_ context.Context, r source.Request) (*series.Set, error) {
	d.asked = append(d.asked, r)
	if d.fails != nil {
		return nil, d.fails
	}
	set := &series.Set{Grid: series.NewGrid(r.From, r.To, r.Step)}
	if len(d.asked) == 1 {
		for text, n := range d.messages {
			for field, v := range map[string]float64{"count": n, "newest": d.newest[text]} {
				values := series.Missing(set.Grid.Len)
				values[0] = v
				set.Series = append(set.Series, series.Series{Labels: series.Labels{"message": text, "field": field}, Values: values})
			}
		}
		return set, nil
	}
	values := series.Missing(set.Grid.Len)
	values[1], values[3] = 4, 2
	set.Series = []series.Series{{Labels: series.Labels{"container": "api", "pattern": "user … left"}, Values: values}}
	return set, nil
}
func (*database) Check(context.Context) (string, error) { return "", nil }
func (*database) Close() error                          { return nil }

func TestPatternsAreLearntAndThenCounted(t *testing.T) {
	db := &database{messages: map[string]float64{"user 0 left": 40, "it's 0% of heap_used": 2, "0 0": 9}}
	spec := table
	spec.Patterns, spec.Level, spec.Levels = 10, "level", []string{"WARN"}
	from := time.Unix(600, 0)
	got, err := New(db).Read(context.Background(), source.Request{Spec: spec, From: from, To: from.Add(10 * time.Minute), Step: time.Minute})
	require.NoError(t, err)
	require.Len(t, db.asked, 2)
	learn, count := db.asked[0], db.asked[1]
	require.Equal(t, from.Add(9*time.Minute), learn.From, "the sample is one bucket, however long the range is")
	require.Equal(t, from.Add(10*time.Minute), learn.To)
	require.Contains(t, learn.Spec.RawSQL, "`ts` >= FROM_UNIXTIME(600) AND `ts` < FROM_UNIXTIME(1200) AND `level` IN (?) ORDER BY `ts` DESC LIMIT 5000")
	require.Equal(t, "SELECT $__timeGroup(`ts`, $__interval) AS time, `container` AS `container`,"+
		" CASE WHEN `message` LIKE ? ESCAPE '|' THEN ? WHEN `message` LIKE ? ESCAPE '|' THEN ? ELSE ? END AS pattern, COUNT(*) AS count"+
		" FROM `shop`.`app_logs` WHERE $__timeFilter(`ts`) AND `level` IN (?) GROUP BY 1, 2, 3", count.Spec.RawSQL)
	require.Equal(t, []any{"WARN"}, learn.Args)
	require.Equal(t, []any{"it's % of heap|_used", "it's … of heap_used", "user % left", "user … left", "other", "WARN"}, count.Args)
	require.Equal(t, "api user … left", got.Series[0].Name)
	require.Equal(t, []float64{4, 0, 2}, got.Series[0].Values[1:4])
	require.True(t, math.IsNaN(got.Series[0].Values[4]))
	require.Empty(t, got.Notices)
}

func TestWithoutAnyMessageAllRowsAreOther(t *testing.T) {
	db := &database{}
	spec := table
	spec.Patterns, spec.Entity = 5, ""
	_, err := New(db).Read(context.Background(), source.Request{Spec: spec, From: time.Unix(0, 0), To: time.Unix(600, 0), Step: time.Minute})
	require.NoError(t, err)
	require.Contains(t, db.asked[1].Spec.RawSQL, "AS time, ? AS pattern, COUNT(*)")
	require.Equal(t, []any{"other"}, db.asked[1].Args)
	require.Contains(t, db.asked[1].Spec.RawSQL, "GROUP BY 1, 2")
}

func TestAFailureWhileLearningIsNamed(t *testing.T) {
	gone := errors.New("gone away")
	spec := table
	spec.Patterns = 5
	_, err := New(&database{fails: gone}).Read(context.Background(), source.Request{Spec: spec, From: time.Unix(0, 0), To: time.Unix(600, 0), Step: time.Minute})
	require.ErrorIs(t, err, gone)
	require.ErrorContains(t, err, "patterns")
}

func TestWhatIsNotFollowedIsTold(t *testing.T) {
	db := &database{messages: map[string]float64{}}
	db.newest = map[string]float64{"kkkkk happened": 9, "jjjjj happened": 7, "ttttt happened": 20}
	for i := range 20 {
		db.messages[strings.Repeat(string(rune('a'+i)), 5)+" happened"] = float64(i + 1)
	}
	spec := table
	spec.Patterns = 8
	got, err := New(db).Read(context.Background(), source.Request{Spec: spec, From: time.Unix(0, 0), To: time.Unix(600, 0), Step: time.Minute})
	require.NoError(t, err)
	require.Len(t, got.Notices, 1)
	require.Contains(t, got.Notices[0].Text, `20 message patterns: 8 are followed, the most frequent, the newest and the rarest; the others are counted as "other"`)
	sql := fmt.Sprint(db.asked[1].Args)
	require.Equal(t, 8, strings.Count(db.asked[1].Spec.RawSQL, " WHEN "))
	for i := range 20 {
		require.Equal(t, i < 2 || i >= 16 || i == 9 || i == 10, strings.Contains(sql, strings.Repeat(string(rune('a'+i)), 5)), "pattern %d", i)
	}
}

func TestImpossiblePatternsAreRefused(t *testing.T) {
	for field, change := range map[string]func(*source.Spec){
		"patterns": func(s *source.Spec) { s.Patterns = mostPatterns + 1 },
		"keywords": func(s *source.Spec) { s.Patterns, s.Keywords = 3, []string{"x"} },
		"message":  func(s *source.Spec) { s.Patterns, s.Message = 3, "" },
	} {
		spec := table
		change(&spec)
		_, err := Statement(spec)
		require.ErrorIs(t, err, source.ErrRefused, field)
		require.ErrorContains(t, err, field)
	}
	spec := table
	spec.Patterns = -1
	_, err := Statement(spec)
	require.ErrorContains(t, err, "-1, 0 to 50")
}

func TestTheOrderIsByWhatAPatternSays(t *testing.T) {
	m := pattern.NewMiner()
	for i, text := range []string{"error", "error of the disk", "5 7", "disk"} {
		m.Add(text, 10-i)
	}
	var got []string
	for _, one := range choose(m.Templates(), nil, 4) {
		got = append(got, one.String())
	}
	require.Equal(t, []string{"error of the disk", "error", "disk"}, got, "a pattern without words is none")
	require.Len(t, m.Templates(), 4, "what was given stays as it is")
	require.Len(t, choose(m.Templates(), nil, 1), 1)
	require.Equal(t, "error", fmt.Sprint(choose(m.Templates(), nil, 1)[0]))
}
