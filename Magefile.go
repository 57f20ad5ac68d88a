//go:build mage

// Targets of the project: `go tool mage -l` lists them. Nothing needs installing by hand but Go and Node.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/build"
	"github.com/magefile/mage/mg"
	"github.com/magefile/mage/sh"
)

// Default is what plain `go tool mage` does.
var Default = Build

const appID = "forewarn-earlywarning-app"

// Build makes the plugin for this machine: front end and back end, in dist/.
func Build() error {
	mg.SerialDeps(Frontend, Backend)
	return nil
}

// Backend compiles the data source's process for this machine into dist/datasource/.
func Backend() error {
	step("Compiling the back end for " + runtime.GOOS + "/" + runtime.GOARCH)
	b := build.Build{}
	switch runtime.GOOS + "/" + runtime.GOARCH {
	case "linux/amd64":
		return b.Linux()
	case "linux/arm64":
		return b.LinuxARM64()
	case "darwin/amd64":
		return b.Darwin()
	case "darwin/arm64":
		return b.DarwinARM64()
	case "windows/amd64":
		return b.Windows()
	}
	return fmt.Errorf("no build for %s/%s", runtime.GOOS, runtime.GOARCH)
}

// BuildAll compiles the back end for every platform that Grafana runs on.
func BuildAll() error {
	step("Compiling the back end for linux, darwin and windows")
	b := build.Build{}
	for _, one := range []func() error{b.Linux, b.LinuxARM64, b.Darwin, b.DarwinARM64, b.Windows, b.GenerateManifestFile} {
		if err := one(); err != nil {
			return err
		}
	}
	return nil
}

// Modules installs the front end's packages when package-lock.json has changed since.
func Modules() error {
	lock, err := os.Stat("package-lock.json")
	if err != nil {
		return err
	}
	if done, err := os.Stat("node_modules/.package-lock.json"); err == nil && !done.ModTime().Before(lock.ModTime()) {
		return nil
	}
	step("Installing the front end's packages (some minutes the first time)")
	return sh.RunV("npm", "ci", "--no-progress")
}

// Frontend bundles the app and the data source's editors into dist/.
func Frontend() error {
	mg.Deps(Modules)
	step("Bundling the front end")
	return quiet("npm", "run", "build", "--silent", "--", "--no-stats")
}

// Package makes the offline zip with all platforms: artifacts/forewarn-earlywarning-app-<version>.zip.
func Package() error {
	mg.SerialDeps(Frontend, BuildAll)
	version, err := sh.Output("node", "-p", "require('./package.json').version")
	if err != nil {
		return err
	}
	return zipTree("dist", appID, filepath.Join("artifacts", appID+"-"+strings.TrimSpace(version)+".zip"))
}

// Test installs what it needs and runs every test: Go, the demo, the front end, and the lint rules.
func Test() error {
	mg.SerialDeps(Servers, Modules)
	for _, s := range []struct {
		title string
		argv  []string
		dir   string
	}{
		{"Vetting the Go code", []string{"go", "vet", "-tags", "grafana", "./..."}, "."},
		{"Linting the Go code", []string{"go", "run", linter, "run", "./pkg/...", "./bench/...", "./tests/...", "./tools/..."}, "."},
		{"Linting the demo", []string{"go", "run", linter, "run", "--config", "../.golangci.yml", "./..."}, "demo"},
		{"Testing the Go code", []string{"go", "test", "-count=1", "./..."}, "."},
		{"Testing the demo", []string{"go", "test", "-count=1", "./..."}, "demo"},
		{"Checking types", []string{"npm", "run", "--silent", "typecheck"}, "."},
		{"Linting the front end", []string{"npm", "run", "--silent", "lint"}, "."},
		{"Testing the front end", []string{"npm", "run", "--silent", "test:ci"}, "."},
	} {
		step(s.title)
		if err := in(s.dir, s.argv...); err != nil {
			return fmt.Errorf("%s: %w", strings.ToLower(s.title), err)
		}
	}
	return Frontend()
}

// linter is pinned here, so that every machine applies the same rules.
const linter = "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0"

// Servers makes sure that the tests find a real Prometheus and MariaDB: in CI they are installed, elsewhere a missing one is a
// visible skip.
func Servers() error {
	missing := []string{}
	for program, pkg := range map[string]string{"prometheus": "prometheus", "promtool": "prometheus", "mariadbd": "mariadb-server"} {
		if _, err := exec.LookPath(program); err != nil {
			if _, err := os.Stat("/usr/sbin/" + program); err != nil {
				missing = append(missing, pkg)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if os.Getenv("CI") != "true" {
		step("Not on this machine, their tests are skipped: " + strings.Join(missing, ", "))
		return nil
	}
	step("Installing " + strings.Join(missing, ", "))
	if err := quiet("apt-get", "update"); err != nil {
		return err
	}
	env := map[string]string{"DEBIAN_FRONTEND": "noninteractive"}
	_, err := sh.Exec(env, nil, os.Stderr, "apt-get", append([]string{"install", "-y", "--no-install-recommends"}, missing...)...)
	return err
}

// E2e drives a running Grafana that shows the demo (`go tool mage demo`) with a browser; GRAFANA_URL and CHROMIUM say where both
// are, when not at http://127.0.0.1:3000 and /usr/bin/chromium.
func E2e() error {
	mg.Deps(Modules)
	return sh.RunV("npx", "playwright", "test")
}

// Overhead prints the forecast query's time beside the bare range query's, against a real Prometheus.
func (Bench) Overhead() error { return sh.RunV("go", "run", "./bench", "overhead") }

// Go runs the Go benchmarks of the engines.
func (Bench) Go() error {
	return sh.RunV("go", "test", "-run", "^$", "-bench", ".", "-benchmem", "./pkg/...")
}

func step(text string) { fmt.Fprintln(os.Stderr, "==>", text) }

func in(dir string, argv ...string) error {
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stdout, os.Stderr
	return c.Run()
}

// quiet shows a command's output only when it fails.
func quiet(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		os.Stderr.Write(out)
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}
