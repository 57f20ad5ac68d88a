//go:build mage

package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/magefile/mage/mg"
)

// Demo builds everything and shows the main job: in Grafana where one is found (GRAFANA_HOME, or grafana on the PATH), else as
// one HTML page made by the built plugin itself. FOREWARN_DEMO_PORT moves Grafana from 3000.
func Demo() error {
	mg.SerialDeps(Build)
	step("Building the demo's Prometheus and MySQL (some minutes the first time)")
	bin, err := filepath.Abs(filepath.Join("work", "forewarn-demo"))
	if err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	if err := in("demo", "go", "build", "-o", bin, "."); err != nil {
		return err
	}
	home, program := findGrafana()
	if program == "" {
		step("No Grafana on this machine: the plugin is asked over Grafana's own protocol instead (set GRAFANA_HOME to see it in Grafana)")
		return in(".", bin, "report", "-out", filepath.Join("work", "report.html"))
	}
	return demoGrafana(bin, home, program)
}

// findGrafana gives Grafana's home and program; the program is empty where there is none.
func findGrafana() (home, program string) {
	if home = os.Getenv("GRAFANA_HOME"); home != "" {
		return home, filepath.Join(home, "bin", "grafana")
	}
	program, err := exec.LookPath("grafana")
	if err != nil {
		return "", ""
	}
	for _, home := range []string{filepath.Dir(filepath.Dir(program)), "/usr/share/grafana", "/opt/homebrew/share/grafana"} {
		if _, err := os.Stat(filepath.Join(home, "public")); err == nil {
			return home, program
		}
	}
	return "", ""
}

// demoGrafana serves the demo's data and a Grafana with the plugin until it is interrupted.
func demoGrafana(bin, home, program string) error {
	port := os.Getenv("FOREWARN_DEMO_PORT")
	if port == "" {
		port = "3000"
	}
	state, err := filepath.Abs(filepath.Join("work", "grafana"))
	if err != nil {
		return err
	}
	config, err := writeConfig(state, port)
	if err != nil {
		return err
	}
	for _, address := range []string{"127.0.0.1:9190", "127.0.0.1:9306", "127.0.0.1:" + port} {
		if err := free(address); err != nil {
			return err
		}
	}
	step("Serving four weeks of generated data")
	data := exec.Command(bin, "serve")
	data.Stdout, data.Stderr = os.Stderr, os.Stderr
	if err := data.Start(); err != nil {
		return err
	}
	defer func() { _ = data.Process.Kill() }()
	if err := answers("http://127.0.0.1:9190/-/ready", 3*time.Minute); err != nil {
		return err
	}
	step("Starting Grafana")
	log, err := os.Create(filepath.Join(state, "console.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	grafana := exec.Command(program, "server", "--homepath", home, "--config", config)
	grafana.Dir, grafana.Stdout, grafana.Stderr = home, log, log
	if grafana.Env, err = environment(filepath.Join("provisioning", "values.env")); err != nil {
		return err
	}
	if os.Getenv("FOREWARN_STORE_PATH") == "" {
		grafana.Env = append(grafana.Env, "FOREWARN_STORE_PATH="+filepath.Join(state, "forewarn.db"))
	}
	if err := grafana.Start(); err != nil {
		return err
	}
	defer func() { _ = grafana.Process.Kill() }()
	if err := answers("http://127.0.0.1:"+port+"/api/health", 2*time.Minute); err != nil {
		return fmt.Errorf("%w: see %s", err, log.Name())
	}
	fmt.Printf("\nForewarn is at http://127.0.0.1:%s/a/%s/overview (user admin, password admin).\nDashboards: http://127.0.0.1:%s/dashboards?query=Forewarn. Ctrl+C ends it.\n", port, appID, port)
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	<-interrupted
	return nil
}

// free tells of an address that another program listens on, whose answers would be taken for the demo's.
func free(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("%s is needed and in use: end what listens there, perhaps another demo: %w", address, err)
	}
	return l.Close()
}

// environment is this process's, and the values of a file for variables that it lacks.
func environment(file string) ([]string, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	env := os.Environ()
	for _, line := range strings.Split(string(raw), "\n") {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if _, set := os.LookupEnv(name); ok && !set && !strings.HasPrefix(name, "#") {
			env = append(env, name+"="+value)
		}
	}
	return env, nil
}

// writeConfig makes an offline Grafana with the built plugin and the provisioning of this repository.
func writeConfig(state, port string) (string, error) {
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	plugins := filepath.Join(state, "plugins")
	if err := os.MkdirAll(plugins, 0o755); err != nil {
		return "", err
	}
	link := filepath.Join(plugins, appID)
	if err := os.RemoveAll(link); err != nil {
		return "", err
	}
	if err := os.Symlink(filepath.Join(root, "dist"), link); err != nil {
		return "", err
	}
	text := fmt.Sprintf(`[paths]
data = %[1]s/data
logs = %[1]s/log
plugins = %[1]s/plugins
provisioning = %[2]s/provisioning
[server]
http_addr = 127.0.0.1
http_port = %[3]s
root_url = http://127.0.0.1:%[3]s/
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
[security]
disable_gravatar = true
[news]
news_feed_enabled = false
[plugins]
allow_loading_unsigned_plugins = forewarn-earlywarning-app,forewarn-earlywarning-datasource
preinstall_disabled = true
public_key_retrieval_disabled = true
[unified_alerting]
alertmanager_config_poll_interval = 5s
`, state, root, port)
	config := filepath.Join(state, "grafana.ini")
	return config, os.WriteFile(config, []byte(text), 0o600)
}

// answers waits until an address answers with 200.
func answers(url string, limit time.Duration) error {
	for until := time.Now().Add(limit); time.Now().Before(until); time.Sleep(300 * time.Millisecond) {
		if resp, err := http.Get(url); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("%s gave no answer within %s", url, limit)
}
