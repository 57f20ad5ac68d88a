package notify

import "net/netip"

// Ranges that the public internet does not route to a stranger's host (IANA special-purpose registries), apart from those that
// netip knows itself.
var special = prefixes("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10")

// shared is carrier-grade NAT, which clouds use inside.
var shared = prefixes("100.64.0.0/10")

// metadata services of clouds that answer at addresses which are otherwise merely private.
var metadata = map[netip.Addr]bool{netip.MustParseAddr("100.100.100.200"): true, netip.MustParseAddr("192.0.0.192"): true, netip.MustParseAddr("fd00:ec2::254"): true}

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// reachable says whether the relay may connect to an address. Link-local, multicast and metadata addresses never are; private
// ones are where the host is listed as private.
func reachable(ip netip.Addr, private bool) bool {
	ip = ip.Unmap()
	if !ip.IsValid() || ip.Zone() != "" || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLinkLocalUnicast() || metadata[ip] || in(ip, special) {
		return false
	}
	return private || ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !in(ip, shared)
}

func in(ip netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}
