package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/warn"
)

func TestAFleetIsReadInBatchesAndAValueBelongsToItsTime(t *testing.T) {
	f := newFleet(2*fleetBatch+3, 10)
	require.Equal(t, 3, f.batches())
	ask := source.Request{Spec: source.Spec{Expr: "2"}, From: fleetEnd.Add(-2 * time.Hour), To: fleetEnd.Add(time.Hour), Step: fleetStep}
	set, err := f.Read(t.Context(), ask)
	require.NoError(t, err)
	require.Len(t, set.Series, 3, "what is left for the last one")
	require.Equal(t, series.Labels{"instance": "host-01002"}, set.Series[2].Labels)
	require.Len(t, set.Series[0].Values, 18)
	ask.From = fleetEnd.Add(-14 * 24 * time.Hour)
	whole, err := f.Read(t.Context(), ask)
	require.NoError(t, err)
	for k, s := range whole.Series {
		require.Len(t, s.Values, (14*24+1)*6)
		require.Equal(t, len(s.Values), s.Known())
		require.Equal(t, set.Series[k].Values, s.Values[len(s.Values)-18:])
	}
	ask.Spec.Expr = "load"
	_, err = f.Read(t.Context(), ask)
	require.ErrorContains(t, err, `"load"`)
}

// What is measured has to be what warnings are: of ten histories the one that fills up is told of, by the values alone and from stored
// states alike.
func TestAFleetIsAnsweredFromRawValuesAndFromStoredStates(t *testing.T) {
	f := newFleet(10, 10)
	states, err := f.train(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 1)
	f.clock = fleetEnd.Add(time.Hour)
	for name, stored := range map[string][][]byte{"raw": nil, "stored": states} {
		answers, err := f.ask(t.Context(), f.engine(), 0, stored)
		require.NoError(t, err)
		for k, r := range answers {
			require.Equal(t, k == 7, r.Warning.State == warn.Rising, "%s: %s is %s", name, r.Name, r.Warning.State)
			require.Equal(t, stored != nil, r.Backtest != nil)
		}
	}
	require.NoError(t, f.measure(t.Context(), f.engine(), "stored", states))
	none, err := (&fleet{series: 0}).train(t.Context())
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestACostThatWouldBeOfSomethingElseIsRefused(t *testing.T) {
	f := newFleet(2, 2)
	states, err := f.train(t.Context())
	require.NoError(t, err)
	f.clock = fleetEnd.Add(30 * 24 * time.Hour) // the version is too old to go on from
	require.ErrorContains(t, f.measure(t.Context(), f.engine(), "stored", states), "host-00000 was not answered from its stored state")
	states[0] = states[0][:9]
	require.Error(t, f.measure(t.Context(), f.engine(), "stored", states), "states that cannot be read")
	for want, args := range map[string][]string{"-series is 0": {"-series", "0"}, "-curves -1": {"-curves", "-1"}} {
		require.ErrorContains(t, run(t.Context(), append([]string{"warncost"}, args...)), want)
	}
}
