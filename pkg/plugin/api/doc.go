// Package api holds the requests and answers of the data source's resource API as pure types. Times are RFC 3339 in UTC,
// durations are text as in a query ("24h", "14d"), a number that is not known is null. tests/contract holds a sample of each
// as JSON, which the tests of both languages read.
package api

// Problem is the body of every answer whose status is 400 or above.
type Problem struct {
	Error string `json:"error"`
	Field string `json:"field,omitempty"` // the field at fault, as a path such as "query.interval", where there is one
}
