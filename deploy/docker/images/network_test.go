//go:build linux

package images

import (
	"context"
	"net"
	"runtime"
	"testing"

	"bookstore/deploy/internal/needs"

	"golang.org/x/sys/unix"
)

// network is a network of the test's own: its addresses, bridges and packet
// filters are not those of the machine, which it can't reach, and they vanish
// with it.
type network struct {
	// The kernel keeps one network for each thread. What is to happen in this
	// one is done by a thread that does nothing else.
	tasks chan func()
}

// newNetwork makes a network with a loopback interface. It ends with the test.
func newNetwork(t *testing.T) *network {
	t.Helper()
	n := &network{tasks: make(chan func())}
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with this goroutine
		ready <- enterNetwork()
		for task := range n.tasks {
			task()
		}
	}()
	t.Cleanup(func() { close(n.tasks) })
	if err := <-ready; err != nil {
		needs.Missing(t, "a network of its own needs more rights than this process has: %v", err)
	}
	return n
}

func enterNetwork() error {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return err
	}
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	loopback, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	loopback.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, loopback)
}

// do calls f inside the network and returns when f does.
func (n *network) do(f func()) {
	done := make(chan struct{})
	n.tasks <- func() {
		defer close(done)
		f()
	}
	<-done
}

// dial connects to an address of the network, which must be a number.
func (n *network) dial(ctx context.Context, kind, address string) (conn net.Conn, err error) {
	n.do(func() { conn, err = new(net.Dialer).DialContext(ctx, kind, address) })
	return conn, err
}

// listen listens on a free port of the network's loopback interface.
func (n *network) listen(t *testing.T) net.Listener {
	t.Helper()
	var listener net.Listener
	var err error
	n.do(func() { listener, err = net.Listen("tcp", "127.0.0.1:0") })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}
