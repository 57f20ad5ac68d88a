package protocol

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const patternQuery = `{"queryType": "%s", "interval": "1h", %s "source": {"kind": "logs", "table": "job_logs", "time": "ts", "message": "message", "entity": "job", "patterns": 6}}`

// A log table of which nobody knows what is in it: the patterns of its messages are found, each is counted, and one that is new
// stands out against the others, which go on as ever. Texts that are hard to quote among them.
func TestPatternsOfMessages(t *testing.T) {
	world.Need(t)
	ctx := context.Background()
	require.NoError(t, world.Maria.Exec(ctx, "CREATE TABLE IF NOT EXISTS job_logs (ts DATETIME, job VARCHAR(16), message TEXT, INDEX (ts)) DEFAULT CHARSET utf8mb4;"))
	now := world.now.Truncate(time.Hour)
	const hours, each = 24 * 14, 24
	at := func(i int) time.Time {
		return now.Add(-hours*time.Hour + time.Duration(i)*time.Hour/each + time.Second)
	}
	quote := strings.NewReplacer(`\`, `\\`, `'`, `''`)
	require.NoError(t, insert(ctx, "job_logs (ts, job, message)", hours*each, func(i int) string {
		text := fmt.Sprintf("picked task %d from queue orders", i)
		switch {
		case i%6 == 1:
			text = fmt.Sprintf(`it's %d%% of C:\temp_dir, "full" soon; $__timeFilter(ts) -- DELETE`, i%100)
		case i%12 == 2:
			text = fmt.Sprintf("连接 10.0.0.%d 超时", i%250)
		case i >= (hours-2)*each && i%2 == 1:
			text = fmt.Sprintf("checksum of block %d does not match replica %d", i, i%3)
		}
		return fmt.Sprintf("('%s','sync','%s')", at(i).Format(time.DateTime), quote.Replace(text))
	}))

	r := ask(t, source(), false, now.Add(-48*time.Hour), now, fmt.Sprintf(patternQuery, "series", `"trainingWindow": "14d",`))
	require.NoError(t, r.Error)
	counts := map[string][]float64{}
	for _, f := range r.Frames[0].Fields[1:] {
		for i := range f.Len() {
			if v, ok := f.At(i).(*float64); ok && v != nil {
				counts[f.Labels["pattern"]] = append(counts[f.Labels["pattern"]], *v)
			}
		}
	}
	for pattern, perHour := range map[string]float64{
		`it's … of C:\temp_dir, "full" soon; $__timeFilter(ts) -- DELETE`: 4,
		"连接 … 超时": 2,
	} {
		require.NotEmpty(t, counts[pattern], "%q is in %v", pattern, counts)
		for _, v := range counts[pattern] {
			require.Equal(t, perHour, v, pattern)
		}
	}
	fresh := counts["checksum of block … does not match replica …"]
	require.NotEmpty(t, fresh)
	require.Greater(t, fresh[len(fresh)-1], 5.0)
	require.Zero(t, fresh[0], "before, it was never there")
	total := 0.0
	for _, values := range counts {
		total += values[len(values)-2]
	}
	require.Equal(t, float64(each), total, "each row is counted once")

	r = ask(t, source(), true, now.Add(-3*time.Hour), now, fmt.Sprintf(patternQuery, "anomaly", `"trainingWindow": "13d", "direction": "above", "output": "anomalous",`))
	require.NoError(t, r.Error)
	flagged := map[string]bool{}
	for _, f := range r.Frames[0].Fields[1:] {
		if v, ok := f.At(f.Len() - 1).(*float64); ok && v != nil && *v > 0 {
			flagged[f.Labels["pattern"]] = true
		}
	}
	require.Equal(t, map[string]bool{"checksum of block … does not match replica …": true}, flagged, "what is new is flagged, and nothing else")
}

func TestPatternsThatAreRefused(t *testing.T) {
	world.Need(t)
	for field, change := range map[string][2]string{
		"patterns": {`"patterns": 6`, `"patterns": 51`},
		"keywords": {`"patterns": 6`, `"patterns": 6, "keywords": ["x"]`},
		"message":  {`"message": "message", `, ``},
	} {
		r := ask(t, source(), false, world.now.Add(-time.Hour), world.now, strings.Replace(fmt.Sprintf(patternQuery, "series", ""), change[0], change[1], 1))
		require.ErrorContains(t, r.Error, field)
	}
}
