package alert

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"regexp"
	"strconv"
)

// reference is a node's name in a math expression: $A or ${A}.
var reference = regexp.MustCompile(`\$\{?(\w+)\}?`)

// formula works out a math expression over numbers: one result for each series that all its nodes have. Its grammar, as far as Grafana's
// and this go, is that of Go's expressions.
func formula(text string, nodes map[string][]Dimension) ([]Dimension, error) {
	tree, err := parser.ParseExpr(reference.ReplaceAllString(text, "$1"))
	if err != nil {
		return nil, fmt.Errorf("%w: math %q: %w", ErrUnknown, text, err)
	}
	names := reference.FindAllStringSubmatch(text, -1)
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: math %q reads no node", ErrUnknown, text)
	}
	numbers := map[string]map[string]float64{} // by series, then by node
	for _, name := range names {
		in, ok := nodes[name[1]]
		if !ok {
			return nil, fmt.Errorf("%w: math %q works on %q, which no node before it is called", ErrUnknown, text, name[1])
		}
		for _, d := range in {
			if d.Time {
				return nil, fmt.Errorf("%w: math over time; reduce %s first", ErrUnknown, name[1])
			}
			if numbers[key(d.Labels)] == nil {
				numbers[key(d.Labels)] = map[string]float64{}
			}
			numbers[key(d.Labels)][name[1]] = d.Number
		}
	}
	var out []Dimension
	for _, d := range nodes[names[0][1]] {
		v, err := compute(tree, numbers[key(d.Labels)])
		if err != nil {
			return nil, fmt.Errorf("%w: math %q: %w", ErrUnknown, text, err)
		}
		if v != nil {
			out = append(out, Dimension{Labels: d.Labels, Number: *v})
		}
	}
	return out, nil
}

// compute gives nil where a node has no such series.
func compute(tree ast.Expr, values map[string]float64) (*float64, error) {
	switch x := tree.(type) {
	case *ast.ParenExpr:
		return compute(x.X, values)
	case *ast.BasicLit:
		v, err := strconv.ParseFloat(x.Value, 64)
		return &v, err
	case *ast.Ident:
		if v, ok := values[x.Name]; ok {
			return &v, nil
		}
		return nil, nil
	case *ast.UnaryExpr:
		if x.Op != token.SUB {
			return nil, fmt.Errorf("%s is not worked out", x.Op)
		}
		v, err := compute(x.X, values)
		if v == nil || err != nil {
			return nil, err
		}
		negative := -*v
		return &negative, nil
	case *ast.CallExpr:
		name, _ := x.Fun.(*ast.Ident)
		if name == nil || name.Name != "abs" || len(x.Args) != 1 {
			return nil, fmt.Errorf("only abs of one number is called")
		}
		v, err := compute(x.Args[0], values)
		if v == nil || err != nil {
			return nil, err
		}
		size := math.Abs(*v)
		return &size, nil
	case *ast.BinaryExpr:
		a, err := compute(x.X, values)
		if a == nil || err != nil {
			return nil, err
		}
		b, err := compute(x.Y, values)
		if b == nil || err != nil {
			return nil, err
		}
		v, ok := apply(x.Op, *a, *b)
		if !ok {
			return nil, fmt.Errorf("%s is not worked out", x.Op)
		}
		return &v, nil
	}
	return nil, fmt.Errorf("%T is no arithmetic", tree)
}

// apply works out one operator; a comparison is 1 or 0.
func apply(op token.Token, a, b float64) (v float64, ok bool) {
	truth := func(holds bool) (float64, bool) {
		switch {
		case math.IsNaN(a) || math.IsNaN(b):
			return math.NaN(), true
		case holds:
			return 1, true
		}
		return 0, true
	}
	switch op {
	case token.ADD:
		return a + b, true
	case token.SUB:
		return a - b, true
	case token.MUL:
		return a * b, true
	case token.QUO:
		return a / b, true
	case token.GTR:
		return truth(a > b)
	case token.GEQ:
		return truth(a >= b)
	case token.LSS:
		return truth(a < b)
	case token.LEQ:
		return truth(a <= b)
	}
	return 0, false
}
