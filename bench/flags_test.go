package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The commands as they are called: what they say of themselves, what they refuse, and that they end when they are to.

// complained gives what work writes to standard error. Tests that use it do not run side by side.
func complained(t *testing.T, work func()) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stderr")
	f, err := os.Create(path)
	require.NoError(t, err)
	before := os.Stderr
	os.Stderr = f
	work()
	os.Stderr = before
	require.NoError(t, f.Close())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// -h tells how a command is called, what it does, and every flag with what it is for.
func TestHelpDescribesTheCommandAndItsFlags(t *testing.T) {
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			var err error
			text := complained(t, func() { err = run(t.Context(), []string{c.name, "-h"}) })
			require.ErrorIs(t, err, flag.ErrHelp)
			head, flags, found := strings.Cut(text, "\nflags:\n")
			require.True(t, found, text)
			require.True(t, strings.HasPrefix(head, "usage: go run ./bench "+c.name), head)
			require.Greater(t, len(strings.Fields(head)), 20, "more than its name")
			each := regexp.MustCompile(`(?m)^  -(\S+).*\n    \t(.+)$`).FindAllStringSubmatch(flags, -1)
			require.NotEmpty(t, each)
			require.Equal(t, strings.Count(flags, "\n  -")+1, len(each), "every flag says what it is for")
		})
	}
}

func TestAnUnknownCommandIsAnsweredWithAllThatThereAre(t *testing.T) {
	for _, args := range [][]string{nil, {"forecasts"}, {"-h"}, {""}} {
		err := run(t.Context(), args)
		require.ErrorContains(t, err, "usage: go run ./bench <command> [flags]\n")
		require.Len(t, strings.Split(strings.TrimSpace(err.Error()), "\n"), 1+len(commands))
		for _, c := range commands {
			require.Regexp(t, `(?m)^  `+c.name+` +`+regexp.QuoteMeta(c.summary)+`$`, err.Error())
		}
	}
}

func TestCommandsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands {
		require.False(t, seen[c.name] || seen[c.summary], c.name)
		seen[c.name], seen[c.summary] = true, true
		require.NotNil(t, c.run)
	}
}

// Flags that would measure nothing, or something else, are refused before anything is read: the folder is not there.
func TestFlagsAreRefusedWithWhatWouldBeRight(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	for _, c := range []struct{ call, says string }{
		{"forecast -out x", "-data and -out are needed"},
		{"forecast -data x", "-data and -out are needed"},
		{"forecast -data D -out D -sets m4_hourly,m4_daily", `-sets names "m4_daily", known are: m4_hourly, m4_weekly, bitbrains_h48, bitbrains_h168gaps, planetlab, ett`},
		{"forecast -data D -out D -sets ,", `-sets names "", known are`},
		{"forecast -data D -out D -earlier -2", "-earlier is -2: it is a number of horizons, 0 for none"},
		{"forecast -data D -out D -workers -1", "-workers is -1, at least 1 is needed"},
		{"forecast -data D -out D -workers two", `invalid value "two" for flag -workers`},
		{"forecast -data D -out D -algorithm sibyl", `no forecaster "sibyl"`},
		{"detect -data D", "-data and -out are needed"},
		{"detect -folders D", "-data and -out are needed"},
		{"detect -data D -out D -sets nab,yahoo", `-sets names "yahoo", known are: nab, kpi, wsd, tsbu, mscloud, smd, asd, jumpstarter`},
		{"detect -data D -out D -workers 0", "-workers is 0, at least 1 is needed"},
		{"warn -data D", "-data and -out are needed, or -quiet"},
		{"warn -out D", "-data and -out are needed, or -quiet"},
		{"warn -quiet D -history -1h", "-history is -1h0m0s, -horizon 168h0m0s and -every 1h0m0s, positive durations are needed"},
		{"warn -quiet D -every 0s", "-every 0s, positive durations are needed"},
		{"warn -quiet D -margin -0.1", "-margin is -0.1, a positive share is needed"},
		{"warn -quiet D -margin NaN", "-margin is NaN, a positive share is needed"},
		{"warn -quiet D -workers 0", "-workers is 0, at least 1 is needed"},
		{"warn -quiet D -kinds ramp", `-kinds names "ramp", known are: m4_hourly, `},
		{"warncost -series 0", "-series is 0, -curves 50: at least 1 is needed"},
		{"warncost -curves 0", "-series is 10000, -curves 0: at least 1 is needed"},
		{"detectors -step 0s", "-step is 0s, -days 28, -rounds 3: whole minutes and at least 1 are needed"},
		{"detectors -days 0", "-days 0"},
		{"detectors -rounds -1", "-rounds -1"},
		{"vary -sets nab", "-data is needed"},
		{"vary -data D -constants autoUrgent,autoUrgnt", `-constants names "autoUrgnt", known are: autoScales, `},
		{"vary -data D -sets nab,web", `-sets names "web", known are: nab`},
		{"vary -data D -workers 0", "-workers is 0, at least 1 is needed"},
		{"cluster -data D -draws -1", "-runs is 15, -draws -1: at least 1 and 0 are needed"},
		{"composite -data D -draws -1", "-draws is -1, -alone 2: at least 0 is needed of each"},
		{"composite -data D -alone -0.5", "-draws is 200, -alone -0.5: at least 0 is needed of each"},
		{"composite -data D -alone NaN", "-alone NaN"},
		{"peers -set ett -data D", `-set is "ett", known are: m4_hourly, m4_weekly, bitbrains_h48`},
		{"peers -n many -data D", `invalid value "many" for flag -n`},
		{"patterns -lines 3", "flag provided but not defined: -lines"},
		{"overhead -rounds -3", "-rounds is -3, at least 1 is needed"},
		{"overhead -shown 1d,,2d", `-shown: "" is not a duration`},
		{"train -every soon", `invalid value "soon" for flag -every`},
	} {
		t.Run(c.call, func(t *testing.T) {
			var err error
			complained(t, func() { err = run(t.Context(), strings.Fields(strings.ReplaceAll(c.call, " D", " "+gone))) })
			require.ErrorContains(t, err, c.says)
			require.NoDirExists(t, gone)
		})
	}
}

func TestAListIsOfWhatThereIs(t *testing.T) {
	same := func(s string) string { return s }
	require.NoError(t, known("x", "", []string{"a"}, same), "the empty list is all")
	require.NoError(t, known("x", "b,a", []string{"a", "b", "c"}, same))
	require.EqualError(t, known("x", "b,d,e", []string{"a", "b"}, same), `-x names "d", known are: a, b`)
	require.Error(t, known("x", "a, b", []string{"a", "b"}, same), "a blank belongs to the name")
	require.NoError(t, enough(1))
}

// A command that is interrupted says so, and leaves no results that look whole.
func TestInterruptedCommandsEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	detect, group := compositeData(t), clusterData(t)
	peers, _, _ := peersData(t)
	cases := warnFileOf(t, "a,ramp,3600,90,0,100,240,6,"+ramp(60, 0.1, 290))
	for name, args := range map[string][]string{
		"forecast":  {"-data", benchData(t), "-out", "OUT", "-algorithm", "theta"},
		"detect":    {"-data", detect, "-out", "OUT", "-folders", "OUT/folders.csv"},
		"warn":      {"-data", cases, "-out", "OUT/answers.csv"},
		"composite": {"-data", detect, "-out", "OUT", "-draws", "1"},
		"cluster":   {"-data", group, "-runs", "1", "-draws", "1"},
		"peers":     {"-data", peers, "-out", "OUT", "-python", "no-such-program", "-rscript", "no-such-program"},
		"vary":      {"-data", detect},
		"detectors": {"-step", "1h", "-days", "8", "-rounds", "1"},
		"warncost":  {"-series", "2", "-curves", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			call := []string{name}
			for _, a := range args {
				call = append(call, strings.Replace(a, "OUT", out, 1))
			}
			err := run(ctx, call)
			require.ErrorIs(t, err, context.Canceled)
			if name == "peers" {
				return // what the peers are to read is written before
			}
			require.NoError(t, filepath.WalkDir(out, func(path string, d os.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() {
					err = errors.New(path + " was written")
				}
				return err
			}))
		})
	}
}
