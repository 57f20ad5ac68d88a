//go:build mage

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// Audit verifies the hash chain of the trail in the Grafana at FOREWARN_GRAFANA_URL, as FOREWARN_RELAY_USER with
// FOREWARN_RELAY_PASSWORD, and fails where it does not hold. FOREWARN_DATASOURCE is the data source's uid, "forewarn" if empty.
func Audit() error {
	base, uid := os.Getenv("FOREWARN_GRAFANA_URL"), os.Getenv("FOREWARN_DATASOURCE")
	if base == "" {
		base = "http://127.0.0.1:3000/"
	}
	if uid == "" {
		uid = "forewarn"
	}
	req, err := http.NewRequest(http.MethodGet, base+"api/datasources/uid/"+uid+"/resources/audit/verify", nil)
	if err != nil {
		return err
	}
	if user := os.Getenv("FOREWARN_RELAY_USER"); user != "" {
		req.SetBasicAuth(user, os.Getenv("FOREWARN_RELAY_PASSWORD"))
	}
	res, err := (&http.Client{Timeout: 5 * time.Minute}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d: %s", base, res.StatusCode, raw)
	}
	var v struct {
		OK      bool   `json:"ok"`
		Entries int64  `json:"entries"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	if !v.OK {
		return fmt.Errorf("the trail does not hold: %s", v.Message)
	}
	fmt.Printf("The trail holds: %d lines.\n", v.Entries)
	return nil
}
