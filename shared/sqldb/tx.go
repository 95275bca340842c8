package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	txAttempts   = 6
	txFirstPause = 10 * time.Millisecond
)

// Tx is a transaction, valid until the function given to DB.Tx returns.
type Tx struct {
	tx      *sql.Tx
	grouped bool // it shares tx with others
}

// statementContext returns the context of a statement. In a group, a statement
// that has begun is not interrupted, for that would end the transaction of all.
func (tx *Tx) statementContext(ctx context.Context) context.Context {
	if !tx.grouped || ctx.Err() != nil {
		return ctx // that has ended keeps the statement from beginning
	}
	return context.WithoutCancel(ctx)
}

// ExecContext runs a statement in the transaction.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return tx.tx.ExecContext(tx.statementContext(ctx), query, args...)
}

// QueryContext runs a query in the transaction. The rows must be closed before
// the next statement.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return tx.tx.QueryContext(tx.statementContext(ctx), query, args...)
}

// QueryRowContext runs a query for one row in the transaction.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.tx.QueryRowContext(tx.statementContext(ctx), query, args...)
}

type inTx struct{ db *DB }

// Tx runs fn in a transaction on the writer, READ COMMITTED in MySQL and
// serialized in SQLite, and commits if fn returns nil. If fn fails or panics,
// nothing is written. In SQLite, transactions that wait for each other are
// committed together; each has its own fate.
//
// fn may run more than once: a transaction that lost a deadlock, or waited too
// long for a lock, is tried again a few times, so fn must not do anything
// outside the transaction that cannot be repeated, and must set, not append
// to, what it hands to its caller. It uses the context it is given, which has a
// deadline, and must not begin another transaction with it.
//
// A commit whose answer is lost may have happened; that error is unavailable.
func (db *DB) Tx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(inTx{db}) != nil {
		return errors.New("sqldb: transaction begun inside a transaction")
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	ctx, ended := traceTx(context.WithValue(ctx, inTx{db}, true))
	defer ended()

	pause := txFirstPause
	for attempt := 1; ; attempt++ {
		err := db.attempt(ctx, fn)
		if err == nil {
			return nil
		}
		db.renewal.after(err)
		if attempt == txAttempts || !isContention(err) {
			return markUnavailable(err)
		}
		if !sleep(ctx, rand.N(pause)+pause/2) {
			return markUnavailable(err)
		}
		pause *= 2
	}
}

func (db *DB) attempt(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if db.group != nil {
		return db.group.run(ctx, func(tx *sql.Tx) error { return fn(ctx, &Tx{tx: tx, grouped: true}) })
	}
	tx, err := db.begin.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer tx.Rollback() // does nothing after Commit; frees the connection if fn panics

	if err := fn(ctx, &Tx{tx: tx}); err != nil {
		return err
	}
	err = tx.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		err = ctx.Err() // which rolled it back first
	}
	if err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}
