package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/audit"
	"bookstore/shared/sqldb"
	"bookstore/shared/token"

	sq "github.com/Masterminds/squirrel"
)

// UpdateAccess implements auth.Store. It changes the account's row first, as
// OpenSession does: a login at the same time comes entirely before or after.
func (s *Store) UpdateAccess(ctx context.Context, userID int64, c auth.AccessChange, now time.Time) (user auth.User, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		before, err := lockUser(ctx, tx, userID)
		if err != nil {
			return err
		}
		changed, err := updateAccess(ctx, tx, userID, c)
		if err != nil {
			return err
		}
		if user, err = findUser(ctx, tx, userID); err != nil {
			return err
		}
		if user.Role == token.Seller && user.SellerName == "" {
			if user.SellerName, err = nameSeller(ctx, tx, user); err != nil {
				return err
			}
		}
		change := audit.Change{Actor: c.By, Action: audit.AccessChanged}
		if err := s.logChange(ctx, tx, change, before, user, now); err != nil {
			return err
		}
		if !changed {
			return nil
		}
		if err := s.endSessions(ctx, tx, sq.Eq{"user_id": userID}, now); err != nil {
			return err
		}
		return s.announceSeller(ctx, tx, userID, now)
	})
	return user, err
}

// nameSeller gives whoever is made a seller a name to sell under and returns
// it: the account's own or, if another sells under one that looks the same,
// with the account's number behind.
func nameSeller(ctx context.Context, tx *sqldb.Tx, user auth.User) (string, error) {
	name, where := user.Name, sq.Eq{"id": user.ID}
	err := setSellerName(ctx, tx, name, where)
	if errors.Is(err, auth.ErrSellerNameTaken) {
		number := fmt.Sprintf(" %d", user.ID)
		runes := []rune(name)
		name = string(runes[:min(len(runes), auth.MaxName-len(number))]) + number
		err = setSellerName(ctx, tx, name, where)
	}
	if err != nil {
		return "", fmt.Errorf("name seller %d: %w", user.ID, err)
	}
	return name, nil
}

func updateAccess(ctx context.Context, tx *sqldb.Tx, userID int64, c auth.AccessChange) (changed bool, err error) {
	update := sq.Update("users").Where(sq.Eq{"id": userID})
	differs := sq.Or{}
	if c.Role != nil {
		update = update.Set("role", *c.Role)
		differs = append(differs, sq.NotEq{"role": *c.Role})
	}
	if c.Status != nil {
		update = update.Set("status", *c.Status)
		differs = append(differs, sq.NotEq{"status": *c.Status})
	}
	if len(differs) == 0 {
		return false, nil
	}
	n, err := sqldb.Exec(ctx, tx, update.Where(differs))
	if err != nil {
		return false, fmt.Errorf("update access: %w", err)
	}
	return n > 0, nil
}

// ChangePassword implements auth.Store.
func (s *Store) ChangePassword(ctx context.Context, c auth.PasswordChange, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := replaceHash(ctx, tx, c.Caller.UserID, c.OldHash, c.NewHash); err != nil {
			return err
		}
		if err := dropResets(ctx, tx, c.Caller.UserID); err != nil {
			return err
		}
		if err := s.endSessions(ctx, tx, othersThan(c.Caller), now); err != nil {
			return err
		}
		return insertMail(ctx, tx, auth.MailPasswordChanged, c.User, auth.MailFacts{}, now)
	})
}

// RenewHash implements auth.Store.
func (s *Store) RenewHash(ctx context.Context, userID int64, oldHash, newHash string) error {
	return replaceHash(ctx, s.db.Writer(), userID, oldHash, newHash)
}

func replaceHash(ctx context.Context, q sqldb.Querier, userID int64, oldHash, newHash string) error {
	n, err := sqldb.Exec(ctx, q, sq.Update("users").
		Set("password_hash", newHash).
		Where(sq.Eq{"id": userID, "password_hash": oldHash}))
	if err != nil {
		return fmt.Errorf("replace password: %w", err)
	}
	if n == 0 {
		return auth.ErrBadCredentials
	}
	return nil
}
