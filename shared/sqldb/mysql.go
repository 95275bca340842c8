package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"bookstore/shared/internal/health"

	"github.com/go-sql-driver/mysql"
)

const (
	mysqlMaxConns    = 32
	mysqlMaxIdleTime = time.Minute
	// A short life moves the connections to a new writer or replica soon
	// after a fail-over.
	mysqlMaxLifetime = 3 * time.Minute

	mysqlDialTimeout = 5 * time.Second
	mysqlIOTimeout   = 30 * time.Second
	// A migration may rebuild a large table, silently.
	mysqlMigrateTimeout = time.Hour
)

func openMySQL(ctx context.Context, cfg Config, migrations fs.FS) (*DB, error) {
	writerConfig, err := mysqlConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL %w", err)
	}
	writer, err := mysqlPool(writerConfig, writerRole)
	if err != nil {
		return nil, err
	}
	renewal := &renewal{pool: writer}
	db := &DB{
		dialect: MySQL,
		writer:  mysqlWriter{writer, renewal},
		begin:   writer,
		renewal: renewal,
		pools:   []*sql.DB{writer},
	}
	if err := db.prepareMySQL(ctx, cfg, writerConfig, migrations); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) prepareMySQL(ctx context.Context, cfg Config, writerConfig *mysql.Config, migrations fs.FS) error {
	var readerConfig *mysql.Config
	if cfg.ReaderURL != "" && cfg.ReaderURL != cfg.URL {
		var err error
		if readerConfig, err = mysqlConfig(cfg.ReaderURL); err != nil {
			return fmt.Errorf("DATABASE_READER_URL %w", err)
		}
	}
	if err := awaitMySQL(ctx, writerConfig); err != nil {
		return err
	}
	if err := migrateMySQL(ctx, writerConfig, migrations); err != nil {
		return err
	}
	health.Report(writerDependency, nil)
	if readerConfig == nil {
		return nil
	}
	return db.addReplica(readerConfig)
}

func (db *DB) addReplica(cfg *mysql.Config) error {
	pool, err := mysqlPool(cfg, readerRole)
	if err != nil {
		return err
	}
	db.pools = append(db.pools, pool)
	probe, err := plainPool(cfg)
	if err != nil {
		return err
	}
	db.pools = append(db.pools, probe)
	db.replica = newReplica(pool, db.writer, probe)
	return nil
}

// mysqlConfig returns the driver's settings for a mysql:// URL.
func mysqlConfig(raw string) (*mysql.Config, error) {
	u, err := ParseURL(raw)
	if err != nil {
		return nil, err
	}
	if u.Dialect != MySQL {
		return nil, errors.New("must be a database of MySQL, too")
	}
	cfg := u.Server
	cfg.ReadTimeout = mysqlIOTimeout
	cfg.WriteTimeout = mysqlIOTimeout
	cfg.ClientFoundRows = true // a guarded update that changes nothing has matched all the same
	cfg.ParseTime = true       // goose's lock reads instants
	cfg.Loc = time.UTC
	cfg.Params = map[string]string{
		"sql_mode":                 "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
		"time_zone":                "'+00:00'",
		"innodb_lock_wait_timeout": "5",
	}
	return cfg, nil
}

// mysqlPool returns the connections that serve a role.
func mysqlPool(cfg *mysql.Config, role string) (*sql.DB, error) {
	connector, err := mysqlConnector(cfg)
	if err != nil {
		return nil, err
	}
	connector = readCommitted{connector}
	if role == writerRole {
		connector = &gate{Connector: connector}
	}
	pool := openPool(connector, MySQL, role)
	pool.SetMaxOpenConns(mysqlMaxConns)
	pool.SetMaxIdleConns(mysqlMaxConns)
	pool.SetConnMaxIdleTime(mysqlMaxIdleTime)
	pool.SetConnMaxLifetime(mysqlMaxLifetime)
	return pool, nil
}

// readCommitted makes connections whose transactions are READ COMMITTED. It asks
// once for each connection, in words, for MySQL and MariaDB do not agree on the
// name of the variable, so that no transaction has to.
type readCommitted struct{ driver.Connector }

// Connect implements driver.Connector.
func (c readCommitted) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	const choose = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
	if _, err := conn.(driver.ExecerContext).ExecContext(ctx, choose, nil); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// plainPool returns a connection of its own for probing, waiting or migrating.
func plainPool(cfg *mysql.Config) (*sql.DB, error) {
	connector, err := mysqlConnector(cfg)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func mysqlConnector(cfg *mysql.Config) (driver.Connector, error) {
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("database settings: %w", err)
	}
	return connector, nil
}

// awaitMySQL returns when the database answers, when it refuses us, or with
// the last failure when ctx ends.
func awaitMySQL(ctx context.Context, cfg *mysql.Config) error {
	pool, err := plainPool(cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	const logEvery = 5 * time.Second
	var logged time.Time
	var away error
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := pingOnce(ctx, pool)
		switch {
		case err == nil:
			return nil
		case away != nil && ctx.Err() != nil:
			return markUnavailable(away) // says more than that the time is over
		}
		err = fmt.Errorf("database %s at %s: %w", cfg.DBName, cfg.Addr, err)
		if !IsUnavailable(err) {
			return err
		}
		if time.Since(logged) >= logEvery {
			slog.WarnContext(ctx, "waiting for the database", "error", err)
			logged = time.Now()
		}
		if !sleep(ctx, pause) {
			return markUnavailable(err)
		}
		away = err
	}
}

func pingOnce(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, mysqlDialTimeout)
	defer cancel()
	return pool.PingContext(ctx)
}

// sleep waits for d and reports true, or false if ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
