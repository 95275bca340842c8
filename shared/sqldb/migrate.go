package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"syscall"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// migrateMySQL brings the schema up to date while a row in the database keeps
// other processes waiting.
func migrateMySQL(ctx context.Context, writer *mysql.Config, migrations fs.FS) error {
	cfg := writer.Clone()
	cfg.ReadTimeout = mysqlMigrateTimeout
	pool, err := plainPool(cfg)
	if err != nil {
		return err
	}
	defer pool.Close()

	locker, err := lock.NewMySQLTableLocker(
		lock.WithTableLockTimeout(250*time.Millisecond, 4*60*10), // ten minutes
		lock.WithTableUnlockTimeout(250*time.Millisecond, 4*10),  // ten seconds
	)
	if err != nil {
		return fmt.Errorf("lock for migrations: %w", err)
	}
	return migrate(ctx, goose.DialectMySQL, MySQL, pool, migrations, goose.WithLocker(locker))
}

// migrateSQLite creates the file if need be and brings its schema up to date
// while a lock on a file beside it keeps other processes waiting.
func migrateSQLite(ctx context.Context, writer *sql.DB, path string, migrations fs.FS) error {
	unlock, err := lockFile(ctx, path+".lock")
	if err != nil {
		return err
	}
	defer unlock()

	// Turning a new file to write-ahead logging is refused, not delayed, when
	// several try at once; so the first connection is made under the lock too.
	if err := writer.PingContext(ctx); err != nil {
		return fmt.Errorf("open database file %s: %w", path, err)
	}
	return migrate(ctx, goose.DialectSQLite3, SQLite, writer, migrations)
}

func migrate(ctx context.Context, dialect goose.Dialect, folder Dialect, pool *sql.DB, migrations fs.FS, options ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, string(folder))
	if err != nil {
		return fmt.Errorf("find migrations: %w", err)
	}
	options = append(options, goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, pool, files, options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	applied, err := provider.Up(ctx)
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		return fmt.Errorf("migrate database with %s/%s: %w", folder, partial.Failed.Source.Path, err)
	}
	if err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	for _, m := range applied {
		slog.DebugContext(ctx, "migration applied", "file", m.Source.Path, "duration", m.Duration)
	}
	return nil
}

// lockFile takes the lock on the file name, which it creates, as soon as no
// other process or Open holds it. A process that dies gives its lock up.
func lockFile(ctx context.Context, name string) (unlock func(), err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock for migrations: %w", err)
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			file.Close()
			return nil, fmt.Errorf("lock %s: %w", name, err)
		}
		if !sleep(ctx, 25*time.Millisecond) {
			file.Close()
			return nil, fmt.Errorf("wait for another process to migrate the database: %w", context.Cause(ctx))
		}
	}
}
