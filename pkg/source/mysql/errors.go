package mysql

import (
	"context"
	"errors"
	"fmt"
	"net"

	driver "github.com/go-sql-driver/mysql"

	"github.com/forewarn/earlywarning/pkg/source"
)

// Error numbers of MySQL and MariaDB that have a meaning of their own here.
const (
	accessDenied    = 1045
	databaseDenied  = 1044
	tableDenied     = 1142
	readOnly        = 1792
	interrupted     = 3024 // MySQL: max_execution_time
	statementTime   = 1969 // MariaDB: max_statement_time
	queryKilled     = 1317
	unknownTimezone = 1298
)

// explain maps an error to the sentinels of package source; texts name the host and never a secret.
func (c *Client) explain(ctx context.Context, err error) error {
	var server *driver.MySQLError
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled) && ctx.Err() != context.DeadlineExceeded:
		return err
	case ctx.Err() == context.DeadlineExceeded, errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: mysql at %s gave no answer within %s", source.ErrTimeout, c.config.URL, c.config.Limits.Timeout)
	case errors.As(err, &server):
		return c.explainServer(server)
	case errors.As(err, &network) && network.Timeout():
		return fmt.Errorf("%w: mysql at %s gave no answer in time", source.ErrTimeout, c.config.URL)
	default:
		return fmt.Errorf("%w: mysql at %s: %w", source.ErrUnreachable, c.config.URL, err)
	}
}

func (c *Client) explainServer(err *driver.MySQLError) error {
	switch err.Number {
	case accessDenied, databaseDenied, tableDenied:
		return fmt.Errorf("%w: mysql at %s: user %q: check password and grants (%s)", source.ErrDenied, c.config.URL, c.config.User, err.Message)
	case readOnly:
		return fmt.Errorf("%w: the statement writes, and only reading is allowed", source.ErrRefused)
	case interrupted, statementTime, queryKilled:
		return fmt.Errorf("%w: mysql at %s stopped the statement after %s", source.ErrTimeout, c.config.URL, c.config.Limits.Timeout)
	case unknownTimezone:
		return fmt.Errorf("%w: mysql at %s does not know the time zone %q: give an offset such as +08:00", source.ErrBadQuery, c.config.URL, c.config.Timezone)
	default:
		return fmt.Errorf("%w: mysql at %s: error %d: %s", source.ErrBadQuery, c.config.URL, err.Number, err.Message)
	}
}
