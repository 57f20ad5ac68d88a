package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/warn"
)

func pages(t *testing.T) []string {
	t.Helper()
	out := []string{root("README.md"), root("CONTRIBUTING.md"), root("CHANGELOG.md"), root("src", "README.md")}
	out = append(out, files(t, "docs", "*.md")...)
	return append(out, files(t, "docs", "*", "*.md")...)
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	fence   = regexp.MustCompile("(?s)```.*?```")
)

// anchors gives the targets that a page's headings make, as GitHub makes them.
func anchors(page string) map[string]bool {
	out := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		name := strings.ToLower(regexp.MustCompile(`[^\p{L}\p{N}\- ]`).ReplaceAllString(m[1], ""))
		out[strings.ReplaceAll(name, " ", "-")] = true
	}
	return out
}

func TestLinksResolve(t *testing.T) {
	for _, page := range pages(t) {
		text := string(read(t, page))
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.HasPrefix(target, "https://") {
				continue
			}
			require.NotContains(t, page, filepath.Join("src", "README.md"), "the catalogue page needs absolute links, has %s", m[1])
			to := page
			if target != "" {
				to = filepath.Join(filepath.Dir(page), filepath.FromSlash(target))
				_, err := os.Stat(to)
				require.NoError(t, err, "%s links to %s", page, m[1])
			}
			if anchor != "" {
				require.True(t, anchors(string(read(t, to)))[anchor], "%s links to %s: no such heading", page, m[1])
			}
		}
	}
}

// Every picture is shown, or led to, by some page.
func TestPicturesAreShown(t *testing.T) {
	shown := map[string]bool{}
	for _, page := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(string(read(t, page)), -1) {
			shown[filepath.Clean(filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1])))] = true
		}
	}
	for _, picture := range append(files(t, "docs", "img", "*"), files(t, "docs", "algorithms", "img", "*")...) {
		require.True(t, shown[filepath.Clean(picture)], "no page shows %s", picture)
	}
}

// Every decision is in the index, and has the three parts.
func TestDecisions(t *testing.T) {
	index := string(read(t, root("docs", "decisions", "README.md")))
	for _, path := range files(t, "docs", "decisions", "0*.md") {
		text := string(read(t, path))
		require.Contains(t, index, filepath.Base(path))
		for _, part := range []string{"**Context.**", "**Choice.**", "**Consequences.**"} {
			require.Contains(t, text, part, path)
		}
	}
}

// Commands that the pages tell people to type exist in the Magefile.
func TestDocumentedCommandsExist(t *testing.T) {
	targets := map[string]bool{}
	for _, file := range append(files(t, "mage_*.go"), root("Magefile.go")) {
		for _, m := range regexp.MustCompile(`(?m)^func (?:\((\w+)\) )?([A-Z]\w*)\(`).FindAllStringSubmatch(string(read(t, file)), -1) {
			targets[strings.ToLower(strings.TrimPrefix(m[1]+":"+m[2], ":"))] = true
		}
	}
	used := map[string]bool{}
	for _, page := range pages(t) {
		for _, m := range regexp.MustCompile("go tool mage ([a-zA-Z0-9]+(?::[a-zA-Z0-9]+)?)").FindAllStringSubmatch(string(read(t, page)), -1) {
			used[m[1]] = true
			require.True(t, targets[strings.ToLower(m[1])], "%s tells to run `go tool mage %s`", page, m[1])
		}
	}
	require.True(t, used["demo"] && used["test"], "the README shows both commands")
}

// The query reference names every type, output, algorithm and the two values that stand for "no time".
func TestQueryReferenceIsComplete(t *testing.T) {
	text := string(read(t, root("docs", "queries.md")))
	for _, kind := range []query.Type{query.Forecast, query.Anomaly, query.Warning, query.Outlier, query.Composite, query.Series} {
		row := regexp.MustCompile(`(?m)^\| ` + string(kind) + ` \| (.*) \|$`).FindStringSubmatch(text[strings.Index(text, "## Outputs"):])
		require.NotNil(t, row, "no row of outputs for %s", kind)
		var want []string
		for _, o := range query.Outputs(kind) {
			want = append(want, "`"+string(o)+"`")
		}
		require.Equal(t, strings.Join(want, ", "), row[1], "outputs of %s", kind)
	}
	var ids []string
	for _, a := range forecast.Algorithms() {
		ids = append(ids, a.ID)
	}
	for _, a := range detect.Algorithms() {
		ids = append(ids, a.ID)
	}
	for _, a := range group.Algorithms() {
		ids = append(ids, a.ID)
	}
	algorithms := string(read(t, root("docs", "algorithms", "README.md")))
	for _, id := range ids {
		require.True(t, strings.Contains(algorithms, "`"+id+"`"), "algorithm %s is not in the reference", id)
	}
	for _, v := range []float64{warn.Never, warn.Uncertain} {
		require.True(t, strings.Contains(text, strconv.FormatFloat(v, 'f', -1, 64)), "the value %v is not in the reference", v)
	}
}

// What an algorithm's page shows is a query that can be asked, as soon as it says of what.
func TestTheAlgorithmsExamplesAreQueries(t *testing.T) {
	found := 0
	for _, page := range files(t, "docs", "algorithms", "*.md") {
		for _, m := range regexp.MustCompile("(?s)```json\\n(\\{.*?\\})\\n```").FindAllStringSubmatch(string(read(t, page)), -1) {
			of := `{"source": {"kind": "prometheus", "expr": "up"}, "threshold": {"value": 90}, `
			if strings.Contains(m[1], `"composite"`) {
				of = `{"join": ["host"], "sources": [{"name": "a", "kind": "prometheus", "expr": "up"}, {"name": "b", "kind": "prometheus", "expr": "up"}], `
			}
			_, err := query.Parse([]byte(of+strings.TrimPrefix(m[1], "{")), query.Defaults{})
			require.NoError(t, err, "%s: %s", page, m[1])
			found++
		}
	}
	require.Len(t, files(t, "docs", "algorithms", "*.md"), found+1, "one on each page but the list of them")
}

// Pages hold no path of the machine they were written on.
func TestNoMachinePaths(t *testing.T) {
	local := regexp.MustCompile(`(^|[\s"'(=])/(work|opt|root|home|tmp|Users)/`)
	all := append(pages(t), files(t, "provisioning", "*", "*.yaml")...)
	all = append(all, root("docker-compose.yml"))
	for _, page := range append(all, files(t, "src", "dashboards", "*.json")...) {
		require.NotRegexp(t, local, string(read(t, page)), page)
	}
}
