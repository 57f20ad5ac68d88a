// Package loopback finds room for the tests' servers.
package loopback

import "net"

// Address gives a free host:port on loopback.
func Address() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}
