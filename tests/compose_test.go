package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Compose mounts what the tests above read, allows both unsigned ids, and needs no internet once the images are there.
func TestCompose(t *testing.T) {
	services := loose(t, root("docker-compose.yml"))["services"].(map[string]any)
	grafana := services["grafana"].(map[string]any)
	env := grafana["environment"].(map[string]any)
	require.Equal(t, appID+","+datasourceID, env["GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS"], "both ids, no space after the comma")
	require.Contains(t, grafana["volumes"], "./dist:/var/lib/grafana/plugins/"+appID+":ro")
	require.Contains(t, grafana["volumes"], "./provisioning:/etc/grafana/provisioning:ro")
	require.Equal(t, []any{"provisioning/values.env"}, grafana["env_file"], "which switches the channels on")
	require.Regexp(t, `^/var/lib/grafana/`, env["FOREWARN_STORE_PATH"], "models are in the volume")
	require.Regexp(t, `^grafana/grafana-oss:12\.3\.`, grafana["image"])
	for _, offline := range []string{"GF_ANALYTICS_CHECK_FOR_UPDATES", "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "GF_ANALYTICS_REPORTING_ENABLED", "GF_NEWS_NEWS_FEED_ENABLED"} {
		require.Equal(t, "false", env[offline], offline)
	}
	require.Equal(t, "service:grafana", services["demo"].(map[string]any)["network_mode"], "the data source's loopback addresses reach the demo")
}

// What compose and the demo's image take from the repository is there, or is what `go tool mage build` makes.
func TestComposeFindsItsFiles(t *testing.T) {
	compose := loose(t, root("docker-compose.yml"))
	for name, one := range compose["services"].(map[string]any) {
		service := one.(map[string]any)
		_, image := service["image"]
		build, builds := service["build"].(map[string]any)
		require.NotEqual(t, image, builds, "%s is an image or is built", name)
		if builds {
			require.Equal(t, ".", build["context"])
			checkDockerfile(t, root(filepath.FromSlash(build["dockerfile"].(string))))
		}
		env, _ := service["env_file"].([]any)
		for _, path := range env {
			require.FileExists(t, root(filepath.FromSlash(path.(string))))
		}
		volumes, _ := service["volumes"].([]any)
		for _, v := range volumes {
			from, to, ok := strings.Cut(v.(string), ":")
			require.True(t, ok, v)
			require.True(t, strings.HasPrefix(to, "/"), v)
			switch {
			case from == "./dist":
			case strings.HasPrefix(from, "./"):
				require.DirExists(t, root(strings.TrimPrefix(from, "./")))
			default:
				require.Contains(t, compose["volumes"], from, "a volume of compose's own")
			}
		}
		declared := string(read(t, root("provisioning", "values.env")))
		variables, _ := service["environment"].(map[string]any)
		for name, value := range variables {
			require.IsType(t, "", value, "%s: a bare true or number is read otherwise by other programs", name)
			require.Regexp(t, `^(GF_[A-Z_]+|FOREWARN_[A-Z_]+)$`, name)
			if strings.HasPrefix(name, "FOREWARN_") {
				require.Contains(t, declared, "\n"+name+"=", "provisioning uses it")
			}
		}
		ports, _ := service["ports"].([]any)
		for _, port := range ports {
			require.Regexp(t, `^127\.0\.0\.1:\d+:\d+$`, port, "nobody else's machine reaches a password like admin")
		}
	}
}

// checkDockerfile looks for what an image copies from the repository, and that it builds with the modules' version of Go.
func checkDockerfile(t *testing.T, path string) {
	t.Helper()
	text := string(read(t, path))
	copied := 0
	for _, m := range regexp.MustCompile(`(?m)^COPY ([^-\n].*)$`).FindAllStringSubmatch(text, -1) {
		parts := strings.Fields(m[1])
		for _, from := range parts[:len(parts)-1] {
			_, err := os.Stat(root(filepath.FromSlash(from)))
			require.NoError(t, err, m[0])
			copied++
		}
	}
	require.Positive(t, copied)
	image := regexp.MustCompile(`(?m)^FROM golang:(\d+\.\d+)`).FindStringSubmatch(text)
	require.NotNil(t, image)
	for _, mod := range []string{root("go.mod"), root("demo", "go.mod")} {
		require.Regexp(t, `(?m)^go `+regexp.QuoteMeta(image[1])+`(\.|$)`, string(read(t, mod)), mod)
	}
	// Of this module's packages the demo may use those that the image has.
	for _, file := range files(t, "demo", "*", "*.go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`"github\.com/forewarn/earlywarning/([a-z]+)(/[a-z]+)?`).FindAllStringSubmatch(string(read(t, file)), -1) {
			if m[1] != "demo" {
				require.Regexp(t, `(?m)^COPY `+m[1]+`(`+regexp.QuoteMeta(m[2])+`)? `, text, "%s imports %s", file, m[0])
			}
		}
	}
}
