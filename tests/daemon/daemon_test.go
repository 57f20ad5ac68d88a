package daemon_test

import (
	"context"
	"errors"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/daemon"
)

var errNotYet = errors.New("not yet")

func TestAProgramIsAskedUntilItAnswers(t *testing.T) {
	d, err := daemon.Start(exec.Command("sleep", "60"))
	require.NoError(t, err)
	defer d.Close(time.Minute)
	asked := 0
	require.NoError(t, d.Ready(t.Context(), time.Millisecond, func(context.Context) error {
		if asked++; asked < 3 {
			return errNotYet
		}
		return nil
	}))
	require.Equal(t, 3, asked)
}

func TestAProgramThatEndsIsNotWaitedFor(t *testing.T) {
	d, err := daemon.Start(exec.Command("false"))
	require.NoError(t, err)
	err = d.Ready(t.Context(), time.Millisecond, func(context.Context) error { return errNotYet })
	require.ErrorIs(t, err, daemon.ErrEnded)
	require.ErrorContains(t, err, "false: it ended at once: exit status 1")
	d.Close(time.Minute)
}

func TestNobodyWaitsLongerThanTheContext(t *testing.T) {
	d, err := daemon.Start(exec.Command("sleep", "60"))
	require.NoError(t, err)
	defer d.Close(time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	err = d.Ready(ctx, time.Hour, func(context.Context) error { cancel(); return errNotYet })
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, errNotYet, "and says what was missing")
}

func TestAProgramThatDoesNotMindIsKilled(t *testing.T) {
	cmd := exec.Command("sh", "-c", `trap "" TERM; echo ready; while :; do sleep 0.05; done`)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	d, err := daemon.Start(cmd)
	require.NoError(t, err)
	_, err = out.Read(make([]byte, 8)) // from here on the signal is not heard
	require.NoError(t, err)
	d.Close(50 * time.Millisecond)
	require.Equal(t, "signal: killed", cmd.ProcessState.String())
}

func TestAProgramThatIsNotThereIsAnError(t *testing.T) {
	_, err := daemon.Start(exec.Command("no-such-program"))
	require.ErrorIs(t, err, exec.ErrNotFound)
}
