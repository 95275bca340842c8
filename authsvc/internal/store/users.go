package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/audit"
	"bookstore/shared/idempotency"
	"bookstore/shared/idempotency/keystore"
	"bookstore/shared/sqldb"
	"bookstore/shared/text"
	"bookstore/shared/token"

	sq "github.com/Masterminds/squirrel"
)

var userColumns = []string{
	"users.id", "users.email", "users.name", "users.role", "users.status", "users.seller_name", "users.language", "users.created_at",
	"users.email_clash", "users.seller_name_clash",
}

// userRow receives userColumns.
type userRow struct {
	auth.User
	createdAt                   int64
	emailClash, sellerNameClash *int64
}

func (r *userRow) dest() []any {
	return []any{&r.ID, &r.Email, &r.Name, &r.Role, &r.Status, &r.SellerName, &r.Language, &r.createdAt, &r.emailClash, &r.sellerNameClash}
}

func (r *userRow) user() auth.User {
	u := r.User
	u.CreatedAt = sqldb.FromMicros(r.createdAt)
	if r.emailClash != nil {
		u.SameEmailAs = *r.emailClash
	}
	if r.sellerNameClash != nil {
		u.SameSellerNameAs = *r.sellerNameClash
	}
	return u
}

func scanUser(row sqldb.Row) (auth.User, error) {
	var r userRow
	err := row.Scan(r.dest()...)
	return r.user(), err
}

// scanAccount reads userColumns and the password's hash.
func scanAccount(row sqldb.Row) (auth.Account, error) {
	var r userRow
	var hash string
	err := row.Scan(append(r.dest(), &hash)...)
	return auth.Account{User: r.user(), PasswordHash: hash}, err
}

// CreateAccount implements auth.Store.
func (s *Store) CreateAccount(ctx context.Context, a auth.Account) (int64, error) {
	return insertAccount(ctx, s.db.Writer(), a)
}

// Register implements auth.Store.
func (s *Store) Register(ctx context.Context, request idempotency.Request, a auth.Account, session auth.Session) (id int64, isNew bool, err error) {
	return keystore.Once(ctx, s.db, request, a.CreatedAt, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		id, err := insertAccount(ctx, tx, a)
		if err != nil {
			return 0, err
		}
		session.UserID = id
		return id, s.insertSession(ctx, tx, session)
	})
}

func insertAccount(ctx context.Context, q sqldb.Querier, a auth.Account) (int64, error) {
	created := sqldb.Micros(a.CreatedAt)
	values := map[string]any{
		"name":          a.Name,
		"name_key":      strings.ToLower(a.Name),
		"language":      a.Language,
		"role":          a.Role,
		"status":        a.Status,
		"password_hash": a.PasswordHash,
		"created_at":    created,
		"last_login_at": created,
	}
	maps.Copy(values, emailColumns(a.Email))
	maps.Copy(values, sellerNameColumns(a.SellerName))
	id, err := sqldb.InsertID(ctx, q, sq.Insert("users").SetMap(values))
	if sqldb.IsDuplicate(err) {
		return 0, auth.ErrEmailTaken
	}
	if err != nil {
		return 0, fmt.Errorf("insert user: %w", err)
	}
	return id, nil
}

// AccountByEmail implements auth.Store. Of two accounts with one mailbox each is
// found by its own spelling, so that is looked for first.
func (s *Store) AccountByEmail(ctx context.Context, email string) (auth.Account, error) {
	query := sq.Select(userColumns...).Column("users.password_hash").From("users")
	account, err := sqldb.QueryOne(ctx, s.db.Writer(), query.Where(sq.Eq{"email_key": spelling(email)}), scanAccount)
	if errors.Is(err, sqldb.ErrNotFound) {
		query = query.Where(sq.Eq{"email_match": text.EmailKey(email)}).Where("email_matched = email")
		account, err = sqldb.QueryOne(ctx, s.db.Writer(), query, scanAccount)
	}
	if err != nil {
		return auth.Account{}, fmt.Errorf("find account by address: %w", orNotFound(err, auth.ErrUserNotFound))
	}
	return account, nil
}

// User implements auth.Store.
func (s *Store) User(ctx context.Context, id int64) (auth.User, error) {
	return findUser(ctx, s.db.Writer(), id)
}

func findUser(ctx context.Context, q sqldb.Querier, id int64) (auth.User, error) {
	user, err := sqldb.QueryOne(ctx, q, selectUsers().Where(sq.Eq{"id": id}), scanUser)
	if err != nil {
		return auth.User{}, fmt.Errorf("find user %d: %w", id, orNotFound(err, auth.ErrUserNotFound))
	}
	return user, nil
}

func selectUsers() sq.SelectBuilder { return sq.Select(userColumns...).From("users") }

// orNotFound returns notFound in place of a missing row, and any other err as it is.
func orNotFound(err, notFound error) error {
	if errors.Is(err, sqldb.ErrNotFound) {
		return notFound
	}
	return err
}

// Users implements auth.Store.
func (s *Store) Users(ctx context.Context, f auth.UserFilter) ([]auth.User, error) {
	query := selectUsers().OrderBy("id DESC").Limit(uint64(f.Limit))
	if f.Text != "" {
		part := containing(f.Text)
		query = query.Where(sq.Or{
			sq.Expr("email_key LIKE ? ESCAPE '!'", part),
			sq.Eq{"email_match": text.EmailKey(f.Text)},
			sq.Expr("name_key LIKE ? ESCAPE '!'", part),
		})
	}
	if f.ID != 0 {
		query = query.Where(sq.Eq{"id": f.ID})
	}
	if f.Role != "" {
		query = query.Where(sq.Eq{"role": f.Role})
	}
	if f.Before != 0 {
		query = query.Where(sq.Lt{"id": f.Before})
	}
	return sqldb.QueryAll(ctx, s.db.Reader(ctx), query, scanUser)
}

var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// containing returns the LIKE pattern of what contains text.
func containing(text string) string { return "%" + likeEscaper.Replace(text) + "%" }

// UsersByID implements auth.Store.
func (s *Store) UsersByID(ctx context.Context, ids []int64) ([]auth.User, error) {
	return sqldb.QueryAll(ctx, s.db.Writer(), selectUsers().Where(sq.Eq{"id": ids}).OrderBy("id"), scanUser)
}

// maxSameEmail bounds how many accounts of one mailbox are looked at.
const maxSameEmail = 20

// UsersByEmail implements auth.Store.
func (s *Store) UsersByEmail(ctx context.Context, email string) ([]auth.User, error) {
	query := selectUsers().Where(sq.Or{sq.Eq{"email_key": spelling(email)}, sq.Eq{"email_match": text.EmailKey(email)}}).
		OrderBy("id").Limit(maxSameEmail)
	return sqldb.QueryAll(ctx, s.db.Writer(), query, scanUser)
}

// UpdateProfile implements auth.Store.
func (s *Store) UpdateProfile(ctx context.Context, was auth.User, c auth.ProfileChange, now time.Time) error {
	values := map[string]any{}
	if c.Name != nil {
		values["name"], values["name_key"] = *c.Name, strings.ToLower(*c.Name)
	}
	if c.Email != nil {
		maps.Copy(values, emailColumns(*c.Email))
	}
	if c.Language != nil {
		values["language"] = *c.Language
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if len(values) > 0 {
			if err := updateUser(ctx, tx, was, values, c.Email != nil); err != nil {
				return err
			}
		}
		if c.Email != nil && text.EmailKey(*c.Email) != text.EmailKey(was.Email) {
			if err := dropResets(ctx, tx, was.ID); err != nil { // they lie in the old mailbox
				return err
			}
			if err := insertMail(ctx, tx, auth.MailEmailChanged, was, auth.MailFacts{NewEmail: *c.Email}, now); err != nil {
				return err
			}
		}
		if c.SellerName != nil {
			if err := s.renameSeller(ctx, tx, was.ID, *c.SellerName, now); err != nil {
				return err
			}
			return s.announceSeller(ctx, tx, was.ID, now)
		}
		return nil
	})
}

// updateUser writes values into an account's row. With guardEmail, it returns
// ErrBusy unless the account still has its address.
func updateUser(ctx context.Context, tx *sqldb.Tx, was auth.User, values map[string]any, guardEmail bool) error {
	update := sq.Update("users").SetMap(values).Where(sq.Eq{"id": was.ID})
	if guardEmail {
		update = update.Where(sq.Eq{"email": was.Email})
	}
	n, err := sqldb.Exec(ctx, tx, update)
	switch {
	case sqldb.IsDuplicate(err):
		return auth.ErrEmailTaken
	case err == nil && n == 0 && guardEmail:
		return auth.ErrBusy
	}
	return err
}

// StartSelling implements auth.Store.
func (s *Store) StartSelling(ctx context.Context, userID int64, from, to token.Role, sellerName string, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		before, err := lockUser(ctx, tx, userID)
		if err != nil {
			return err
		}
		_, err = sqldb.Exec(ctx, tx, sq.Update("users").
			Set("role", to).
			SetMap(sellerNameColumns(sellerName)).
			Where(sq.Eq{"id": userID, "role": from}))
		if sqldb.IsDuplicate(err) {
			return auth.ErrSellerNameTaken
		}
		if err != nil {
			return err
		}
		after, err := findUser(ctx, tx, userID)
		if err != nil {
			return err
		}
		change := audit.Change{Actor: audit.Actor{Role: string(after.Role), ID: userID}, Action: audit.SellingStarted}
		if err := s.logChange(ctx, tx, change, before, after, now); err != nil {
			return err
		}
		return s.announceSeller(ctx, tx, userID, now)
	})
}
