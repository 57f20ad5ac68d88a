package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// ErrForbidden is wrapped by every refusal of an address.
var ErrForbidden = errors.New("address not allowed")

// Guard knows where the relay may connect to. The zero value allows nothing.
type Guard struct {
	public  map[string]bool // host:port, reached over TLS, at public addresses only
	private map[string]bool // host:port, may be plain HTTP and a private address

	lookup func(ctx context.Context, host string) ([]netip.Addr, error) // tests replace it
}

// NewGuard allows hosts ("host" or "host:port", TLS and port 443 unless it says otherwise) and, apart from them, private hosts,
// which may have private addresses and be spoken to in plain HTTP.
func NewGuard(hosts, private []string) (*Guard, error) {
	g := &Guard{public: map[string]bool{}, private: map[string]bool{}, lookup: func(ctx context.Context, host string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}}
	if err := allow(g.public, hosts); err != nil {
		return nil, err
	}
	return g, allow(g.private, private)
}

func allow(into map[string]bool, entries []string) error {
	for _, entry := range entries {
		host, port, err := splitHost(entry)
		if err != nil {
			return err
		}
		if port == "" {
			port = "443"
		}
		into[net.JoinHostPort(host, port)] = true
	}
	return nil
}

func splitHost(entry string) (host, port string, err error) {
	u, err := url.Parse("//" + strings.TrimSpace(entry))
	if err != nil || u.Hostname() == "" || u.Host != strings.TrimSpace(entry) || strings.ContainsAny(entry, "*@/?#") {
		return "", "", fmt.Errorf("%w: %q is not a host or host:port", ErrForbidden, entry)
	}
	return normal(u.Hostname()), u.Port(), nil
}

func normal(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

// Check refuses an address that is not on the list: another host or port, a name and password in it, plain HTTP to a public
// host. It looks nothing up; that is for Dial, at the moment of connecting.
func (g *Guard) Check(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("%w: not of the form https://host/path", ErrForbidden) // the address may hold a token: it is not repeated
	}
	if u.User != nil {
		return nil, fmt.Errorf("%w: %s: take the name and password out of the address", ErrForbidden, u.Hostname())
	}
	port := u.Port()
	switch u.Scheme {
	case "https":
		if port == "" {
			port = "443"
		}
	case "http":
		if port == "" {
			port = "80"
		}
	default:
		return nil, fmt.Errorf("%w: scheme %q, want https", ErrForbidden, u.Scheme)
	}
	key := net.JoinHostPort(normal(u.Hostname()), port)
	switch {
	case g.private[key]:
	case !g.public[key]:
		return nil, fmt.Errorf("%w: %s is not on the allow-list: add it to relay.hosts, or to relay.privateHosts for one of your own network", ErrForbidden, key)
	case u.Scheme != "https":
		return nil, fmt.Errorf("%w: %s: plain http is only for relay.privateHosts", ErrForbidden, key)
	}
	u.Fragment, u.Host = "", key
	if (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		u.Host = strings.TrimSuffix(key, ":"+port)
	}
	return u, nil
}

// Dial connects to an allowed host:port. The name is looked up once and the connection made to an address that was checked, so
// that a name cannot point elsewhere between the two.
func (g *Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	key := net.JoinHostPort(normal(host), port)
	own := g.private[key]
	if !own && !g.public[key] {
		return nil, fmt.Errorf("%w: %s is not on the allow-list", ErrForbidden, key)
	}
	addrs := []netip.Addr{}
	if ip, err := netip.ParseAddr(host); err == nil {
		addrs = append(addrs, ip)
	} else if addrs, err = g.lookup(ctx, normal(host)); err != nil {
		return nil, fmt.Errorf("%s cannot be looked up: %w", host, err)
	}
	// One bad address among good ones is reason enough: names of honest hosts do not mix them.
	for _, ip := range addrs {
		if !reachable(ip, own) {
			return nil, fmt.Errorf("%w: %s is at %s, which is not a public address", ErrForbidden, host, ip)
		}
	}
	var d net.Dialer
	var last error = &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	for _, ip := range addrs {
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(ip.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}
