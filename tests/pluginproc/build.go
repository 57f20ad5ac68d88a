package pluginproc

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const module = "github.com/forewarn/earlywarning"

// Executable is the file name of the plugin for this machine, as Grafana looks for it.
func Executable() string {
	name := "gpx_forewarn_" + runtime.GOOS + "_" + runtime.GOARCH
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return name
}

// Build compiles the plugin for this machine into a folder and gives the executable's path. It needs the go command, and a
// working folder in this module or in one that replaces it by a local folder.
func Build(ctx context.Context, dir string) (string, error) {
	root, err := goCommand(ctx, "", "list", "-m", "-f", "{{.Dir}}", module)
	if err != nil {
		return "", err
	}
	return buildPackage(ctx, strings.TrimSpace(root), "./pkg", filepath.Join(dir, Executable()))
}

func buildPackage(ctx context.Context, root, pkg, out string) (string, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return "", err
	}
	_, err = goCommand(ctx, root, "build", "-o", out, pkg)
	return out, err
}

// goCommand runs the go command in a folder and gives what it printed.
func goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, problem.Bytes())
	}
	return out.String(), nil
}
