package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Read expands the macros, checks that the statement only reads, runs it in a read-only transaction with the server's own time
// limit, and puts the rows on the grid. The columns are those of Grafana's MySQL source: `time` or `time_sec`, text columns as
// labels (`metric` names the series), and numbers.
func (c *Client) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	if !r.From.Before(r.To) {
		return nil, fmt.Errorf("%w: the range starts at %s and ends at %s, an end after the start is needed", source.ErrBadQuery, r.From.UTC().Format(time.RFC3339), r.To.UTC().Format(time.RFC3339))
	}
	grid := series.NewGrid(r.From, r.To, r.Step)
	e := &expansion{from: grid.Start, to: grid.End(), step: r.Step}
	statement, err := e.statement(r.Spec.RawSQL)
	if err != nil && !strings.Contains(r.Spec.RawSQL, `\`) { // without one all sessions read texts alike
		return nil, err
	}
	t := newTable(grid, c.config.Limits, c.zone)
	err = c.query(ctx, func(d dialect) (string, []any, error) {
		e.fill, e.dialect = fill{}, d
		statement, err = e.statement(r.Spec.RawSQL)
		return statement, r.Args, err
	}, t.take)
	if err != nil {
		return nil, err
	}
	set := t.set(e.fill)
	set.Executed = statement
	if len(r.Args) > 0 {
		set.Executed += fmt.Sprintf("\n-- ? = %q", r.Args)
	}
	return set, nil
}

// statement expands the macros and lets nothing through but what reads.
func (e *expansion) statement(sql string) (string, error) {
	out, err := e.expand(sql)
	if err != nil {
		return "", err
	}
	return out, e.dialect.guard(out)
}

// query runs the statement for the session's dialect and hands its rows to take.
func (c *Client) query(ctx context.Context, statement func(dialect) (string, []any, error), take func(*sql.Rows) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.config.Limits.Timeout)
	defer cancel()
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return c.explain(ctx, err)
	}
	defer func() { _ = conn.Close() }()
	text, args, err := statement(c.session(ctx, conn))
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return c.explain(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return c.explain(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	if err := take(rows); err != nil {
		return err
	}
	if err := rows.Err(); err != nil {
		return c.explain(ctx, err)
	}
	return nil
}

// session lets the session only read and sets the server's own time limit, so that a statement does not go on after we have left; it tells
// how the session reads texts. MySQL and MariaDB name the limit differently and some compatible servers have neither; our own time-out
// holds all the same.
func (c *Client) session(ctx context.Context, conn *sql.Conn) dialect {
	var version, mode string
	if err := conn.QueryRowContext(ctx, "SELECT VERSION(), @@SESSION.sql_mode").Scan(&version, &mode); err != nil {
		if err := conn.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
			return dialect{}
		}
	}
	set := fmt.Sprintf("SET SESSION max_execution_time = %d", c.config.Limits.Timeout.Milliseconds())
	if strings.Contains(strings.ToLower(version), "mariadb") {
		set = fmt.Sprintf("SET SESSION max_statement_time = %g", c.config.Limits.Timeout.Seconds())
	}
	_, _ = conn.ExecContext(ctx, set)
	// A read-only transaction does not stop what ends it first, as DROP TABLE does; a read-only session does.
	_, _ = conn.ExecContext(ctx, "SET SESSION TRANSACTION READ ONLY")
	return dialectOf(mode)
}
