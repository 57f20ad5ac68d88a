// Package explain says why something was flagged or held back: numbers for the next program, and one sentence for people in
// English or Chinese. It knows nothing of Grafana, HTTP or SQL.
package explain

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	joined  = 2 // points between two stretches that make them one episode
	nearest = 3 // earlier episodes that are named
)

// Episode is one stretch that was flagged, or outside and held back. Numbers that are not known are nil. Times are UTC in JSON;
// the sentence uses Zone.
type Episode struct {
	Name      string    `json:"name"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"` // end of the last point
	Peak      time.Time `json:"peak"`
	Minutes   float64   `json:"minutes"`
	Score     float64   `json:"score"` // at the peak
	P         *float64  `json:"p,omitempty"`
	Actual    *float64  `json:"actual,omitempty"`
	Expected  *float64  `json:"expected,omitempty"`
	Lower     *float64  `json:"lower,omitempty"`
	Upper     *float64  `json:"upper,omitempty"`
	Deviation *float64  `json:"deviation,omitempty"` // actual less expected
	Relative  *float64  `json:"relative,omitempty"`  // the same as part of |expected|
	Yesterday *float64  `json:"yesterday,omitempty"` // the same local time
	LastWeek  *float64  `json:"lastWeek,omitempty"`
	HeldBack  string    `json:"heldBack,omitempty"` // stage that kept it from being raised; empty for what is flagged
	Reason    string    `json:"reason,omitempty"`   // of the maintenance or deployment
	Passed    []string  `json:"passed,omitempty"`   // guards that were asked
	Shares    []Share   `json:"shares,omitempty"`   // composite: the signals' parts, the largest first
	Before    []Earlier `json:"before,omitempty"`   // the episodes before that are most alike, the nearest first
	Group     bool      `json:"group,omitempty"`    // outlier: expected is the group's median, lower and upper the range of the others
	Algorithm string    `json:"algorithm"`
	Model     string    `json:"model,omitempty"`
	Version   int       `json:"version,omitempty"`

	Zone *time.Location `json:"-"`
}

// Share is one signal's part of a composite's score, 0 to 1.
type Share struct {
	Signal   string   `json:"signal"`
	Share    float64  `json:"share"`
	Actual   *float64 `json:"actual,omitempty"`
	Expected *float64 `json:"expected,omitempty"`

	Yesterday *float64 `json:"yesterday,omitempty"` // the same local time
	LastWeek  *float64 `json:"lastWeek,omitempty"`
}

// Signal is one of a composite's signals, with its part of the score at each point.
type Signal struct {
	Name                    string
	Values, Expected, Share []float64
}

// Earlier is an episode before.
type Earlier struct {
	From  time.Time `json:"from"`
	Score float64   `json:"score"`
}

// Input is a scored series. Slices have one value per point of Grid.
type Input struct {
	Name      string
	Grid      series.Grid
	Values    []float64 // nil for a composite
	Expected  []float64
	Lower     []float64
	Upper     []float64
	Score     []float64
	P         []float64
	Anomalous []bool
	Held      []string
	From      int // first point that is explained; what lies before is only looked up
	Guards    detect.Guards
	Calendar  *calendar.Calendar
	Signals   []Signal  // composite; nil for one series
	Past      []Episode // stretches before From: of those, only the most alike are named
	Group     bool      // see Episode
	Algorithm string
	Model     string
	Version   int
}

// Episodes gives the flagged stretches, and those that were held back, by time.
func Episodes(in Input) []Episode {
	var out []Episode
	kind := func(i int) string {
		switch {
		case i < len(in.Anomalous) && in.Anomalous[i]:
			return "flagged"
		case i < len(in.Held) && in.Held[i] != "":
			return in.Held[i]
		}
		return ""
	}
	for i := in.From; i < len(in.Score); i++ {
		what := kind(i)
		if what == "" {
			continue
		}
		last, peak := i, i
		for j := i + 1; j < len(in.Score) && j-last <= joined; j++ {
			if next := kind(j); next == what {
				last = j
				if in.Score[j] > in.Score[peak] || math.IsNaN(in.Score[peak]) {
					peak = j
				}
			} else if next != "" {
				break
			}
		}
		out = append(out, in.episode(i, last, peak, what))
		i = last
	}
	for i := range out {
		out[i].Before = alike(slices.Concat(in.Past, out[:i]), out[i])
	}
	return out
}

func (in Input) episode(first, last, peak int, what string) Episode {
	e := Episode{Name: in.Name, From: in.Grid.Time(first), To: in.Grid.Time(last + 1), Peak: in.Grid.Time(peak), Score: in.Score[peak],
		Algorithm: in.Algorithm, Model: in.Model, Version: in.Version, Group: in.Group, Zone: in.Calendar.Zone()}
	if math.IsNaN(e.Score) {
		e.Score = 0
	}
	e.Minutes = e.To.Sub(e.From).Minutes()
	e.P = at(in.P, peak)
	e.Actual, e.Expected = at(in.Values, peak), at(in.Expected, peak)
	e.Lower, e.Upper = at(in.Lower, peak), at(in.Upper, peak)
	if e.Actual != nil && e.Expected != nil {
		d := *e.Actual - *e.Expected
		e.Deviation = &d
		if *e.Expected != 0 {
			r := d / math.Abs(*e.Expected)
			e.Relative = &r
		}
	}
	e.Yesterday, e.LastWeek = in.back(in.Values, e.Peak, 1), in.back(in.Values, e.Peak, 7)
	if what == "flagged" {
		e.Passed = asked(in.Guards)
	} else {
		e.HeldBack = what
		for _, m := range in.Calendar.Marks(e.From, e.To) {
			if string(m.Kind) == what {
				e.Reason = m.Reason
				break
			}
		}
	}
	e.Shares = in.shares(peak)
	return e
}

// back gives the value at the same local time some days before.
func (in Input) back(values []float64, t time.Time, days int) *float64 {
	return at(values, in.Grid.Index(in.Calendar.Back(t, days)))
}

// shares gives the signals' parts at a point, the largest first; nil where nothing is known of them.
func (in Input) shares(i int) (out []Share) {
	t := in.Grid.Time(i)
	for _, s := range in.Signals {
		if v := at(s.Share, i); v != nil {
			out = append(out, Share{Signal: s.Name, Share: *v, Actual: at(s.Values, i), Expected: at(s.Expected, i),
				Yesterday: in.back(s.Values, t, 1), LastWeek: in.back(s.Values, t, 7)})
		}
	}
	slices.SortStableFunc(out, func(a, b Share) int { return cmp.Compare(b.Share, a.Share) })
	return out
}

func at(x []float64, i int) *float64 {
	if i < 0 || i >= len(x) || math.IsNaN(x[i]) || math.IsInf(x[i], 0) {
		return nil
	}
	return &x[i]
}

// asked names the guards that are set.
func asked(g detect.Guards) (names []string) {
	for _, c := range []struct {
		set  bool
		name string
	}{
		{g.HasFloor, "floor"}, {g.MinDeviation > 0, "minDeviation"}, {g.MinRelative > 0, "minRelative"}, {g.MinVolume > 0, "minVolume"}, {g.Agreement > 0, "agreement"},
		{g.K > 0, "persistence"}, {g.For > 0, "for"}, {g.Cooldown > 0, "cooldown"},
	} {
		if c.set {
			names = append(names, c.name)
		}
	}
	return names
}

// alike picks the episodes before that are most like e: the same side, and as far off.
func alike(before []Episode, e Episode) (out []Earlier) {
	var far []float64
	for _, b := range before {
		if b.HeldBack != e.HeldBack || side(b) != side(e) {
			continue
		}
		d := apart(b, e)
		k := len(out)
		for k > 0 && far[k-1] >= d { // of two that are as near the later comes first
			k--
		}
		out = append(out[:k], append([]Earlier{{b.From, b.Score}}, out[k:]...)...)
		far = append(far[:k], append([]float64{d}, far[k:]...)...)
		if len(out) > nearest {
			out, far = out[:nearest], far[:nearest]
		}
	}
	return out
}

// apart says how differently far off two episodes are, as a logarithm: in the metric's unit where both know it, since a score's changes with
// what was learnt in between. Of a composite it is e's signal with the largest share that counts.
func apart(b, e Episode) float64 {
	signal := ""
	if len(e.Shares) > 0 {
		signal = e.Shares[0].Signal
	}
	x, y := b.off(signal), e.off(signal)
	if x == 0 || y == 0 {
		x, y = math.Max(b.Score, 0.1), math.Max(e.Score, 0.1)
	}
	return math.Abs(math.Log(x) - math.Log(y))
}

// off is how far the series, or that signal of a composite, was from what was expected; 0 where that is not known.
func (e Episode) off(signal string) float64 {
	if e.Deviation != nil {
		return math.Abs(*e.Deviation)
	}
	for _, s := range e.Shares {
		if s.Signal == signal && s.Actual != nil && s.Expected != nil {
			return math.Abs(*s.Actual - *s.Expected)
		}
	}
	return 0
}

func side(e Episode) bool { return e.Deviation != nil && *e.Deviation < 0 }
