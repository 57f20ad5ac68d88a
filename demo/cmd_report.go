package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/forewarn/earlywarning/demo/grafana"
	"github.com/forewarn/earlywarning/demo/report"
	"github.com/forewarn/earlywarning/demo/servers"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

func makeReport(ctx context.Context, args []string, out io.Writer) (err error) {
	var f serverFlags
	set := flag.NewFlagSet("report", flag.ContinueOnError)
	set.SetOutput(out)
	f.register(set)
	root := set.String("root", "", "`folder` with provisioning/ and src/dashboards/; empty = this one or the nearest above it")
	plugin := set.String("plugin", "", "`file` of the built plugin; empty = that in dist/datasource, or built now")
	to := set.String("out", "report.html", "`file` of the page")
	if err := set.Parse(args); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if *root, err = findRoot(*root); err != nil {
		return err
	}
	sources, err := grafana.DataSources(filepath.Join(*root, "provisioning", "datasources"))
	if err != nil {
		return err
	}
	rules, err := grafana.Rules(filepath.Join(*root, "provisioning", "alerting"))
	if err != nil {
		return err
	}

	f.prometheus, f.mysql = free(f.prometheus), free(f.mysql)
	s, err := f.start(ctx, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	source := sources[0]
	source.Move("http://"+s.Prometheus.Address(), s.MySQL.Address())

	p, err := startPlugin(ctx, *root, *plugin, out)
	if err != nil {
		return err
	}
	defer p.Close()

	now := time.Now()
	dashboards, err := grafana.Dashboards(filepath.Join(*root, "src", "dashboards"), now)
	if err != nil {
		return err
	}
	res, err := report.Run(ctx, report.Work{Plugin: p, Dashboards: dashboards, Rules: rules, Now: now,
		Source: pluginproc.DataSource{UID: source.UID, URL: source.URL, JSONData: source.JSONData, Secure: source.Secure},
		Print:  func(line string) { _, _ = fmt.Fprintln(out, line) }})
	if err != nil {
		return err
	}
	if err := writePage(*to, res, s); err != nil {
		return err
	}
	shown, err := filepath.Abs(*to)
	if err != nil {
		shown = *to
	}
	_, _ = fmt.Fprintf(out, "\nThe page with all charts: %s\n", shown)
	if res.Failed > 0 {
		return fmt.Errorf("%d queries or rules failed, see above", res.Failed)
	}
	return nil
}

func writePage(file string, res *report.Result, s *servers.Servers) error {
	var b bytes.Buffer
	if err := report.Write(&b, res, s.World.Incidents()); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

func startPlugin(ctx context.Context, root, file string, out io.Writer) (*pluginproc.Process, error) {
	if file == "" {
		built := filepath.Join(root, "dist", "datasource", pluginproc.Executable())
		if _, err := os.Stat(built); err == nil {
			file = built
		}
	}
	if file != "" {
		_, _ = fmt.Fprintf(out, "Plugin          %s\n", file)
		return pluginproc.Start(file, pluginproc.Options{})
	}
	_, _ = fmt.Fprintln(out, "Building the plugin, for there is none in dist/datasource ...")
	dir, err := os.MkdirTemp("", "forewarn-plugin-")
	if err != nil {
		return nil, err
	}
	// The process has the file open by the time the folder goes.
	defer func() { _ = os.RemoveAll(dir) }()
	return pluginproc.StartBuilt(ctx, dir, pluginproc.Options{})
}

// findRoot looks for the folder with the provisioning files, upwards.
func findRoot(dir string) (string, error) {
	given := dir
	if dir == "" {
		dir = "."
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "provisioning", "datasources")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if given != "" || up == dir {
			return "", fmt.Errorf("no provisioning/datasources in %q; -root names the folder that has it", dir)
		}
		dir = up
	}
}

// free gives the address, or any free port of the same host where the address is taken: a report needs no certain port, and
// must not ask another demo's servers.
func free(address string) string {
	l, err := net.Listen("tcp", address)
	if err == nil {
		_ = l.Close()
		return address
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return net.JoinHostPort(host, "0")
}
