package detect

import (
	"context"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	autoUrgent   = 3.0 // score from which one point alone is flagged at medium
	autoScales   = 3.6 // half-width of the band at medium, in scales
	highScales   = 2.5 // the same at high
	lowScales    = 6.5 // the same at low
	localReach   = 3   // scales from the usual up to which the newest points are believed
	nearUsual    = 2.0 // this part of the usual's own band is never outside
	levelStale   = 6   // missing points in a row after which the newest level says nothing
	fewestDays   = 1   // days of history before anything is flagged
	earlyAlone   = 1.5 // times as far one point alone has to lie before a series is known well
	noNeighbour  = 2   // missing points in a row after which a point stands alone, see persists
	mostEpisodes = 5   // within a day, see settle; twice as many at high
)

// automatic asks three detectors that cost little and fail differently, and needs no choice of one:
//
//   - the baseline of the season, or of the last hour where no season is proven, and where an incident has pulled it away also what it
//     was before, so that its end is none;
//   - the level of the newest few points;
//   - restless, which sees what no single point shows.
//
// The squared distances from the first two, each in its own scales, are averaged: a value has to be far from what is usual and
// from what was just before. That is one distance from the mean of both expectations weighted by their precision (Bates, Granger:
// The combination of forecasts, OR Quarterly 20, 1969), so there is one band. The less history there is the wider it is. One point alone has to lie further out in the
// first days, and is not believed behind a gap: what comes in first after one may be part of a bucket.
type automatic struct {
	scales float64 // half-width of the band in scales
	watch  float64 // multiple of the limits of restless; 0 does without it
	most   int     // episodes within a day, see settle
	alone  float64 // score from which one point alone is flagged, and counts in full for what the series is wont to do
}

// automatics are the sensitivities of auto. High believes one point alone at twice the band, as other detectors do. Low is for those
// who only want to hear of what is beyond doubt: one point never is.
var automatics = map[string]automatic{
	"high":   {scales: highScales, watch: 0.72, most: 2 * mostEpisodes, alone: urgent},
	"medium": {scales: autoScales, watch: 1, most: mostEpisodes, alone: autoUrgent},
	"low":    {scales: lowScales, most: mostEpisodes, alone: math.Inf(1)},
}

func newAutomatic(p param.Values) Detector { return automatics[p.String("sensitivity")] }

func (d automatic) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	season, local := newBaseline(in.Step), newLocal(in.Step)
	for _, b := range []*days{&season.days, &local.days} {
		b.urgent, b.cautious = d.alone, true
	}
	var watch *restless
	if d.watch > 0 {
		watch = newRestless(in.Step, d.watch)
	}
	missing := 0
	for i, v := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		season.review(in.Values[:i])
		usual, newest := season.expect(), local.expect()
		former := season.formerly(usual)
		if missing >= levelStale && !math.IsNaN(v) {
			newest = expectation{v, v, math.NaN()}
			local.level = v
		}
		alarm := 0.0
		if watch != nil {
			near := d.nears(season, usual, v) || d.nears(season, former, v)
			if alarm = watch.next(v, near); near && alarm < 1 {
				alarm = min(alarm, recovered*atLimit) // an alert has to end where values are usual again
			}
		}
		if i >= in.From {
			b := d.combine(season, local, usual, newest, v)
			if !d.nears(season, usual, former.lo) {
				b.or(d.combine(season, local, former, newest, v), v)
			}
			together := atLimit * d.alone // what has to be outside with another point
			switch known := season.days.total; {
			case known < fewestDays*season.days.size:
				b.score, alarm = min(b.score, atLimit), 0
			case known < readyDays*season.days.size && b.score < earlyAlone*d.alone:
				b.score = min(b.score, together)
			}
			if missing >= noNeighbour {
				b.score, alarm = min(b.score, together), min(alarm, together)
			}
			out.set(i, v, b, alarm)
		}
		season.learn(v, usual)
		local.learn(v, newest)
		if missing++; !math.IsNaN(v) {
			missing = 0
		}
	}
	out.Periods, out.most, out.alone = season.periods, d.most, d.alone
	out.State = keeps(season.reviewed(), season, local, watch)
	out.Notices = append(out.Notices, season.ready()...)
	if b := &season.days; b.habit > b.tail {
		out.Notices = append(out.Notices, "the series goes far out on several days, so its band is wider than most days need")
	}
	if watch != nil && watch.tired() {
		out.Notices = append(out.Notices, "the series is restless again and again, so that alone is not flagged for now")
	}
	return out, nil
}

// set writes point i. Where there is no band there is no score.
func (out *Output) set(i int, v float64, b bounds, alarm float64) {
	if math.IsNaN(b.lower) || math.IsNaN(b.upper) {
		return
	}
	out.Lower[i], out.Expected[i], out.Upper[i] = b.lower, b.expected, b.upper
	if !math.IsNaN(v) {
		out.Score[i] = max(min(b.score, scoreCap), alarm)
	}
}

// bounds are a band that need not be symmetric, and the score of a value: 1 at the edges.
type bounds struct{ lower, expected, upper, score float64 }

// or gives v the benefit of another band, where there is one.
func (b *bounds) or(o bounds, v float64) {
	if math.IsNaN(o.lower) || math.IsNaN(o.upper) {
		return
	}
	b.lower, b.upper, b.score = min(b.lower, o.lower), max(b.upper, o.upper), min(b.score, o.score)
	if b.lower < v && v < b.upper {
		b.score = min(b.score, atLimit)
	}
}

// symmetric is the band of half-width half around expected.
func symmetric(expected, half, v float64) bounds {
	b := bounds{expected - half, expected, expected + half, 0}
	if d := math.Abs(v - expected); d > 0 {
		b.score = d / half
	}
	return b
}

// caution widens the band while little is known.
func caution(season *baseline) float64 {
	if n := season.days.total; n > 0 {
		return 1 + float64(season.days.size)/float64(n)
	}
	return 1
}

// usual gives the middle of what is usual, and its scale.
func (d automatic) usual(season *baseline, e expectation) (expected, scale float64) {
	room := (e.hi - e.lo) / 2
	return e.lo + room, caution(season) * (season.days.widened(e.scale) + room/d.scales)
}

// near is the distance from what is usual within which nothing is abnormal, however it came there: the end of an incident is none.
func (d automatic) near(scale float64) float64 { return d.scales * scale / nearUsual }

// nears tells whether v is within that distance.
func (d automatic) nears(season *baseline, e expectation, v float64) bool {
	expected, unit := d.usual(season, e)
	return math.Abs(v-expected) < d.near(unit)
}

// combine gives the band and the score of v.
func (d automatic) combine(season, local *baseline, usual, newest expectation, v float64) bounds {
	expected, u := d.usual(season, usual)
	w := caution(season) * local.days.widened(newest.scale)
	switch {
	case u > 0 && w > 0:
	case w > 0:
		return symmetric(newest.lo, d.scales*w, v)
	default: // all values so far were as expected, or nothing is known: half of the band is 0 or no number
		return symmetric(expected, d.scales*u, v)
	}
	// What the newest points may say is limited, so that an incident is not expected to go on.
	level := min(max(newest.lo, expected-localReach*u), expected+localReach*u)
	pu, pw := 1/(u*u), 1/(w*w)
	from, apart := v-expected, level-expected
	score := math.Sqrt((pu*from*from+pw*(v-level)*(v-level))/2) / d.scales
	// Where that is 1: pu(x-usual)² + pw(x-level)² = 2 scales². As localReach² < 2 scales² there are such x.
	middle := expected + pw/(pu+pw)*apart
	half := math.Sqrt((2*d.scales*d.scales - pu*pw/(pu+pw)*apart*apart) / (pu + pw))
	near := d.near(u)
	b := bounds{min(middle-half, expected-near), middle, max(middle+half, expected+near), min(score, from*from/(near*near))}
	if b.lower < v && v < b.upper {
		b.score = min(b.score, atLimit)
	}
	return b
}
