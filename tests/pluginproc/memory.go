package pluginproc

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ErrNoMemoryFigure is wrapped where the system does not tell the memory of a process (anything but Linux).
var ErrNoMemoryFigure = errors.New("no memory figure of a process")

// PeakMemory gives the most resident memory in bytes that the process has had so far (VmHWM of Linux).
func (p *Process) PeakMemory() (int64, error) { return p.memory("VmHWM") }

// Memory gives the resident memory of the process in bytes now (VmRSS of Linux).
func (p *Process) Memory() (int64, error) { return p.memory("VmRSS") }

func (p *Process) memory(field string) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNoMemoryFigure, err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), field+":")
		if !ok {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrNoMemoryFigure, err)
		}
		return kib << 10, nil
	}
	return 0, fmt.Errorf("%w: no %s in the status of process %d", ErrNoMemoryFigure, field, p.pid)
}
