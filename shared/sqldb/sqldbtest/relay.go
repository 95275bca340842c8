package sqldbtest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Relay passes connections on to a server, as a name does that can be pointed
// elsewhere and a network that can fail. It is safe for concurrent use.
type Relay struct {
	listener net.Listener

	mu     sync.Mutex
	change *sync.Cond
	target string
	cut    bool
	hung   bool
	conns  map[net.Conn]bool
}

// NewRelay returns a relay to the server of a database's URL, and the URL by
// which the database is reached through it.
func NewRelay(t *testing.T, database string) (relay *Relay, through string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatalf("relay: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("relay: %v", err)
	}
	r := &Relay{listener: listener, target: u.Host, conns: map[net.Conn]bool{}}
	r.change = sync.NewCond(&r.mu)
	go r.accept()
	t.Cleanup(func() {
		listener.Close()
		r.Cut()
	})
	u.Host = listener.Addr().String()
	return r, u.String()
}

// Point sends new connections to the server of another database's URL. Those
// that are open stay where they are.
func (r *Relay) Point(t *testing.T, database string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatalf("relay: %v", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = u.Host
}

// Cut ends every connection, and each new one at once, until Heal.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	for conn := range r.conns {
		conn.Close()
	}
	r.change.Broadcast()
}

// Hang holds back every byte of open and new connections, until Heal or Cut.
func (r *Relay) Hang() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hung = true
}

// Heal undoes Cut and Hang.
func (r *Relay) Heal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut, r.hung = false, false
	r.change.Broadcast()
}

func (r *Relay) accept() {
	for {
		conn, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.serve(conn)
	}
}

func (r *Relay) serve(client net.Conn) {
	defer r.close(client)
	target, ok := r.open(client)
	if !ok {
		return
	}
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer r.close(server)
	if _, ok := r.open(server); !ok {
		return
	}
	go func() {
		_, _ = io.Copy(heldBack{server, r}, client)
		server.Close()
	}()
	_, _ = io.Copy(heldBack{client, r}, server) // ends when either side closes
}

func (r *Relay) open(conn net.Conn) (target string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns[conn] = true
	return r.target, !r.cut
}

func (r *Relay) close(conn net.Conn) {
	conn.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, conn)
}

// heldBack writes to a connection unless the relay hangs.
type heldBack struct {
	net.Conn
	relay *Relay
}

func (h heldBack) Write(data []byte) (int, error) {
	h.relay.mu.Lock()
	for h.relay.hung && !h.relay.cut {
		h.relay.change.Wait()
	}
	h.relay.mu.Unlock()
	return h.Conn.Write(data)
}
