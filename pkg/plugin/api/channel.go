package api

import "time"

// Channels is the answer of GET channels.
type Channels struct {
	Channels []Channel `json:"channels"`
}

// Channel is where notifications go, without its secrets.
type Channel struct {
	Name       string     `json:"name"`
	Kind       string     `json:"kind"`
	Host       string     `json:"host"`
	Enabled    bool       `json:"enabled"`
	LastStatus string     `json:"lastStatus"` // ok, an error's text, or empty where nothing was sent yet
	LastAt     *time.Time `json:"lastAt"`
}

// ChannelTest is the answer of POST channels/{name}/test.
type ChannelTest struct {
	OK           bool   `json:"ok"`
	Status       int    `json:"status"` // of the answer; 0 = none came
	Answer       string `json:"answer"`
	Milliseconds int64  `json:"milliseconds"`
}
