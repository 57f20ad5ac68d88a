package detect

import "reflect"

// State is what a detector has to keep to score the next point.
type State struct {
	Bytes  int // of what it has learnt
	Window int // values of the series that it reads again, 8 bytes each: to learn anew from time to time, or to compare with
}

// keeps measures what was learnt: the memory that the given values, or what they point to, take with all that is reached from them.
func keeps(window int, learnt ...any) State {
	s := State{Window: window}
	seen := map[uintptr]bool{}
	for _, x := range learnt {
		v := reflect.ValueOf(x)
		s.Bytes += int(v.Type().Size()) + beyond(v, seen)
	}
	return s
}

// beyond counts the bytes that are reached from v by pointers, slices and interfaces, each once.
func beyond(v reflect.Value, seen map[uintptr]bool) (bytes int) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return 0
		}
		seen[v.Pointer()] = true
		return int(v.Type().Elem().Size()) + beyond(v.Elem(), seen)
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return int(v.Elem().Type().Size()) + beyond(v.Elem(), seen)
	case reflect.Slice:
		if v.Cap() == 0 || seen[v.Pointer()] {
			return 0
		}
		seen[v.Pointer()] = true
		bytes = v.Cap() * int(v.Type().Elem().Size())
		bytes += beyondEach(v, seen)
	case reflect.Array:
		return beyondEach(v, seen)
	case reflect.Struct:
		for i := range v.NumField() {
			bytes += beyond(v.Field(i), seen)
		}
	}
	return bytes
}

func beyondEach(v reflect.Value, seen map[uintptr]bool) (bytes int) {
	if flat(v.Type().Elem()) {
		return 0
	}
	for i := range v.Len() {
		bytes += beyond(v.Index(i), seen)
	}
	return bytes
}

// flat types reach nothing.
func flat(t reflect.Type) bool {
	switch k := t.Kind(); k {
	case reflect.Struct:
		for i := range t.NumField() {
			if !flat(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Array:
		return flat(t.Elem())
	default:
		return k >= reflect.Bool && k <= reflect.Complex128
	}
}
