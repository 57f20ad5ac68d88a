package notify

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestGuardRefusesAddresses(t *testing.T) {
	g, err := NewGuard([]string{"oapi.dingtalk.com", "sms.example.com:8443"}, []string{"127.0.0.1:9099", "zammad.lan"})
	require.NoError(t, err)
	for address, says := range map[string]string{
		"https://oapi.dingtalk.com.evil.com/robot":     "allow-list",
		"https://evil.com/?x=oapi.dingtalk.com":        "allow-list",
		"https://evil.com#oapi.dingtalk.com":           "allow-list",
		"https://oapi.dingtalk.com@evil.com/":          "name and password",
		"https://user:pw@oapi.dingtalk.com/robot":      "name and password",
		"https://oapi.dingtalk.com:22/robot":           "allow-list",
		"https://oapi.dingtalk.com:8443/robot":         "allow-list",
		"https://sms.example.com/send":                 "allow-list",
		"http://oapi.dingtalk.com/robot":               "allow-list", // port 80
		"http://oapi.dingtalk.com:443/robot":           "plain http",
		"http://127.0.0.1:9098/":                       "allow-list",
		"http://127.0.0.1/":                            "allow-list",
		"http://2130706433:9099/":                      "allow-list", // 127.0.0.1 as one number
		"http://0x7f.1:9099/":                          "allow-list",
		"http://[::1]:9099/":                           "allow-list",
		"http://[::ffff:127.0.0.1]:9099/":              "allow-list",
		"http://169.254.169.254/latest/meta-data/":     "allow-list",
		"https://localhost/":                           "allow-list",
		"ftp://oapi.dingtalk.com/":                     "scheme",
		"file:///etc/passwd":                           "form",
		"gopher://127.0.0.1:9099/":                     "scheme",
		"//oapi.dingtalk.com/robot":                    "scheme",
		"oapi.dingtalk.com/robot":                      "form",
		"https://":                                     "form",
		"":                                             "form",
		"https://oapi.dingtalk.com\\@evil.com/":        "form",
		"https://оapi.dingtalk.com/robot":              "allow-list", // a Cyrillic о
		"https://oapi.dingtalk.com%2eevil.com/":        "",
		"https://oapi.dingtalk.com\r\nHost: evil.com/": "form",
	} {
		_, err := g.Check(address)
		require.ErrorIs(t, err, ErrForbidden, address)
		require.Contains(t, err.Error(), says, address)
		require.NotContains(t, err.Error(), "/robot", "an address may hold a token: it is not repeated")
	}
	for address, want := range map[string]string{
		"https://oapi.dingtalk.com/robot/send?access_token=x": "https://oapi.dingtalk.com/robot/send?access_token=x",
		"https://OAPI.dingtalk.com.:443/robot":                "https://oapi.dingtalk.com/robot",
		"https://sms.example.com:8443/send":                   "https://sms.example.com:8443/send",
		"http://127.0.0.1:9099/hook":                          "http://127.0.0.1:9099/hook",
		" https://zammad.lan/#x ":                             "https://zammad.lan/",
	} {
		u, err := g.Check(address)
		require.NoError(t, err, address)
		require.Equal(t, want, u.String())
	}
}

func TestGuardWantsPlainHosts(t *testing.T) {
	for _, entry := range []string{"https://a.example.com", "*.example.com", "a@b", "a/b", "a:b:c", "", "a?b", "a:port"} {
		_, err := NewGuard([]string{entry}, nil)
		require.Error(t, err, "%q", entry)
	}
}

func TestOnlyPublicAddressesAreReachable(t *testing.T) {
	for ip, want := range map[string][2]bool{ // public host, private host
		"8.8.8.8": {true, true}, "2400:3200::1": {true, true}, "::ffff:8.8.8.8": {true, true},
		"127.0.0.1": {false, true}, "10.1.2.3": {false, true}, "172.16.0.1": {false, true}, "192.168.1.1": {false, true}, "100.64.0.1": {false, true},
		"::1": {false, true}, "fd12::1": {false, true}, "::ffff:10.0.0.1": {false, true},
		"169.254.169.254": {}, "100.100.100.200": {}, "fd00:ec2::254": {}, "fe80::1": {}, "0.0.0.0": {}, "::": {}, "0.1.2.3": {}, "224.0.0.1": {}, "ff02::1": {},
		"255.255.255.255": {}, "192.0.2.1": {}, "198.18.0.1": {}, "64:ff9b::7f00:1": {}, "2002:7f00:1::": {}, "2001:db8::1": {}, "::ffff:169.254.169.254": {},
	} {
		a := netip.MustParseAddr(ip)
		require.Equal(t, want, [2]bool{reachable(a, false), reachable(a, true)}, ip)
	}
	require.False(t, reachable(netip.Addr{}, true))
}

// Whatever the octets, a private address is never reached as a public host.
func TestPrivateRangesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ip := netip.AddrFrom4([4]byte{rapid.Byte().Draw(t, "a"), rapid.Byte().Draw(t, "b"), rapid.Byte().Draw(t, "c"), rapid.Byte().Draw(t, "d")})
		mapped := netip.AddrFrom16(ip.As16())
		require.Equal(t, reachable(ip, false), reachable(mapped, false), "an address written as IPv6 is the same address")
		if ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			require.False(t, reachable(ip, false))
		}
		if !reachable(ip, true) {
			require.False(t, reachable(ip, false))
		}
	})
}

// A name that points to a private address, at once or only the second time it is looked up, is not connected to.
func TestNamesThatPointInsideAreRefused(t *testing.T) {
	var hits atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer inside.Close()
	port := inside.URL[strings.LastIndex(inside.URL, ":")+1:]
	g, err := NewGuard([]string{"robot.example.com:" + port}, nil)
	require.NoError(t, err)
	for name, answers := range map[string][]string{"private": {"127.0.0.1"}, "mixed": {"8.8.8.8", "127.0.0.1"}, "mapped": {"::ffff:127.0.0.1"}, "metadata": {"169.254.169.254"}} {
		g.lookup = func(context.Context, string) ([]netip.Addr, error) {
			var out []netip.Addr
			for _, a := range answers {
				out = append(out, netip.MustParseAddr(a))
			}
			return out, nil
		}
		_, err := g.Dial(context.Background(), "tcp", "robot.example.com:"+port)
		require.ErrorIs(t, err, ErrForbidden, name)
	}
	lookups := 0
	g.lookup = func(context.Context, string) ([]netip.Addr, error) {
		lookups++
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	u, err := g.Check("https://robot.example.com:" + port)
	require.NoError(t, err)
	require.Zero(t, lookups, "checking looks nothing up, so that there is one look-up only: the one whose answer is connected to")
	client, err := newClient(g, time.Second)
	require.NoError(t, err)
	_, err = sender(client)(context.Background(), request{"POST", u, nil, nil})
	require.ErrorIs(t, err, ErrForbidden)
	require.Equal(t, 1, lookups)
	_, err = g.Dial(context.Background(), "tcp", "other.example.com:443")
	require.ErrorIs(t, err, ErrForbidden, "the dialler has the list as well")
	require.Zero(t, hits.Load())
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var inside atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer target.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		vendor := httptest.NewServer(http.RedirectHandler(target.URL, status))
		g, err := NewGuard(nil, []string{strings.TrimPrefix(vendor.URL, "http://"), strings.TrimPrefix(target.URL, "http://")})
		require.NoError(t, err)
		client, err := newClient(g, time.Second)
		require.NoError(t, err)
		u, err := url.Parse(vendor.URL)
		require.NoError(t, err)
		_, err = sender(client)(context.Background(), request{"POST", u, nil, []byte("{}")})
		require.ErrorIs(t, err, ErrForbidden)
		vendor.Close()
	}
	require.Zero(t, inside.Load(), "even where the target is allowed itself")
}

// Variables of the environment that name a proxy would send every message past the guard.
func TestNoProxyOfTheEnvironmentIsUsed(t *testing.T) {
	var seen atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	g, err := NewGuard([]string{"robot.example.com"}, nil)
	require.NoError(t, err)
	g.lookup = func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	client, err := newClient(g, time.Second)
	require.NoError(t, err)
	u, err := g.Check("https://robot.example.com/")
	require.NoError(t, err)
	_, err = sender(client)(context.Background(), request{"POST", u, nil, nil})
	require.ErrorIs(t, err, ErrForbidden)
	require.Zero(t, seen.Load())
}
