// Command gpx_forewarn is the data source's process: Grafana starts it and speaks to it over the plugin protocol.
package main

import (
	"os"
	"runtime/debug"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/forewarn/earlywarning/pkg/plugin"
)

// Set by the build.
var (
	pluginID = "forewarn-earlywarning-datasource"
	version  = "dev"
)

func main() {
	lean()
	metrics, err := plugin.NewMetrics(prometheus.DefaultRegisterer)
	if err == nil {
		err = datasource.Manage(pluginID, plugin.Factory(metrics, version, storePath()), datasource.ManageOpts{})
	}
	if err != nil {
		log.DefaultLogger.Error("The plugin's process ended", "error", err)
		os.Exit(1)
	}
}

// leanGC is a percentage for the garbage collector at which a process beside Grafana takes a quarter less memory at its peak for
// some percent more time (measured with bench overhead).
const leanGC = 50

// lean collects garbage sooner than Go does by itself, unless the operator set GOGC.
func lean() {
	const goDefault = 100
	if before := debug.SetGCPercent(leanGC); before != goDefault {
		debug.SetGCPercent(before)
	}
}

// storePath is store_path in the plugin's section of Grafana's configuration: where models are kept unless a data source says
// otherwise.
func storePath() string {
	return os.Getenv("GF_PLUGIN_STORE_PATH") //nolint:forbidigo // how Grafana hands a plugin its own section
}
