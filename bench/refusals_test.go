package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Data that are not as they should be: each command refuses them before it writes anything, and says which file, which row or series,
// and which column.

// refusal is a file of a folder of data, how it is, and all that has to be said of it.
type refusal struct {
	file, text string
	says       []string
}

// refused runs a command on a folder with one wrong file in it.
func refused(t *testing.T, cases map[string]refusal, args func(dir string) []string) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plainFile(t, dir, c.file, c.text)
			var err error
			require.NotPanics(t, func() { err = run(t.Context(), args(dir)) })
			for _, part := range c.says {
				require.ErrorContains(t, err, part)
			}
		})
	}
}

func TestForecastRefusesWrongSeries(t *testing.T) {
	const head = "series,category,m,h,train\n"
	out := t.TempDir()
	refused(t, map[string]refusal{
		"no header":           {"m4/hourly_series.csv", "", []string{"m4_hourly: ", "hourly_series.csv", "has no header"}},
		"a row too short":     {"m4/hourly_series.csv", head + "H1,Hourly,24,48\n", []string{"m4_hourly: ", "hourly_series.csv", "line 2", "wrong number of fields"}},
		"a quote is open":     {"m4/hourly_series.csv", head + "\"H1,Hourly,24,48,1\n", []string{"hourly_series.csv", "line 2", "quote"}},
		"no season":           {"m4/weekly_series.csv", head + "W1,Macro,0,13,1;2;3\n", []string{"m4_weekly: ", "weekly_series.csv.gz: series W1: m is 0 and h is 13, at least 1 is needed of each"}},
		"nothing to forecast": {"m4/weekly_series.csv", head + "W1,Macro,52,0,1;2;3\n", []string{"series W1: m is 52 and h is 0"}},
		"back into the past":  {"m4/weekly_series.csv", head + "W1,Macro,52,-4,1;2;3\n", []string{"series W1: m is 52 and h is -4"}},
		"a word for a value":  {"bitbrains/h48_series.csv", head + "vm1.cpu,cpu,24,48,1;2;n/a\n", []string{"bitbrains_h48: ", "h48_series.csv.gz: series vm1.cpu: value 2", `"n/a"`}},
		"the second series":   {"bitbrains/h168gaps_series.csv", head + "vm1,cpu,24,168,1;;3\nvm2,cpu,24,168,1;;x\n", []string{"bitbrains_h168gaps: ", "series vm2: value 2", `"x"`}},
		"a VM without values": {"planetlab/20110303.csv", "series,values\nvm0,1;2\nvm1,low\n", []string{"planetlab: ", "20110303.csv: vm1: value 0", `"low"`}},
		"an empty day":        {"planetlab/20110304.csv", "", []string{"planetlab: ", "20110304.csv has no header"}},
		"a column of words":   {"ett/ETTh1.csv", "date,HUFL,OT\nt0,1,2\nt1,3,hot\n", []string{"ett: ", "ETTh1.csv: OT: row 2", `"hot"`}},
		"an empty cell":       {"ett/ETTh1.csv", "date,HUFL,OT\nt0,,2\n", []string{"ett: ", "ETTh1.csv: HUFL: row 1"}},
	}, func(dir string) []string { return []string{"forecast", "-data", dir, "-out", out} })
	files, err := os.ReadDir(out)
	require.NoError(t, err)
	require.Empty(t, files, "nothing is written of a set that cannot be read")
}

func TestDetectRefusesWrongFiles(t *testing.T) {
	out := t.TempDir()
	refused(t, map[string]refusal{
		"no header":                    {"kpi/data/a.csv", "", []string{"kpi: a.csv", "has no header"}},
		"no rows":                      {"kpi/data/a.csv", "value,label\n", []string{"kpi: a.csv: there are no values: columns are [value label]"}},
		"only a label":                 {"wsd/data/1.csv", "label\n0\n1\n", []string{"wsd: 1.csv: there are no values: columns are [label]"}},
		"a time that is none":          {"nab/data/real/x.csv", "timestamp,value,label\n2024-01-01 00:00:00,1,0\nnoon,2,0\n", []string{"nab: " + filepath.Join("real", "x.csv"), "row 2: column timestamp", `"noon"`}},
		"a value that is none":         {"mscloud/data/g/b.csv", "timestamp,value,label\n2024-01-01 00:00:00,many,0\n", []string{"mscloud: " + filepath.Join("g", "b.csv"), "row 1: column value", `"many"`}},
		"the second metric":            {"smd/data/m.csv", "c0,c1,label\n1,2,-1\n1,2,-1\n1,two,0\n", []string{"smd: m.csv: row 3: column c1", `"two"`}},
		"a row too long":               {"asd/data/omi.csv", "c0,label\n1,-1\n1,0,0\n", []string{"asd: omi.csv", "line 3", "wrong number of fields"}},
		"a file that only looks zippd": {"tsbu/data/z.csv.gz", "value,label\n1,0\n", []string{"tsbu: z.csv", "gzip"}},
	}, func(dir string) []string { return []string{"detect", "-data", dir, "-out", out} })
}

// A history longer than its file, or of less than nothing, would leave nothing to judge or more than there is.
func TestAHistoryHasToLieInItsFile(t *testing.T) {
	for rows, says := range map[string]string{"9": "train_rows is 9, the file has 3 rows", "-1": "train_rows is -1, the file has 3 rows"} {
		dir := t.TempDir()
		plainFile(t, dir, "kpi/data/a.csv", "value,label\n1,0\n2,1\n3,0\n")
		plainFile(t, dir, "kpi/index.csv", "file,train_rows,step_s\na.csv,"+rows+",60\n")
		err := run(t.Context(), []string{"detect", "-data", dir, "-folders", filepath.Join(dir, "f.csv")})
		require.ErrorContains(t, err, "kpi: a.csv: "+says)
		require.NoFileExists(t, filepath.Join(dir, "f.csv"))
		require.ErrorContains(t, run(t.Context(), []string{"warn", "-quiet", dir, "-kinds", "kpi"}), says)
	}
	dir := t.TempDir()
	plainFile(t, dir, "kpi/data/a.csv", "value,label\n1,0\n2,1\n3,0\n")
	plainFile(t, dir, "kpi/index.csv", "file,train_rows,step_s\na.csv,3,60\n")
	f := labelled{path: filepath.Join(dir, "kpi", "data", "a.csv"), train: 3}
	require.NoError(t, f.read(), "a file of nothing but history may be")
	require.Zero(t, f.judge("kpi", marked{alert: [3][]bool{{true, true, true}, make([]bool, 3), make([]bool, 3)}}).alone[0], "and there is nothing false in it")
}

func TestWarnRefusesWrongCases(t *testing.T) {
	out := filepath.Join(t.TempDir(), "answers.csv")
	refused(t, map[string]refusal{
		"no header":            {"cases.csv", "", []string{"cases.csv", "has no header"}},
		"columns in disorder":  {"cases.csv", "kind,series,step_s,threshold,floor,ceiling,first_eval,every,values\n", []string{"cases.csv has the columns kind,series", "series,kind,step_s,threshold,floor,ceiling,first_eval,every,values are needed"}},
		"a column less":        {"cases.csv", "series,kind,step_s\n", []string{"has the columns series,kind,step_s, "}},
		"a row too short":      {"cases.csv", warnHeader + "a,k,600,9\n", []string{"cases.csv", "line 2", "wrong number of fields"}},
		"no step":              {"cases.csv", warnHeader + "a,k,,9,0,100,1,1,1;2\n", []string{"cases.csv: series a: step_s: "}},
		"a threshold of words": {"cases.csv", warnHeader + "a,k,600,high,0,100,1,1,1;2\n", []string{"series a: threshold: ", `"high"`}},
		"no floor":             {"cases.csv", warnHeader + "a,k,600,9,,100,1,1,1;2\n", []string{"series a: floor: "}},
		"no ceiling":           {"cases.csv", warnHeader + "a,k,600,9,0,none,1,1,1;2\n", []string{"series a: ceiling: ", `"none"`}},
		"first, not a number":  {"cases.csv", warnHeader + "a,k,600,9,0,100,1st,1,1;2\n", []string{"series a: first_eval: ", `"1st"`}},
		"every, not a number":  {"cases.csv", warnHeader + "a,k,600,9,0,100,1,each,1;2\n", []string{"series a: every: ", `"each"`}},
		"before the beginning": {"cases.csv", warnHeader + "a,k,600,9,0,100,-1,1,1;2\n", []string{"series a: step_s, first_eval and every must be positive"}},
		"back in time":         {"cases.csv", warnHeader + "a,k,-600,9,0,100,1,1,1;2\n", []string{"series a: step_s, first_eval and every must be positive"}},
		"the second series":    {"cases.csv", warnHeader + "a,k,600,9,0,100,1,1,1;2\nb,k,600,9,0,100,1,1,1;;?\n", []string{"cases.csv: series b: value 2", `"?"`}},
	}, func(dir string) []string {
		return []string{"warn", "-data", filepath.Join(dir, "cases.csv"), "-out", out}
	})
	require.NoFileExists(t, out)
}

func TestPeersRefuseSeriesAndTruthThatDoNotFit(t *testing.T) {
	for name, c := range map[string]struct{ series, truth, says string }{
		"no season":       {"series,category,m,h,train\na,x,0,2,1;2;3\n", "series,values\na,1;2\n", "series a: m is 0 and h is 2"},
		"a column less":   {"series,category,m,h,train\na,x,1,2,1;2;3\n", "series\na\n", "weekly_truth.csv.gz has 1 columns, 2 are needed: series,values"},
		"no header":       {"series,category,m,h,train\na,x,1,2,1;2;3\n", "", "weekly_truth.csv.gz has no header"},
		"a word":          {"series,category,m,h,train\na,x,1,2,1;2;3\n", "series,values\na,1;two\n", "weekly_truth.csv.gz: series a: value 1"},
		"nothing of it":   {"series,category,m,h,train\na,x,1,2,1;2;3\n", "series,values\n", "weekly_truth.csv.gz: series a has 1 values, 2 are needed"},
		"more than it is": {"series,category,m,h,train\na,x,1,2,1;2;3\n", "series,values\na,1;2;3\n", "weekly_truth.csv.gz: series a has 3 values, 2 are needed"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plainFile(t, dir, "m4/weekly_series.csv", c.series)
			plainFile(t, dir, "m4/weekly_truth.csv", c.truth)
			out := filepath.Join(dir, "out")
			require.ErrorContains(t, run(t.Context(), []string{"peers", "-data", dir, "-set", "m4_weekly", "-out", out}), c.says)
			require.NoDirExists(t, out)
		})
	}
}

// A peer that stopped half way has no row: its errors would be those of fewer steps.
func TestAPeerThatStoppedHalfWayIsLeftOut(t *testing.T) {
	dir := t.TempDir()
	problems := []problem{{name: "a", horizon: 2}, {name: "b", horizon: 2}}
	prefix := filepath.Join(dir, "x")
	plainFile(t, dir, "x.csv", "method,series,step,mean,lo95,hi95\nwhole,a,1,1,0,2\nwhole,a,2,1,0,2\nhalf,a,1,1,0,2\nhalf,a,2,1,0,2\nwhole,b,1,1,0,2\nwhole,b,2,1,0,2\nhalf,b,1,1,0,2\n")
	plainFile(t, dir, "x_ms.csv", "method,series,ms\nwhole,a,3\nhalf,a,1\nwhole,b,5\nhalf,b,1\nunknown,a,9\n")
	rows, err := readPeers(prefix, problems)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, "whole", rows[0].method)
	require.Equal(t, []float64{3, 5}, rows[0].ms)
	plainFile(t, dir, "x_ms.csv", "method,series,ms\nwhole,a,3\nwhole,b,soon\n")
	_, err = readPeers(prefix, problems)
	require.ErrorContains(t, err, `x_ms.csv: b of whole: strconv.ParseFloat: parsing "soon"`, "a time that is none is not passed over")
	require.NoError(t, os.Remove(prefix+"_ms.csv"))
	_, err = readPeers(prefix, problems)
	require.ErrorIs(t, err, os.ErrNotExist, "a peer without times either")
}

func TestClusterRefusesWrongTables(t *testing.T) {
	for name, c := range map[string]struct{ window, hosts, says string }{
		"a word in the window":  {"x,y\n1,2\n3,north\n", "1,2\n", "window10k.csv.gz: row 2: column 2: strconv.ParseFloat: parsing \"north\""},
		"a word in the group":   {"x,y\n1,2\n", "1,2\n3,east\n", "group100x1000.csv.gz: row 2: column 2: strconv.ParseFloat: parsing \"east\""},
		"a group with a header": {"x,y\n1,2\n", "a,b\n1,2\n", "group100x1000.csv.gz: row 1: "},
		"rows of two lengths":   {"x,y\n1,2\n", "1,2\n3\n", "group100x1000.csv.gz: record on line 2: wrong number of fields"},
		"an empty window":       {"", "1,2\n", "window10k.csv.gz has no header"},
		"a window of no points": {"x,y\n", "1,2\n3,4\n5,6\n", "K-means"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			zipped(t, dir, "window10k.csv.gz", c.window)
			zipped(t, dir, "group100x1000.csv.gz", c.hosts)
			var err error
			require.NotPanics(t, func() { err = run(t.Context(), []string{"cluster", "-data", dir, "-runs", "1", "-draws", "0"}) })
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestCompositeRefusesEventsOfAnotherFile(t *testing.T) {
	file := "c0,c1,label\n" + strings.Repeat("1,2,-1\n", 3) + strings.Repeat("1,2,0\n", 2)
	for text, says := range map[string]string{
		"2-3:1\n":         "omi.csv: an event begins at row 5, the file has 5",
		"0-0:1\n70-80:1":  "omi.csv: an event begins at row 73, the file has 5",
		"1-0:1\n":         `omi.txt: "1-0:1" is not first-last:metrics`,
		"one-2:1\n":       `omi.txt: "one-2:1" is not first-last:metrics`,
		"0-1;1\n":         `omi.txt: "0-1;1" is not first-last:metrics`,
		"0-1:\n":          `omi.txt: metric "": `,
		"0-1:1\n0-1:1,c1": `omi.txt: metric "c1": `,
	} {
		dir := t.TempDir()
		plainFile(t, dir, "asd/data/omi.csv", file)
		plainFile(t, dir, "asd/interpretation/omi.txt", text)
		var err error
		require.NotPanics(t, func() { err = run(t.Context(), []string{"composite", "-data", dir, "-draws", "0"}) }, text)
		require.ErrorContains(t, err, "asd: ", text)
		require.ErrorContains(t, err, says, text)
	}
}

func TestPatternsRefuseSamplesWithoutWhatIsNeeded(t *testing.T) {
	refused(t, map[string]refusal{
		"no header":   {"loghub/Apache_2k.log_structured.csv", "", []string{"Apache_2k.log_structured.csv", "has no header"}},
		"no text":     {"loghub/Apache_2k.log_structured.csv", "LineId,EventId\n1,E1\n", []string{"Apache_2k.log_structured.csv", "columns Content and EventId are needed"}},
		"no kind":     {"loghub/Apache_2k.log_structured.csv", "LineId,Content\n1,a\n", []string{"columns Content and EventId are needed"}},
		"no messages": {"loghub/Apache_2k.log_structured.csv", "Content,EventId\n", []string{"Apache_2k.log_structured.csv", "has no messages"}},
	}, func(dir string) []string { return []string{"patterns", "-data", dir} })
}

// What a program of a trial wrote is read only if it is of this kind: the columns are told apart by their place.
func TestATrialOfOtherColumnsIsRefused(t *testing.T) {
	dir := t.TempDir()
	for text, says := range map[string]string{
		"":                                       "f.csv has no header",
		"set,folder,files\na,b,1\n":              "f.csv has the columns set,folder,files, set,folder,files,weeks,events,found_low",
		foldersHead + "a,b,1,2\n":                "line 2: wrong number of fields",
		foldersHead + "a,b,1,2,3,0,x,0,0,0,0,\n": `f.csv: row 1: column found: strconv.ParseFloat: parsing "x"`,
		foldersHead + "a,b,1,2,3,0,0,0,0,0,0,\na,c,1,2,3,0,0,0,0,0,y,9\n": `f.csv: row 2: column false_high: strconv.ParseFloat: parsing "y"`,
	} {
		_, err := readTrial("x", plainFile(t, dir, "f.csv", text))
		require.ErrorContains(t, err, says)
	}
}
