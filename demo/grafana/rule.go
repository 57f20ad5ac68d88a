package grafana

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// ExpressionUID is the data source of server-side expressions.
const ExpressionUID = "__expr__"

// Rule is one alert rule.
type Rule struct {
	UID, Title, Group   string
	Condition           string
	For                 time.Duration
	Labels, Annotations map[string]string
	Nodes               []Node
}

// Node is a query or an expression of a rule.
type Node struct {
	RefID      string
	SourceUID  string
	Back, Till time.Duration // the time range, counted backwards from now
	Model      json.RawMessage
}

type ruleFile struct {
	Groups []struct {
		Name  string
		Rules []struct {
			UID, Title, Condition string
			For                   string
			Labels, Annotations   map[string]string
			Data                  []struct {
				RefID             string
				DatasourceUID     string
				RelativeTimeRange struct{ From, To int64 }
				Model             map[string]any
			}
		}
	}
}

// parse goes by way of JSON, whose keys may be in any case, and whose models the plugin is sent.
func (f *ruleFile) parse(raw []byte) error {
	var loose any
	if err := yaml.Unmarshal(raw, &loose); err != nil {
		return err
	}
	text, err := json.Marshal(loose)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, f)
}

// Rules reads the rules in every *.yaml of a folder.
func Rules(dir string) ([]Rule, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%w: no file in %s", ErrFormat, dir)
	}
	var list []Rule
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		rules, err := ParseRules(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		list = append(list, rules...)
	}
	return list, nil
}

// ParseRules reads the rules of one file; a file of contact points or policies has none.
func ParseRules(raw []byte) ([]Rule, error) {
	var f ruleFile
	if err := f.parse(raw); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	var list []Rule
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			out := Rule{UID: r.UID, Title: r.Title, Group: g.Name, Condition: r.Condition, Labels: r.Labels, Annotations: r.Annotations}
			if r.For != "" {
				d, err := Duration(r.For)
				if err != nil {
					return nil, fmt.Errorf("rule %s: for: %w", r.Title, err)
				}
				out.For = d
			}
			for _, n := range r.Data {
				model, err := json.Marshal(n.Model)
				if err != nil {
					return nil, fmt.Errorf("%w: rule %s: %s: %w", ErrFormat, r.Title, n.RefID, err)
				}
				out.Nodes = append(out.Nodes, Node{RefID: n.RefID, SourceUID: n.DatasourceUID, Model: model,
					Back: time.Duration(n.RelativeTimeRange.From) * time.Second, Till: time.Duration(n.RelativeTimeRange.To) * time.Second})
			}
			list = append(list, out)
		}
	}
	return list, nil
}

var units = map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// Duration reads 90s, 5m, 6h, 8d, 2w or several of them in a row.
func Duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, fmt.Errorf("%w: an empty duration", ErrFormat)
	}
	var sum time.Duration
	for rest := text; rest != ""; {
		i := 0
		for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
			i++
		}
		n, err := strconv.ParseInt(rest[:i], 10, 32)
		if err != nil || i == len(rest) || units[rest[i]] == 0 {
			return 0, fmt.Errorf("%w: duration %q is not like 90s, 5m, 6h or 8d", ErrFormat, text)
		}
		sum += time.Duration(n) * units[rest[i]]
		rest = rest[i+1:]
	}
	return sum, nil
}
