package detect

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	robustLeast   = 20 // known values in the window before anything is expected
	robustRenewed = 64 // parts of the window after each of which the band is measured anew
	normalMAD     = 1.4826022185056018
)

// robust is a band from the order statistics of the window before each point. With MAD it is the median plus or minus k times
// the median absolute deviation, scaled to a standard deviation (Hampel: The influence curve and its role in robust estimation,
// JASA 69, 1974); with quantiles the quartiles plus or minus k times the distance between them (Tukey: Exploratory data
// analysis, 1977). Up to half, or a quarter, of the window may be wild without moving the band. It is measured anew 64 times a
// window.
type robust struct {
	window    time.Duration
	k         float64
	quantiles bool
}

func newMAD(p param.Values) Detector {
	return robust{p.Duration("window"), pick(p, "k", 4, 6, 9), false}
}

func newQuantile(p param.Values) Detector {
	return robust{p.Duration("window"), pick(p, "k", 2, 3, 5), true}
}

// pick gives a number, or where it is 0 that of the sensitivity.
func pick(p param.Values, name string, high, medium, low float64) float64 {
	if v := p.Float(name); v != 0 {
		return v
	}
	return bySensitivity(p, high, medium, low)
}

func bySensitivity(p param.Values, high, medium, low float64) float64 {
	return map[string]float64{"high": high, "medium": medium, "low": low}[p.String("sensitivity")]
}

func (d robust) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	o, every := in.past(d.window, robustLeast)
	middle, below, above := math.NaN(), 0.0, 0.0
	for i, v := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		if i%every == 0 && len(o.Sorted()) >= robustLeast {
			middle, below, above = d.measure(o)
		}
		if i >= in.From && !math.IsNaN(middle) {
			out.sides(i, v, middle, below, above)
		}
		o.Push(v)
	}
	out.State = keeps(0, o, middle, below, above)
	return out, nil
}

// past makes an ordered window of a length, at least some points, and says after how many points it is to be measured anew.
func (in Input) past(window time.Duration, least int) (o *order.Window, every int) {
	w := max(int(window/in.Step), least)
	return order.NewWindow(min(w, max(len(in.Values), least))), max(w/robustRenewed, 1)
}

// measure gives the middle and the band's widths to either side.
func (d robust) measure(o *order.Window) (middle, below, above float64) {
	middle = o.Quantile(0.5)
	least := leastScale * math.Abs(middle)
	if d.quantiles {
		q1, q3 := o.Quantile(0.25), o.Quantile(0.75)
		wide := d.k * (q3 - q1)
		return middle, max(middle-q1+wide, d.k*least), max(q3-middle+wide, d.k*least)
	}
	half := d.k * max(normalMAD*o.Deviation(middle), least)
	return middle, half, half
}

// sides sets point i like band, with a width of its own to either side.
func (out *Output) sides(i int, value, expected, below, above float64) {
	half := above
	if value < expected {
		half = below
	}
	out.band(i, value, expected, half)
	out.Lower[i], out.Upper[i] = expected-below, expected+above
}
