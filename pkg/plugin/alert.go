package plugin

import (
	"fmt"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

type backendFrames = data.Frames

// errAlertOutput tells a rule to choose: a rule that got everything would compare the wrong number.
func errAlertOutput(q *query.Query) error {
	var single []string
	for _, o := range query.Outputs(q.Type) {
		if o.Single() {
			single = append(single, string(o))
		}
	}
	return fmt.Errorf("%w: field \"output\" is %q, an alert rule needs exactly one of %s", query.ErrInvalid, q.Output, strings.Join(single, ", "))
}
