package model

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// aside are fields that do not bear on what training finds.
var aside = map[string]bool{"name": true, "description": true, "labels": true, "paused": true, "draft": true, "provisioned": true, "retrainEvery": true, "retrainOnDrift": true, "entityLabels": true}

// Changes lists what differs between two definitions, by field. Objects are compared field by field, lists as a whole.
func Changes(before, after Definition) []Change {
	out := []Change{}
	compare("", plain(before), plain(after), &out)
	return out
}

// Matters tells whether a change bears on what training finds.
func Matters(c Change) bool {
	top, _, _ := strings.Cut(c.Field, ".")
	return !aside[top]
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
	names := maps.Clone(before)
	maps.Copy(names, after)
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
