package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

const varyUsage = `usage: go run ./bench vary -data DIR [flags], in the repository's root

Makes each of auto's constants a quarter smaller and larger in turn, builds this program with it, and prints what that does to recall
and false alerts, and to NAB's score. Then leaves out one folder after the other: the variant that is best on the rest (auto as it is
counting as one) is asked how it does on the folder left out, which tells what choosing constants on these data is worth elsewhere.
flags:
`

// constant is one of auto's numbers.
type constant struct {
	file, name string
	kind       kind
}

type kind int

const (
	plain   kind = iota
	nearOne      // a part that is varied by what it leaves
	width        // of the band: it trades recall for false alerts, and is left out of what is chosen
)

// constants are those that can make a difference to auto's flags; the others are guards against division by nothing and the like.
var constants = []constant{
	{"auto.go", "autoScales", width}, {"auto.go", "highScales", width}, {"auto.go", "autoUrgent", plain}, {"auto.go", "localReach", plain},
	{"auto.go", "nearUsual", plain}, {"auto.go", "mostEpisodes", plain}, {"auto.go", "noNeighbour", plain}, {"auto.go", "earlyAlone", plain}, {"baseline.go", "readyDays", plain},
	{"settle.go", "settleWeek", plain}, {"settle.go", "settleRaise", plain}, {"local.go", "localFollows", plain}, {"days.go", "ordinaryDays", plain},
	{"days.go", "longShare", plain}, {"days.go", "longFade", nearOne}, {"days.go", "outerShare", nearOne}, {"days.go", "habitScales", plain},
	{"days.go", "noisyDays", plain}, {"days.go", "noisyScales", plain}, {"baseline.go", "levelAdapts", plain}, {"baseline.go", "leastScale", plain},
	{"baseline.go", "farScales", plain}, {"slots.go", "slotCycles", plain}, {"restless.go", "restlessFollow", plain}, {"restless.go", "restlessShare", nearOne},
	{"restless.go", "restlessMean", plain}, {"restless.go", "restlessMemory", plain}, {"restless.go", "restlessSilent", plain}, {"restless.go", "restlessRange", plain},
	{"restless.go", "restlessShort", plain}, {"restless.go", "restlessLimit", plain}, {"restless.go", "restlessTired", plain}, {"guard.go", "recovered", plain},
}

const detectRoom = "pkg/detect"

// trial is a variant of auto and what it reached.
type trial struct {
	name    string
	folders map[string][]float64 // by set and folder: the columns of foldersHead from the third on
}

func vary(ctx context.Context, args []string) error {
	flags := newFlags("vary", varyUsage)
	data := flags.String("data", "", "folder with the data sets")
	sets := flags.String("sets", "nab,kpi,wsd,mscloud", "data sets, separated by commas")
	only := flags.String("constants", "", "constants to vary, separated by commas; empty = all")
	workers := flags.Int("workers", 1, "files scored at the same time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return fmt.Errorf("-data is needed:\n%s", varyUsage)
	}
	if err := errors.Join(known("sets", *sets, detectSets, detectSet.called), known("constants", *only, constants, func(c constant) string { return c.name }), enough(*workers)); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "vary")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	try := func(name, overlay string) (trial, error) {
		return measure(ctx, dir, name, overlay, "-data", *data, "-sets", *sets, "-workers", strconv.Itoa(*workers))
	}
	asItIs, err := try("as it is", "")
	if err != nil {
		return err
	}
	all := []trial{asItIs}
	printTrialHead(asItIs)
	printTrial(asItIs, asItIs)
	for _, c := range constants {
		if !chosen(*only, c.name) {
			continue
		}
		for _, factor := range []float64{0.75, 1.25} {
			overlay, text, err := c.times(dir, factor)
			if err != nil {
				return err
			}
			t, err := try(c.name+" = "+text, overlay)
			if err != nil {
				return err
			}
			if printTrial(t, asItIs); c.kind != width {
				all = append(all, t)
			}
		}
	}
	printLeftOut(all)
	return nil
}

// times writes an overlay for the Go command in which the constant is so many times what it is, and tells its value.
func (c constant) times(dir string, factor float64) (overlay, text string, err error) {
	path := filepath.Join(detectRoom, c.file)
	source, err := os.ReadFile(path)
	if err != nil {
		return "", "", err
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, source, 0)
	if err != nil {
		return "", "", err
	}
	value := valueOf(parsed, c.name)
	if value == nil {
		return "", "", fmt.Errorf("%s has no constant %s", path, c.name)
	}
	from, to := files.Position(value.Pos()).Offset, files.Position(value.End()).Offset
	text = c.scaled(string(source[from:to]), factor)
	changed := filepath.Join(dir, c.file)
	if err := os.WriteFile(changed, []byte(string(source[:from])+text+string(source[to:])), 0o600); err != nil {
		return "", "", err
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", "", err
	}
	replaced, err := json.Marshal(map[string]map[string]string{"Replace": {whole: changed}})
	if err != nil {
		return "", "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, text, os.WriteFile(overlay, replaced, 0o600)
}

// scaled is the expression times the factor: whole numbers stay whole and move by at least one.
func (c constant) scaled(expression string, factor float64) string {
	v, err := strconv.ParseFloat(expression, 64)
	switch {
	case err != nil:
		return fmt.Sprintf("%s * %g / 100", expression, 100*factor)
	case c.kind == nearOne:
		v = 1 - (1-v)*factor
	case !strings.ContainsAny(expression, ".e"):
		by := math.Copysign(max(math.Round(v*math.Abs(factor-1)), 1), factor-1)
		return strconv.Itoa(int(v + by))
	default:
		v *= factor
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// valueOf finds what a package-level constant is given.
func valueOf(file *ast.File, name string) ast.Expr {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			if v, ok := s.(*ast.ValueSpec); ok {
				for i, n := range v.Names {
					if n.Name == name && i < len(v.Values) {
						return v.Values[i]
					}
				}
			}
		}
	}
	return nil
}

// measure builds this program with the overlay and has it score the data.
func measure(ctx context.Context, dir, name, overlay string, args ...string) (trial, error) {
	program, sums := filepath.Join(dir, "bench"), filepath.Join(dir, "folders.csv")
	build := []string{"build", "-o", program}
	if overlay != "" {
		build = append(build, "-overlay", overlay)
	}
	for _, c := range [][]string{append([]string{"go"}, append(build, "./bench")...), append([]string{program, "detect", "-folders", sums}, args...)} {
		if text, err := exec.CommandContext(ctx, c[0], c[1:]...).CombinedOutput(); err != nil {
			return trial{}, fmt.Errorf("%s: %s: %w", name, text, err)
		}
	}
	return readTrial(name, sums)
}

func readTrial(name, path string) (trial, error) {
	rows, err := table(path)
	if err != nil || len(rows) < 2 {
		return trial{}, errors.Join(err, fmt.Errorf("%s has %d rows", path, len(rows)))
	}
	t := trial{name, map[string][]float64{}}
	if head := strings.Join(rows[0], ",") + "\n"; head != foldersHead {
		return trial{}, fmt.Errorf("%s has the columns %s, %s are needed", path, strings.TrimSpace(head), strings.TrimSpace(foldersHead))
	}
	for k, row := range rows[1:] {
		var columns []float64
		for c, text := range row[2:] {
			v := math.NaN()
			if text != "" {
				if v, err = strconv.ParseFloat(text, 64); err != nil {
					return trial{}, fmt.Errorf("%s: row %d: column %s: %w", path, k+1, rows[0][c+2], err)
				}
			}
			columns = append(columns, v)
		}
		t.folders[row[0]+"/"+row[1]] = columns
	}
	return t, nil
}
