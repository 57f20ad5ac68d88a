//go:build !unix

package main

import "time"

var started = time.Now()

// processorTime is the time since the start where the system's count is not at hand.
func processorTime() time.Duration { return time.Since(started) }
