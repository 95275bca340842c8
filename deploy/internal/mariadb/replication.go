package mariadb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FollowOptions say how a replica follows its primary.
type FollowOptions struct {
	// Delay is how long after the primary the replica does what that did, in
	// whole seconds.
	Delay time.Duration
}

// Follow makes the server a replica of primary, which takes no writes from
// users without the right to override that. It has the primary's data as soon
// as CatchUp says so. Both must be Replicated and neither may hold data that
// the other has not got from it. It may be called again to follow another
// primary, or with other options.
func (s *Server) Follow(ctx context.Context, primary *Server, options FollowOptions) error {
	pool, err := s.connect(s.options.Password)
	if err != nil {
		return err
	}
	defer pool.Close()
	for _, statement := range []struct {
		text string
		args []any
	}{
		{"STOP SLAVE", nil},
		{"SET GLOBAL read_only = ON", nil},
		{"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ?, MASTER_USER = 'root', MASTER_PASSWORD = ?, MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1, MASTER_DELAY = ?",
			[]any{primary.options.Port, primary.options.Password, int(options.Delay.Seconds())}},
		{"START SLAVE", nil},
	} {
		if _, err := pool.ExecContext(ctx, statement.text, statement.args...); err != nil {
			return fmt.Errorf("follow a MariaDB primary: %w", err)
		}
	}
	return nil
}

// Promote makes one of the replicas of a dead primary the new one, and lets the
// others follow it. It chooses the one that has received most, so that nothing
// is lost that any of them has, and waits until it has done all of that.
func Promote(ctx context.Context, replicas ...*Server) (*Server, error) {
	var foremost *Server
	most := int64(-1)
	for _, s := range replicas {
		received, err := s.stopReceiving(ctx)
		if err != nil {
			return nil, fmt.Errorf("promote a MariaDB replica: %w", err)
		}
		if received > most {
			foremost, most = s, received
		}
	}
	if foremost == nil {
		return nil, errors.New("promote a MariaDB replica: there is none")
	}
	if err := foremost.lead(ctx, most); err != nil {
		return nil, fmt.Errorf("promote a MariaDB replica: %w", err)
	}
	for _, s := range replicas {
		if s == foremost {
			continue
		}
		if err := s.Follow(ctx, foremost, FollowOptions{}); err != nil {
			return nil, err
		}
	}
	return foremost, nil
}

// stopReceiving has a replica receive nothing more, and returns the number of
// the last transaction that it has received.
func (s *Server) stopReceiving(ctx context.Context) (int64, error) {
	pool, err := s.connect(s.options.Password)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, "STOP SLAVE IO_THREAD"); err != nil {
		return 0, err
	}
	status, err := slaveStatus(ctx, pool)
	if err != nil {
		return 0, err
	}
	return sequence(status["Gtid_IO_Pos"])
}

// lead makes a replica a primary once it has done the last transaction that it
// has received.
func (s *Server) lead(ctx context.Context, last int64) error {
	pool, err := s.connect(s.options.Password)
	if err != nil {
		return err
	}
	defer pool.Close()
	for {
		var position string
		if err := pool.QueryRowContext(ctx, "SELECT @@gtid_slave_pos").Scan(&position); err != nil {
			return err
		}
		done, err := sequence(position)
		if err != nil {
			return err
		}
		if done >= last {
			break
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("it has done %d of %d transactions: %w", done, last, err)
		}
	}
	for _, statement := range []string{"STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF"} {
		if _, err := pool.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// sequence returns the number in the GTID domain-server-number, 0 if there is
// none yet.
func sequence(gtid string) (int64, error) {
	if gtid == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(gtid[strings.LastIndex(gtid, "-")+1:], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("GTID %q: %w", gtid, err)
	}
	return n, nil
}

// CatchUp waits until a replica has done all that its primary had when it was called.
func (s *Server) CatchUp(ctx context.Context, primary *Server) error {
	position, err := primary.ask(ctx, "SELECT @@gtid_binlog_pos")
	if err != nil {
		return fmt.Errorf("ask the primary how far it is: %w", err)
	}
	for {
		// Waits of a second, for a query has a bound of its own.
		late, err := s.ask(ctx, "SELECT MASTER_GTID_WAIT(?, 1)", position)
		if err != nil {
			return fmt.Errorf("wait for a MariaDB replica: %w", err)
		}
		if late == "0" {
			return nil
		}
	}
}

// WaitForReplicas lets the primary wait up to a minute for a replica to have
// what it is about to acknowledge. Otherwise it goes on alone after two seconds,
// so that a machine that has much else to do does not hold up those who write.
func (s *Server) WaitForReplicas(ctx context.Context) error {
	pool, err := s.connect(s.options.Password)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, "SET GLOBAL rpl_semi_sync_master_timeout = 60000"); err != nil {
		return fmt.Errorf("let the primary wait for replicas: %w", err)
	}
	return nil
}

// AwaitSemiSync waits until the server acknowledges a commit only when one of
// its replicas, of which there are at least that many, has it as well.
func (s *Server) AwaitSemiSync(ctx context.Context, replicas int) error {
	const status = `SELECT CONCAT(
		(SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'Rpl_semi_sync_master_status'),
		(SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'Rpl_semi_sync_master_clients'))`
	for {
		got, err := s.ask(ctx, status)
		if err != nil {
			return fmt.Errorf("wait for semi-synchronous replicas: %w", err)
		}
		if got == fmt.Sprint("ON", replicas) {
			return nil
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("wait for semi-synchronous replicas: %w; status is %q", err, got)
		}
	}
}

// replicationArguments are those of deploy/docker/mariadb.cnf, so that every
// server can be primary or replica.
func (s *Server) replicationArguments() []string {
	sync := "1"
	if s.options.Fast {
		sync = "0"
	}
	return []string{
		fmt.Sprintf("--server-id=%d", s.options.Port),
		"--log-bin=binlog",
		"--relay-log=relay",
		"--binlog-format=ROW",
		"--log-slave-updates",
		"--gtid-strict-mode",
		"--sync-binlog=" + sync,
		"--rpl-semi-sync-master-enabled",
		"--rpl-semi-sync-master-wait-point=AFTER_SYNC",
		"--rpl-semi-sync-master-wait-no-slave=OFF",
		"--rpl-semi-sync-master-timeout=2000", // milliseconds; then writes go on without replicas, see WaitForReplicas
		"--rpl-semi-sync-slave-enabled",
		"--slave-net-timeout=5", // a primary that died without a word is missed soon
	}
}

// ask returns the only value that a query answers.
func (s *Server) ask(ctx context.Context, query string, args ...any) (string, error) {
	pool, err := s.connect(s.options.Password)
	if err != nil {
		return "", err
	}
	defer pool.Close()
	var value sql.NullString
	err = pool.QueryRowContext(ctx, query, args...).Scan(&value)
	return value.String, err
}

func slaveStatus(ctx context.Context, pool *sql.DB) (map[string]string, error) {
	rows, err := pool.QueryContext(ctx, "SHOW SLAVE STATUS")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	if !rows.Next() {
		return nil, errors.Join(rows.Err(), errors.New("it is no replica"))
	}
	values, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	if err := rows.Scan(targets...); err != nil {
		return nil, err
	}
	status := map[string]string{}
	for i, column := range columns {
		status[column] = values[i].String
	}
	return status, rows.Err()
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}
