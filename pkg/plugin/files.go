package plugin

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// exportModel answers GET models/{name}/export with the live version, or with ?versions=all with every one.
func (i *Instance) exportModel(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	m, seen, err := i.look(r.Context(), name)
	if err != nil {
		return err
	}
	versions, err := i.store.Versions(r.Context(), name)
	if err != nil {
		return err
	}
	file := api.Export{Format: api.ExportFormat, Definition: seen.Definition, Live: m.Live, Versions: []api.ExportVersion{}}
	all := r.URL.Query().Get("versions") == "all"
	for k := len(versions) - 1; k >= 0; k-- {
		if !all && versions[k].Number != m.Live {
			continue
		}
		v, err := i.store.Version(r.Context(), name, versions[k].Number)
		if err != nil {
			return err
		}
		one, err := exported(v, m.Live)
		if err != nil {
			return err
		}
		file.Versions = append(file.Versions, one)
	}
	if file.Checksum, err = checksum(file); err != nil {
		return err
	}
	if _, err := i.store.AppendAudit(r.Context(), store.Entry{Who: who(r), Action: "model.export", Model: name, Version: m.Live}); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", fileName(name)))
	reply(w, http.StatusOK, file)
	return nil
}

// fileName keeps letters and digits of the model's name.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		default:
			return '-'
		}
	}, name) + ".forewarn.json"
}

// importModel answers POST models/import: a new model from a file, under its own name or that of ?name=.
func (i *Instance) importModel(w http.ResponseWriter, r *http.Request) error {
	var file api.Export
	if err := read(w, r, &file); err != nil {
		return err
	}
	if err := checkFile(file); err != nil {
		return err
	}
	if name := r.URL.Query().Get("name"); name != "" {
		file.Definition.Name = name
	}
	c, raw, err := i.compile(file.Definition, false)
	if err != nil {
		return err
	}
	versions := make([]*store.Version, len(file.Versions))
	for k, v := range file.Versions {
		if versions[k], err = imported(v); err != nil {
			return err
		}
	}
	name := c.Definition.Name
	line := store.Entry{Who: who(r), Action: "model.import", Model: name, Values: map[string]any{"versions": len(versions)}}
	live := slices.IndexFunc(file.Versions, func(v api.ExportVersion) bool { return v.Number == file.Live })
	if err := i.store.ImportModel(r.Context(), &store.Model{Name: name, Definition: raw, CreatedBy: who(r)}, versions, live, line); err != nil {
		return err
	}
	i.trainer.Forget(name)
	return i.replyModel(w, r, http.StatusCreated, name)
}
