package pluginproc

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// PluginID is the id of the data source that the executable serves.
const PluginID = "forewarn-earlywarning-datasource"

// Role is a user's role in Grafana.
type Role string

// The roles of Grafana's organisations, and that of a request that Grafana makes by itself (alerting).
const (
	Viewer Role = "Viewer"
	Editor Role = "Editor"
	Admin  Role = "Admin"
	Nobody Role = ""
)

// DataSource is a configured data source.
type DataSource struct {
	UID           string // empty = "forewarn"
	URL           string
	BasicAuthUser string            // non-empty turns basic authentication on
	JSONData      any               // what json.Marshal takes; nil = {}
	Secure        map[string]string // decrypted secureJsonData
}

// Context makes the context that Grafana would send for this data source and a user of the role. Its time of update follows
// from the settings, so that a process makes a new instance exactly when settings differ.
func (d DataSource) Context(role Role) (backend.PluginContext, error) {
	if d.UID == "" {
		d.UID = "forewarn"
	}
	if d.JSONData == nil {
		d.JSONData = struct{}{}
	}
	raw, err := json.Marshal(d.JSONData)
	if err != nil {
		return backend.PluginContext{}, fmt.Errorf("data source %s: jsonData: %w", d.UID, err)
	}
	all, err := json.Marshal(d)
	if err != nil {
		return backend.PluginContext{}, fmt.Errorf("data source %s: %w", d.UID, err)
	}
	hash := fnv.New32a()
	_, _ = hash.Write(all)
	pc := backend.PluginContext{
		OrgID: 1, Namespace: "default", PluginID: PluginID, PluginVersion: "0.0.0", //nolint:staticcheck // Grafana 12.3 still sends OrgID
		DataSourceInstanceSettings: &backend.DataSourceInstanceSettings{
			ID: 1, UID: d.UID, Type: PluginID, Name: d.UID, URL: d.URL, BasicAuthEnabled: d.BasicAuthUser != "", BasicAuthUser: d.BasicAuthUser,
			JSONData: raw, DecryptedSecureJSONData: d.Secure, Updated: time.Unix(int64(hash.Sum32()), 0),
		},
	}
	if role != Nobody {
		login := string(role)
		pc.User = &backend.User{Login: login, Name: login, Email: login + "@example.org", Role: login}
	}
	return pc, nil
}

// Query makes one query of a request; model is its JSON as text, bytes, or anything that json.Marshal takes. A queryType in it
// reaches the request as in Grafana.
func Query(refID string, from, to time.Time, model any) (backend.DataQuery, error) {
	raw, err := marshal(model)
	if err != nil {
		return backend.DataQuery{}, fmt.Errorf("query %s: %w", refID, err)
	}
	var head struct {
		QueryType string `json:"queryType"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return backend.DataQuery{}, fmt.Errorf("query %s: %w", refID, err)
	}
	return backend.DataQuery{RefID: refID, QueryType: head.QueryType, MaxDataPoints: 1000, Interval: time.Minute,
		TimeRange: backend.TimeRange{From: from, To: to}, JSON: raw}, nil
}

func marshal(model any) ([]byte, error) {
	switch m := model.(type) {
	case string:
		return []byte(m), nil
	case []byte:
		return m, nil
	default:
		return json.Marshal(m)
	}
}

// AlertHeaders are the headers of a request that comes from the evaluation of an alert rule.
func AlertHeaders() map[string]string { return map[string]string{"FromAlert": "true"} }
