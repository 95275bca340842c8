package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-sql-driver/mysql"
)

// fakeServer is connected to, or not, as its err says.
type fakeServer struct {
	driver.Connector
	tries int
	takes time.Duration
	err   error
}

func (s *fakeServer) Connect(ctx context.Context) (driver.Conn, error) {
	s.tries++
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(s.takes):
		return nil, s.err
	}
}

func newGate(t *testing.T, err error) (*gate, *fakeServer) {
	t.Helper()
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	server := &fakeServer{err: err}
	return &gate{Connector: server}, server
}

var errRefused = &net.OpError{Op: "dial", Err: errors.New("connection refused")}

func TestWhileTheWriterIsAwayCallersFailAtOnceAndOneTriesPerSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, server := newGate(t, errRefused)
		for range 100 {
			if _, err := g.Connect(t.Context()); !IsUnavailable(err) {
				t.Fatalf("got %v, want an outage", err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if server.tries != 10 {
			t.Errorf("tried %d times in 10 s, want 10", server.tries)
		}

		server.err = nil
		time.Sleep(gatePause)
		for range 3 {
			if _, err := g.Connect(t.Context()); err != nil {
				t.Errorf("it is back, but got %v", err)
			}
		}
	})
}

func TestWhileOneTriesToConnectOthersDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, server := newGate(t, errRefused)
		_, _ = g.Connect(t.Context())
		time.Sleep(gatePause)
		server.takes = 3 * time.Second
		go g.Connect(t.Context())
		synctest.Wait()
		start := time.Now()
		if _, err := g.Connect(t.Context()); !IsUnavailable(err) || time.Since(start) > 0 {
			t.Errorf("got %v after %v, want an outage at once", err, time.Since(start))
		}
	})
}

func TestOnlyAnOutageClosesTheGate(t *testing.T) {
	gaveUp := func(ctx context.Context) context.Context {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return ctx
	}
	for name, test := range map[string]struct {
		err error
		ctx func(context.Context) context.Context
	}{
		"the caller gave up":         {nil, gaveUp},
		"the password was refused":   {&mysql.MySQLError{Number: 1045}, nil},
		"there were too many others": {&mysql.MySQLError{Number: 1040}, nil},
	} {
		g, server := newGate(t, test.err)
		ctx := t.Context()
		if test.ctx != nil {
			server.takes = time.Hour
			ctx = test.ctx(ctx)
		}
		_, _ = g.Connect(ctx)
		if g.failed != nil || g.enter() != nil {
			t.Errorf("%s: nobody may connect for a while", name)
		}
	}
}

func TestAConnectionThatNobodyCouldWaitForIsAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, server := newGate(t, nil)
		server.takes = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		_, _ = g.Connect(ctx)
		if _, err := g.Connect(t.Context()); !IsUnavailable(err) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want an outage of its own", err)
		}
	})
}
