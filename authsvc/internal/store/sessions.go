package store

import (
	"context"
	"fmt"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// OpenSession implements auth.Store.
func (s *Store) OpenSession(ctx context.Context, session auth.Session, passwordHash, language string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		update := sq.Update("users").Set("last_login_at", sqldb.Micros(session.CreatedAt))
		if language != "" {
			update = update.Set("language", language)
		}
		n, err := sqldb.Exec(ctx, tx, update.
			Where(sq.Eq{"id": session.UserID, "status": auth.Active, "password_hash": passwordHash}))
		if err != nil {
			return fmt.Errorf("note login: %w", err)
		}
		if n == 0 {
			return auth.ErrBadCredentials
		}
		return s.insertSession(ctx, tx, session)
	})
}

func (s *Store) insertSession(ctx context.Context, tx *sqldb.Tx, session auth.Session) error {
	_, err := sqldb.Exec(ctx, tx, sq.Insert("sessions").SetMap(map[string]any{
		"id":           session.ID,
		"user_id":      session.UserID,
		"refresh_hash": session.RefreshHash,
		"user_agent":   session.UserAgent,
		"created_at":   sqldb.Micros(session.CreatedAt),
		"last_used_at": sqldb.Micros(session.LastUsedAt),
	}))
	if err != nil {
		return fmt.Errorf("insert session: %w", err)
	}
	return s.insertDevice(ctx, tx, session.UserID, session.DeviceHash, session.CreatedAt)
}

// SessionAccount implements auth.Store.
func (s *Store) SessionAccount(ctx context.Context, c auth.Caller, since time.Time) (auth.Account, error) {
	query := sq.Select(userColumns...).Column("users.password_hash").
		From("sessions").Join("users ON users.id = sessions.user_id").
		Where(sq.Eq{"sessions.id": c.SessionID, "sessions.user_id": c.UserID}).
		Where(usedAfter(since))
	account, err := sqldb.QueryOne(ctx, s.db.Writer(), query, scanAccount)
	if err != nil {
		return auth.Account{}, fmt.Errorf("find account by session: %w", orNotFound(err, auth.ErrSessionEnded))
	}
	return account, nil
}

func usedAfter(since time.Time) sq.Sqlizer {
	return sq.Gt{"sessions.last_used_at": sqldb.Micros(since)}
}

// SessionByRefresh implements auth.Store.
func (s *Store) SessionByRefresh(ctx context.Context, hash string, since time.Time) (auth.Session, auth.User, error) {
	query := sq.Select(sessionColumns...).Columns(userColumns...).
		From("sessions").Join("users ON users.id = sessions.user_id").
		Where(sq.Eq{"sessions.refresh_hash": hash}).
		Where(usedAfter(since))
	type holder struct {
		session auth.Session
		user    auth.User
	}
	found, err := sqldb.QueryOne(ctx, s.db.Writer(), query, func(row sqldb.Row) (holder, error) {
		var session sessionRow
		var user userRow
		err := row.Scan(append(session.dest(), user.dest()...)...)
		return holder{session.session(), user.user()}, err
	})
	if err != nil {
		return auth.Session{}, auth.User{}, fmt.Errorf("find session: %w", orNotFound(err, auth.ErrSessionEnded))
	}
	return found.session, found.user, nil
}

var sessionColumns = []string{
	"sessions.id", "sessions.user_id", "sessions.refresh_hash", "sessions.user_agent", "sessions.created_at", "sessions.last_used_at",
}

// sessionRow receives sessionColumns.
type sessionRow struct {
	auth.Session
	createdAt, lastUsedAt int64
}

func (r *sessionRow) dest() []any {
	return []any{&r.ID, &r.UserID, &r.RefreshHash, &r.UserAgent, &r.createdAt, &r.lastUsedAt}
}

func (r *sessionRow) session() auth.Session {
	s := r.Session
	s.CreatedAt = sqldb.FromMicros(r.createdAt)
	s.LastUsedAt = sqldb.FromMicros(r.lastUsedAt)
	return s
}

// TouchSession implements auth.Store.
func (s *Store) TouchSession(ctx context.Context, id string, now, before time.Time) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("sessions").
		Set("last_used_at", sqldb.Micros(now)).
		Where(sq.Eq{"id": id}).
		Where(sq.Lt{"last_used_at": sqldb.Micros(before)}))
	if err != nil {
		return fmt.Errorf("note use of session: %w", err)
	}
	return nil
}

// Sessions implements auth.Store.
func (s *Store) Sessions(ctx context.Context, userID int64, since time.Time) ([]auth.Session, error) {
	query := sq.Select(sessionColumns...).From("sessions").
		Where(sq.Eq{"user_id": userID}).
		Where(usedAfter(since)).
		OrderBy("last_used_at DESC", "id").
		Limit(maxSessions)
	return sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (auth.Session, error) {
		var r sessionRow
		err := row.Scan(r.dest()...)
		return r.session(), err
	})
}

// maxSessions bounds a list that is not paged.
const maxSessions = 200

// EndSession implements auth.Store.
func (s *Store) EndSession(ctx context.Context, c auth.Caller, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		n, err := sqldb.Exec(ctx, tx, sq.Delete("sessions").Where(sq.Eq{"id": c.SessionID, "user_id": c.UserID}))
		if err != nil {
			return fmt.Errorf("delete session: %w", err)
		}
		if n == 0 {
			return auth.ErrSessionNotFound
		}
		revoked := sq.Insert("revocations").Columns("session_id", "revoked_at").Values(c.SessionID, sqldb.Micros(now))
		if _, err := sqldb.Exec(ctx, tx, revoked); err != nil {
			return fmt.Errorf("revoke session: %w", err)
		}
		return nil
	})
}

// EndOtherSessions implements auth.Store. It holds the account's row, as
// OpenSession does: a login at the same time comes entirely before or after.
func (s *Store) EndOtherSessions(ctx context.Context, c auth.Caller, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if _, err := lockUser(ctx, tx, c.UserID); err != nil {
			return err
		}
		return s.endSessions(ctx, tx, othersThan(c), now)
	})
}

// othersThan selects the sessions of the caller's account but the caller's own.
func othersThan(c auth.Caller) sq.Sqlizer {
	return sq.And{sq.Eq{"user_id": c.UserID}, sq.NotEq{"id": c.SessionID}}
}

// endSessions revokes and deletes the sessions that which selects. The caller
// has changed their account's row before, so that none is added in between.
func (s *Store) endSessions(ctx context.Context, tx *sqldb.Tx, which sq.Sqlizer, now time.Time) error {
	revoked := sq.Insert("revocations").Columns("session_id", "revoked_at").
		Select(sq.Select("id").Column("?", sqldb.Micros(now)).From("sessions").Where(which))
	// A logout at the same time may have revoked one of them.
	revoked = sqldb.Upsert(s.db.Dialect(), revoked, []string{"session_id"}, nil)
	if _, err := sqldb.Exec(ctx, tx, revoked); err != nil {
		return fmt.Errorf("revoke sessions: %w", err)
	}
	if _, err := sqldb.Exec(ctx, tx, sq.Delete("sessions").Where(which)); err != nil {
		return fmt.Errorf("delete sessions: %w", err)
	}
	return nil
}

// Revoked implements auth.Store.
func (s *Store) Revoked(ctx context.Context, since time.Time) ([]string, error) {
	query := sq.Select("session_id").From("revocations").
		Where(sq.Gt{"revoked_at": sqldb.Micros(since)}).
		OrderBy("revoked_at", "session_id")
	return sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (string, error) {
		var id string
		err := row.Scan(&id)
		return id, err
	})
}
