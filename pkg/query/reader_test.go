package query

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

func newTestReader(s source.Source) *reader {
	return newReader(map[source.Kind]source.Source{source.Prometheus: s, source.MySQL: s}, 1<<22)
}

func asking(expr string, from, to time.Duration, step time.Duration) source.Request {
	return source.Request{Spec: source.Spec{Kind: source.Prometheus, Expr: expr}, From: began.Add(from), To: began.Add(to), Step: step}
}

func TestPartOfWhatIsHeldIsNotReadAgain(t *testing.T) {
	s := &live{hosts: 2, value: rhythm}
	r := newTestReader(s)
	whole, err := r.read(t.Context(), asking("x", -24*time.Hour, 0, time.Hour))
	require.NoError(t, err)
	part, err := r.read(t.Context(), asking("x", -12*time.Hour, -6*time.Hour, time.Hour))
	require.NoError(t, err)
	require.Len(t, s.asked, 1)
	require.Equal(t, whole.Series[1].Values[12:18], part.Series[1].Values)
	require.Equal(t, began.Add(-12*time.Hour), part.Grid.Start)
}

func TestWhatIsNotHeldIsReadInFull(t *testing.T) {
	s := &live{hosts: 1, value: rhythm}
	r := newTestReader(s)
	for _, req := range []source.Request{asking("x", -24*time.Hour, 0, time.Hour), asking("y", -24*time.Hour, 0, time.Hour), asking("x", -24*time.Hour, 0, 2*time.Hour),
		asking("x", -48*time.Hour, 0, time.Hour), asking("y", -72*time.Hour, -48*time.Hour, time.Hour)} {
		_, err := r.read(t.Context(), req)
		require.NoError(t, err)
		require.Equal(t, req, s.asked[len(s.asked)-1])
	}
}

// However panels refresh and zoom, they see what a read without a cache would have shown.
func TestTheCacheIsNeverSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cached, plain := newTestReader(&live{hosts: 2, value: rhythm}), &live{hosts: 2, value: rhythm}
		for range rapid.IntRange(2, 8).Draw(t, "reads") {
			from := rapid.IntRange(-200, -1).Draw(t, "from")
			to := rapid.IntRange(from+1, 0).Draw(t, "to")
			req := asking(rapid.SampledFrom([]string{"a", "b", "x[$__range]"}).Draw(t, "expr"), time.Duration(from)*5*time.Minute, time.Duration(to)*5*time.Minute, 5*time.Minute)
			got, err := cached.read(context.Background(), req)
			require.NoError(t, err)
			want, err := plain.Read(context.Background(), req)
			require.NoError(t, err)
			require.Equal(t, want.Grid, got.Grid)
			require.Equal(t, want.Series, got.Series)
		}
	})
}

func TestAHistoryThatWasCorrectedIsSeenAfterAQuarterOfAnHour(t *testing.T) {
	s := &live{hosts: 1, value: rhythm}
	r := newTestReader(s)
	now := began
	r.clock = func() time.Time { return now }
	req := asking("x", -24*time.Hour, 0, time.Hour)
	_, err := r.read(t.Context(), req)
	require.NoError(t, err)
	s.value = func(int, time.Time) float64 { return 7 }
	now = began.Add(staleAfter - time.Second)
	set, err := r.read(t.Context(), req)
	require.NoError(t, err)
	require.NotEqual(t, 7.0, set.Series[0].Values[0])
	now = began.Add(staleAfter)
	set, err = r.read(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, 7.0, set.Series[0].Values[0])
	require.Len(t, s.asked, 2)
}

func TestOneReadIsSharedByThoseWhoAskAtTheSameTime(t *testing.T) {
	begun, release := make(chan struct{}, 8), make(chan struct{})
	s := &waiting{live: live{hosts: 1, value: rhythm}, begun: begun, release: release}
	r := newTestReader(s)
	req := asking("x", -time.Hour, 0, time.Minute)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := r.read(context.Background(), req)
			require.NoError(t, err)
		})
	}
	<-begun
	time.Sleep(20 * time.Millisecond) // lets the others ask
	close(release)
	all.Wait()
	require.Len(t, s.asked, 1)
}

func TestAnotherOnesCancelledReadDoesNotCancelOurs(t *testing.T) {
	begun, release := make(chan struct{}, 8), make(chan struct{})
	s := &waiting{live: live{hosts: 1, value: rhythm}, begun: begun, release: release}
	r := newTestReader(s)
	req := asking("x", -time.Hour, 0, time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { _, err := r.read(ctx, req); first <- err }()
	<-begun
	second := make(chan error)
	go func() { _, err := r.read(t.Context(), req); second <- err }()
	time.Sleep(20 * time.Millisecond)
	cancel()
	require.ErrorIs(t, <-first, context.Canceled)
	close(release)
	require.NoError(t, <-second)
}

// waiting is a source that answers once it is let.
type waiting struct {
	live
	begun   chan struct{}
	release chan struct{}
}

func (w *waiting) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	w.begun <- struct{}{}
	select {
	case <-w.release:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return w.live.Read(ctx, r)
}

func TestATrainingReadsLongStretchesOfManySeriesInPieces(t *testing.T) {
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		hosts int
		req   source.Request
		want  []float64 // days that each read covers
	}{
		"a week":                     {300, asking("x", -7*day, 0, 5*time.Minute), []float64{7}},
		"four weeks of a few":        {2, asking("x", -28*day, 0, 5*time.Minute), []float64{7, 21}},
		"four weeks of many":         {100, asking("x", -28*day, 0, 5*time.Minute), []float64{7, 7, 7, 7}},
		"what depends on its range":  {100, asking("x[$__range]", -28*day, 0, 5*time.Minute), []float64{28}},
		"what names its own time":    {100, asking("x @ end()", -28*day, 0, 5*time.Minute), []float64{28}},
		"SQL, which may do anything": {100, source.Request{Spec: source.Spec{Kind: source.MySQL, RawSQL: "SELECT 1"}, From: began.Add(-28 * day), To: began, Step: 5 * time.Minute}, []float64{28}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &live{hosts: c.hosts, value: func(int, time.Time) float64 { return 1 }}
			set, err := newTestReader(s).pieces(t.Context(), c.req)
			require.NoError(t, err)
			var got []float64
			for _, r := range s.asked {
				got = append(got, r.To.Sub(r.From).Hours()/24)
			}
			require.Equal(t, c.want, got)
			require.Equal(t, series.NewGrid(c.req.From, c.req.To, c.req.Step), set.Grid)
			require.Len(t, set.Series, c.hosts)
			require.Equal(t, set.Grid.Len, set.Series[0].Known(), "no seam is missing")
		})
	}
}

func TestPiecesAreTheWhole(t *testing.T) {
	s := &live{hosts: 3, value: rhythm}
	req := asking("x", -28*24*time.Hour, 0, time.Hour)
	got, err := newTestReader(s).pieces(t.Context(), req)
	require.NoError(t, err)
	want, err := s.Read(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, want.Series, got.Series)
	require.Equal(t, "x", got.Executed)
}

func TestAnErrorInOnePieceIsTheAnswer(t *testing.T) {
	for _, at := range []int{1, 2} {
		s := &failing{live: live{hosts: 3, value: rhythm}, at: at}
		_, err := newTestReader(s).pieces(t.Context(), asking("x", -28*24*time.Hour, 0, time.Hour))
		require.ErrorIs(t, err, source.ErrTimeout)
	}
}

// failing fails at the given read.
type failing struct {
	live
	at, n int
}

func (f *failing) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	if f.n++; f.n == f.at {
		return nil, source.ErrTimeout
	}
	return f.live.Read(ctx, r)
}

func TestAFailedReadIsNotKept(t *testing.T) {
	s := &failing{live: live{hosts: 1, value: rhythm}, at: 1}
	r := newTestReader(s)
	req := asking("x", -time.Hour, 0, time.Minute)
	_, err := r.read(t.Context(), req)
	require.ErrorIs(t, err, source.ErrTimeout)
	_, err = r.read(t.Context(), req)
	require.NoError(t, err)
}

func TestAFailureToReadTheEndLeavesWhatIsHeld(t *testing.T) {
	s := &failing{live: live{hosts: 1, value: rhythm}, at: 2}
	r := newTestReader(s)
	req := asking("x", -time.Hour, 0, time.Minute)
	_, err := r.read(t.Context(), req)
	require.NoError(t, err)
	_, err = r.read(t.Context(), asking("x", -time.Hour, 5*time.Minute, time.Minute))
	require.ErrorIs(t, err, source.ErrTimeout)
	_, err = r.read(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, 2, s.n)
}

func TestASourceThatIsNotSetUpIsNamed(t *testing.T) {
	r := newReader(nil, 1<<20)
	for _, k := range []source.Kind{source.Prometheus, source.MySQL, source.Logs} {
		for _, read := range []func(context.Context, source.Request) (*series.Set, error){r.read, r.fresh, r.pieces} {
			_, err := read(t.Context(), source.Request{Spec: source.Spec{Kind: k}, From: began, To: began.Add(time.Hour), Step: time.Minute})
			require.ErrorIs(t, err, source.ErrNotConfigured)
			require.ErrorContains(t, err, string(k)+": fill in its connection")
		}
	}
}

func TestReadsAreToldApartByAllThatChangesThem(t *testing.T) {
	base := asking("x", -time.Hour, 0, time.Minute)
	key := func(change func(r *source.Request)) string {
		r := base
		change(&r)
		k, err := readKey(r)
		require.NoError(t, err)
		return k
	}
	seen := map[string]string{}
	for name, change := range map[string]func(r *source.Request){
		"as it is":     func(*source.Request) {},
		"expr":         func(r *source.Request) { r.Spec.Expr = "y" },
		"legend":       func(r *source.Request) { r.Spec.LegendFormat = "{{a}}" },
		"step":         func(r *source.Request) { r.Step = time.Hour },
		"kind":         func(r *source.Request) { r.Spec.Kind = source.MySQL },
		"table":        func(r *source.Request) { r.Spec.Table = "logs" },
		"keywords":     func(r *source.Request) { r.Spec.Keywords = []string{"error"} },
		"levels":       func(r *source.Request) { r.Spec.Levels = []string{"error"} },
		"patterns":     func(r *source.Request) { r.Spec.Patterns = 3 },
		"its range":    func(r *source.Request) { r.Spec.Expr = "x[$__range]" },
		"its range, ≠": func(r *source.Request) { r.Spec.Expr, r.From = "x[$__range]", began.Add(-2*time.Hour) },
	} {
		k := key(change)
		require.Empty(t, seen[k], "%s is read like %s", name, seen[k])
		seen[k] = name
	}
	require.Equal(t, key(func(*source.Request) {}), key(func(r *source.Request) { r.From = r.From.Add(-time.Hour) }), "times are not part of it")
}

func TestLargerSetsCountForMore(t *testing.T) {
	small := &series.Set{Series: []series.Series{{Values: make([]float64, 10)}}}
	large := &series.Set{Series: []series.Series{{Values: make([]float64, 1000)}, {Values: make([]float64, 1000), Labels: series.Labels{"a": "b"}}}}
	require.Greater(t, setBytes(small), int64(80))
	require.Greater(t, setBytes(large), int64(16_000))
	require.Less(t, setBytes(large), int64(20_000))
}

func TestErrorsOfOthersAreNotTakenForCancelling(t *testing.T) {
	s := &failing{live: live{hosts: 1, value: rhythm}, at: 1}
	_, err := newTestReader(s).read(t.Context(), asking("x", -time.Hour, 0, time.Minute))
	require.False(t, errors.Is(err, context.Canceled), fmt.Sprint(err))
}
