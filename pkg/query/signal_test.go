package query

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
)

func TestSignalNamesAreShort(t *testing.T) {
	one := func(name string, labels ...string) series.Series {
		s := series.Series{Name: name, Labels: series.Labels{}}
		for i := 0; i < len(labels); i += 2 {
			s.Labels[labels[i]] = labels[i+1]
		}
		return s
	}
	for name, c := range map[string]struct {
		sources []string
		list    []series.Series
		want    []string
	}{
		"one series a source": {
			[]string{"cpu", "memory"},
			[]series.Series{one("api", "container", "api"), one("api", "container", "api")},
			[]string{"cpu", "memory"},
		},
		"several keywords": {
			[]string{"cpu", "logs", "logs"},
			[]series.Series{one("api", "container", "api"), one("api OutOfMemory", "container", "api", "keyword", "OutOfMemory"), one("api timeout", "container", "api", "keyword", "timeout")},
			[]string{"cpu", "logs OutOfMemory", "logs timeout"},
		},
		"the same labels under two sources": {
			[]string{"errors", "errors", "latency", "latency"},
			[]series.Series{one("a", "route", "/a"), one("b", "route", "/b"), one("a", "route", "/a"), one("b", "route", "/b")},
			[]string{"errors /a", "errors /b", "latency /a", "latency /b"},
		},
		"a label that only some have": {
			[]string{"disk", "disk"},
			[]series.Series{one("db", "host", "db"), one("db /data", "host", "db", "mountpoint", "/data")},
			[]string{"disk", "disk /data"},
		},
		"two labels differ": {
			[]string{"q", "q"},
			[]series.Series{one("x", "a", "1", "b", "u", "c", "same"), one("y", "a", "2", "b", "v", "c", "same")},
			[]string{"q 1 u", "q 2 v"},
		},
		"nothing but the name differs": {
			[]string{"q", "q"},
			[]series.Series{one("first"), one("second")},
			[]string{"q first", "q second"},
		},
		"none": {nil, nil, []string{}},
	} {
		require.Equal(t, c.want, signalNames(c.sources, c.list), name)
	}
}
