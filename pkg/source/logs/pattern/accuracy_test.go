package pattern

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// forms are messages of several systems' kinds; each place in braces holds another value in every message.
var forms = []string{
	"Accepted password for {user} from {ip} port {n} ssh2",
	"Failed password for {user} from {ip} port {n} ssh2",
	"Connection closed by {ip} [preauth]",
	"Received block blk_{n} of size {n} from /{ip}",
	"PacketResponder {n} for block blk_{n} terminating",
	"Got assigned task {n}",
	"Finished task {n}.0 in stage {n}.0 (TID {n}). {n} bytes result sent to driver",
	"jk2_init() Found child {n} in scoreboard slot {n}",
	"mod_jk child workerEnv in error state {n}",
	"Established session 0x{n} with negotiated timeout {n} for client /{ip}:{n}",
	"OutOfMemory: killed process {n} ({user}) total-vm:{n}kB",
	"slow query took {n} ms on table orders",
	"任务 {n} 在节点 {ip} 上启动",
}

var users = []string{"root", "admin", "git", "postgres", "backup"}

// fill writes the k-th message of a form.
func fill(form string, k int) string {
	for n := 1; ; n++ {
		at := strings.IndexByte(form, '{')
		if at < 0 {
			return form
		}
		end := at + strings.IndexByte(form[at:], '}')
		value := fmt.Sprint(k*31 + n*7)
		switch form[at : end+1] {
		case "{ip}":
			value = fmt.Sprintf("10.%d.%d.%d", k%200, n, (k*13)%250)
		case "{user}":
			value = users[(k+n)%len(users)]
		}
		form = form[:at] + value + form[end+1:]
	}
}

// Messages that differ in their values only are one pattern; those of different forms are not, in whatever order they come. A user's name
// has no digit: it becomes a wildcard when the second one comes.
func TestFormsOfManySystemsAreToldApart(t *testing.T) {
	for _, stride := range []int{1, 5, 8} {
		m, of := NewMiner(), map[int]string{}
		for i := range 200 * len(forms) {
			form := forms[i*stride%len(forms)]
			one := m.Add(fill(form, i), 1)
			if known, ok := of[one.ID]; ok {
				require.Equal(t, known, form, "a pattern of two forms: %s", one)
			}
			of[one.ID] = form
		}
		require.Len(t, m.Templates(), len(forms))
		for _, one := range m.Templates() {
			require.Equal(t, 200, one.Count)
			require.NotContains(t, one.String(), "10.", "no value is left: %s", one)
			for k := range 50 {
				require.True(t, like(one.Like(), fill(of[one.ID], k)), one.Like())
			}
			for _, other := range forms {
				if other != of[one.ID] {
					require.False(t, like(one.Like(), fill(other, 3)), "%s matches %s", one.Like(), fill(other, 3))
				}
			}
		}
	}
}
