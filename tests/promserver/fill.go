package promserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// blockLength of the store: a multiple by three of Prometheus' two hours.
const blockLength = "54h"

// Metric is one series of history.
type Metric struct {
	Name   string            // a metric's name; series of one name must follow each other
	Labels map[string]string // beside the name
	Start  time.Time
	Step   time.Duration
	Values []float64 // NaN is left out
}

// Fill writes history into the store of dir, as `promtool tsdb create-blocks-from openmetrics` does. It is called before
// Start.
func Fill(ctx context.Context, dir string, metrics []Metric) (err error) {
	if err := Available(); err != nil {
		return err
	}
	text := filepath.Join(dir, "history.txt")
	if err := writeOpenMetrics(text, metrics); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(text)) }()
	out, err := exec.CommandContext(ctx, "promtool", "tsdb", "create-blocks-from", "--quiet", "--max-block-duration="+blockLength, "openmetrics", text, store(dir)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("promtool: %w\n%s", err, out)
	}
	return nil
}

func writeOpenMetrics(path string, metrics []Metric) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	last := ""
	line := make([]byte, 0, 256)
	for _, m := range metrics {
		if m.Name != last {
			if _, err := fmt.Fprintf(w, "# TYPE %s unknown\n", m.Name); err != nil {
				return err
			}
			last = m.Name
		}
		head := m.Name + labels(m.Labels) + " "
		for i, v := range m.Values {
			if math.IsNaN(v) {
				continue
			}
			line = append(line[:0], head...)
			line = strconv.AppendFloat(line, v, 'g', -1, 64)
			line = append(line, ' ')
			line = strconv.AppendFloat(line, float64(m.Start.Add(time.Duration(i)*m.Step).UnixMilli())/1000, 'f', 3, 64)
			line = append(line, '\n')
			if _, err := w.Write(line); err != nil {
				return err
			}
		}
	}
	if _, err := w.WriteString("# EOF\n"); err != nil {
		return err
	}
	return w.Flush()
}

// escape writes a label's value as OpenMetrics has it.
var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// labels writes {a="1"}.
func labels(l map[string]string) string {
	out := ""
	for name, value := range l {
		if out != "" {
			out += ","
		}
		out += name + `="` + escape.Replace(value) + `"`
	}
	if out == "" {
		return ""
	}
	return "{" + out + "}"
}
