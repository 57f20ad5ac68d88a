package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// point is where something is drawn.
type point struct{ x, y float64 }

var pair = regexp.MustCompile(`([ML])(-?[\d.]+) (-?[\d.]+)`)

// shapes reads a drawing: the points of each path by class, one list for each stroke that the pen is set down for, and the texts.
func shapes(t require.TestingT, svg string) (strokes map[string][][]point, texts []string) {
	strokes = map[string][][]point{}
	dec, text := xml.NewDecoder(strings.NewReader(svg)), false
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return strokes, texts
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			text = e.Name.Local == "text"
			if e.Name.Local != "path" {
				continue
			}
			class := attribute(e, "class")
			for _, m := range pair.FindAllStringSubmatch(attribute(e, "d"), -1) {
				x, errX := strconv.ParseFloat(m[2], 64)
				y, errY := strconv.ParseFloat(m[3], 64)
				require.NoError(t, errors.Join(errX, errY))
				if m[1] == "M" {
					strokes[class] = append(strokes[class], nil)
				}
				last := len(strokes[class]) - 1
				strokes[class][last] = append(strokes[class][last], point{x, y})
			}
		case xml.CharData:
			if text {
				texts = append(texts, string(e))
				text = false
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// A line is drawn from left to right, inside the axes, one stroke for each stretch of known values, and a higher value is higher up.
func TestALineIsWhereItsValuesAre(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Just(math.NaN()))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "points")
		values := rapid.SliceOfN(value, n, n).Draw(t, "values")
		values[0] = 1
		c := Chart{Times: times(n), Lines: []Line{{Kind: Actual, Values: values}}}
		strokes, _ := shapes(t, c.SVG())
		want, open := 0, false
		var known []float64
		for _, v := range values {
			if !math.IsNaN(v) {
				known = append(known, v)
				if !open {
					want++
				}
			}
			open = !math.IsNaN(v)
		}
		require.Len(t, strokes["actual c0"], want, "a gap lifts the pen")
		drawn := slices.Concat(strokes["actual c0"]...)
		require.Len(t, drawn, len(known))
		for i, p := range drawn {
			require.True(t, p.x >= left-0.1 && p.x <= width-right+0.1, "x %g", p.x)
			require.True(t, p.y >= top-0.1 && p.y <= height-bottom+0.1, "y %g", p.y)
			for k := range drawn[:i] {
				require.Less(t, drawn[k].x, p.x)
				if known[k] < known[i] {
					require.GreaterOrEqual(t, drawn[k].y, p.y, "%g is above %g", known[i], known[k])
				}
			}
		}
	})
}

// A band has its upper limit from left to right and its lower one back; a stretch of one point has no area and is left out.
func TestABandGoesThereAndBack(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		lower, upper []float64
		areas        []int // points of each
	}{
		"whole":           {[]float64{1, 2, 3, 4}, []float64{2, 3, 4, 5}, []int{8}},
		"with a gap":      {[]float64{1, 2, nan, 3, 4, 5}, []float64{2, 3, 4, 4, 5, 6}, []int{4, 6}},
		"a single point":  {[]float64{1, nan, 3, 4}, []float64{2, 3, 4, 5}, []int{4}},
		"one limit only":  {[]float64{nan, nan, nan}, []float64{2, 3, 4}, nil},
		"of no width":     {[]float64{3, 3, 3}, []float64{3, 3, 3}, []int{6}},
		"an unequal pair": {[]float64{1, 2, 3, 4}, []float64{2, 3, 4}, []int{6}},
	} {
		n := max(len(c.lower), len(c.upper))
		chart := Chart{Times: times(n), Lines: []Line{{Kind: Actual, Values: make([]float64, n)}}, Lower: c.lower, Upper: c.upper}
		strokes, _ := shapes(t, chart.SVG())
		var got []int
		for _, area := range strokes["band"] {
			got = append(got, len(area))
			half := len(area) / 2
			for i := range half {
				require.InDelta(t, area[i].x, area[len(area)-1-i].x, 0, "%s: both limits of one time", name)
				require.LessOrEqual(t, area[i].y, area[len(area)-1-i].y, "%s: the upper one is above", name)
			}
		}
		require.Equal(t, c.areas, got, name)
	}
}

// Time is written by the clock within days, with the date at midnight, and by the day over weeks.
func TestTimesAreWrittenAsTheyAreRead(t *testing.T) {
	labels := func(from time.Time, span time.Duration) []string {
		c := Chart{Times: []time.Time{from, from.Add(span)}, Unit: "s", Lines: []Line{{Kind: Actual, Values: []float64{0, 1}}}}
		_, texts := shapes(t, c.SVG())
		return slices.DeleteFunc(texts, func(s string) bool { return strings.HasSuffix(s, " s") })
	}
	require.Equal(t, []string{"09:45", "10:00", "10:15"}, labels(t0.Add(30*time.Minute), 150*time.Minute)[:3])
	night := labels(t0.Add(12*time.Hour), 6*time.Hour)
	require.Contains(t, night, "Thu 12 Mar", "midnight has its date")
	require.Contains(t, night, "23:00")
	days := labels(t0, 8*24*time.Hour)
	require.Contains(t, days, "14 Mar")
	require.NotContains(t, strings.Join(days, " "), ":", "no clock over days")
	there := time.FixedZone("there", 8*3600)
	require.Equal(t, labels(t0, 3*time.Hour), labels(t0.In(there), 3*time.Hour), "in UTC, whatever the times' own zone is")
}

// Numbers are written short, and not far from what they are.
func TestShortNumbersAreNearlyTheNumbers(t *testing.T) {
	sizes := map[string]float64{"T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e14, 1e14).Draw(t, "value")
		if rapid.Bool().Draw(t, "small") {
			v /= 1e12
		}
		text := Number(v, "")
		factor := 1.0
		for name, size := range sizes {
			if rest, ok := strings.CutSuffix(text, name); ok {
				text, factor = rest, size
			}
		}
		back, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		require.InDelta(t, v, back*factor, 0.051*math.Abs(v)+1e-300)
		require.LessOrEqual(t, len(text), 9, text)
		require.Equal(t, Number(v, ""), Number(v, "short"))
		require.Equal(t, Number(v, "")+" %", Number(v, "percent"))
		require.Equal(t, Number(100*v, "percent"), Number(v, "percentunit"))
		require.Equal(t, "€"+Number(v, ""), Number(v, "currency:€"))
	})
}
