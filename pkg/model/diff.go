package model

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// aside are fields that do not bear on what training finds.
var aside = map[string]bool{"name": true, "description": true, "labels": true, "paused": true, "draft": true, "provisioned": true, "retrainEvery": true, "retrainOnDrift": true, "entityLabels": true}

// Changes lists what differs between two definitions, by field. Objects are compared field by field, lists as a whole.
func Changes(before, after Definition) []Change {
	out := []Change{}
	compare("", plain(before), plain(after), &out)
	return out
}

// Matters tells whether changes bear on what training finds.
func Matters(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return !aside[c.Field] && !startsWithAside(c.Field) })
}

func startsWithAside(field string) bool {
	for name := range aside {
		if len(field) > len(name) && field[:len(name)] == name && field[len(name)] == '.' {
			return true
		}
	}
	return false
}

// plain gives a definition as JSON's own types.
func plain(d Definition) map[string]any {
	d.normalise()
	if len(d.Query) == 0 {
		d.Query = json.RawMessage("null")
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return nil
	}
	var out map[string]any
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

func compare(path string, before, after map[string]any, out *[]Change) {
	names := map[string]bool{}
	for n := range before {
		names[n] = true
	}
	for n := range after {
		names[n] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		field := name
		if path != "" {
			field = path + "." + name
		}
		a, b := before[name], after[name]
		left, isLeft := a.(map[string]any)
		right, isRight := b.(map[string]any)
		switch {
		case isLeft && isRight:
			compare(field, left, right, out)
		case !reflect.DeepEqual(a, b):
			*out = append(*out, Change{Field: field, Before: a, After: b})
		}
	}
}
