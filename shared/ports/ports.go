// Package ports hands out ports of this machine to programs that are started,
// killed and started again.
package ports

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

const (
	first = 10_000 // below are those of well-known programs
	last  = 65_535
)

var (
	mu       sync.Mutex
	reserved = map[int]bool{}
	locks    *os.File // of all processes, a byte for each port; open until the process ends
)

// Reserve returns a TCP port of the loopback interface at which nobody listens.
// It is none that the system gives to outgoing connections, and no other caller
// of Reserve gets it, in this process or in another one, until this process ends.
func Reserve() (int, error) {
	mu.Lock()
	defer mu.Unlock()
	if err := openLocks(); err != nil {
		return 0, err
	}
	from, to := ephemeral()
	start := rand.IntN(last - first + 1)
	for i := range last - first + 1 {
		port := first + (start+i)%(last-first+1)
		if port >= from && port <= to || reserved[port] {
			continue
		}
		if lock(port) && free(port) {
			reserved[port] = true
			return port, nil
		}
	}
	return 0, errors.New("no free port outside the range of outgoing connections (net.ipv4.ip_local_port_range)")
}

// Address is Reserve for an address of the loopback interface.
func Address() (string, error) {
	port, err := Reserve()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("127.0.0.1:%d", port), nil
}

// openLocks opens the file through which the processes of a user agree.
func openLocks() (err error) {
	if locks != nil {
		return nil
	}
	name := filepath.Join(os.TempDir(), fmt.Sprintf("bookstore-ports-%d", os.Getuid()))
	if locks, err = os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return fmt.Errorf("reserve ports: %w", err)
	}
	return nil
}

// lock takes a port for this process, unless another one has it.
func lock(port int) bool {
	return syscall.FcntlFlock(locks.Fd(), syscall.F_SETLK, &syscall.Flock_t{
		Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: int64(port), Len: 1,
	}) == nil
}

// free reports whether nobody listens at a port.
func free(port int) bool {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

// ephemeral returns the ports that the system gives to outgoing connections:
// Linux's setting, or what IANA has set aside for them.
func ephemeral() (from, to int) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err == nil {
		_, err = fmt.Sscan(string(text), &from, &to)
	}
	if err != nil {
		return 49_152, last
	}
	return from, to
}
