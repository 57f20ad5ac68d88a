//go:build mage

package main

import "os"

// Channels tries all nine channels with a real Grafana (GRAFANA_HOME), Prometheus and MariaDB. What each is sent at the beginning and at the
// end of a warning has to be what was recorded; cooldown, tiers, maintenance and silence have to hold.
func Channels() error {
	home, program := findGrafana()
	if program == "" {
		step("No Grafana on this machine: nothing was sent (set GRAFANA_HOME)")
		return nil
	}
	if err := os.Setenv("GRAFANA_HOME", home); err != nil {
		return err
	}
	step("Sending through every channel (eight minutes)")
	return in(".", "go", "test", "-tags", "grafana", "-count=1", "-timeout", "20m", "./tests/channels")
}
