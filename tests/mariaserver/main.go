package mariaserver

import (
	"context"
	"log"
	"os"
	"testing"
	"time"
)

// Main runs a package's tests beside a server of their own, and ends the process. Where MariaDB is not on the machine they run without
// one, and in CI not at all.
func Main(m *testing.M, into **Server) {
	code, err := run(m, into)
	if err != nil {
		log.Print(err)
	}
	os.Exit(code)
}

func run(m *testing.M, into **Server) (int, error) {
	if err := Available(); err != nil {
		if os.Getenv("CI") == "true" {
			return 1, err
		}
		return m.Run(), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	s, err := Start(ctx)
	if err != nil {
		return 1, err
	}
	defer s.Close()
	*into = s
	return m.Run(), nil
}

// Need skips a test, visibly, where there is no server.
func Need(t testing.TB, s *Server) {
	t.Helper()
	if s == nil {
		t.Skip("SKIP, a real server is needed: ", ErrMissing)
	}
}
