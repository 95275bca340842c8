package store

import (
	"context"
	"fmt"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// maySell is 1 for an account whose listings may be on offer.
const maySell = "CASE WHEN status = 'active' AND (role = 'seller' OR role = 'admin') AND seller_name <> '' THEN 1 ELSE 0 END"

// untold selects accounts of which other services know something else than
// what is true now, or nothing.
const untold = "seller_name <> '' AND (announced_name IS NULL OR announced_name <> seller_name OR announced_sells <> " + maySell + ")"

// announceSeller writes announcements of an account, if what others must know
// of it has changed. It belongs into the transaction of the change.
func (s *Store) announceSeller(ctx context.Context, tx *sqldb.Tx, userID int64, now time.Time) error {
	n, err := sqldb.Exec(ctx, tx, sq.Update("users").
		Set("seller_version", sq.Expr("seller_version + 1")).
		Set("announced_name", sq.Expr("seller_name")).
		Set("announced_sells", sq.Expr(maySell)).
		Where(sq.Eq{"id": userID}).Where(untold))
	if err != nil {
		return fmt.Errorf("note seller %d as announced: %w", userID, err)
	}
	if n == 0 {
		return nil
	}
	insert := sq.Insert("seller_announcements").Columns("user_id", "receiver", "due_at", "attempts")
	for _, receiver := range auth.SellerReceivers {
		insert = insert.Values(userID, receiver, sqldb.Micros(now), 0)
	}
	upsert := sqldb.Upsert(s.db.Dialect(), insert, []string{"user_id", "receiver"}, []string{"due_at", "attempts"})
	if _, err := sqldb.Exec(ctx, tx, upsert); err != nil {
		return fmt.Errorf("announce seller %d: %w", userID, err)
	}
	return nil
}

// DueAnnouncements implements auth.AnnouncementStore.
func (s *Store) DueAnnouncements(ctx context.Context, receiver string, now time.Time, limit int) ([]auth.Announcement, error) {
	query := sq.Select("users.id", "users.announced_name", "users.announced_sells", "users.seller_version", "a.due_at", "a.attempts").
		From("seller_announcements a").Join("users ON users.id = a.user_id").
		Where(sq.Eq{"a.receiver": receiver}).
		Where(sq.LtOrEq{"a.due_at": sqldb.Micros(now)}).
		OrderBy("a.due_at").Limit(uint64(limit))
	return sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (auth.Announcement, error) {
		a := auth.Announcement{Receiver: receiver}
		var due int64
		err := row.Scan(&a.UserID, &a.Name, &a.MaySell, &a.Version, &due, &a.Attempts)
		a.DueAt = sqldb.FromMicros(due)
		return a, err
	})
}

// ClaimAnnouncement implements auth.AnnouncementStore.
func (s *Store) ClaimAnnouncement(ctx context.Context, a auth.Announcement, until time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("seller_announcements").
		Set("due_at", sqldb.Micros(until)).
		Set("attempts", a.Attempts+1).
		Where(announced(a, a.DueAt)))
	return n > 0, err
}

// PostponeAnnouncement implements auth.AnnouncementStore.
func (s *Store) PostponeAnnouncement(ctx context.Context, a auth.Announcement, until, dueAt time.Time) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("seller_announcements").
		Set("due_at", sqldb.Micros(dueAt)).
		Where(announced(a, until)))
	return err
}

// EndAnnouncement implements auth.AnnouncementStore.
func (s *Store) EndAnnouncement(ctx context.Context, a auth.Announcement, until time.Time) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Delete("seller_announcements").Where(announced(a, until)))
	return err
}

// announced selects an announcement that nobody has touched since it was due
// at an instant.
func announced(a auth.Announcement, dueAt time.Time) sq.Eq {
	return sq.Eq{"user_id": a.UserID, "receiver": a.Receiver, "due_at": sqldb.Micros(dueAt)}
}

// AnnounceUntold implements auth.AnnouncementStore.
func (s *Store) AnnounceUntold(ctx context.Context, after int64, limit int, now time.Time) (int64, error) {
	type account struct {
		id     int64
		untold bool
	}
	query := sq.Select("id").Column("CASE WHEN " + untold + " THEN 1 ELSE 0 END").
		From("users").Where(sq.Gt{"id": after}).OrderBy("id").Limit(uint64(limit))
	accounts, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (a account, err error) {
		err = row.Scan(&a.id, &a.untold)
		return a, err
	})
	if err != nil {
		return after, err
	}
	for _, a := range accounts {
		if !a.untold {
			continue
		}
		err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return s.announceSeller(ctx, tx, a.id, now) })
		if err != nil {
			return after, err
		}
	}
	if len(accounts) < limit {
		return 0, nil
	}
	return accounts[len(accounts)-1].id, nil
}
