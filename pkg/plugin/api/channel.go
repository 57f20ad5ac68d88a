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

// Delivery is the answer of POST relay/{name}: 200 where the message is out or the channel is off, else 502.
type Delivery struct {
	OK       bool              `json:"ok"`
	Error    string            `json:"error,omitempty"` // of the last channel tried
	Attempts []DeliveryAttempt `json:"attempts"`        // the channel, then its fallbacks
}

// DeliveryAttempt is one channel's part in a delivery.
type DeliveryAttempt struct {
	Channel      string `json:"channel"`
	OK           bool   `json:"ok"`
	Off          bool   `json:"off,omitempty"` // it is declared but not in use: nothing was sent
	Status       int    `json:"status"`        // of its last answer; 0 = none came
	Tries        int    `json:"tries"`
	Milliseconds int64  `json:"milliseconds"`
	Error        string `json:"error,omitempty"`
}

// ChannelTest is the answer of POST channels/{name}/test.
type ChannelTest struct {
	OK           bool   `json:"ok"`
	Status       int    `json:"status"` // of the answer; 0 = none came
	Answer       string `json:"answer"`
	Milliseconds int64  `json:"milliseconds"`
}
