// Package pluginproc runs a built plugin executable as Grafana does: a process of its own, spoken to over go-plugin and
// gRPC. Tests, benchmarks and the demo use it to show that the executable works, not only the code in it.
package pluginproc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
)

// ErrStart is wrapped when the executable cannot be started, or does not answer as a Grafana plugin.
var ErrStart = errors.New("plugin process did not start")

// Options of a plugin process; the zero value is fine.
type Options struct {
	Env     []string      // all that the process sees of an environment, such as GF_PLUGIN_STORE_PATH=…
	Log     io.Writer     // what the process writes to its standard error; nil = dropped
	Timeout time.Duration // for the start; 0 = 30 s
}

// Process is a running plugin. Its calls are safe for concurrent use.
type Process struct {
	client      *goplugin.Client
	pid         int
	diagnostics grpcplugin.DiagnosticsClient
	resource    grpcplugin.ResourceClient
	data        grpcplugin.DataClient
}

// Start runs the executable and completes the handshake. The caller closes the process.
func Start(executable string, o Options) (*Process, error) {
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	cmd := exec.Command(executable)
	cmd.Env = o.Env
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  grpcplugin.ProtocolVersion,
			MagicCookieKey:   grpcplugin.MagicCookieKey,
			MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{grpcplugin.ProtocolVersion: {
			"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
			"resource":    &grpcplugin.ResourceGRPCPlugin{},
			"data":        &grpcplugin.DataGRPCPlugin{},
		}},
		Cmd:              cmd,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		SkipHostEnv:      true,
		StartTimeout:     o.Timeout,
		Stderr:           o.Log,
		Logger:           hclog.NewNullLogger(),
	})
	p := &Process{client: client}
	if err := p.connect(); err != nil {
		client.Kill()
		return nil, fmt.Errorf("%w: %s: %w", ErrStart, executable, err)
	}
	return p, nil
}

func (p *Process) connect() error {
	rpc, err := p.client.Client()
	if err != nil {
		return err
	}
	p.pid = p.client.ReattachConfig().Pid
	if p.diagnostics, err = dispense[grpcplugin.DiagnosticsClient](rpc, "diagnostics"); err != nil {
		return err
	}
	if p.resource, err = dispense[grpcplugin.ResourceClient](rpc, "resource"); err != nil {
		return err
	}
	p.data, err = dispense[grpcplugin.DataClient](rpc, "data")
	return err
}

func dispense[T any](rpc goplugin.ClientProtocol, name string) (T, error) {
	var none T
	raw, err := rpc.Dispense(name)
	if err != nil {
		return none, err
	}
	client, ok := raw.(T)
	if !ok {
		return none, fmt.Errorf("the %s client is a %T", name, raw)
	}
	return client, nil
}

// PID is the id of the process.
func (p *Process) PID() int { return p.pid }

// Exited tells whether the process has ended, by itself or by Close.
func (p *Process) Exited() bool { return p.client.Exited() }

// Close asks the process to end and kills it after two seconds. It may be called more than once.
func (p *Process) Close() { p.client.Kill() }

// StartBuilt builds the plugin into a folder and starts it.
func StartBuilt(ctx context.Context, dir string, o Options) (*Process, error) {
	executable, err := Build(ctx, dir)
	if err != nil {
		return nil, err
	}
	return Start(executable, o)
}
