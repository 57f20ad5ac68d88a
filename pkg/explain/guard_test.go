package explain

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/warn"
)

func TestGuardsAreToldInTheReadersLanguage(t *testing.T) {
	for name, c := range map[string]struct {
		guards   []string
		language string
		want     string
	}{
		"one":                 {[]string{warn.Seasonal}, English, "it is the course of the day or week"},
		"in Chinese":          {[]string{warn.Seasonal}, Chinese, "属于日或周的正常起伏"},
		"two":                 {[]string{warn.ShortHistory, warn.PoorFit}, English, "too little history for a trend; the forecast was worse than repeating the last cycle"},
		"two in Chinese":      {[]string{warn.ShortHistory, warn.PoorFit}, Chinese, "历史太短，看不出趋势；预测不如重复上一周期"},
		"none":                {nil, Chinese, ""},
		"an unknown name":     {[]string{"other", warn.Slowing}, English, "other; the growth is slowing down"},
		"an unknown language": {[]string{warn.Slowing}, "fr", "the growth is slowing down"},
	} {
		require.Equal(t, c.want, Guards(c.guards, c.language), name)
	}
}
