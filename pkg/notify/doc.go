// Package notify forwards what Grafana's alerting says to the channels that Grafana cannot serve itself: robots that want a
// signature or that hide a refusal in an answer of status 200, gateways for text messages and calls, and ticket systems.
//
// A Relay takes the body of a webhook contact point, writes the message as the channel's vendor wants it, signs it, sends it to
// a host on the allow-list, reads the vendor's answer, tries again where that can help, and falls back to a second channel.
// Addresses and secrets come from the data source's settings only: whoever calls the relay chooses a name, never an address.
package notify
