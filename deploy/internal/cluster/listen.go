package cluster

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// CheckAddress returns a sentence that says why addr can't be listened on, if
// it can't.
func CheckAddress(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return listenError(addr, err)
	}
	return l.Close()
}

// listenError says in a sentence why addr can't be listened on.
func listenError(addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is taken by another program; stop it, or choose another address", addr)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%s may not be used without more rights; choose a port above 1023", addr)
	}
	return fmt.Errorf("can't listen on %s: %w", addr, err)
}
