package shoptest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
)

// Programs builds the four programs and returns their folder.
//
// All test packages share it, so that each program is built once. From the first
// call on it belongs to this process until it ends: no other one replaces the
// programs that run, and packages that open shops, whose tests count seconds and
// failed requests, take turns.
func Programs(t *testing.T) string {
	t.Helper()
	return built(t, buildPrograms)
}

// FaultyPrograms is Programs with those that crash where they are told to and
// whose clocks can be moved.
func FaultyPrograms(t *testing.T) string {
	t.Helper()
	return built(t, buildFaulty)
}

func built(t *testing.T, build func() (string, error)) string {
	t.Helper()
	folder, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

var (
	buildPrograms = sync.OnceValues(func() (string, error) { return build("programs") })
	buildFaulty   = sync.OnceValues(func() (string, error) { return build("faulty", "-tags", "faults") })
)

const buildTimeout = 15 * time.Minute

// build compiles the programs into a folder of the workspace that git ignores.
func build(name string, flags ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), buildTimeout)
	defer cancel()
	root, err := cluster.Root(ctx)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(root, "data", "test", name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	if err := takeTurn(filepath.Dir(folder)); err != nil {
		return "", err
	}
	return folder, cluster.Build(ctx, root, folder, func(string) {}, flags...)
}

var turn struct {
	sync.Mutex
	lock *os.File // closed by the end of the process
}

// takeTurn waits until no other process uses the programs in folder.
func takeTurn(folder string) error {
	turn.Lock()
	defer turn.Unlock()
	if turn.lock != nil {
		return nil
	}
	lock, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	late := time.AfterFunc(time.Second, func() { fmt.Println("waiting for another test package, which runs shops") })
	defer late.Stop()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w", lock.Name(), err)
	}
	turn.lock = lock
	return nil
}
