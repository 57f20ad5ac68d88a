// Package mariaserver runs a real MariaDB on loopback for tests.
package mariaserver

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/forewarn/earlywarning/tests/certs"
	"github.com/forewarn/earlywarning/tests/daemon"
	"github.com/forewarn/earlywarning/tests/loopback"
	_ "github.com/go-sql-driver/mysql" // the driver of the tests' own connection
)

// ErrMissing is wrapped when MariaDB's server is not on this machine.
var ErrMissing = errors.New("MariaDB is not on this machine (Debian: mariadb-server)")

// Server is a running MariaDB with an empty database `metrics` and a user `forewarn` (password `forewarn`) that may only read. It speaks
// TLS with those who ask for it.
type Server struct {
	Address string // host:port
	Admin   *sql.DB
	CA      *certs.Authority // that its own certificate, and those of clients that it knows, are of
	run     *daemon.Daemon
	dir     string
}

// look finds a server program, also where root's PATH of a test may lack it.
func look(name string) (string, error) {
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	if p := filepath.Join("/usr/sbin", name); exists(p) {
		return p, nil
	}
	return "", fmt.Errorf("%w: no %s", ErrMissing, name)
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// Available tells with an error wrapping ErrMissing what the machine lacks.
func Available() error {
	for _, name := range []string{"mariadbd", "mariadb-install-db"} {
		if _, err := look(name); err != nil {
			return err
		}
	}
	return nil
}

// Start makes a database in a folder of its own and serves it. The caller closes it.
func Start(ctx context.Context) (s *Server, err error) {
	if err := Available(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "forewarn-mariadb-")
	if err != nil {
		return nil, err
	}
	s = &Server{dir: dir}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	install, _ := look("mariadb-install-db")
	data := filepath.Join(dir, "data")
	args := []string{"--no-defaults", "--datadir=" + data, "--auth-root-authentication-method=normal", "--skip-test-db"}
	if os.Getuid() == 0 {
		args = append(args, "--user=root")
	}
	if out, err := exec.CommandContext(ctx, install, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
	}
	if s.Address, err = loopback.Address(); err != nil {
		return nil, err
	}
	if s.CA, err = certs.New(); err != nil {
		return nil, err
	}
	own, err := s.CA.Issue("maria.test")
	if err != nil {
		return nil, err
	}
	if err := s.CA.Write(dir, own); err != nil {
		return nil, err
	}
	return s, s.serve(ctx, data)
}

func (s *Server) serve(ctx context.Context, data string) (err error) {
	program, _ := look("mariadbd")
	_, port, _ := net.SplitHostPort(s.Address)
	socket := filepath.Join(s.dir, "s.sock")
	var log bytes.Buffer
	cmd := exec.Command(program, "--no-defaults", "--datadir="+data, "--socket="+socket, "--port="+port, "--bind-address=127.0.0.1", "--pid-file="+filepath.Join(s.dir, "pid"),
		"--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--default-time-zone=+00:00",
		"--ssl-ca="+filepath.Join(s.dir, "ca.pem"), "--ssl-cert="+filepath.Join(s.dir, "cert.pem"), "--ssl-key="+filepath.Join(s.dir, "key.pem"))
	if os.Getuid() == 0 {
		cmd.Args = append(cmd.Args, "--user=root")
	}
	cmd.Stdout, cmd.Stderr = &log, io.Writer(&log)
	if s.run, err = daemon.Start(cmd); err != nil {
		return err
	}
	db, err := sql.Open("mysql", "root@unix("+socket+")/?multiStatements=true")
	if err != nil {
		return err
	}
	s.Admin = db
	within, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := s.run.Ready(within, 100*time.Millisecond, db.PingContext); err != nil {
		return fmt.Errorf("%w\n%s", err, log.String())
	}
	_, err = db.ExecContext(ctx, "CREATE DATABASE metrics; CREATE USER forewarn@'127.0.0.1' IDENTIFIED BY 'forewarn'; GRANT SELECT ON metrics.* TO forewarn@'127.0.0.1'; USE metrics")
	return err
}

// Exec runs statements in the database `metrics` as administrator.
func (s *Server) Exec(ctx context.Context, statements string, args ...any) error {
	conn, err := s.Admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "USE metrics"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, statements, args...)
	return err
}

// Close ends the server and removes its folder.
func (s *Server) Close() {
	if s.Admin != nil {
		_ = s.Admin.Close()
	}
	if s.run != nil {
		s.run.Close(15 * time.Second)
	}
	_ = os.RemoveAll(s.dir)
}
