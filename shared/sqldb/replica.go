package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"bookstore/shared/internal/health"

	"github.com/go-sql-driver/mysql"
)

const (
	// probePause is how often a replica is asked whether it is there.
	probePause = 2 * time.Second
	// probeTimeout is how long it may take to answer.
	probeTimeout = 2 * time.Second
	// probeLifetime has the probe connect anew, for names may move.
	probeLifetime = 10 * time.Second
	// suspicionPause bounds the probes that failing reads ask for.
	suspicionPause = 100 * time.Millisecond
)

// replica serves reads, as long as it is there, and has the writer serve them
// otherwise. Whether it is there is found out by asking it, now and then and
// whenever a read fails, so that reads need not try.
type replica struct {
	pool   *sql.DB
	writer Querier

	probe   *sql.DB
	suspect chan struct{} // asks for a probe
	up      atomic.Pointer[presence]
	stop    context.CancelFunc
	stopped chan struct{}
}

// presence lasts from the replica's coming until its going. Reads under way
// end with it, to be read again from the writer.
type presence struct {
	context.Context
	end context.CancelFunc
}

func newPresence() *presence {
	ctx, end := context.WithCancel(context.Background())
	return &presence{ctx, end}
}

// newReplica begins to watch the replica. It is taken to be there until asked.
func newReplica(pool *sql.DB, writer Querier, probe *sql.DB) *replica {
	probe.SetMaxOpenConns(1)
	probe.SetConnMaxLifetime(probeLifetime)
	ctx, stop := context.WithCancel(context.Background())
	r := &replica{
		pool:    pool,
		writer:  writer,
		probe:   probe,
		suspect: make(chan struct{}, 1),
		stop:    stop,
		stopped: make(chan struct{}),
	}
	r.up.Store(newPresence())
	health.Report(readerDependency, nil)
	go r.watch(ctx)
	return r
}

func (r *replica) stopWatching() {
	r.stop()
	<-r.stopped
	r.up.Load().end()
}

// ExecContext runs on the writer, for a replica takes no writes.
func (r *replica) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return r.writer.ExecContext(ctx, query, args...)
}

// QueryContext implements Querier.
func (r *replica) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if r.isUp() {
		rows, err := r.pool.QueryContext(ctx, query, args...)
		if !r.failed(ctx, err) {
			readerReads.Inc()
			return rows, err
		}
	}
	countFallback()
	return r.writer.QueryContext(ctx, query, args...)
}

// QueryRowContext implements Querier.
func (r *replica) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if r.isUp() {
		row := r.pool.QueryRowContext(ctx, query, args...)
		if !r.failed(ctx, row.Err()) {
			readerReads.Inc()
			return row
		}
	}
	countFallback()
	return r.writer.QueryRowContext(ctx, query, args...)
}

// readFunc reads from q. It tells whether it has handed out rows, after which
// it must not run again.
type readFunc func(ctx context.Context, q Querier) (handedOut bool, err error)

// read runs fn with q, or if that is a replica which fails, with its writer.
func read(ctx context.Context, q Querier, fn readFunc) error {
	switch q := q.(type) {
	case *replica:
		return q.read(ctx, fn)
	case *Tx:
	default:
		writerReads.Inc()
	}
	_, err := fn(ctx, q)
	return err
}

func (r *replica) read(ctx context.Context, fn readFunc) error {
	if r.isUp() {
		handedOut, err := r.try(ctx, fn)
		if handedOut || !r.failed(ctx, err) {
			readerReads.Inc()
			return err
		}
	}
	countFallback()
	_, err := fn(ctx, r.writer)
	return err
}

// try runs fn with the replica, no longer than that is there: one that hangs
// would let fn wait for as long as ctx allows.
func (r *replica) try(ctx context.Context, fn readFunc) (handedOut bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.up.Load(), cancel)()
	return fn(ctx, r.pool)
}

func (r *replica) isUp() bool { return r.up.Load().Err() == nil }

// failed reports whether a read that ended with err is to be repeated with the
// writer: if the replica is away, and also if it has refused the query, since
// it may be behind with a migration. What ended because ctx did is not.
func (r *replica) failed(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil {
		return false
	}
	_, refused := errors.AsType[*mysql.MySQLError](err)
	if !refused && !IsUnavailable(err) && !errors.Is(err, context.Canceled) {
		return false
	}
	select {
	case r.suspect <- struct{}{}:
	default:
	}
	return true
}

// watch asks the replica whether it is there, until ctx ends.
func (r *replica) watch(ctx context.Context) {
	defer close(r.stopped)
	for ctx.Err() == nil {
		err := r.ask(ctx)
		if ctx.Err() != nil {
			return
		}
		r.note(err)
		select {
		case <-ctx.Done():
		case <-time.After(probePause):
		case <-r.suspect:
			sleep(ctx, suspicionPause)
		}
	}
}

func (r *replica) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return r.probe.PingContext(ctx)
}

// note remembers what the replica has answered, and logs every change.
func (r *replica) note(err error) {
	switch {
	case err != nil && r.isUp():
		slog.Warn("database reader is away, the writer serves its reads", "error", err)
		health.Report(readerDependency, err)
		r.up.Load().end()
	case err == nil && !r.isUp():
		slog.Info("database reader is back")
		health.Report(readerDependency, nil)
		r.up.Store(newPresence())
	}
}
