// Command run starts a private MariaDB, runs a command that finds its address
// in BOOKSTORE_TEST_MYSQL, stops it, and exits as the command did:
//
//	run -- go test work
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"bookstore/deploy/internal/mariadb"
	"bookstore/shared/sqldb/sqldbtest"
)

// graceTime is how long an interrupted command has to end by itself.
const graceTime = 15 * time.Second

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: run -- command [arguments]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, args)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
		os.Exit(exitCode(err))
	}
}

func run(ctx context.Context, args []string) (err error) {
	dir, err := os.MkdirTemp("", "bookstore-mariadb-")
	if err != nil {
		return fmt.Errorf("folder of MariaDB: %w", err)
	}
	defer os.RemoveAll(dir)
	server, err := mariadb.Start(ctx, mariadb.Options{Dir: dir, Fast: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()

	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Env = append(os.Environ(), sqldbtest.EnvMySQL+"="+server.URL())
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = graceTime
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}

// exitCode is the command's own, if it ran and was not ended by a signal.
func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		return exit.ExitCode()
	}
	return 1
}
