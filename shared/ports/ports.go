// Package ports hands out ports of this machine to programs that are started,
// killed and started again.
package ports

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
)

const (
	first = 10_000 // below are those of well-known programs
	last  = 65_535
)

var (
	mu       sync.Mutex
	reserved []net.PacketConn // open until the process ends
)

// Reserve returns a TCP port of the loopback interface at which nobody listens.
// It is none that the system gives to outgoing connections, and no other caller
// of Reserve gets it, in this process or in another one, until this process ends.
func Reserve() (int, error) {
	mu.Lock()
	defer mu.Unlock()
	from, to := ephemeral()
	start := rand.IntN(last - first + 1)
	for i := range last - first + 1 {
		port := first + (start+i)%(last-first+1)
		if port >= from && port <= to {
			continue
		}
		if lock := try(port); lock != nil {
			reserved = append(reserved, lock)
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

// try returns what reserves a port, nil if it can't be had: the UDP port of the
// same number, which none of the programs uses.
func try(port int) net.PacketConn {
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	lock, err := net.ListenPacket("udp", addr)
	if err != nil {
		return nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		lock.Close()
		return nil
	}
	l.Close()
	return lock
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
