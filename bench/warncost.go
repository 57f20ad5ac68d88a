package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const warnCostUsage = `usage: go run ./bench warncost [flags]

Asks the engine that panels and rules ask for the early warnings of generated series (14 days at ten minutes: daily courses, growth,
disks that fill, sawtooths, noise), 500 a query as rules do, and prints the processor time of it, without that of making the series.
  raw     from the values alone, nothing cached: what a first evaluation takes, with the earlier runs that a warning rests on
  next    ten minutes later
  stored  with a trained model: its stored states are decoded and go on with the newer values
flags:
`

const (
	fleetStep  = 10 * time.Minute
	fleetBatch = 500 // series of a query
	fleetCache = 48 << 20
	fleetQuery = `{"queryType":"warning","source":{"kind":"prometheus","expr":"%d","legendFormat":"{{instance}}"},"interval":"10m","trainingWindow":"14d",` +
		`"threshold":{"value":90},"bounds":{"min":0,"max":100},"output":"eta_early"%s}`
)

var fleetEnd = time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)

// fleet is a source of as many series as are asked for, each with one of the curves; the query's expression is the number of the batch.
type fleet struct {
	curves [][]float64 // 16 days, from 15 before fleetEnd on
	series int
	clock  time.Time
	spent  time.Duration // processor time of making the series
}

// warningCosts measures the early warnings of many series.
func warningCosts(ctx context.Context, args []string) error {
	flags := newFlags("warncost", warnCostUsage)
	n := flags.Int("series", 10_000, "series")
	curves := flags.Int("curves", 50, "different histories among them; each is trained once for stored")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *n < 1 || *curves < 1 {
		return fmt.Errorf("-series is %d, -curves %d: at least 1 is needed", *n, *curves)
	}
	f := newFleet(*n, *curves)
	fmt.Printf("%d series of 14 days at %s\n%-7s %12s %12s %9s %9s %9s %9s\n", *n, fleetStep, "", "processor s", "ms a series", "ok", "rising", "uncertain", "breached")
	e := f.engine()
	for k, name := range []string{"raw", "next"} {
		f.clock = fleetEnd.Add(time.Hour + time.Duration(k)*fleetStep)
		if err := f.measure(ctx, e, name, nil); err != nil {
			return err
		}
	}
	states, err := f.train(ctx)
	if err != nil {
		return err
	}
	f.clock = fleetEnd.Add(time.Hour)
	return f.measure(ctx, f.engine(), "stored", states)
}

func newFleet(n, curves int) *fleet {
	f := &fleet{series: n, curves: make([][]float64, min(curves, n)), clock: fleetEnd}
	for k := range f.curves {
		f.curves[k] = fleetCurve(k)
	}
	return f
}

// fleetCurve is a history of 16 days: of ten, five are busy by day, two grow slowly, one fills up, one is cleaned up again and again,
// and one hardly moves.
func fleetCurve(k int) []float64 {
	rng := rand.New(rand.NewPCG(7, uint64(k)))
	level, swing, noise, phase := 30+30*rng.Float64(), 5+10*rng.Float64(), 0.3+rng.Float64(), rng.Float64()
	var perDay float64
	switch k % 10 {
	case 5, 6:
		perDay = rng.Float64()
	case 7:
		perDay, swing = (85-level)/14, 1
	case 9:
		swing, noise = 0, 0.02
	}
	out := make([]float64, 16*24*6)
	for i := range out {
		day := float64(i) * fleetStep.Hours() / 24
		v := level + perDay*day + swing*math.Sin(2*math.Pi*(day+phase)) + noise*rng.NormFloat64()
		if k%10 == 8 {
			v = level + 25*math.Mod(day+phase, 3)/3 + noise*rng.NormFloat64()
		}
		out[i] = min(max(v, 0), 100)
	}
	return out
}

func (f *fleet) engine() *query.Engine {
	return query.NewEngine(map[source.Kind]source.Source{source.Prometheus: f}, func() time.Time { return f.clock }, fleetCache, fleetCache)
}

func (f *fleet) batches() int { return (f.series + fleetBatch - 1) / fleetBatch }

// one is series k on a grid.
func (f *fleet) one(k int, g series.Grid) series.Series {
	name := fmt.Sprintf("host-%05d", k)
	s := series.Series{Name: name, Labels: series.Labels{"instance": name}, Values: series.Missing(g.Len)}
	curve := f.curves[k%len(f.curves)]
	if at := int(g.Start.Sub(fleetEnd.Add(-15*24*time.Hour)) / g.Step); at >= 0 {
		copy(s.Values, curve[min(at, len(curve)):])
	}
	return s
}

// Read makes the series of a batch.
func (f *fleet) Read(_ context.Context, r source.Request) (*series.Set, error) {
	begin := processorTime()
	defer func() { f.spent += processorTime() - begin }()
	b, err := strconv.Atoi(r.Spec.Expr)
	if err != nil {
		return nil, err
	}
	set := &series.Set{Grid: series.NewGrid(r.From, r.To, r.Step), Executed: r.Spec.Expr}
	for k := b * fleetBatch; k < min((b+1)*fleetBatch, f.series); k++ {
		set.Series = append(set.Series, f.one(k, set.Grid))
	}
	return set, nil
}

// Check and Close have nothing to do.
func (f *fleet) Check(context.Context) (string, error) { return "generated", nil }

// Close gives nothing back.
func (f *fleet) Close() error { return nil }

// train gives the stored states of every batch, each series with those of its curve.
func (f *fleet) train(ctx context.Context) ([][]byte, error) {
	q, err := query.Parse(fmt.Appendf(nil, fleetQuery, 0, ""), query.Defaults{})
	if err != nil {
		return nil, err
	}
	grid := series.NewGrid(fleetEnd.Add(-q.TrainingWindow), fleetEnd, fleetStep)
	learnt := make([]*query.TrainedSeries, len(f.curves))
	for k := range learnt {
		if learnt[k], _, err = query.Learn(ctx, q, grid, f.one(k, grid)); err != nil {
			return nil, err
		}
	}
	out := make([][]byte, f.batches())
	for b := range out {
		var all []model.Series
		for k := b * fleetBatch; k < min((b+1)*fleetBatch, f.series); k++ {
			s := *learnt[k%len(learnt)]
			own := f.one(k, grid)
			s.Name, s.Labels = own.Name, own.Labels
			all = append(all, s)
		}
		if out[b], err = model.EncodeStates(all); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// shelf is a library of one version whose states are stored.
type shelf []byte

// Trained decodes the states.
func (s shelf) Trained(_ context.Context, name string, _ int) (*query.Trained, error) {
	all, err := model.DecodeStates(s)
	if err != nil {
		return nil, err
	}
	t := &query.Trained{Name: name, Version: 1, At: fleetEnd, From: fleetEnd.Add(-14 * 24 * time.Hour), To: fleetEnd, Type: query.Warning, Interval: fleetStep,
		Threshold: 1, Query: fmt.Appendf(nil, fleetQuery, 0, ""), Series: make(map[string]*query.TrainedSeries, len(all))}
	for i := range all {
		t.Series[query.SeriesKey(all[i].Name, all[i].Labels)] = &all[i]
	}
	return t, nil
}

// ask gives the answers of a batch, from its stored states where there are any.
func (f *fleet) ask(ctx context.Context, e *query.Engine, b int, states [][]byte) ([]query.Result, error) {
	extra, library := "", query.Library(nil)
	if states != nil {
		extra, library = `,"model":{"name":"fleet"}`, shelf(states[b])
	}
	q, err := query.Resolve(ctx, fmt.Appendf(nil, fleetQuery, b, extra), query.Defaults{}, library)
	if err != nil {
		return nil, err
	}
	a, err := e.Execute(ctx, q, query.Range{From: f.clock.Add(-time.Hour), To: f.clock})
	if err != nil {
		return nil, err
	}
	for _, r := range a.Results {
		if states != nil && r.Backtest == nil {
			return nil, fmt.Errorf("series %s was not answered from its stored state: %s", r.Name, r.Why)
		}
	}
	return a.Results, nil
}

// measure asks for every batch, and prints what that took and what the answers were.
func (f *fleet) measure(ctx context.Context, e *query.Engine, name string, states [][]byte) error {
	f.spent = 0
	begin, found := processorTime(), map[warn.State]int{}
	for b := range f.batches() {
		answers, err := f.ask(ctx, e, b, states)
		if err != nil {
			return err
		}
		for _, r := range answers {
			found[r.Warning.State]++
		}
	}
	spent := processorTime() - begin - f.spent
	fmt.Printf("%-7s %12.1f %12.2f %9d %9d %9d %9d\n", name, spent.Seconds(), 1000*spent.Seconds()/float64(f.series), found[warn.OK], found[warn.Rising], found[warn.UncertainState], found[warn.Breached])
	return nil
}
