// Package plugin is what Grafana talks to: one file for each interface of the SDK.
package plugin

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/resource/httpadapter"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

// Bytes that the caches of one data source may hold.
const (
	readBytes = 48 << 20
	fitBytes  = 48 << 20
)

// Instance serves one configured data source.
type Instance struct {
	backend.CallResourceHandler
	sources  map[source.Kind]source.Source
	engine   *query.Engine
	defaults query.Defaults
	metrics  *Metrics
	version  string
	db       *store.DB
	store    store.Store // this data source's part of db
	storeErr error       // of settings that cannot work; models are then kept in memory
	release  func()
	alerting *alerting
	gate     *train.Gate
	trainer  *train.Trainer

	provisioned provisioned
}

// Every interface that plugin.json promises.
var (
	_ backend.QueryDataHandler      = (*Instance)(nil)
	_ backend.CheckHealthHandler    = (*Instance)(nil)
	_ backend.CallResourceHandler   = (*Instance)(nil)
	_ instancemgmt.InstanceDisposer = (*Instance)(nil)
)

// Factory makes instances that share the process's metrics, stores and processors; version is the plugin's, storePath that of Grafana's
// configuration.
func Factory(m *Metrics, version, storePath string) func(context.Context, backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	open, gate := newStores(storePath), train.NewGate()
	return func(ctx context.Context, s backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
		conf, err := loadSettings(s)
		if err != nil {
			return nil, err
		}
		i := &Instance{sources: sources(ctx, s, conf), defaults: conf.Defaults, metrics: m, version: version}
		i.engine = query.NewEngine(m.watch(i.sources), time.Now, readBytes, fitBytes)
		if i.db, i.release, i.storeErr = open.get(s, conf); i.storeErr != nil {
			if i.db, i.release, err = open.get(s, settings{}); err != nil {
				return nil, err
			}
		}
		i.store = i.db.Space(spaceOf(ctx, s))
		i.alerting = newAlerting(i, s, conf)
		i.gate = gate
		i.trainer = train.New(i.store, i.engine, i.gate, train.Options{Defaults: conf.Defaults, Log: backend.Logger.Debug})
		i.trainer.Start()
		i.provision(conf.Models)
		m.live.add(i, s.UID)
		i.CallResourceHandler = httpadapter.New(i.routes())
		return i, nil
	}
}

// Dispose puts back what is being trained and closes the connections.
func (i *Instance) Dispose() {
	i.metrics.live.remove(i)
	i.trainer.Close()
	i.release()
	for _, s := range i.sources {
		_ = s.Close()
	}
}
