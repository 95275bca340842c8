package mariadb

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"
)

// install lays out an empty database and reports true, unless there is one.
func (s *Server) install(ctx context.Context) (created bool, err error) {
	if _, err := os.Stat(s.dataDir()); err == nil {
		return false, nil
	}
	program, err := find("mariadb-install-db")
	if err != nil {
		return false, err
	}
	// Renamed when complete, so that half a database is never taken up.
	unfinished := s.dataDir() + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return false, fmt.Errorf("folder of MariaDB: %w", err)
	}
	if err := os.MkdirAll(unfinished, 0o700); err != nil {
		return false, fmt.Errorf("folder of MariaDB: %w", err)
	}
	args := append([]string{"--no-defaults", "--datadir=" + unfinished,
		"--auth-root-authentication-method=normal", "--skip-test-db"}, asUser()...)
	if err := os.MkdirAll(s.tempDir(), 0o700); err != nil {
		return false, fmt.Errorf("folder of MariaDB: %w", err)
	}
	command := exec.CommandContext(ctx, program, args...)
	command.Env = s.environment()
	if output, err := command.CombinedOutput(); err != nil {
		return false, fmt.Errorf("install MariaDB's tables: %w: %s", err, bytes.TrimSpace(output))
	}
	if err := os.Rename(unfinished, s.dataDir()); err != nil {
		return false, fmt.Errorf("folder of MariaDB: %w", err)
	}
	return true, nil
}

// start starts the server process and waits until root, with password, is let in.
func (s *Server) start(ctx context.Context, password string) error {
	program, err := find("mariadbd")
	if err != nil {
		return err
	}
	s.process = exec.Command(program, s.arguments()...)
	s.process.SysProcAttr = processAttributes()
	s.process.Env = s.environment()
	if err := s.process.Start(); err != nil {
		return fmt.Errorf("start MariaDB: %w", err)
	}
	s.exited = make(chan struct{})
	go func() {
		defer close(s.exited)
		_ = s.process.Wait() // how it ended is in its log
	}()
	if err := s.awaitReady(ctx, password); err != nil {
		_ = s.Kill() // it may be gone already, which is what err says
		return err
	}
	return nil
}

func (s *Server) arguments() []string {
	args := []string{
		"--no-defaults", // must come first
		"--datadir=" + s.dataDir(),
		"--log-error=" + s.logFile(),
		// Below the data folder, for the path of a socket must be short.
		"--socket=mariadb.sock",
		"--pid-file=mariadb.pid",
		"--bind-address=127.0.0.1",
		"--port=" + strconv.Itoa(s.options.Port),
		"--skip-name-resolve",
		"--max-connections=500",
		"--max-allowed-packet=64M", // MySQL 8's
		"--innodb-buffer-pool-size=" + strconv.FormatInt(cmp.Or(s.options.Memory, 256<<20), 10),
		"--character-set-server=utf8mb4",
	}
	if s.options.Fast {
		args = append(args, "--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync")
	}
	if s.options.Replicated {
		args = append(args, s.replicationArguments()...)
	}
	return append(args, asUser()...)
}

func (s *Server) awaitReady(ctx context.Context, password string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	pool, err := s.connect(password)
	if err != nil {
		return err
	}
	defer pool.Close()

	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := s.answers(ctx, pool)
		if err == nil {
			return nil
		}
		select {
		case <-ticker.C:
		case <-s.exited:
			return fmt.Errorf("MariaDB ended while starting: %s", s.logTail())
		case <-ctx.Done():
			return fmt.Errorf("MariaDB does not answer: %w: %s", err, s.logTail())
		}
	}
}

// answers asks the server for its data folder, for whoever else listens on the
// port may answer instead.
func (s *Server) answers(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var dataDir string
	if err := pool.QueryRowContext(ctx, "SELECT @@datadir").Scan(&dataDir); err != nil {
		return err
	}
	if filepath.Clean(dataDir) != s.dataDir() {
		return fmt.Errorf("%s belongs to another server, on %s", s.address(), dataDir)
	}
	return nil
}

// setPassword gives every root account the password.
func (s *Server) setPassword(ctx context.Context) error {
	pool, err := s.connect("")
	if err != nil {
		return err
	}
	defer pool.Close()
	for _, host := range []string{"127.0.0.1", "::1", "localhost"} {
		if _, err := pool.ExecContext(ctx, "ALTER USER root@? IDENTIFIED BY ?", host, s.options.Password); err != nil {
			return fmt.Errorf("set MariaDB's root password: %w", err)
		}
	}
	return nil
}

func (s *Server) connect(password string) (*sql.DB, error) {
	cfg := mysql.NewConfig()
	cfg.Net = "tcp"
	cfg.Addr = s.address()
	cfg.User = "root"
	cfg.Passwd = password
	cfg.Timeout = time.Second
	cfg.ReadTimeout = 10 * time.Second
	cfg.InterpolateParams = true // account statements cannot be prepared
	cfg.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("connect to MariaDB: %w", err)
	}
	return sql.OpenDB(connector), nil
}

// environment gives the server temporary files of its own: one that starts
// deletes what it takes for leftovers, another server's temporary tables too.
func (s *Server) environment() []string { return append(os.Environ(), "TMPDIR="+s.tempDir()) }

func (s *Server) tempDir() string { return filepath.Join(s.options.Dir, "tmp") }
func (s *Server) dataDir() string { return filepath.Join(s.options.Dir, "data") }
func (s *Server) logFile() string { return filepath.Join(s.options.Dir, "error.log") }

// logTail is the end of the server's log, or why it cannot be read.
func (s *Server) logTail() string {
	const most = 2000
	log, err := os.ReadFile(s.logFile())
	if err != nil {
		return err.Error()
	}
	return string(log[max(0, len(log)-most):])
}

// find looks program up also where only root's PATH leads.
func find(program string) (string, error) {
	for _, name := range []string{program, filepath.Join("/usr/sbin", program)} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: no %s", ErrNotInstalled, program)
}

// asUser lets the server run as root, which it refuses unless told. Spelt this
// way the option reaches the server through the installing script, which would
// make of --user a chown that fails on a path with spaces.
func asUser() []string {
	if os.Geteuid() == 0 {
		return []string{"--loose-user=root"}
	}
	return nil
}
