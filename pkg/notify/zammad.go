package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// key is the same for all messages of one group of alerts, whichever replica sends them.
func (m *Message) key() string {
	sum := sha256.Sum256([]byte(m.GroupKey + "\n" + m.name()))
	return "FW-" + hex.EncodeToString(sum[:])[:10]
}

// zammad opens a ticket for a group of alerts, adds to it while it is open, and closes it when all is over. The ticket is found
// again by a key in its title. A message that all is over, of which there is no ticket, becomes a closed one. Source: Zammad's REST
// API, /api/v1/tickets; the user of the token needs ticket.agent.
func zammad(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, _ time.Time) (answer, error) {
	header := func() http.Header { return http.Header{"Authorization": {"Token token=" + c.token}} }
	text := m.body(c.Language, c.Limit)
	if link := m.Link(); link != "" {
		text += "\n" + link
	}
	article := map[string]any{"subject": m.heading(c.Language), "body": text, "type": "note", "internal": false, "content_type": "text/plain"}
	open, a, err := openTicket(ctx, send, header(), to, m.key())
	if err != nil {
		return a, err
	}
	ticket := map[string]any{"article": article}
	if m.Status == Resolved {
		ticket["state"] = "closed"
	}
	if open != 0 {
		a, err = sendJSON(ctx, send, http.MethodPut, to.JoinPath("api/v1/tickets", fmt.Sprint(open)), ticket, header())
		return a, made(a, err)
	}
	ticket["title"] = m.heading(c.Language) + " [" + m.key() + "]"
	ticket["group"], ticket["customer"] = c.Group, c.Customer
	if m.Severity() == "critical" {
		ticket["priority"] = "3 high"
	}
	a, err = sendJSON(ctx, send, http.MethodPost, to.JoinPath("api/v1/tickets"), ticket, header())
	return a, made(a, err)
}

// openTicket gives the id of the newest ticket with the key that is not closed; 0 = none.
func openTicket(ctx context.Context, send do, header http.Header, to *url.URL, key string) (int64, answer, error) {
	search := to.JoinPath("api/v1/tickets/search")
	search.RawQuery = url.Values{"query": {fmt.Sprintf(`title:%q AND NOT (state.name:closed OR state.name:merged)`, key)}, "limit": {"1"}, "sort_by": {"created_at"}, "order_by": {"desc"}}.Encode()
	a, err := send(ctx, request{method: http.MethodGet, url: search, header: header})
	if err != nil {
		return 0, a, err
	}
	var found struct {
		Tickets []int64 `json:"tickets"`
	}
	if json.Unmarshal(a.body, &found) == nil && len(found.Tickets) > 0 {
		return found.Tickets[0], a, nil
	}
	var plain []struct {
		ID int64 `json:"id"`
	}
	if json.Unmarshal(a.body, &plain) == nil && len(plain) > 0 {
		return plain[0].ID, a, nil
	}
	return 0, a, nil
}

// made checks that the answer is a ticket.
func made(a answer, err error) error {
	if err != nil {
		return err
	}
	var ticket struct {
		ID    int64  `json:"id"`
		Error string `json:"error"`
	}
	if json.Unmarshal(a.body, &ticket) != nil || ticket.ID == 0 || ticket.Error != "" {
		return &Failure{Status: a.status, Answer: string(a.body), Err: fmt.Errorf("no ticket came of it: %s", reason(a.body))}
	}
	return nil
}
