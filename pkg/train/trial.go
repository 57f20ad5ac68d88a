package train

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

// What decides a trial. Between the two marks nothing changes, so that a series that is about as good as its twin does not go to and fro.
const (
	demoteFrom = 1.2              // multiple of the twin's error above which a series answers with its twin
	restoreAt  = 1.0              // and up to which it answers itself again
	trialEvery = 10 * time.Minute // by one of the processes over a store
	mostInLine = 20               // series that a line of the trail names
)

// Trial is how the live version of a model does against its seasonal-naive twin, as it is kept.
type Trial struct {
	Version  int                      `json:"version"`
	Measured time.Time                `json:"measured"`
	Ratio    *float64                 `json:"ratio"`  // median over the series; nil = too early to tell
	Series   int                      `json:"series"` // compared
	Points   int                      `json:"points"` // of all of them
	Demoted  map[string]query.Demoted `json:"demoted,omitempty"`
}

// TrialOf reads a model's trial; the zero value where there is none.
func TrialOf(m *store.Model) (t Trial) {
	if json.Unmarshal(m.Trial, &t) != nil {
		return Trial{}
	}
	return t
}

// trial measures the live version and lets what loses be answered by its twin, and what wins again by itself.
func (t *Trainer) trial(ctx context.Context, m *store.Model, c *model.Compiled) error {
	before := TrialOf(m)
	if before.Version == m.Live && t.now().Sub(before.Measured) < trialEvery {
		return nil
	}
	live, err := t.library.trained(ctx, m.Name, 0)
	if err != nil || live.Type != query.Forecast && live.Type != query.Warning {
		return err
	}
	contests, err := t.engine.Trial(ctx, live, c.Query)
	if err != nil {
		return err
	}
	if len(contests) == 0 && (before.Version == live.Version || len(before.Demoted) == 0) {
		return nil // too early to tell, and nothing to take back
	}
	after, down, up := judge(before, live.Version, contests, t.now())
	raw, err := json.Marshal(after)
	if err != nil {
		return err
	}
	var lines []store.Entry
	for _, l := range []struct {
		action string
		series []string
	}{{"model.demoted", down}, {"model.restored", up}} {
		if len(l.series) == 0 {
			continue
		}
		e := store.Entry{Who: "trial", Action: l.action, Model: m.Name, Version: live.Version, Subject: strings.Join(l.series[:min(len(l.series), mostInLine)], ", "),
			Values: map[string]any{"series": len(l.series), "ratio": after.Ratio}}
		if before.Version != 0 && before.Version != live.Version {
			e.Note = "a new version answers"
		}
		lines = append(lines, e)
	}
	if err = t.store.SetTrial(ctx, m.Name, m.Trial, raw, lines...); errors.Is(err, store.ErrConflict) {
		return nil // another process was faster
	}
	if err == nil && len(lines) > 0 {
		t.library.forget(m.Name)
	}
	return err
}

// judge gives the trial after a measurement, and the names of the series that are demoted and restored by it. A new version begins
// without any that are demoted.
func judge(before Trial, version int, contests []query.Contest, now time.Time) (after Trial, down, up []string) {
	after = Trial{Version: version, Measured: now, Demoted: map[string]query.Demoted{}}
	var ratios []float64
	for i := range contests {
		c := &contests[i]
		was, demoted := before.Demoted[c.Key]
		stays := demoted && before.Version == version
		ratio := c.Ratio()
		if !math.IsNaN(ratio) {
			ratios = append(ratios, ratio)
			after.Points += c.Points
		}
		ratio = min(ratio, math.MaxFloat64) // JSON has no infinity
		switch {
		case stays && !(ratio <= restoreAt):
			if !math.IsNaN(ratio) {
				was.Ratio = ratio
			}
			was.Name = c.Name
			after.Demoted[c.Key] = was
		case !demoted && ratio > demoteFrom:
			after.Demoted[c.Key] = query.Demoted{Name: c.Name, Ratio: ratio, Since: now}
			down = append(down, c.Name)
		case demoted:
			up = append(up, c.Name)
		}
	}
	if before.Version != version {
		for key, was := range before.Demoted {
			if !slices.ContainsFunc(contests, func(c query.Contest) bool { return c.Key == key }) {
				up = append(up, was.Name)
			}
		}
	}
	after.Series = len(ratios)
	after.Ratio = model.Known(order.Median(ratios))
	return after, down, up
}
