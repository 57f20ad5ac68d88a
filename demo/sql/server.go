// Package sql is a MySQL server in a process: it speaks MySQL's protocol and SQL, and serves the generated world's shop.
package sql

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	gms "github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/vitess/go/mysql"
	"github.com/sirupsen/logrus"

	"github.com/forewarn/earlywarning/demo/world"
)

// The account that may read.
const (
	User     = "forewarn"
	Password = "forewarn"
)

// Config of a server.
type Config struct {
	Address string // host:port; port 0 takes a free one
	World   *world.World
	Now     func() time.Time
}

// Server is a running server.
type Server struct {
	server  *server.Server
	stop    context.CancelFunc
	running sync.WaitGroup
}

// Start fills the tables, begins to serve, and appends what happens from then on. It returns when the server accepts connections.
func Start(ctx context.Context, c Config) (*Server, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	// The engine logs each connection; the demo's output is for people.
	logrus.SetOutput(io.Discard)
	s := newShop(c.World)
	s.fill(c.Now())

	provider := memory.NewDBProvider(s)
	engine := sqle.NewDefault(provider)
	if err := prepare(ctx, engine, provider); err != nil {
		return nil, fmt.Errorf("mysql: %w", err)
	}
	srv, err := server.NewServerWithHandler(server.Config{Protocol: "tcp", Address: c.Address}, engine, gms.NewContext, memory.NewSessionBuilder(provider), nil,
		func(h mysql.Handler) (mysql.Handler, error) { return codedHandler{h}, nil })
	if err != nil {
		return nil, fmt.Errorf("mysql: listen on %s: %w", c.Address, err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	out := &Server{server: srv, stop: stop}
	out.running.Go(func() { _ = srv.Start() })
	out.running.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				s.fill(c.Now())
			}
		}
	})
	return out, nil
}

// prepare makes the account, which may only read and no files, and sets the clock to UTC, in which all times are stored.
func prepare(ctx context.Context, engine *sqle.Engine, provider *memory.DbProvider) error {
	accounts := engine.Analyzer.Catalog.MySQLDb
	accounts.SetPersister(unsaved{})
	editor := accounts.Editor()
	accounts.AddSuperUser(editor, "setup", "localhost", "")
	editor.Close()
	// The engine writes and reads the machine's files for anybody, unless they have to lie in a folder. This one cannot exist.
	if err := gms.SystemVariables.AssignValues(map[string]any{"secure_file_priv": "/dev/null/none"}); err != nil {
		return err
	}
	session := gms.NewBaseSessionWithClientServer("", gms.Client{User: "setup", Address: "localhost"}, 0)
	sctx := gms.NewContext(ctx, gms.WithSession(memory.NewSession(session, provider)))
	for _, statement := range []string{
		// By name: the engine looks an offset such as +00:00 up among the names for each row, which takes seconds.
		"SET GLOBAL time_zone = 'UTC'",
		fmt.Sprintf("CREATE USER '%s'@'%%' IDENTIFIED BY '%s'", User, Password),
		fmt.Sprintf("GRANT SELECT, SHOW VIEW ON %s.* TO '%s'@'%%'", Database, User),
		"DROP USER 'setup'@'localhost'",
	} {
		_, rows, _, err := engine.Query(sctx, statement)
		if err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
		if _, err := gms.RowIterToRows(sctx, rows); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// unsaved drops the accounts that the engine wants to keep: they are made anew at each start.
type unsaved struct{}

func (unsaved) Persist(*gms.Context, []byte) error { return nil }

// Address is host:port.
func (s *Server) Address() string { return s.server.Listener.Addr().String() }

// Close stops serving.
func (s *Server) Close() error {
	s.stop()
	err := s.server.Close()
	s.running.Wait()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
