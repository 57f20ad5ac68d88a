package prometheus

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

var (
	placeholder = regexp.MustCompile(`\{\{[^{}]+\}\}`)
	variable    = regexp.MustCompile(`\$\{(__[a-z_]+)(?::[a-z]+)?\}|\$(__[a-z_]+)`)
	bareCounter = regexp.MustCompile(`^\s*[a-zA-Z_:][a-zA-Z0-9_:]*_(total|count|sum|bucket)\s*(\{[^{}]*\})?\s*$`)
)

// expand replaces the variables that Grafana's own Prometheus source knows; they do not depend on the panel's width here, only
// on the query's step and range.
func (c *Client) expand(r source.Request, grid series.Grid) string {
	span := grid.End().Sub(grid.Start)
	scrape := c.config.ScrapeInterval
	if least, err := param.ParseDuration(r.Spec.Interval); err == nil && least > scrape {
		scrape = least
	}
	rate := max(4*scrape, r.Step+scrape)
	values := map[string]string{
		"__interval": param.FormatDuration(r.Step), "__interval_ms": millis(r.Step), "__rate_interval": param.FormatDuration(rate),
		"__rate_interval_ms": millis(rate), "__range": param.FormatDuration(span), "__range_s": strconv.FormatInt(int64(span/time.Second), 10),
		"__range_ms": millis(span),
	}
	return variable.ReplaceAllStringFunc(r.Spec.Expr, func(text string) string {
		name := strings.Trim(text, "${}")
		name, _, _ = strings.Cut(name, ":")
		if v, ok := values[name]; ok {
			return v
		}
		return text
	})
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// hints tells what is likely to be a mistake in an expression.
func hints(expr string) []series.Notice {
	if bareCounter.MatchString(expr) {
		return []series.Notice{{Severity: series.Warning, Text: "the expression reads a counter as it is, which only grows and falls to zero at a restart: rate(…[$__rate_interval]) handles the resets"}}
	}
	return nil
}
