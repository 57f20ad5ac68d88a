package forecast

import "time"

// clock is where a stored forecaster is in local time.
type clock struct {
	zone   *time.Location // nil = clocks never change
	behind int            // steps to come whose places on the grid (see wallClock) were used already
	offset time.Duration  // of local time at the newest step
	until  time.Time      // when it next changes; zero = never
}

// newClock is that of the end of the data.
func newClock(in Input) clock {
	n := len(in.Values)
	if in.Zone == nil || in.Step > time.Hour || n == 0 {
		return clock{}
	}
	k := clock{zone: in.Zone}
	if c, ok := clockChanges(in.Zone, in.Start, in.Step, n); ok {
		k.behind = c.length(n) - 1 - c.place[n-1]
	}
	k.set(in.Start.Add(time.Duration(n-1) * in.Step))
	return k
}

func (k *clock) set(t time.Time) {
	k.offset = offsetAt(k.zone, t)
	_, k.until = t.In(k.zone).ZoneBounds()
}

// advance goes on to the step at a time, and calls skip for each place that is left out before it. Again tells that the step's place
// was used already.
func (k *clock) advance(t time.Time, step time.Duration, skip func()) (again bool) {
	if k.zone == nil {
		return false
	}
	if !k.until.IsZero() && !t.Before(k.until) {
		before := k.offset
		k.set(t)
		for moved := int((k.offset - before) / step); moved != 0; {
			switch {
			case moved < 0:
				k.behind++
				moved++
			case k.behind > 0:
				k.behind--
				moved--
			default:
				skip()
				moved--
			}
		}
	}
	if k.behind > 0 {
		k.behind--
		return true
	}
	return false
}

// future gives the grid of the next steps, from the n-th of its places on; false where each of them has its own.
func (k *clock) future(next time.Time, step time.Duration, horizon int) (c wallClock, n int, moved bool) {
	if k.zone == nil {
		return c, 0, false
	}
	// The places used already come first, then the newest step's, then those of the steps ahead.
	n = k.behind + 1
	c, changes := clockChanges(k.zone, next.Add(-step), step, horizon+1)
	if !changes {
		if k.behind == 0 {
			return c, 0, false
		}
		for h := range horizon + 1 {
			c.place = append(c.place, h)
		}
	}
	used := make([]int, k.behind, k.behind+len(c.place))
	for i := range used {
		used[i] = c.place[0] + i + 1
	}
	c.place = append(used, c.place...)
	return c, n, true
}

// name is what a stored state keeps of the zone; empty where there is none.
func (k *clock) name() string {
	if k.zone == nil {
		return ""
	}
	return k.zone.String()
}

func decodeClock(r *reader, s *State) clock {
	name := r.text()
	k := clock{behind: r.uint(1 << 20)}
	if name == "" || r.err != nil {
		return clock{}
	}
	var err error
	if k.zone, err = time.LoadLocation(name); err != nil {
		r.fail("its time zone %q is not known here", name)
		return clock{}
	}
	k.set(s.End().Add(-s.Step))
	return k
}
