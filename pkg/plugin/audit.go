package plugin

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// mostLines of the trail in one answer.
const mostLines = 1000

// auditFilter reads the filter of a request.
func auditFilter(r *http.Request) (f store.AuditFilter, err error) {
	q := r.URL.Query()
	f.Kind, f.Model = q.Get("kind"), q.Get("model")
	for name, into := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		if text := q.Get(name); text != "" {
			if *into, err = time.Parse(time.RFC3339, text); err != nil {
				return f, badField(name, text, "a time such as 2026-11-20T10:00:00Z")
			}
		}
	}
	if text := q.Get("limit"); text != "" {
		if f.Limit, err = strconv.Atoi(text); err != nil || f.Limit < 1 || f.Limit > mostLines {
			return f, badField("limit", text, fmt.Sprintf("1 to %d", mostLines))
		}
	}
	if text := q.Get("before"); text != "" {
		if f.Before, err = strconv.ParseInt(text, 10, 64); err != nil || f.Before < 1 {
			return f, badField("before", text, "the number of a line")
		}
	}
	return f, nil
}

func entryOf(e store.Entry) api.Entry {
	if e.Labels == nil {
		e.Labels = map[string]string{}
	}
	if e.Values == nil {
		e.Values = map[string]any{}
	}
	return api.Entry(e)
}

func entriesOf(lines []store.Entry) []api.Entry {
	out := make([]api.Entry, len(lines))
	for k, e := range lines {
		out[k] = entryOf(e)
	}
	return out
}

// audit answers GET audit.
func (i *Instance) audit(w http.ResponseWriter, r *http.Request) error {
	f, err := auditFilter(r)
	if err != nil {
		return err
	}
	lines, more, err := i.store.Audit(r.Context(), f)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, api.Audit{Entries: entriesOf(lines), More: more})
	return nil
}

// verifyAudit answers GET audit/verify.
func (i *Instance) verifyAudit(w http.ResponseWriter, r *http.Request) error {
	v, err := i.store.VerifyAudit(r.Context())
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, api.Verified(v))
	return nil
}

// exportAudit answers GET audit/export with every matching line, oldest first, as CSV or as JSON lines.
func (i *Instance) exportAudit(w http.ResponseWriter, r *http.Request) error {
	f, err := auditFilter(r)
	if err != nil {
		return err
	}
	format := r.URL.Query().Get("format")
	if format == "" {
		format = "json"
	}
	write, flush := jsonLines(w)
	switch format {
	case "json":
	case "csv":
		write, flush = csvLines(w)
	default:
		return badField("format", format, "csv or json")
	}
	// The first line decides the status: a store that fails before it is an error, one that fails later ends the file.
	started := false
	err = i.store.ExportAudit(r.Context(), f, func(e store.Entry) error {
		if !started {
			download(w, "forewarn-audit."+format, format)
			started = true
		}
		return write(entryOf(e))
	})
	switch {
	case err != nil && !started:
		return err
	case err != nil:
		backend.Logger.FromContext(r.Context()).Error("The export of the trail ends early", "error", err)
	case !started:
		download(w, "forewarn-audit."+format, format)
	}
	_ = flush()
	return nil
}

func download(w http.ResponseWriter, name, format string) {
	kind := "application/x-ndjson"
	if format == "csv" {
		kind = "text/csv; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.WriteHeader(http.StatusOK)
}

func jsonLines(w http.ResponseWriter) (write func(api.Entry) error, flush func() error) {
	enc := json.NewEncoder(w)
	return func(e api.Entry) error { return enc.Encode(e) }, func() error { return nil }
}

func csvLines(w http.ResponseWriter) (write func(api.Entry) error, flush func() error) {
	out, header := csv.NewWriter(w), false
	head := func() error {
		if header {
			return nil
		}
		header = true
		return out.Write([]string{"seq", "time", "who", "action", "model", "version", "subject", "labels", "values", "note", "hash", "previous"})
	}
	write = func(e api.Entry) error {
		if err := head(); err != nil {
			return err
		}
		labels, _ := json.Marshal(e.Labels)
		values, err := json.Marshal(e.Values)
		if err != nil {
			return err
		}
		return out.Write([]string{strconv.FormatInt(e.Seq, 10), e.Time.Format(time.RFC3339Nano), cell(e.Who), cell(e.Action), cell(e.Model), strconv.Itoa(e.Version), cell(e.Subject),
			string(labels), string(values), cell(e.Note), e.Hash, e.Previous})
	}
	return write, func() error {
		if err := head(); err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	}
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
