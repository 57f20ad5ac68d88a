package train

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
)

// shape draws a metric as monitoring knows them: still, rising, sparse, absurd, with gaps and infinities.
func shape(t *rapid.T, name string) func(at time.Time) float64 {
	level := rapid.SampledFrom([]float64{0, 1, -5, 1e-9, 1e12, 50}).Draw(t, name+" level")
	kind := rapid.SampledFrom([]string{"still", "rhythm", "rising", "steps", "sparse", "none", "infinite", "late"}).Draw(t, name+" kind")
	gaps := rapid.Uint64Range(2, 50).Draw(t, name+" gaps")
	return func(at time.Time) float64 {
		hour := float64(at.Unix()) / 3600
		h := uint64(at.Unix()) * 0x9e3779b97f4a7c15
		if (h>>33)%gaps == 0 {
			return math.NaN()
		}
		switch kind {
		case "rhythm":
			return level + math.Abs(level)*math.Sin(2*math.Pi*hour/24) + noise(0, at)
		case "rising":
			return level + (hour-float64(noon.Unix())/3600)/10
		case "steps":
			return level + math.Floor(hour/30)
		case "sparse":
			if (h>>40)%20 == 0 {
				return 3
			}
			return 0
		case "none":
			return math.NaN()
		case "infinite":
			if (h>>35)%10 == 0 {
				return math.Inf(1)
			}
		case "late":
			if at.Before(noon.Add(-8 * time.Hour)) {
				return math.NaN()
			}
		}
		return level
	}
}

// Whatever the metrics are, a training ends: with a version that can be stored, shown and asked, or with an error that says why.
func TestAnyMetricsCanBeTrained(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := made(t)
		shapes := []func(time.Time) float64{shape(rt, "first"), shape(rt, "second")}
		w.metrics.value = func(host int, at time.Time) float64 { return shapes[host](at) }
		kind := rapid.SampledFrom([]string{"forecast", "warning", "anomaly"}).Draw(rt, "type")
		algorithm := rapid.SampledFrom([]string{"naive", "ets", "theta", "linear", "auto"}).Draw(rt, "algorithm")
		if kind == "anomaly" {
			algorithm = rapid.SampledFrom([]string{"mad", "auto"}).Draw(rt, "detector")
		}
		d := model.Definition{Name: "m", AlertBudget: rapid.SampledFrom([]float64{0, 1}).Draw(rt, "budget"), Query: json.RawMessage(fmt.Sprintf(
			`{"queryType":%q,"source":{"kind":"prometheus","expr":"x"},"model":{"algorithm":%q},"trainingWindow":"6d","interval":"1h","horizon":"6h","threshold":{"value":60}}`, kind, algorithm))}
		c := compiled(t, d)
		b, err := w.build(t.Context(), c, nil, nothing)
		require.NoError(rt, err)
		v, err := pack(c, b)
		require.NoError(rt, err, "it can be stored")
		v.Number, v.TrainedAt = 1, noon
		_, err = model.DecodeResults(v.Results)
		require.NoError(rt, err, "and shown")
		raw, err := json.Marshal(b.version.Summary)
		require.NoError(rt, err)
		require.NotContains(rt, string(raw), "NaN")
		require.GreaterOrEqual(rt, b.version.Summary.Threshold, 1.0)

		trained, err := decode("m", v)
		require.NoError(rt, err)
		q, err := query.Resolve(t.Context(), []byte(`{"model":{"name":"m"}}`), query.Defaults{}, one{trained})
		require.NoError(rt, err)
		a, err := w.engine.Execute(t.Context(), q, query.Range{From: noon.Add(-3 * time.Hour), To: noon})
		require.NoError(rt, err, "and asked")
		for _, r := range a.Results {
			for h, v := range r.Forecast {
				require.False(rt, math.IsNaN(v) || math.IsInf(v, 0), "%s: step %d of the forecast is %v", r.Name, h, v)
				require.LessOrEqual(rt, r.ForecastLo[h], r.ForecastUp[h])
			}
		}
	})
}

// one is a library of a single version.
type one struct{ version *query.Trained }

func (o one) Trained(context.Context, string, int) (*query.Trained, error) { return o.version, nil }
