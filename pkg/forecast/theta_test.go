package forecast

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// thetaMisses runs the dynamic model over y and sums the squares of what the fit counts: the first error hardly, the next two not.
func thetaMisses(m dynamicTheta, y []float64) (sum float64) {
	fitted := make([]float64, len(y))
	m.run(y, fitted)
	sum = thetaHold * square(y[0]-fitted[0])
	for i := thetaSkipped; i < len(y); i++ {
		sum += square(y[i] - fitted[i])
	}
	return sum
}

// The sums that the fit adds up in two passes, the initial level counting in the first alone, are the squares of the errors that the
// model makes: for any alpha, however soon the initial level fades.
func TestThetasSumsAreTheErrorsItMakes(t *testing.T) {
	for name, y := range map[string][]float64{"oil": oil, "nile": nile, "passengers": airPassengers, "hours": dayWeek(300, 24, 0, 0.1, 1, 3)} {
		for _, fixed := range []bool{false, true} {
			lines := newThetaLines(y, fixed)
			for _, alpha := range []float64{0.1, 0.17, 0.35, 0.6, 0.9, 0.99} {
				m, sse := lines.solve(y, alpha)
				if m.fixed = fixed; fixed {
					m.a, m.b = lines.a[0], lines.b[0]
				}
				require.InEpsilon(t, thetaMisses(m, y), sse, 1e-8, "%s at %v", name, alpha)
			}
		}
	}
}

// Nothing near the solution is better: initial level and share of the line are those of least squares.
func TestThetaIsALeastSquaresFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(10, 120).Draw(t, "n")
		y := dayWeek(n, 7, 0, rapid.Float64Range(-1, 1).Draw(t, "trend"), 2, uint64(n))
		alpha := rapid.Float64Range(thetaLeast, thetaMost).Draw(t, "alpha")
		m, _ := newThetaLines(y, false).solve(y, alpha)
		least := thetaMisses(m, y)
		for _, change := range []func(*dynamicTheta){
			func(m *dynamicTheta) { m.l0 += 3 },
			func(m *dynamicTheta) { m.l0 -= 3 },
			func(m *dynamicTheta) { m.theta = 1 / max(1/m.theta-0.1, 1-thetaShare) },
			func(m *dynamicTheta) { m.theta = 1 / min(1/m.theta+0.1, 1) },
		} {
			other := m
			change(&other)
			require.GreaterOrEqual(t, thetaMisses(other, y), least*(1-1e-9))
		}
	})
}

func TestThetaOfALineIsTheLine(t *testing.T) {
	for _, variant := range []string{"dynamic", "optimised"} {
		m, err := thetaForecaster{variant}.Fit(context.Background(), Input{Values: ramp(60), Step: time.Hour})
		require.NoError(t, err)
		slope := ramp(2)[1] - ramp(2)[0]
		for h, v := range m.Forecast(5) {
			require.InDelta(t, ramp(60)[59]+slope*float64(h+1), v, 0.05*slope*float64(h+1), "%s, step %d", variant, h)
		}
	}
}

// Beyond the newest points, which the parameters come from, older ones are fitted too, and a gap is bridged.
func TestThetaFitsWhatIsBeforeTheNewestPoints(t *testing.T) {
	y := dayWeek(3*etsSegment, 7, 0, 0, 1, 5)
	m := fitDynamicTheta(y, false)
	require.True(t, finite(m.Fitted()))
	require.Less(t, rms(misses(y[7:etsSegment], m.Fitted()[7:etsSegment])), 1.2*rms(misses(y[etsSegment:], m.Fitted()[etsSegment:])))
	y[400], y[401] = math.NaN(), math.NaN()
	bridged, err := thetaForecaster{}.fit(context.Background(), y)
	require.NoError(t, err)
	require.True(t, finite(bridged.Fitted()) && finite(bridged.Forecast(10)))
}
