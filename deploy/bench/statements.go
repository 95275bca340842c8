package main

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"

	"bookstore/deploy/internal/cluster"
)

// statementLog is MariaDB's log of all statements. It slows the server down:
// what is counted is not timed.
type statementLog struct{ pool *sql.DB }

// count is of statements that read or write, and of transactions that wrote.
type count struct{ statements, commits int64 }

func (l *statementLog) begin(ctx context.Context) error {
	for _, statement := range []string{"SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log", "SET GLOBAL general_log = 1"} {
		if _, err := l.pool.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("begin the log of statements: %w", err)
		}
	}
	return nil
}

// end returns what was counted since begin, by owner.
func (l *statementLog) end(ctx context.Context) (map[string]count, error) {
	if _, err := l.pool.ExecContext(ctx, "SET GLOBAL general_log = 0"); err != nil {
		return nil, fmt.Errorf("end the log of statements: %w", err)
	}
	rows, err := l.pool.QueryContext(ctx, "SELECT user_host, thread_id, argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')")
	if err != nil {
		return nil, fmt.Errorf("read the log of statements: %w", err)
	}
	defer rows.Close()
	c := counter{counts: map[string]count{}, open: map[int64]*transaction{}}
	for rows.Next() {
		var user, statement string
		var thread int64
		if err := rows.Scan(&user, &thread, &statement); err != nil {
			return nil, fmt.Errorf("read the log of statements: %w", err)
		}
		user, _, _ = strings.Cut(user, "[")
		c.add(user, thread, statement)
	}
	return c.counts, rows.Err()
}

// transaction is one that is open, and whose tables it wrote to so far.
type transaction struct{ wrote map[string]bool }

// counter counts statements as they come, from several connections.
type counter struct {
	counts map[string]count
	open   map[int64]*transaction // by connection
}

func (c *counter) add(user string, connection int64, statement string) {
	verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(statement)), " ")
	tx := c.open[connection]
	switch verb {
	case "START", "BEGIN":
		c.open[connection] = &transaction{map[string]bool{}}
	case "COMMIT", "ROLLBACK":
		if tx != nil && verb == "COMMIT" {
			c.commit(tx)
		}
		delete(c.open, connection)
	case "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE":
		owner := ownerOf(user, statement)
		n := c.counts[owner]
		n.statements++
		c.counts[owner] = n
		switch {
		case verb == "SELECT":
		case tx != nil:
			tx.wrote[owner] = true
		default:
			c.commit(&transaction{map[string]bool{owner: true}})
		}
	}
}

// commit counts a transaction as the first owner's to whose tables it wrote.
func (c *counter) commit(tx *transaction) {
	for _, owner := range owners {
		if tx.wrote[owner] {
			n := c.counts[owner]
			n.commits++
			c.counts[owner] = n
			return
		}
	}
}

var firstTable = regexp.MustCompile("(?i)\\b(?:from|into|update|join)\\s+`?([a-z_]+)")

// ownerOf returns whose table a statement names first.
func ownerOf(user, statement string) string {
	if user != cluster.Shop {
		return user
	}
	match := firstTable.FindStringSubmatch(statement)
	if match == nil {
		return user
	}
	table := strings.ToLower(match[1])
	switch {
	case strings.HasPrefix(table, "cart"):
		return "cart"
	case strings.HasPrefix(table, "sandbox"):
		return "sandbox"
	case table == "outbox":
		return "mails"
	}
	return ownOrder
}
