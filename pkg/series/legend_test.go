package series

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAbbreviate(t *testing.T) {
	for name, c := range map[string]struct {
		labels []Labels
		want   []string
	}{
		"one label that tells":       {[]Labels{{"job": "node", "instance": "a"}, {"job": "node", "instance": "b"}}, []string{"a", "b"}},
		"two labels that tell":       {[]Labels{{"host": "a", "mount": "/"}, {"host": "a", "mount": "/var"}, {"host": "b", "mount": "/"}}, []string{"a /", "a /var", "b /"}},
		"a label that some lack":     {[]Labels{{"host": "a"}, {"host": "a", "mount": "/"}, {"host": "b", "mount": "/"}}, []string{"a", "a /", "b /"}},
		"one series, one label":      {[]Labels{{"instance": "a"}}, []string{"a"}},
		"one series, two labels":     {[]Labels{{"instance": "a", "job": "node"}}, []string{"full 0"}},
		"one series, no label":       {[]Labels{{}}, []string{"full 0"}},
		"nothing to tell them by":    {[]Labels{{"a": "1"}, {"a": "1"}}, []string{"full 0", "full 1"}},
		"values that run together":   {[]Labels{{"a": "x y", "b": "z"}, {"a": "x", "b": "y z"}}, []string{"full 0", "full 1"}},
		"one that would be nameless": {[]Labels{{}, {"host": "a"}}, []string{"full 0", "full 1"}},
		"nothing":                    {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var list []Series
			for i, l := range c.labels {
				list = append(list, Series{Name: fmt.Sprintf("full %d", i), Labels: l})
			}
			Abbreviate(list)
			var got []string
			for _, s := range list {
				got = append(got, s.Name)
			}
			require.Equal(t, c.want, got)
		})
	}
}
