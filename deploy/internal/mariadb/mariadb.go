// Package mariadb runs a private MariaDB server for tests: on its own folder,
// socket and port of 127.0.0.1, reading no settings of the machine, so that one
// that is already running is left alone.
package mariadb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"bookstore/shared/ports"
)

// ErrNotInstalled says that the machine has no MariaDB server.
var ErrNotInstalled = errors.New("MariaDB is not installed (Debian: apt-get install mariadb-server)")

const (
	startTimeout = 2 * time.Minute
	stopTimeout  = time.Minute
)

// Options say how a server is run.
type Options struct {
	// Dir holds the data and the log. It is created if need be, and data of an
	// earlier server are taken up again.
	Dir string
	// Port is where it listens on 127.0.0.1; 0 chooses a free one.
	Port int
	// Password is that of the user root. It is set when Dir is new.
	Password string
	// Fast leaves writing to the disk to the operating system: what was
	// committed survives Kill, but not a crash of the machine.
	Fast bool
	// Memory is how many bytes of tables are kept in memory; 0: 256 MB.
	Memory int64
	// Replicated lets the server be a primary, or with Follow a replica.
	Replicated bool
}

// Server is a MariaDB server, started by Start. It is not safe for concurrent use.
type Server struct {
	options Options
	process *exec.Cmd
	exited  chan struct{} // closed when process is gone
}

// Start starts a server and waits until it answers. It returns ErrNotInstalled
// if there is none to start.
func Start(ctx context.Context, options Options) (*Server, error) {
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("folder of MariaDB: %w", err)
	}
	options.Dir = dir
	if options.Port == 0 {
		if options.Port, err = ports.Reserve(); err != nil {
			return nil, err
		}
	}
	s := &Server{options: options}
	created, err := s.install(ctx)
	if err != nil {
		return nil, err
	}
	password := options.Password
	if created {
		password = ""
	}
	if err := s.start(ctx, password); err != nil {
		return nil, err
	}
	if created && options.Password != "" {
		if err := s.setPassword(ctx); err != nil {
			return nil, errors.Join(err, s.Kill())
		}
	}
	return s, nil
}

// URL is the server's address for the user root, without a database:
// mysql://root@127.0.0.1:PORT/. It stays the same over a restart.
func (s *Server) URL() string {
	u := url.URL{Scheme: "mysql", User: url.User("root"), Host: s.address(), Path: "/"}
	if s.options.Password != "" {
		u.User = url.UserPassword("root", s.options.Password)
	}
	return u.String()
}

func (s *Server) address() string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.options.Port))
}

// Restart starts a server that was stopped or killed again, on its data and
// port, and waits until it answers.
func (s *Server) Restart(ctx context.Context) error {
	return s.start(ctx, s.options.Password)
}

// Stop shuts the server down in good order. The data stay.
func (s *Server) Stop() error {
	if err := s.signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.exited:
		return nil
	case <-time.After(stopTimeout):
		return errors.Join(fmt.Errorf("MariaDB did not stop within %v", stopTimeout), s.Kill())
	}
}

// Kill ends the server at once, as a crash would. The data stay.
func (s *Server) Kill() error {
	if err := s.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-s.exited
	return nil
}

func (s *Server) signal(sig os.Signal) error {
	if err := s.process.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal MariaDB: %w", err)
	}
	return nil
}
