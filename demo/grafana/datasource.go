package grafana

import (
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// DataSource is a provisioned data source of the plugin.
type DataSource struct {
	UID, Name, URL string
	JSONData       map[string]any
	Secure         map[string]string
}

// DataSources reads the plugin's data sources in every *.yaml of a folder. $NAME and ${NAME} come from the environment, as Grafana takes
// them; an unset one becomes empty.
func DataSources(dir string) ([]DataSource, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var list []DataSource
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		some, err := parseDataSources(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		list = append(list, some...)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: no data source of type %s in %s", ErrFormat, DataSourceType, dir)
	}
	return list, nil
}

func parseDataSources(raw []byte) ([]DataSource, error) {
	var f struct {
		Datasources []struct {
			Name, UID, Type, URL string
			JSONData             map[string]any    `yaml:"jsonData"`
			Secure               map[string]string `yaml:"secureJsonData"`
		}
	}
	if err := yaml.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	var list []DataSource
	for _, d := range f.Datasources {
		if d.Type != DataSourceType {
			continue
		}
		for k, v := range d.Secure {
			d.Secure[k] = os.ExpandEnv(v)
		}
		expanded, _ := expand(d.JSONData).(map[string]any)
		list = append(list, DataSource{UID: d.UID, Name: d.Name, URL: os.ExpandEnv(d.URL), JSONData: expanded, Secure: d.Secure})
	}
	return list, nil
}

// expand replaces variables in the texts of settings, at whatever depth.
func expand(v any) any {
	switch v := v.(type) {
	case string:
		return os.ExpandEnv(v)
	case []any:
		for i := range v {
			v[i] = expand(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = expand(v[k])
		}
	}
	return v
}

// Move points the data source at other servers.
func (d *DataSource) Move(prometheusURL, mysqlAddress string) {
	d.URL = prometheusURL
	if m, ok := d.JSONData["mysql"].(map[string]any); ok {
		m["url"] = mysqlAddress
	}
}
