package usecases

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/tests/promserver"
)

// The container of the founding use case, of real parts. No public trace has the memory and the log of one container that ran out of it, so two
// are put together:
//   - memory: a virtual machine (Bitbrains, hourly means, gaps as they are) whose memory leaves its level and climbs for twenty hours to seven times
//     of it, half as much again as ever in the two weeks before;
//   - log: the crashes of an application (Microsoft's cloud monitoring, hour by hour), one line each, spread evenly over its hour, with an incident
//     that its operators labelled; and beside them the lines of a Hadoop application (Loghub), words and levels as they are, one every ten minutes.
//
// What is not real: that the two are one container's, so the crashes are shifted in time until the incident's first hour is the climb's, and, as
// nobody can know how far they were apart, earlier and later as well; the times of the Hadoop lines; and the word OutOfMemory in the lines of the
// crashes, as none of the logs at hand has it.
const (
	climbVM     = "vm19"
	climbFrom   = 749 // the first hour of the climb
	climbBefore = 24  // hours after the climb's beginning that everything ends at
	climbHours  = 14 * 24
)

// incidents of the crashes: the one grows over hours, the other leaps.
var incidents = []struct {
	name, file string
	begins     int // the first hour that is labelled
	shifts     []int
}{
	{"growing", "app1-06.csv.gz", 485, []int{-4, -2, 0, 2, 4, 6, 8}},
	{"leaping", "app1-03.csv.gz", 689, []int{-4, 0, 4, 8}},
}

// climbers names the containers whose incident is of a kind: one for each number of hours from the climb's beginning to the incident's.
func climbers(incident string) (list []string) {
	for _, one := range incidents {
		for _, shift := range one.shifts {
			if one.name == incident {
				list = append(list, fmt.Sprintf("%s%+d", incident, shift))
			}
		}
	}
	return list
}

// climbBegins is when the memory of all of them begins to climb.
func climbBegins() time.Time { return world.now.Add(-climbBefore * time.Hour) }

func climbs() (list []promserver.Metric, err error) {
	rows, err := table("bitbrains", "h168gaps_series.csv.gz")
	if err != nil {
		return nil, err
	}
	var memory []float64
	for _, row := range rows {
		if row[0] == climbVM+".mem_kb" {
			for _, v := range strings.Split(row[4], ";") {
				memory = append(memory, number(v))
			}
		}
	}
	end := climbFrom + climbBefore
	for _, incident := range incidents {
		for _, name := range climbers(incident.name) {
			list = append(list, hourly("container_memory_kilobytes", map[string]string{"container": name}, memory[end-climbHours:end]))
		}
	}
	return list, nil
}

// fillCrashes makes the log table of those containers.
func fillCrashes(ctx context.Context) error {
	for _, statement := range []string{
		"CREATE TABLE crash (incident VARCHAR(32), hours DOUBLE)", // from the incident's beginning
		"CREATE TABLE container_logs (id BIGINT AUTO_INCREMENT PRIMARY KEY, ts DATETIME, container VARCHAR(32), level VARCHAR(8), message TEXT, INDEX (ts))",
	} {
		if err := world.Maria.Exec(ctx, statement); err != nil {
			return err
		}
	}
	for _, incident := range incidents {
		rows, err := table("mscloud", "data", "application-crash-rate-1", incident.file)
		if err != nil {
			return err
		}
		var crashes []string
		for hour := incident.begins - climbHours; hour < min(incident.begins+climbBefore+8, len(rows)); hour++ {
			n := int(number(rows[hour][1]))
			for k := range n {
				crashes = append(crashes, fmt.Sprintf("('%s', %.4f)", incident.name, float64(hour-incident.begins)+(float64(k)+0.5)/float64(n)))
			}
		}
		if err := world.Maria.Exec(ctx, "INSERT INTO crash VALUES "+strings.Join(crashes, ",")); err != nil {
			return err
		}
		for _, shift := range incident.shifts {
			if err := world.Maria.Exec(ctx, `INSERT INTO container_logs (ts, container, level, message)
				SELECT ? + INTERVAL ROUND(3600 * (hours + ?)) SECOND, ?, 'ERROR', 'java.lang.OutOfMemoryError' FROM crash WHERE incident = ?`,
				climbBegins().Format(time.DateTime), shift, fmt.Sprintf("%s%+d", incident.name, shift), incident.name); err != nil {
				return err
			}
		}
	}
	return fillHadoop(ctx)
}

// fillHadoop adds the lines of the Hadoop application, none of which says OutOfMemory.
func fillHadoop(ctx context.Context) error {
	rows, err := table("loghub", "Hadoop_2k.log_structured.csv.gz")
	if err != nil {
		return err
	}
	var lines []string
	var words []any
	for i, row := range rows {
		at := world.now.Add(-time.Duration(len(rows)-i) * 10 * time.Minute).Format(time.DateTime)
		lines, words = append(lines, "(?, ?, ?)"), append(words, at, row[3], row[6])
	}
	if err := world.Maria.Exec(ctx, "CREATE TABLE hadoop (ts DATETIME, level VARCHAR(8), message TEXT)"); err != nil {
		return err
	}
	if err := world.Maria.Exec(ctx, "INSERT INTO hadoop VALUES "+strings.Join(lines, ","), words...); err != nil {
		return err
	}
	return world.Maria.Exec(ctx, "INSERT INTO container_logs (ts, container, level, message) SELECT ts, container, hadoop.level, hadoop.message FROM hadoop, (SELECT DISTINCT container FROM container_logs) AS every")
}
