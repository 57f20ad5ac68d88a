// Package world is what the demo's servers serve: six cloud hosts, four containers, two LLM gateways and a shop, with daily and
// weekly seasons, autocorrelated noise and incidents at known times. Everything is a pure function of the seed, the anchor
// and the time asked for, so that history and live data are one piece, whoever asks and whenever.
package world

import (
	"time"
)

// The extent and the grid of the world.
const (
	History = 28 * 24 * time.Hour // before the anchor
	Step    = time.Minute         // in between, values are interpolated
)

// zone is where the users of this world live; its people work and sleep by it, whatever the machine's own zone is.
var zone = time.FixedZone("UTC+8", 8*3600)

// World is one generated world. It is immutable, and safe for concurrent use.
type World struct {
	anchor    time.Time
	seed      uint64
	incidents []Incident
	fill      fillCurve
}

// New makes the world whose incidents lie around anchor, which is "now" when the demo starts; it is cut to the minute.
func New(anchor time.Time, seed uint64) *World {
	w := &World{anchor: anchor.UTC().Truncate(Step), seed: seed}
	w.incidents = incidents(w.anchor)
	w.fill = newFillCurve(w.anchor)
	return w
}

// Anchor is the moment that incidents are placed around.
func (w *World) Anchor() time.Time { return w.anchor }

// Start is the first moment of the history.
func (w *World) Start() time.Time { return w.anchor.Add(-History) }

// minute is a moment counted in minutes since 1970, the world's own clock.
type minute = int64

func minuteOf(t time.Time) minute { return t.Unix() / 60 }

func timeOf(m minute) time.Time { return time.Unix(m*60, 0).UTC() }

// hoursSince gives the hours from t to m; negative before t.
func hoursSince(t time.Time, m minute) float64 { return float64(m-minuteOf(t)) / 60 }
