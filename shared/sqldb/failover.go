package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"sync"
	"time"

	"bookstore/shared/internal/health"

	"github.com/go-sql-driver/mysql"
)

const (
	// gatePause is how long nobody tries to connect after a failure.
	gatePause = time.Second
	// slowConnect is how long a connection may take to be made before giving
	// up on it speaks against the database.
	slowConnect = 2 * time.Second

	// While a fail-over is under way, connections live for renewalLifetime only.
	// Nothing refused for renewalPeriod means that it is over.
	renewalLifetime = time.Second
	renewalPeriod   = 15 * time.Second
)

// awayError says that there was no use in trying to connect. It hides its
// cause, which may be somebody else's cancelled context.
type awayError struct{ cause error }

func (e awayError) Error() string { return "database was away a moment ago: " + e.cause.Error() }

// gate lets callers fail at once while the database is away, instead of each
// waiting for a connection in vain. Once per gatePause it lets one try.
type gate struct {
	driver.Connector

	mu     sync.Mutex
	failed error     // why the last one failed; nil: connections are made
	again  time.Time // when the next may try
}

// Connect implements driver.Connector.
func (g *gate) Connect(ctx context.Context) (driver.Conn, error) {
	if err := g.enter(); err != nil {
		return nil, err
	}
	start := time.Now()
	conn, err := g.Connector.Connect(ctx)
	g.note(ctx, err, time.Since(start))
	return conn, err
}

// enter keeps everybody else out while one tries.
func (g *gate) enter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failed == nil {
		return nil
	}
	now := time.Now()
	if now.Before(g.again) {
		return awayError{g.failed}
	}
	g.again = now.Add(mysqlDialTimeout)
	return nil
}

func (g *gate) note(ctx context.Context, err error, took time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, answered := errors.AsType[*mysql.MySQLError](err)
	gaveUp := ctx.Err() != nil && took < slowConnect
	switch {
	case err == nil && g.failed != nil:
		slog.Info("database writer is back")
		health.Report(writerDependency, nil)
		g.failed = nil
	case err == nil:
	case answered, gaveUp:
		g.again = time.Now()
	default:
		if g.failed == nil {
			slog.Warn("database writer is away", "error", err)
			health.Report(writerDependency, err)
		}
		g.failed, g.again = err, time.Now().Add(gatePause)
	}
}

// renewal makes the connections anew when the writer refuses writes: it was
// demoted by a fail-over, and those that were made before would stay with it
// even when its name points to its successor.
type renewal struct {
	pool *sql.DB

	mu  sync.Mutex
	end *time.Timer // nil: none is under way
}

// after looks at why a statement failed.
func (r *renewal) after(err error) {
	if r == nil || !isReadOnly(err) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end != nil {
		r.end.Reset(renewalPeriod)
		return
	}
	slog.Warn("database writer refuses writes, connecting anew", "error", err)
	r.pool.SetConnMaxLifetime(renewalLifetime)
	r.end = time.AfterFunc(renewalPeriod, r.over)
}

func (r *renewal) over() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end = nil
	r.pool.SetConnMaxLifetime(mysqlMaxLifetime)
}

// mysqlWriter is the writer's pool with an eye on refused writes.
type mysqlWriter struct {
	*sql.DB
	renewal *renewal
}

func (w mysqlWriter) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := w.DB.ExecContext(ctx, query, args...)
	w.renewal.after(err)
	return result, err
}
