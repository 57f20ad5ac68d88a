package plugin

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/source/mysql"
	"github.com/forewarn/earlywarning/pkg/store"
)

// howToKeep is what pages say where models live in memory.
const howToKeep = "Models are kept in memory and are lost when Grafana restarts: give the data source's settings a storePath, or set store_path in the section [plugin.forewarn-earlywarning-datasource] of Grafana's configuration"

// stores are the open databases of the process. Instances come and go with their settings and share them; what is in memory
// lives as long as the process.
type stores struct {
	path string // from Grafana's configuration, where the data source's settings have none
	mu   sync.Mutex
	open map[string]*shared
}

type shared struct {
	db    *store.DB
	users int
}

func newStores(path string) *stores { return &stores{path: path, open: map[string]*shared{}} }

// get gives the database of a data source, and how to give it back.
func (s *stores) get(ds backend.DataSourceInstanceSettings, conf settings) (db *store.DB, release func(), err error) {
	c, err := s.config(ds, conf)
	if err != nil {
		return nil, nil, err
	}
	key := fmt.Sprintf("%s|%s|%s|%s|%t|%s|%s", c.Path, c.URL, c.User, c.Database, conf.Store.TLS, c.Password,
		ds.DecryptedSecureJSONData["storeTLSCACert"])
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.open[key]
	if held == nil {
		if db, err = store.Open(c); err != nil {
			return nil, nil, err
		}
		held = &shared{db: db}
		s.open[key] = held
	}
	held.users++
	return held.db, func() { s.release(key) }, nil
}

func (s *stores) release(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.open[key]
	if held.users--; held.users == 0 && held.db.Kind() != store.Memory {
		_ = held.db.Close()
		delete(s.open, key)
	}
}

func (s *stores) config(ds backend.DataSourceInstanceSettings, conf settings) (store.Config, error) {
	switch conf.Store.Kind {
	case "":
		path := conf.StorePath
		if path == "" {
			path = s.path
		}
		return store.Config{Path: strings.TrimSpace(path)}, nil
	case string(store.MySQL):
		c := store.Config{URL: conf.Store.URL, User: conf.Store.User, Password: ds.DecryptedSecureJSONData["storePassword"], Database: conf.Store.Database}
		if c.URL == "" {
			return c, fmt.Errorf("%w: store.url is empty, host and port of the MySQL server are needed", store.ErrUnavailable)
		}
		if !conf.Store.TLS {
			return c, nil
		}
		var err error
		c.TLS, err = mysql.Config{TLS: true, SkipVerify: conf.Store.TLSSkipVerify, CA: ds.DecryptedSecureJSONData["storeTLSCACert"]}.TLSFor(c.URL)
		return c, err
	default:
		return store.Config{}, fmt.Errorf("%w: store.kind is %q, mysql is needed, or no store and a storePath", store.ErrUnavailable, conf.Store.Kind)
	}
}

// spaceOf names a data source's part of a database.
func spaceOf(ctx context.Context, ds backend.DataSourceInstanceSettings) string {
	return fmt.Sprintf("%d/%s", backend.PluginConfigFromContext(ctx).OrgID, ds.UID) //nolint:staticcheck // the uid is unique within the organisation
}

// storeState checks the store as the pages show it.
func (i *Instance) storeState(ctx context.Context) api.Store {
	if i.storeErr != nil {
		return api.Store{Kind: string(store.Memory), Message: i.storeErr.Error()}
	}
	out := api.Store{Kind: string(i.db.Kind()), Path: i.db.Where()}
	switch err := i.db.Check(ctx); {
	case err != nil:
		out.Message = err.Error()
	case i.db.Kind() == store.Memory:
		out.OK, out.Message = true, howToKeep
	default:
		out.OK = true
	}
	return out
}
