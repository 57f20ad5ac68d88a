package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
)

// AppendAudit adds a line and gives it back with number, time and hashes.
func (s *space) AppendAudit(ctx context.Context, e Entry) (Entry, error) {
	err := s.db.transact(ctx, func(t *tx) (err error) {
		e, err = s.append(t, e)
		return err
	})
	return e, err
}

// append adds a line within a transaction. The head's row is locked first, so that lines get their numbers one by one.
func (s *space) append(t *tx, e Entry) (Entry, error) {
	if e.Who == "" || e.Action == "" {
		return e, errors.New("a line of the trail needs who did what")
	}
	now, err := t.now()
	if err != nil {
		return e, err
	}
	if e.Time.IsZero() {
		e.Time = fromMillis(now)
	}
	e.Time = fromMillis(millis(e.Time)) // as it is kept
	head := "SELECT seq, hash FROM forewarn_audit_head WHERE space = ?" + t.locking(false)
	err = t.one(head, []any{s.name}, &e.Seq, &e.Previous)
	if errors.Is(err, ErrNotFound) {
		insert := "INSERT OR IGNORE"
		if t.kind == MySQL {
			insert = "INSERT IGNORE"
		}
		if _, err := t.exec(insert+" INTO forewarn_audit_head (space, seq, hash) VALUES (?, 0, '')", s.name); err != nil {
			return e, err
		}
		err = t.one(head, []any{s.name}, &e.Seq, &e.Previous)
	}
	if err != nil {
		return e, err
	}
	e.Seq++
	row, err := s.row(&e)
	if err != nil {
		return e, err
	}
	if _, err := t.exec("INSERT INTO forewarn_audit ("+auditColumns+", space) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", append(row.args(), s.name)...); err != nil {
		return e, err
	}
	_, err = t.exec("UPDATE forewarn_audit_head SET seq = ?, hash = ? WHERE space = ?", e.Seq, e.Hash, s.name)
	return e, err
}

const auditColumns = "seq, made_at, who, action, model, version, subject, labels, details, note, hash, previous"

// auditRow is a line as it is kept; its texts are what the hash is made of.
type auditRow struct {
	seq, at                                     int64
	who, action, model                          string
	version                                     int
	subject, labels, details, note, hash, prior string
}

func (r *auditRow) args() []any {
	return []any{r.seq, r.at, r.who, r.action, r.model, r.version, r.subject, r.labels, r.details, r.note, r.hash, r.prior}
}

func (r *auditRow) into() []any {
	return []any{&r.seq, &r.at, &r.who, &r.action, &r.model, &r.version, &r.subject, &r.labels, &r.details, &r.note, &r.hash, &r.prior}
}

// row writes a line as it is kept, and its hash.
func (s *space) row(e *Entry) (*auditRow, error) {
	labels, err := json.Marshal(e.Labels)
	if err != nil {
		return nil, err
	}
	for k, v := range e.Values {
		if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			e.Values[k] = nil // JSON has no such number
		}
	}
	details, err := json.Marshal(e.Values)
	if err != nil {
		return nil, fmt.Errorf("a line of the trail: values: %w", err)
	}
	r := &auditRow{seq: e.Seq, at: millis(e.Time), who: clip(e.Who), action: clip(e.Action), model: clip(e.Model), version: e.Version, subject: unicodeOf(e.Subject),
		labels: string(labels), details: string(details), note: unicodeOf(e.Note), prior: e.Previous}
	e.Hash = r.digest(s.name)
	r.hash = e.Hash
	return r, nil
}

// clip shortens a text to what its column holds.
func clip(text string) string {
	const most = 190
	text = unicodeOf(text)
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

// digest is the SHA-256 of everything in the line but the hash itself, and of the data source it belongs to.
func (r *auditRow) digest(space string) string {
	raw, err := json.Marshal([]any{space, r.seq, r.at, r.who, r.action, r.model, r.version, r.subject, r.labels, r.details, r.note, r.prior})
	if err != nil {
		return "" // texts and whole numbers only: never
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// pruned is the anchor that a line of PruneAudit names.
func (r *auditRow) pruned() anchor {
	var said struct {
		Through int64  `json:"through"`
		Hash    string `json:"hash"`
	}
	_ = json.Unmarshal([]byte(r.details), &said)
	return anchor{said.Through, said.Hash}
}

func (r *auditRow) entry() (Entry, error) {
	e := Entry{Seq: r.seq, Time: fromMillis(r.at), Who: r.who, Action: r.action, Model: r.model, Version: r.version, Subject: r.subject, Note: r.note, Hash: r.hash, Previous: r.prior}
	if err := json.Unmarshal([]byte(r.labels), &e.Labels); err != nil {
		return e, fmt.Errorf("line %d of the trail: labels: %w", r.seq, err)
	}
	if err := json.Unmarshal([]byte(r.details), &e.Values); err != nil {
		return e, fmt.Errorf("line %d of the trail: values: %w", r.seq, err)
	}
	return e, nil
}

// where gives the condition of a filter with its arguments.
func (s *space) where(f AuditFilter) (string, []any) {
	cond, args := []string{"space = ?"}, []any{s.name}
	add := func(text string, v ...any) { cond, args = append(cond, text), append(args, v...) }
	if !f.From.IsZero() {
		add("made_at >= ?", millis(f.From))
	}
	if !f.To.IsZero() {
		add("made_at < ?", millis(f.To))
	}
	if f.Kind != "" {
		add("(action = ? OR SUBSTR(action, 1, ?) = ?)", f.Kind, len([]rune(f.Kind))+1, f.Kind+".")
	}
	if f.Model != "" {
		add("model = ?", f.Model)
	}
	if f.Before > 0 {
		add("seq < ?", f.Before)
	}
	if f.Open {
		add("seq IN (SELECT o.seq FROM forewarn_warnings o WHERE o.space = ? AND o.warning NOT LIKE ?)", s.name, crossings+"%")
	}
	return strings.Join(cond, " AND "), args
}

// CountAudit gives the number of matching lines.
func (s *space) CountAudit(ctx context.Context, f AuditFilter) (n int, err error) {
	cond, args := s.where(f)
	err = s.db.rows(ctx, func(r *sql.Rows) error { return r.Scan(&n) }, "SELECT COUNT(*) FROM forewarn_audit WHERE "+cond, args...)
	return n, err
}

// Audit gives lines, newest first, and whether more match.
func (s *space) Audit(ctx context.Context, f AuditFilter) (lines []Entry, more bool, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	cond, args := s.where(f)
	lines = []Entry{}
	err = s.db.rows(ctx, func(rows *sql.Rows) error {
		var r auditRow
		if err := rows.Scan(r.into()...); err != nil {
			return err
		}
		e, err := r.entry()
		lines = append(lines, e)
		return err
	}, "SELECT "+auditColumns+" FROM forewarn_audit WHERE "+cond+" ORDER BY seq DESC LIMIT ?", append(args, limit+1)...)
	if len(lines) > limit {
		return lines[:limit], true, err
	}
	return lines, false, err
}

// page is how many lines are read at a time.
const page = 1000

// each calls do for every matching line, oldest first, a page at a time, so that neither memory nor a connection is held.
func (s *space) each(ctx context.Context, f AuditFilter, do func(*auditRow) error) error {
	cond, args := s.where(f)
	last := int64(0)
	for {
		var rows []auditRow
		err := s.db.rows(ctx, func(r *sql.Rows) error {
			var one auditRow
			err := r.Scan(one.into()...)
			rows = append(rows, one)
			return err
		}, "SELECT "+auditColumns+" FROM forewarn_audit WHERE "+cond+" AND seq > ? ORDER BY seq LIMIT ?", append(append([]any{}, args...), last, page)...)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := do(&rows[i]); err != nil {
				return err
			}
			last = rows[i].seq
		}
		if len(rows) < page {
			return nil
		}
	}
}

// ExportAudit calls each for every matching line, oldest first, until it gives an error.
func (s *space) ExportAudit(ctx context.Context, f AuditFilter, each func(Entry) error) error {
	return s.each(ctx, f, func(r *auditRow) error {
		e, err := r.entry()
		if err != nil {
			return err
		}
		return each(e)
	})
}

// VerifyAudit computes all hashes anew. A line that was changed, taken out, put in or cut off at the end is found.
func (s *space) VerifyAudit(ctx context.Context) (Verified, error) {
	v := Verified{OK: true}
	broken := func(seq int64, why string) {
		if v.OK {
			v.OK, v.FirstBroken, v.Message = false, seq, why
		}
	}
	// The head first: lines that come while this reads lie beyond it.
	var head int64
	var hash string
	if err := s.db.rows(ctx, func(r *sql.Rows) error { return r.Scan(&head, &hash) }, "SELECT seq, hash FROM forewarn_audit_head WHERE space = ?", s.name); err != nil {
		return v, err
	}
	// Lines taken away by PruneAudit end at the anchor, and the newest line about that says the same.
	var from, said anchor
	if err := s.db.rows(ctx, func(r *sql.Rows) error { return r.Scan(&from.seq, &from.hash) }, "SELECT seq, hash FROM forewarn_audit_anchor WHERE space = ?", s.name); err != nil {
		return v, err
	}
	previous := from.hash
	err := s.each(ctx, AuditFilter{}, func(r *auditRow) error {
		v.Entries++
		if r.action == TrailPrune {
			said = r.pruned()
		}
		next := from.seq + v.Entries
		switch {
		case r.seq != next:
			broken(next, fmt.Sprintf("line %d is missing", next))
		case r.prior != previous:
			broken(r.seq, fmt.Sprintf("line %d does not follow on the line before it", r.seq))
		case r.hash != r.digest(s.name):
			broken(r.seq, fmt.Sprintf("line %d does not match its hash: it was changed", r.seq))
		case r.seq == head && r.hash != hash:
			broken(r.seq, fmt.Sprintf("line %d is not the one that was written last", r.seq))
		}
		previous = r.hash
		return nil
	})
	if end := from.seq + v.Entries; end < head {
		broken(end+1, fmt.Sprintf("the trail ends at line %d, and %d were written", end, head))
	}
	if err == nil && from != said {
		broken(from.seq+1, fmt.Sprintf("the trail begins after line %d, and no line says that those before it were taken away", from.seq))
	}
	return v, err
}
