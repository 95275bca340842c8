package sqldb

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"slices"

	"github.com/go-sql-driver/mysql"
)

const (
	// keptStatements bounds how many statements a connection keeps prepared. All
	// connections of a process together stay far below what a server allows
	// (max_prepared_stmt_count, 16,382).
	keptStatements = 96
	// maxKept is the length in bytes from which a statement is not kept: it is a
	// batch that hardly comes again.
	maxKept = 4 << 10
)

// MySQL's error numbers that speak against a prepared statement, not against
// what it does.
var mysqlNotPrepared = []uint16{
	1243, // unknown to the server: somebody between us and it has changed the connection
	1295, // not supported by the protocol
	1461, // too many on the server
}

// preparing makes connections that keep the statements prepared which they run
// again and again. What is kept ends with its connection, so that a fail-over
// leaves nothing behind.
type preparing struct{ driver.Connector }

// Connect implements driver.Connector.
func (c preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	plain, ok := conn.(plainConn)
	if !ok {
		return conn, nil
	}
	return &preparingConn{plainConn: plain, kept: map[string]*list.Element{}, order: list.New()}, nil
}

// plainConn is what the drivers' connections can do.
type plainConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keptStatement is a statement that a connection has seen before; stmt is nil
// until it comes again.
type keptStatement struct {
	query string
	stmt  preparedStmt
}

type preparedStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparingConn is a connection that keeps its last statements, the latest
// first. Like every connection it is used by one goroutine at a time, and its
// user closes the rows of a query before the next statement.
type preparingConn struct {
	plainConn
	kept  map[string]*list.Element
	order *list.List
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *preparingConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.plainConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// ExecContext implements driver.ExecerContext.
func (c *preparingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.prepared(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if stmt != nil {
		result, err := stmt.ExecContext(ctx, args)
		if !isNotPrepared(err) {
			return result, err
		}
		c.forget(query)
	}
	return c.plainConn.ExecContext(ctx, query, args)
}

// QueryContext implements driver.QueryerContext.
func (c *preparingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.prepared(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if stmt != nil {
		rows, err := stmt.QueryContext(ctx, args)
		if !isNotPrepared(err) {
			return rows, err
		}
		c.forget(query)
	}
	return c.plainConn.QueryContext(ctx, query, args)
}

// prepared returns a statement that comes for the second time at least, and nil
// for one that is better run as it is: it has no values, as the statements of
// migrations, or comes for the first time, as those of one-off lists.
func (c *preparingConn) prepared(ctx context.Context, query string, args []driver.NamedValue) (preparedStmt, error) {
	if len(args) == 0 || len(query) > maxKept {
		return nil, nil
	}
	element, known := c.kept[query]
	if !known {
		c.remember(query)
		return nil, nil
	}
	c.order.MoveToFront(element)
	seen := element.Value.(*keptStatement)
	if seen.stmt != nil {
		return seen.stmt, nil
	}
	stmt, err := c.plainConn.PrepareContext(ctx, query)
	if isNotPrepared(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ok bool
	if seen.stmt, ok = stmt.(preparedStmt); !ok {
		return nil, stmt.Close()
	}
	return seen.stmt, nil
}

func (c *preparingConn) remember(query string) {
	c.kept[query] = c.order.PushFront(&keptStatement{query: query})
	if c.order.Len() > keptStatements {
		c.forget(c.order.Back().Value.(*keptStatement).query)
	}
}

func (c *preparingConn) forget(query string) {
	element := c.kept[query]
	delete(c.kept, query)
	c.order.Remove(element)
	if stmt := element.Value.(*keptStatement).stmt; stmt != nil {
		_ = stmt.Close() // at worst it goes with the connection
	}
}

// Close implements driver.Conn.
func (c *preparingConn) Close() error {
	for element := c.order.Front(); element != nil; element = element.Next() {
		if stmt := element.Value.(*keptStatement).stmt; stmt != nil {
			_ = stmt.Close() // SQLite's file stays open otherwise
		}
	}
	return c.plainConn.Close()
}

func isNotPrepared(err error) bool {
	e, ok := errors.AsType[*mysql.MySQLError](err)
	return ok && slices.Contains(mysqlNotPrepared, e.Number)
}
