package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/audit"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// lockUser returns an account as it is until the transaction changes it: nobody
// else can do so meanwhile. It returns ErrUserNotFound.
func lockUser(ctx context.Context, tx *sqldb.Tx, id int64) (auth.User, error) {
	_, err := sqldb.Exec(ctx, tx, sq.Update("users").Set("role", sq.Expr("role")).Where(sq.Eq{"id": id}))
	if err != nil {
		return auth.User{}, fmt.Errorf("lock user %d: %w", id, err)
	}
	return findUser(ctx, tx, id)
}

// logChange writes into the audit log what change made of an account.
func (s *Store) logChange(ctx context.Context, tx *sqldb.Tx, change audit.Change, before, after auth.User, now time.Time) error {
	change.Object, change.ObjectID = audit.User, strconv.FormatInt(after.ID, 10)
	change.Before, change.After = auditedValues(before), auditedValues(after)
	return s.log.Append(ctx, tx, now, change)
}

// auditedValues is what admins and sellers change of an account.
func auditedValues(u auth.User) audit.Values {
	return audit.Values{"role": string(u.Role), "status": string(u.Status), "seller_name": u.SellerName}
}

// renameSeller gives an account another name to sell under.
func (s *Store) renameSeller(ctx context.Context, tx *sqldb.Tx, id int64, name string, now time.Time) error {
	before, err := lockUser(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := setSellerName(ctx, tx, name, sq.Eq{"id": id}); err != nil {
		return err
	}
	after := before
	after.SellerName = name
	change := audit.Change{Actor: audit.Actor{Role: string(after.Role), ID: id}, Action: audit.SellerRenamed}
	return s.logChange(ctx, tx, change, before, after, now)
}
