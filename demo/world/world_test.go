package world

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var anchor = time.Date(2026, 3, 11, 9, 30, 20, 0, time.UTC)
func TestScratch(t *testing.T) {
	w := New(anchor, 1)
	t0 := time.Now()
	k := w.Walk()
	n := 0
	for k.Time().Before(w.Anchor()) {
		k.Next()
		n++
	}
	fmt.Println(len(k.Series()), n, time.Since(t0))
	for i := range Hosts {
		var s string
		for d := -48; d <= 0; d += 2 {
			s += fmt.Sprintf(" %.0f", w.CPU(&Hosts[i], minuteOf(w.Anchor())+int64(d)*60))
		}
		fmt.Println(Hosts[i].Instance, s)
		s = ""
		for d := -28; d <= 4; d += 1 {
			s += fmt.Sprintf(" %.1f", w.Data(&Hosts[i], minuteOf(w.Anchor())+int64(d)*1440))
		}
		fmt.Println("   data", s)
	}
	for _, c := range containers {
		var s string
		for d := -28; d <= 4; d += 1 {
			s += fmt.Sprintf(" %.1f", c.used(w, minuteOf(w.Anchor())+int64(d)*1440))
		}
		fmt.Println(c.name, s)
	}
	rows := 0
	t0 = time.Now()
	kinds := map[string]int{}
	for tt := w.Start(); tt.Before(w.Anchor()); tt = tt.Add(time.Minute) {
		l := w.Logs(tt)
		rows += len(l)
		for _, r := range l { kinds[r.Level+r.Message[:8]]++ }
		w.Orders(tt)
	}
	fmt.Println(rows, time.Since(t0), kinds)
	o := 0.0
	for i := range 24*12 { 
		for _, r := range w.Orders(w.Anchor().Add(-time.Duration(i)*5*time.Minute)) { o = math.Max(o, float64(r.Orders)) }
	}
	fmt.Println(o)
	require.True(t, true)
}
