package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// A group takes in no more when it has so many members, or has been open for
	// so long: the first of them waits for the last.
	maxGroup     = 64
	maxGroupTime = 10 * time.Millisecond
)

// errGroupLost says that SQLite gave a whole transaction up for what another of
// its members did. Nothing of it was written: it may be tried again.
var errGroupLost = errors.New("transaction was lost with another")

// group lets the transactions that wait for SQLite's one writer commit
// together, for a commit costs far more than what is written in it. They run
// one after the other, each inside a savepoint, so that one that fails leaves
// nothing behind; each is answered when the common commit is on the disk.
type group struct {
	pool *sql.DB // of one connection

	mu      sync.Mutex
	waiting []*member
	leading bool
}

// member is a transaction of a group.
type member struct {
	turn      chan turn
	over      chan verdict
	committed chan error
}

// turn lets a member work.
type turn struct {
	tx    *sql.Tx
	alone bool // nobody has written anything in tx
	err   error
}

// verdict is what has become of the common transaction through a member.
type verdict int

const (
	lost   verdict = iota // it is to be rolled back, or was
	undone                // what the member did is undone
	kept                  // the member's part is to be committed
)

// run runs fn as a transaction and commits it, with others. It returns the error
// of fn, or ctx's if that ended before fn had.
//
// fn's statements must not be interrupted: SQLite would roll the others back,
// too.
func (g *group) run(ctx context.Context, fn func(tx *sql.Tx) error) error {
	m := g.join()
	var t turn
	select {
	case t = <-m.turn:
	case <-ctx.Done():
		if g.leave(m) {
			return ctx.Err()
		}
		t = <-m.turn
	}
	if t.err != nil {
		return fmt.Errorf("begin transaction: %w", t.err)
	}
	v, err := m.work(ctx, t, fn)
	if v == lost {
		return err
	}
	// Also an error may come of what others have written: it is none before that
	// is there for all to see.
	if err := <-m.committed; err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return err
}

func (g *group) join() *member {
	m := &member{make(chan turn, 1), make(chan verdict, 1), make(chan error, 1)}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, m)
	if !g.leading {
		g.leading = true
		go g.lead()
	}
	return m
}

// leave takes a member out unless it is its turn already.
func (g *group) leave(m *member) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, m)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	return i >= 0
}

// next returns who has waited longest, or nil.
func (g *group) next() *member {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		return nil
	}
	m := g.waiting[0]
	g.waiting = slices.Delete(g.waiting, 0, 1)
	return m
}

// lead opens one transaction after the other, as long as somebody waits.
func (g *group) lead() {
	for g.goOn() {
		g.together()
	}
}

// goOn reports whether somebody waits; if not, there is no leader any more.
func (g *group) goOn() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leading = len(g.waiting) > 0
	return g.leading
}

// together runs one transaction of the members that wait. No member's time is
// that of the others, so it has none; who does not want to wait for another
// process's lock leaves.
func (g *group) together() {
	tx, err := g.pool.BeginTx(context.Background(), nil)
	if err != nil {
		if m := g.next(); m != nil {
			m.turn <- turn{err: err}
		}
		return
	}
	defer tx.Rollback() // does nothing after Commit
	var members []*member
	answer := func(err error) {
		for _, m := range members {
			m.committed <- err
		}
	}
	began := time.Now()
	for len(members) < maxGroup && time.Since(began) < maxGroupTime {
		m := g.next()
		if m == nil {
			break
		}
		m.turn <- turn{tx: tx, alone: len(members) == 0}
		if <-m.over == lost {
			answer(errGroupLost)
			return
		}
		members = append(members, m)
	}
	if len(members) > 0 {
		answer(tx.Commit())
	}
}

// work runs fn, and undoes what it did unless it returns nil.
func (m *member) work(ctx context.Context, t turn, fn func(tx *sql.Tx) error) (v verdict, err error) {
	defer func() { m.over <- v }()
	if err := t.run("SAVEPOINT member"); err != nil {
		return lost, fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { // also if fn panics
		if v != kept && !t.alone && t.run("ROLLBACK TO member") == nil && t.run("RELEASE member") == nil {
			v = undone
		}
	}()
	if err = fn(t.tx); err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return lost, err
	}
	if err := t.run("RELEASE member"); err != nil {
		return lost, fmt.Errorf("end transaction: %w", err)
	}
	return kept, nil
}

// run runs a statement about the member's savepoint. Who is alone needs none.
func (t turn) run(statement string) error {
	if t.alone {
		return nil
	}
	_, err := t.tx.ExecContext(context.Background(), statement)
	return err
}
