package source

import (
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAFilterIsWhatItsOperatorAsks(t *testing.T) {
	for _, c := range []struct {
		filter Filter
		want   string
		passes []string
		fails  []string
	}{
		{Filter{Key: "cloud", Operator: "=", Value: "aliyun"}, `cloud="aliyun"`, []string{"aliyun"}, []string{"azure", "aliyun2", ""}},
		{Filter{Key: "cloud", Operator: "!=", Value: "aliyun"}, `cloud!="aliyun"`, []string{"azure", ""}, []string{"aliyun"}},
		{Filter{Key: "cloud", Operator: "=~", Value: "a.*n"}, `cloud=~"a.*n"`, []string{"aliyun", "an"}, []string{"azure", "xan"}},
		{Filter{Key: "cloud", Operator: "!~", Value: "a.*n"}, `cloud!~"a.*n"`, []string{"azure"}, []string{"aliyun"}},
		{Filter{Key: "host", Operator: "=|", Value: "a.b", Values: []string{"a.b", "c"}}, `host=~"a\\.b|c"`, []string{"a.b", "c"}, []string{"axb", "a.b|c", "cc"}},
		{Filter{Key: "host", Operator: "!=|", Value: "a.b", Values: []string{"a.b", "c"}}, `host!~"a\\.b|c"`, []string{"axb", ""}, []string{"a.b", "c"}},
		{Filter{Key: "host", Operator: "=|", Value: "a(b"}, `host=~"a\\(b"`, []string{"a(b"}, []string{"ab"}},
		{Filter{Key: "path", Operator: "=", Value: `C:\"x"`}, `path="C:\\\"x\""`, []string{`C:\"x"`}, nil},
		{Filter{Key: "k8s.pod", Operator: "=", Value: "a"}, `"k8s.pod"="a"`, []string{"a"}, nil},
		{Filter{Key: "role", Operator: "=", Value: ""}, `role=""`, []string{""}, []string{"x"}},
	} {
		m, err := c.filter.Matcher()
		require.NoError(t, err)
		require.Equal(t, c.want, m.String())
		for _, text := range c.passes {
			require.True(t, m.Matches(text), "%s passes %s", text, m)
		}
		for _, text := range c.fails {
			require.False(t, m.Matches(text), "%s does not pass %s", text, m)
		}
	}
}

func TestAFilterThatSaysNothingUsableIsNamed(t *testing.T) {
	good := Filter{Key: "a", Operator: "=", Value: "b"}
	for says, bad := range map[string]Filter{
		`field "filters[1]": field "key" is empty, needed is the name of a label`:                                 {Operator: "=", Value: "b"},
		`field "filters[1]": field "operator" is "<", needed is one of =, !=, =~, !~, =|, !=|`:                    {Key: "a", Operator: "<", Value: "b"},
		`field "filters[1]": field "operator" is "", needed is one of =, !=, =~, !~, =|, !=|`:                     {Key: "a", Value: "b"},
		`field "filters[1]": field "value" is "(", needed is a regular expression: error parsing regexp: missing`: {Key: "a", Operator: "=~", Value: "("},
	} {
		_, err := Matchers("filters", []Filter{good, bad})
		require.ErrorContains(t, err, says)
	}
	none, err := Matchers("filters", nil)
	require.NoError(t, err)
	require.Empty(t, none)
}

// One of several texts is each of them as it is written, whatever signs it has; and "none of them" is the contrary of it.
func TestOneOfSeveralIsEachOfThemLiterally(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[a-c.*+?()|\\\[\]{}^$" ]{0,6}`), 1, 5).Draw(rt, "texts")
		other := rapid.StringMatching(`[a-c.*+?()|\\\[\]{}^$" ]{0,6}`).Draw(rt, "other")
		one, err := Filter{Key: "k", Operator: "=|", Value: texts[0], Values: texts}.Matcher()
		require.NoError(rt, err)
		none, err := Filter{Key: "k", Operator: "!=|", Value: texts[0], Values: texts}.Matcher()
		require.NoError(rt, err)
		among := false
		for _, text := range texts {
			require.True(rt, one.Matches(text), text)
			among = among || text == other
		}
		require.Equal(rt, among, one.Matches(other))
		require.Equal(rt, !among, none.Matches(other))
		require.Equal(rt, labels.MatchRegexp, one.Type)
	})
}
