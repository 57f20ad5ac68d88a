package logs

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

var table = source.Spec{Kind: source.Logs, Table: "shop.app_logs", Time: "ts", Message: "message", Entity: "container"}

func TestTheDatabaseCounts(t *testing.T) {
	spec := table
	spec.Keywords, spec.Level, spec.Levels = []string{`50%_\'`}, "level", []string{"ERROR"}
	sql, err := Statement(spec)
	require.NoError(t, err)
	require.Equal(t, SQL{"SELECT $__timeGroup(`ts`, $__interval) AS time, `container` AS `container`, ? AS keyword, COUNT(*) AS count FROM `shop`.`app_logs`" +
		" WHERE $__timeFilter(`ts`) AND `message` LIKE ? ESCAPE '|' AND `level` IN (?) GROUP BY 1, 2", []any{`50%_\'`, `%50|%|_\'%`, "ERROR"}}, sql)
	spec.Keywords = []string{"a", "b"}
	sql, err = Statement(spec)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(sql.Text, " UNION ALL "))
	require.Equal(t, []any{"a", "%a%", "ERROR", "b", "%b%", "ERROR"}, sql.Args)
}

func TestNamesThatAreNoNamesAreRefused(t *testing.T) {
	for field, change := range map[string]func(*source.Spec){
		"table":   func(s *source.Spec) { s.Table = "t; DROP TABLE x" },
		"time":    func(s *source.Spec) { s.Time = "`ts`" },
		"message": func(s *source.Spec) { s.Message = "m--" },
		"entity":  func(s *source.Spec) { s.Entity = "1a" },
		"level":   func(s *source.Spec) { s.Levels = []string{"ERROR"} },
	} {
		spec := table
		change(&spec)
		_, err := Statement(spec)
		require.ErrorIs(t, err, source.ErrRefused, field)
		require.ErrorContains(t, err, field)
	}
}

type fake struct{ set *series.Set }

func (f fake) Read(context.Context, source.Request) (*series.Set, error) { return f.set, nil }
func (fake) Check(context.Context) (string, error)                       { return "", nil }
func (fake) Close() error                                                { return nil }

func TestQuietIntervalsAreZeroOnlyWhileTheTableIsWritten(t *testing.T) {
	nan := math.NaN()
	set := &series.Set{Grid: series.NewGrid(time.Unix(0, 0), time.Unix(360, 0), time.Minute), Series: []series.Series{
		{Labels: series.Labels{"container": "a", "keyword": "oom"}, Values: []float64{nan, 2, nan, nan, nan, nan}},
		{Labels: series.Labels{"container": "b", "keyword": "oom"}, Values: []float64{nan, nan, nan, 1, nan, nan}},
	}}
	got, err := New(fake{set}).Read(context.Background(), source.Request{Spec: table})
	require.NoError(t, err)
	require.Equal(t, []float64{2, 0, 0}, got.Series[0].Values[1:4])
	require.True(t, math.IsNaN(got.Series[0].Values[0]) && math.IsNaN(got.Series[0].Values[4]))
	require.Equal(t, "a oom", got.Series[0].Name)
}
