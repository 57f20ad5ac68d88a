package promserver

import (
	"context"
	"errors"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
)

func needed(t *testing.T) {
	t.Helper()
	if err := Available(); err != nil {
		require.Empty(t, os.Getenv("CI"), err.Error())
		t.Skip(err)
	}
}

func TestHistoryIsServedAsItWasFilledIn(t *testing.T) {
	needed(t)
	dir := t.TempDir()
	start := time.Now().Add(-100 * time.Hour).Truncate(time.Hour)
	values := make([]float64, 90)
	for i := range values {
		values[i] = 0.1 * float64(i)
	}
	values[40] = math.NaN()
	require.NoError(t, Fill(t.Context(), dir, []Metric{
		{Name: "a_ratio", Labels: map[string]string{"path": "C:\\x \"y\"\n盘", "host": "h1"}, Start: start, Step: time.Hour, Values: values},
		{Name: "b_total", Start: start, Step: time.Hour, Values: []float64{1, 2}},
	}))
	_, err := os.Stat(filepath.Join(dir, "history.txt"))
	require.ErrorIs(t, err, os.ErrNotExist)
	s, err := Start(t.Context(), dir, nil)
	require.NoError(t, err)
	defer s.Close()

	client, err := api.NewClient(api.Config{Address: s.URL})
	require.NoError(t, err)
	got, _, err := v1.NewAPI(client).Query(t.Context(), "a_ratio[200h]", time.Now())
	require.NoError(t, err)
	stream := got.(model.Matrix)[0]
	require.Equal(t, model.Metric{"__name__": "a_ratio", "host": "h1", "path": "C:\\x \"y\"\n盘"}, stream.Metric)
	require.Len(t, stream.Values, 89, "what is missing stays missing")
	require.Equal(t, model.SamplePair{Timestamp: model.TimeFromUnix(start.Unix()), Value: 0}, stream.Values[0])
	require.InDelta(t, 8.9, float64(stream.Values[88].Value), 1e-12)
}

func TestCloseEndsTheServer(t *testing.T) {
	needed(t)
	s, err := Start(t.Context(), t.TempDir(), nil)
	require.NoError(t, err)
	s.Close()
	s.Close()
	_, err = http.Get(s.URL + "/-/ready")
	require.Error(t, err)
}

func TestWhatCannotStartSaysSo(t *testing.T) {
	needed(t)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(store(dir), nil, 0o600)) // a file where the folder should be
	_, err := Start(t.Context(), dir, nil)
	require.ErrorContains(t, err, "ended at once")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Start(ctx, t.TempDir(), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Error(t, Fill(ctx, t.TempDir(), nil))
}

func TestAMachineWithoutPrometheus(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	require.ErrorIs(t, Available(), ErrMissing)
	_, err := Start(t.Context(), t.TempDir(), nil)
	require.ErrorIs(t, err, ErrMissing)
	require.True(t, errors.Is(Fill(t.Context(), t.TempDir(), nil), ErrMissing))
}
