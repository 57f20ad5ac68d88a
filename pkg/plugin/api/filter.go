package api

import (
	"time"

	"github.com/forewarn/earlywarning/pkg/source"
)

// FilterRequest is the body of POST filters: what a dashboard's next filter can be.
type FilterRequest struct {
	Key     string          `json:"key"`     // the label whose values are asked for; empty: the names of labels
	Filters []source.Filter `json:"filters"` // those there are already
	From    time.Time       `json:"from"`
	To      time.Time       `json:"to"`
}

// FilterChoice is the answer of POST filters: names of labels or values of one, in order.
type FilterChoice struct {
	Values []string `json:"values"`
}
