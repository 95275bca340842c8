package main

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/mariadb"
	"bookstore/shared/sqldb"

	"github.com/go-sql-driver/mysql"
)

// place is where the databases of a kind are, empty, and what counts their
// commits.
type place struct {
	kind string            // as the table calls it
	name string            // with its version and what makes its commits durable
	shop map[string]string // URLs, by backend
	bare []string          // URLs of databases beside the shop's, with the same counters

	// commits returns how many there have been so far, by bare database.
	commits func(ctx context.Context) ([]int64, error)
	// statements is what logs them, nil where nothing does.
	statements *statementLog

	close []func() error
}

// Close ends the server, if there is one.
func (p *place) Close() error {
	var errs []error
	for _, close := range p.close {
		errs = append(errs, close())
	}
	return errors.Join(errs...)
}

func openPlace(ctx context.Context, kind, dir string) (*place, error) {
	switch kind {
	case "sqlite":
		return sqlitePlace(dir), nil
	case "mysql":
		return mariadbPlace(ctx, dir)
	}
	return nil, errors.New("-database knows sqlite, mysql and both only")
}

// sqlitePlace has one file for each backend. A file takes one writer at a
// time, so those of the catalog and of the shop each have a file beside them.
func sqlitePlace(dir string) *place {
	p := &place{kind: "SQLite", name: "SQLite, synchronous FULL", shop: map[string]string{}}
	var files []string
	p.shop[cluster.Auth] = "sqlite:" + filepath.Join(dir, "auth.db")
	for _, program := range []string{cluster.Catalog, cluster.Shop} {
		file := filepath.Join(dir, program+".db")
		p.shop[program] = "sqlite:" + file
		p.bare = append(p.bare, "sqlite:"+filepath.Join(dir, program+"-bare.db"))
		files = append(files, file)
	}
	p.commits = func(context.Context) ([]int64, error) {
		counts := make([]int64, len(files))
		for i, file := range files {
			n, err := sqliteCommits(file)
			if err != nil {
				return nil, err
			}
			counts[i] = n
		}
		return counts, nil
	}
	return p
}

// sqliteCommits returns the counter of transactions in the index of a
// database's write-ahead log (https://sqlite.org/walformat.html, iChange).
func sqliteCommits(file string) (int64, error) {
	index, err := os.Open(file + "-shm")
	if err != nil {
		return 0, fmt.Errorf("count the commits: %w", err)
	}
	defer index.Close()
	var change [4]byte
	if _, err := index.ReadAt(change[:], 8); err != nil {
		return 0, fmt.Errorf("count the commits: %w", err)
	}
	return int64(binary.NativeEndian.Uint32(change[:])), nil
}

// mariadbPlace starts a server, whose databases share one log.
func mariadbPlace(ctx context.Context, dir string) (p *place, err error) {
	server, err := mariadb.Start(ctx, mariadb.Options{Dir: filepath.Join(dir, "server"), Memory: serverMemory})
	if err != nil {
		return nil, err
	}
	p = &place{kind: "MariaDB", shop: map[string]string{}, close: []func() error{server.Stop}}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	pool, err := connect(server.URL())
	if err != nil {
		return nil, err
	}
	p.close = append([]func() error{pool.Close}, p.close...)
	for program, name := range map[string]string{cluster.Auth: "auth", cluster.Catalog: "catalog", cluster.Shop: "shop", "": "bare"} {
		if _, err := pool.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
			return nil, fmt.Errorf("create database %s: %w", name, err)
		}
		if program == "" {
			continue
		}
		// A user each, so that the log tells whose statements there were.
		if p.shop[program], err = addUser(ctx, pool, server.URL(), program, name); err != nil {
			return nil, err
		}
	}
	p.bare = []string{server.URL() + "bare"}
	if _, err := pool.ExecContext(ctx, "SET GLOBAL innodb_monitor_enable = 'trx_rw_commits'"); err != nil {
		return nil, fmt.Errorf("count the commits: %w", err)
	}
	p.commits = func(ctx context.Context) ([]int64, error) { return mariadbCommits(ctx, pool) }
	p.statements = &statementLog{pool}
	p.name, err = mariadbName(ctx, pool)
	return p, err
}

// serverMemory is for the pages of MariaDB's tables: a million books fit.
const serverMemory = 2 << 30

// addUser makes a user of a program, who owns a database, and returns its URL.
func addUser(ctx context.Context, pool *sql.DB, server, program, database string) (string, error) {
	for _, statement := range []string{"CREATE USER " + program + "@'%'", "GRANT ALL ON " + database + ".* TO " + program + "@'%'"} {
		if _, err := pool.ExecContext(ctx, statement); err != nil {
			return "", fmt.Errorf("make the user of %s: %w", program, err)
		}
	}
	at, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	at.User, at.Path = url.User(program), "/"+database
	return at.String(), nil
}

// passwordHash returns that of an account.
func (p *place) passwordHash(ctx context.Context) (string, error) {
	u, err := sqldb.ParseURL(p.shop[cluster.Auth])
	if err != nil {
		return "", err
	}
	var pool *sql.DB
	if u.Dialect == sqldb.MySQL {
		if pool, err = connect(p.shop[cluster.Auth]); err != nil {
			return "", err
		}
	} else if pool, err = sql.Open("sqlite", "file:"+u.File+"?mode=ro"); err != nil {
		return "", err
	}
	defer pool.Close()
	var hash string
	if err := pool.QueryRowContext(ctx, "SELECT password_hash FROM users ORDER BY id DESC LIMIT 1").Scan(&hash); err != nil {
		return "", fmt.Errorf("look for a password's hash: %w", err)
	}
	return hash, nil
}

// mariadbName returns the server's version. It returns an error unless every
// commit is on the disk before it counts.
func mariadbName(ctx context.Context, pool *sql.DB) (string, error) {
	var version string
	var flush int
	if err := pool.QueryRowContext(ctx, "SELECT VERSION(), @@innodb_flush_log_at_trx_commit").Scan(&version, &flush); err != nil {
		return "", fmt.Errorf("ask for the settings: %w", err)
	}
	if flush != 1 {
		return "", fmt.Errorf("innodb_flush_log_at_trx_commit is %d", flush)
	}
	number, _, _ := strings.Cut(version, "-")
	return "MariaDB " + number + ", flush at each commit", nil
}

func mariadbCommits(ctx context.Context, pool *sql.DB) ([]int64, error) {
	var n int64
	err := pool.QueryRowContext(ctx, "SELECT count FROM information_schema.innodb_metrics WHERE name = 'trx_rw_commits'").Scan(&n)
	if err != nil {
		return nil, fmt.Errorf("count the commits: %w", err)
	}
	return []int64{n}, nil
}

func connect(server string) (*sql.DB, error) {
	cfg, err := sqldb.ParseServerURL(server)
	if err != nil {
		return nil, fmt.Errorf("database URL %w", err)
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}
