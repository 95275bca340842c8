package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

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
		return nil, fmt.Errorf("database URL: %w", err)
	}
	writerConfig.RejectReadOnly = true // a writer that was demoted by a fail-over
	writer, err := mysqlPool(writerConfig)
	if err != nil {
		return nil, err
	}
	db := &DB{
		dialect:   MySQL,
		writer:    writer,
		begin:     writer,
		txOptions: &sql.TxOptions{Isolation: sql.LevelReadCommitted},
		pools:     []*sql.DB{writer},
	}
	if err := db.prepareMySQL(ctx, cfg, writerConfig, migrations); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) prepareMySQL(ctx context.Context, cfg Config, writerConfig *mysql.Config, migrations fs.FS) error {
	if cfg.ReaderURL != "" && cfg.ReaderURL != cfg.URL {
		readerConfig, err := mysqlConfig(cfg.ReaderURL)
		if err != nil {
			return fmt.Errorf("database reader URL: %w", err)
		}
		replica, err := mysqlPool(readerConfig)
		if err != nil {
			return err
		}
		db.replica = replica
		db.pools = append(db.pools, replica)
	}
	if err := awaitMySQL(ctx, db.begin, writerConfig); err != nil {
		return err
	}
	return migrateMySQL(ctx, writerConfig, migrations)
}

// mysqlConfig turns a mysql:// URL into the driver's settings.
func mysqlConfig(raw string) (*mysql.Config, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != string(MySQL) || u.Hostname() == "" {
		// The parser's own error would quote the password.
		return nil, errors.New("want mysql://user:password@host:3306/name, special characters percent-encoded")
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" {
		return nil, errors.New("the name of the database is missing after the host")
	}
	port := u.Port()
	if port == "" {
		port = "3306"
	}

	cfg := mysql.NewConfig()
	cfg.Net = "tcp"
	cfg.Addr = net.JoinHostPort(u.Hostname(), port)
	cfg.DBName = name
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	for key, values := range u.Query() {
		if key != "tls" {
			return nil, fmt.Errorf("unknown setting %q, only tls is known", key)
		}
		cfg.TLSConfig = values[len(values)-1]
	}
	cfg.Timeout = mysqlDialTimeout
	cfg.ReadTimeout = mysqlIOTimeout
	cfg.WriteTimeout = mysqlIOTimeout
	cfg.ClientFoundRows = true // a guarded update that changes nothing has matched all the same
	cfg.InterpolateParams = true
	cfg.ParseTime = true // goose's lock reads instants
	cfg.Loc = time.UTC
	cfg.Logger = &mysql.NopLogger{} // what it would log it also returns
	cfg.Params = map[string]string{
		"sql_mode":                 "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
		"time_zone":                "'+00:00'",
		"innodb_lock_wait_timeout": "5",
	}
	if err := cfg.Apply(mysql.Charset("utf8mb4", "utf8mb4_bin")); err != nil {
		return nil, fmt.Errorf("choose the character set: %w", err)
	}
	return cfg, nil
}

func mysqlPool(cfg *mysql.Config) (*sql.DB, error) {
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("database settings: %w", err)
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(mysqlMaxConns)
	pool.SetMaxIdleConns(mysqlMaxConns)
	pool.SetConnMaxIdleTime(mysqlMaxIdleTime)
	pool.SetConnMaxLifetime(mysqlMaxLifetime)
	return pool, nil
}

// awaitMySQL returns when the database answers, when it refuses us, or with
// the last failure when ctx ends.
func awaitMySQL(ctx context.Context, pool *sql.DB, cfg *mysql.Config) error {
	const logEvery = 5 * time.Second
	var logged time.Time
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := pingOnce(ctx, pool)
		if err == nil {
			return nil
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
