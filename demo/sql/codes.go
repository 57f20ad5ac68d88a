package sql

import (
	"context"
	"errors"
	"regexp"

	"github.com/dolthub/vitess/go/mysql"
	"github.com/dolthub/vitess/go/sqltypes"
	querypb "github.com/dolthub/vitess/go/vt/proto/query"
)

// codes are MySQL's own numbers and states of mistakes that the engine has one number for all of, 1105, by what it says of them (MySQL 8.0
// Reference Manual, Server Error Message Reference).
var codes = []struct {
	says   *regexp.Regexp
	number int
	state  string
}{
	{regexp.MustCompile(`^syntax error|^unexpected |^expected single|multiple statements`), mysql.ERParseError, mysql.SSClientError},
	{regexp.MustCompile(`^column ".*" could not be found|^table ".*" does not have column|^unknown column`), mysql.ERBadFieldError, mysql.SSBadFieldError},
	{regexp.MustCompile(`^ambiguous column`), mysql.ERNonUniq, mysql.SSConstraintViolation},
	{regexp.MustCompile(`^function: '.*' not found`), 1305, mysql.SSClientError}, // ER_SP_DOES_NOT_EXIST
	{regexp.MustCompile(`(?i)^access denied|^command denied`), mysql.ERAccessDeniedError, mysql.SSAccessDeniedError},
}

// coded gives an error of the engine MySQL's own number, where it is known.
func coded(err error) error {
	var told *mysql.SQLError
	if !errors.As(err, &told) || told.Num != mysql.ERUnknownError {
		return err
	}
	for _, c := range codes {
		if c.says.MatchString(told.Message) {
			return &mysql.SQLError{Num: c.number, State: c.state, Message: told.Message, Query: told.Query}
		}
	}
	return err
}

// codedHandler answers as the engine's own handler does, with MySQL's numbers of errors.
type codedHandler struct{ mysql.Handler }

func (h codedHandler) ComInitDB(c *mysql.Conn, schema string) error {
	return coded(h.Handler.ComInitDB(c, schema))
}

func (h codedHandler) ComQuery(ctx context.Context, c *mysql.Conn, query string, callback mysql.ResultSpoolFn) error {
	return coded(h.Handler.ComQuery(ctx, c, query, callback))
}

func (h codedHandler) ComMultiQuery(ctx context.Context, c *mysql.Conn, query string, callback mysql.ResultSpoolFn) (string, error) {
	rest, err := h.Handler.ComMultiQuery(ctx, c, query, callback)
	return rest, coded(err)
}

func (h codedHandler) ComPrepare(ctx context.Context, c *mysql.Conn, query string, prepare *mysql.PrepareData) ([]*querypb.Field, error) {
	fields, err := h.Handler.ComPrepare(ctx, c, query, prepare)
	return fields, coded(err)
}

func (h codedHandler) ComStmtExecute(ctx context.Context, c *mysql.Conn, prepare *mysql.PrepareData, callback func(*sqltypes.Result) error) error {
	return coded(h.Handler.ComStmtExecute(ctx, c, prepare, callback))
}
