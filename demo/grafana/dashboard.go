// Package grafana reads the files that provision Grafana: data sources, dashboards and alert rules, as far as the demo's report
// needs them.
package grafana

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// DataSourceType is the plugin whose queries are read; others are passed over.
const DataSourceType = "forewarn-earlywarning-datasource"

// ErrFormat is wrapped when a file is not what Grafana would read.
var ErrFormat = errors.New("not a file that Grafana reads")

// Dashboard is one dashboard with its panels in the order in which they are seen.
type Dashboard struct {
	UID, Title string
	Panels     []Panel
}

// Panel is a panel with queries of the plugin; a panel that repeats over a variable is one for each value.
type Panel struct {
	ID          int
	Type        string // of the visualization
	Title       string
	Description string
	Unit        string // of its values, as Grafana names units
	From, To    time.Time
	Queries     []Query
}

// Query is one query, its variables filled in.
type Query struct {
	RefID string
	Model json.RawMessage
}

type dashboardFile struct {
	UID, Title string
	Time       struct{ From, To string }
	Templating struct{ List []variableFile }
	Panels     []panelFile
}

type panelFile struct {
	ID          int
	Type        string
	Title       string
	Description string
	TimeFrom    string
	Repeat      string
	Datasource  *sourceRef
	GridPos     struct{ X, Y int }
	FieldConfig struct{ Defaults struct{ Unit string } }
	Targets     []json.RawMessage
	Panels      []panelFile // of a collapsed row
}

type sourceRef struct{ Type, UID string }

// Dashboards reads every *.json of a folder.
func Dashboards(dir string, now time.Time) ([]Dashboard, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%w: no dashboard in %s", ErrFormat, dir)
	}
	list := make([]Dashboard, 0, len(files))
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		d, err := ParseDashboard(raw, now)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		list = append(list, *d)
	}
	return list, nil
}

// ParseDashboard reads one dashboard; relative times are as of now.
func ParseDashboard(raw []byte, now time.Time) (*Dashboard, error) {
	var f dashboardFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	from, err := moment(f.Time.From, now)
	if err != nil {
		return nil, fmt.Errorf("time.from: %w", err)
	}
	to, err := moment(f.Time.To, now)
	if err != nil {
		return nil, fmt.Errorf("time.to: %w", err)
	}
	all := variables(f.Templating.List)
	var panels []panelFile
	for _, p := range f.Panels {
		panels = append(append(panels, p), p.Panels...)
	}
	slices.SortStableFunc(panels, func(a, b panelFile) int {
		if a.GridPos.Y != b.GridPos.Y {
			return a.GridPos.Y - b.GridPos.Y
		}
		return a.GridPos.X - b.GridPos.X
	})
	d := &Dashboard{UID: f.UID, Title: f.Title}
	for _, p := range panels {
		repeats := []variable{all[p.Repeat]}
		if values := all[p.Repeat].values; len(values) > 1 {
			repeats = nil
			for _, v := range values {
				repeats = append(repeats, variable{values: []string{v}})
			}
		}
		for _, one := range repeats {
			vars := with(all, p.Repeat, one)
			out := Panel{ID: p.ID, Type: p.Type, Title: vars.text(p.Title), Description: vars.text(p.Description), Unit: p.FieldConfig.Defaults.Unit, From: from, To: to}
			if p.TimeFrom != "" {
				if out.From, err = moment("now-"+p.TimeFrom, now); err != nil {
					return nil, fmt.Errorf("panel %d: timeFrom: %w", p.ID, err)
				}
				out.To = now
			}
			if out.Queries, err = queries(p, vars); err != nil {
				return nil, fmt.Errorf("panel %d: %w", p.ID, err)
			}
			if len(out.Queries) > 0 {
				d.Panels = append(d.Panels, out)
			}
		}
	}
	return d, nil
}

func queries(p panelFile, vars variableSet) ([]Query, error) {
	var list []Query
	for i, raw := range p.Targets {
		var head struct {
			RefID      string
			Hide       bool
			Datasource *sourceRef
		}
		if err := json.Unmarshal(raw, &head); err != nil {
			return nil, fmt.Errorf("%w: targets[%d]: %w", ErrFormat, i, err)
		}
		source := head.Datasource
		if source == nil {
			source = p.Datasource
		}
		if head.Hide || source == nil || source.Type != DataSourceType {
			continue
		}
		model, err := vars.model(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: targets[%d]: %w", ErrFormat, i, err)
		}
		list = append(list, Query{RefID: head.RefID, Model: model})
	}
	return list, nil
}

// moment reads now, now-2d, now+24h or RFC 3339.
func moment(text string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	rest, ok := strings.CutPrefix(text, "now")
	if !ok {
		return time.Time{}, fmt.Errorf("%w: time %q is neither now, now-6h nor RFC 3339", ErrFormat, text)
	}
	if rest == "" {
		return now, nil
	}
	d, err := Duration(rest[1:])
	switch {
	case err != nil || rest[0] != '-' && rest[0] != '+':
		return time.Time{}, fmt.Errorf("%w: time %q is neither now, now-6h nor RFC 3339", ErrFormat, text)
	case rest[0] == '-':
		d = -d
	}
	return now.Add(d), nil
}
