// Package outage puts a TCP server out of reach and back, without stopping it.
package outage

import (
	"io"
	"net"
	"sync"
)

// Proxy passes connections on to a server while it is up.
type Proxy struct {
	Address string // host:port that clients connect to
	target  string

	mu       sync.Mutex
	listener net.Listener
	open     map[net.Conn]bool
}

// New makes a proxy that is up.
func New(target string) (*Proxy, error) {
	p := &Proxy{target: target, open: map[net.Conn]bool{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p.Address = l.Addr().String()
	p.serve(l)
	return p, nil
}

func (p *Proxy) serve(l net.Listener) {
	p.mu.Lock()
	p.listener = l
	p.mu.Unlock()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.pass(c)
		}
	}()
}

func (p *Proxy) pass(c net.Conn) {
	s, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = c.Close()
		return
	}
	p.mu.Lock()
	up := p.listener != nil
	p.open[c], p.open[s] = true, true
	p.mu.Unlock()
	if up {
		go func() { _, _ = io.Copy(s, c); _ = s.Close(); _ = c.Close() }()
		_, _ = io.Copy(c, s)
	}
	_, _ = s.Close(), c.Close()
	p.mu.Lock()
	delete(p.open, c)
	delete(p.open, s)
	p.mu.Unlock()
}

// Down refuses new connections and cuts the open ones.
func (p *Proxy) Down() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	for c := range p.open {
		_ = c.Close()
	}
}

// Up accepts connections again, at the same address.
func (p *Proxy) Up() error {
	l, err := net.Listen("tcp", p.Address)
	if err != nil {
		return err
	}
	p.serve(l)
	return nil
}
