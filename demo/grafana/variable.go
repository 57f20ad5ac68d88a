package grafana

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

type variableFile struct {
	Name    string
	Current struct{ Value any }
	Options []struct{ Value any }
}

// variable is what a dashboard's variable is set to.
type variable struct{ values []string }

type variableSet map[string]variable

func variables(list []variableFile) variableSet {
	set := variableSet{}
	for _, f := range list {
		values := words(f.Current.Value)
		// All stands for the options; a custom value for all is not of use here, where each query is shown.
		if len(values) == 1 && values[0] == "$__all" {
			values = nil
			for _, o := range f.Options {
				for _, v := range words(o.Value) {
					if v != "$__all" {
						values = append(values, v)
					}
				}
			}
		}
		if len(values) > 0 {
			set[f.Name] = variable{values: values}
		}
	}
	return set
}

func words(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, one := range v {
			out = append(out, words(one)...)
		}
		return out
	}
	return nil
}

func with(set variableSet, name string, v variable) variableSet {
	if name == "" {
		return set
	}
	out := variableSet{}
	for k, one := range set {
		out[k] = one
	}
	if out[name] = v; len(v.values) == 0 {
		delete(out, name)
	}
	return out
}

// reference is ${name}, ${name:format} or $name. Macros such as $__timeFilter are left to the plugin.
var reference = regexp.MustCompile(`\$\{(\w+)(?::(\w+))?\}|\$(\w+)`)

func (s variableSet) fill(text, otherwise string) string {
	return reference.ReplaceAllStringFunc(text, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		name, format := m[1]+m[3], m[2]
		v, ok := s[name]
		if !ok {
			return ref
		}
		if format == "" {
			format = otherwise
		}
		return v.write(format)
	})
}

// text fills a title.
func (s variableSet) text(t string) string { return s.fill(t, "text") }

// model fills all texts in a query.
func (s variableSet) model(raw json.RawMessage) (json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(s.walk(v))
}

func (s variableSet) walk(v any) any {
	switch v := v.(type) {
	case string:
		return s.fill(v, "glob")
	case []any:
		for i := range v {
			v[i] = s.walk(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = s.walk(v[k])
		}
	}
	return v
}

// write formats as Grafana's formats of that name do.
func (v variable) write(format string) string {
	each := func(f func(string) string) []string {
		out := make([]string, len(v.values))
		for i, s := range v.values {
			out[i] = f(s)
		}
		return out
	}
	switch format {
	case "pipe":
		return strings.Join(v.values, "|")
	case "csv", "raw":
		return strings.Join(v.values, ",")
	case "text":
		return strings.Join(v.values, " + ")
	case "sqlstring":
		return strings.Join(each(func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }), ",")
	case "singlequote":
		return strings.Join(each(func(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }), ",")
	case "doublequote":
		return strings.Join(each(func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }), ",")
	case "regex":
		if len(v.values) == 1 {
			return regexp.QuoteMeta(v.values[0])
		}
		return "(" + strings.Join(each(regexp.QuoteMeta), "|") + ")"
	default: // glob
		if len(v.values) == 1 {
			return v.values[0]
		}
		return "{" + strings.Join(v.values, ",") + "}"
	}
}
