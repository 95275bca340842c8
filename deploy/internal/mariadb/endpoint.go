package mariadb

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
)

// Endpoint is an address that leads to servers, as the writer's and the
// reader's name of a database cluster do: it stays the same while the servers
// behind it change. New connections take turns. It is safe for concurrent use.
type Endpoint struct {
	listener net.Listener

	mu      sync.Mutex
	targets []string
	next    int
	conns   map[net.Conn]bool
}

// NewEndpoint opens an endpoint before servers; without any it refuses
// connections until Point.
func NewEndpoint(servers ...*Server) (*Endpoint, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a database endpoint: %w", err)
	}
	e := &Endpoint{listener: listener, conns: map[net.Conn]bool{}}
	e.Point(servers...)
	go e.accept()
	return e, nil
}

// URL is the endpoint's address for a user, without a database.
func (e *Endpoint) URL(user *url.Userinfo) string {
	u := url.URL{Scheme: "mysql", User: user, Host: e.listener.Addr().String(), Path: "/"}
	return u.String()
}

// Point sends new connections to servers. Those that are open stay where they are.
func (e *Endpoint) Point(servers ...*Server) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.targets = nil
	for _, s := range servers {
		e.targets = append(e.targets, s.address())
	}
}

// Close ends the endpoint and every connection through it.
func (e *Endpoint) Close() error {
	err := e.listener.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	for conn := range e.conns {
		err = errors.Join(err, conn.Close())
	}
	return err
}

func (e *Endpoint) accept() {
	for {
		client, err := e.listener.Accept()
		if err != nil {
			return // closed
		}
		go e.serve(client)
	}
}

func (e *Endpoint) serve(client net.Conn) {
	defer e.forget(client)
	server, err := net.Dial("tcp", e.admit(client))
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client) // either side's end is the other's
		server.Close()
	}()
	_, _ = io.Copy(client, server)
}

// admit remembers a connection and chooses its server; no address if there is none.
func (e *Endpoint) admit(client net.Conn) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.conns[client] = true
	if len(e.targets) == 0 {
		return ""
	}
	e.next++
	return e.targets[e.next%len(e.targets)]
}

func (e *Endpoint) forget(client net.Conn) {
	client.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.conns, client)
}
