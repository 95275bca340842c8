package store

import (
	"context"
	"fmt"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// QueueReset implements auth.Store.
func (s *Store) QueueReset(ctx context.Context, r auth.ResetRequest) error {
	insert := sq.Insert("password_reset_requests").Columns("address_hash", "email", "requested_at").
		Values(r.AddressHash, r.Email, sqldb.Micros(r.At))
	_, err := sqldb.Exec(ctx, s.db.Writer(), sqldb.Upsert(s.db.Dialect(), insert, []string{"address_hash"}, nil))
	return err
}

// ResetRequests implements auth.Store.
func (s *Store) ResetRequests(ctx context.Context, limit int) ([]auth.ResetRequest, error) {
	query := sq.Select("address_hash", "email", "requested_at").From("password_reset_requests").
		OrderBy("requested_at").Limit(uint64(limit))
	return sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (auth.ResetRequest, error) {
		var r auth.ResetRequest
		var at int64
		err := row.Scan(&r.AddressHash, &r.Email, &at)
		r.At = sqldb.FromMicros(at)
		return r, err
	})
}

// AnswerReset implements auth.Store.
func (s *Store) AnswerReset(ctx context.Context, request auth.ResetRequest, reset *auth.Reset, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		n, err := sqldb.Exec(ctx, tx, sq.Delete("password_reset_requests").
			Where(sq.Eq{"address_hash": request.AddressHash, "requested_at": sqldb.Micros(request.At)}))
		if err != nil || n == 0 || reset == nil { // none left: another instance has answered
			return err
		}
		insert := sq.Insert("password_resets").Columns("token_hash", "user_id", "expires_at").
			Values(reset.TokenHash, reset.User.ID, sqldb.Micros(reset.ExpiresAt))
		if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
			return fmt.Errorf("insert password reset: %w", err)
		}
		return insertSecretMail(ctx, tx, auth.MailPasswordReset, reset.User, auth.MailFacts{Until: reset.ExpiresAt}, reset.Secret, now)
	})
}

// ResetUser implements auth.Store.
func (s *Store) ResetUser(ctx context.Context, tokenHash string, now time.Time) (auth.User, error) {
	query := selectUsers().Join("password_resets ON password_resets.user_id = users.id").
		Where(sq.Eq{"password_resets.token_hash": tokenHash}).
		Where(sq.Gt{"password_resets.expires_at": sqldb.Micros(now)})
	user, err := sqldb.QueryOne(ctx, s.db.Writer(), query, scanUser)
	return user, orNotFound(err, auth.ErrResetEnded)
}

// ResetPassword implements auth.Store.
func (s *Store) ResetPassword(ctx context.Context, r auth.PasswordReset, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		n, err := sqldb.Exec(ctx, tx, sq.Delete("password_resets").
			Where(sq.Eq{"token_hash": r.TokenHash}).Where(sq.Gt{"expires_at": sqldb.Micros(now)}))
		if err != nil {
			return fmt.Errorf("use password reset: %w", err)
		}
		if n == 0 {
			return auth.ErrResetEnded
		}
		if _, err := sqldb.Exec(ctx, tx, sq.Update("users").Set("password_hash", r.NewHash).Where(sq.Eq{"id": r.User.ID})); err != nil {
			return fmt.Errorf("replace password: %w", err)
		}
		if err := dropResets(ctx, tx, r.User.ID); err != nil {
			return err
		}
		if err := s.endSessions(ctx, tx, sq.Eq{"user_id": r.User.ID}, now); err != nil {
			return err
		}
		if _, err := sqldb.Exec(ctx, tx, sq.Delete("devices").Where(sq.Eq{"user_id": r.User.ID})); err != nil {
			return fmt.Errorf("forget devices: %w", err)
		}
		if err := s.insertDevice(ctx, tx, r.User.ID, r.DeviceHash, now); err != nil {
			return err
		}
		return insertMail(ctx, tx, auth.MailPasswordChanged, r.User, auth.MailFacts{}, now)
	})
}

// dropResets makes the links of all mails to an account's owner useless.
func dropResets(ctx context.Context, tx *sqldb.Tx, userID int64) error {
	if _, err := sqldb.Exec(ctx, tx, sq.Delete("password_resets").Where(sq.Eq{"user_id": userID})); err != nil {
		return fmt.Errorf("drop password resets: %w", err)
	}
	return nil
}
