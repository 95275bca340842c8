package store

import (
	"context"
	"fmt"
	"strings"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/sqldb"
	"bookstore/shared/text"

	sq "github.com/Masterminds/squirrel"
)

// spelling returns the key of an address that every release writes and finds
// accounts by. Two spellings of one mailbox can differ in it.
func spelling(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// emailColumns are the columns of an account with this address.
func emailColumns(email string) map[string]any {
	return map[string]any{
		"email":         email,
		"email_key":     spelling(email),
		"email_match":   text.EmailKey(email),
		"email_matched": email,
		"email_clash":   nil,
	}
}

// sellerNameColumns are the columns of an account that sells under name, or
// under none yet if it is empty.
func sellerNameColumns(name string) map[string]any {
	columns := map[string]any{
		"seller_name":         name,
		"seller_name_sound":   nil,
		"seller_name_look":    nil,
		"seller_name_matched": name,
		"seller_name_clash":   nil,
	}
	if name != "" {
		columns["seller_name_sound"], columns["seller_name_look"] = text.NameKeys(name)
	}
	return columns
}

// setSellerName renames the seller where says. It returns
// auth.ErrSellerNameTaken if another sells under a name that looks the same.
func setSellerName(ctx context.Context, q sqldb.Querier, name string, where sq.Sqlizer) error {
	_, err := sqldb.Exec(ctx, q, sq.Update("users").SetMap(sellerNameColumns(name)).Where(where))
	if sqldb.IsDuplicate(err) {
		return auth.ErrSellerNameTaken
	}
	return err
}

// Conditions under which the keys of a row have to be made anew. Clashes are
// among them: the other account may have changed meanwhile.
const (
	emailUnmatched      = "email_matched IS NULL OR email_matched <> email OR email_clash IS NOT NULL"
	sellerNameUnmatched = "seller_name <> '' AND (seller_name_matched IS NULL OR seller_name_matched <> seller_name OR seller_name_clash IS NOT NULL)"
)

// MatchAccounts implements auth.Store.
func (s *Store) MatchAccounts(ctx context.Context, after int64, limit int) (last int64, err error) {
	type account struct {
		id                int64
		email, sellerName string
		matchEmail        bool
		matchSellerName   bool
	}
	query := sq.Select("id", "email", "seller_name").
		Column("CASE WHEN " + emailUnmatched + " THEN 1 ELSE 0 END").
		Column("CASE WHEN " + sellerNameUnmatched + " THEN 1 ELSE 0 END").
		From("users").Where(sq.Gt{"id": after}).OrderBy("id").Limit(uint64(limit))
	accounts, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (a account, err error) {
		err = row.Scan(&a.id, &a.email, &a.sellerName, &a.matchEmail, &a.matchSellerName)
		return a, err
	})
	if err != nil {
		return after, err
	}
	for _, a := range accounts {
		if a.matchEmail {
			if err := s.matchEmail(ctx, a.id, a.email); err != nil {
				return after, fmt.Errorf("match the address of account %d: %w", a.id, err)
			}
		}
		if a.matchSellerName {
			if err := s.matchSellerName(ctx, a.id, a.sellerName); err != nil {
				return after, fmt.Errorf("match the seller's name of account %d: %w", a.id, err)
			}
		}
	}
	if len(accounts) < limit {
		return 0, nil
	}
	return accounts[len(accounts)-1].id, nil
}

func (s *Store) matchEmail(ctx context.Context, id int64, email string) error {
	key := text.EmailKey(email)
	row := sq.Eq{"id": id, "email": email} // unless it changes meanwhile
	matched := map[string]any{"email_match": key, "email_matched": email, "email_clash": nil}
	clashing := map[string]any{"email_match": nil, "email_matched": email}
	return s.match(ctx, row, sq.Eq{"email_match": key}, matched, clashing, "email_clash")
}

func (s *Store) matchSellerName(ctx context.Context, id int64, name string) error {
	sound, look := text.NameKeys(name)
	row := sq.Eq{"id": id, "seller_name": name} // unless it changes meanwhile
	matched := map[string]any{
		"seller_name_sound": sound, "seller_name_look": look, "seller_name_matched": name, "seller_name_clash": nil,
	}
	clashing := map[string]any{"seller_name_sound": nil, "seller_name_look": nil, "seller_name_matched": name}
	others := sq.Or{sq.Eq{"seller_name_sound": sound}, sq.Eq{"seller_name_look": look}}
	return s.match(ctx, row, others, matched, clashing, "seller_name_clash")
}

// match gives a row its keys, or marks it as clashing with the first of the
// others that have them.
func (s *Store) match(ctx context.Context, row sq.Eq, others sq.Sqlizer, matched, clashing map[string]any, clash string) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("users").SetMap(matched).Where(row))
	if !sqldb.IsDuplicate(err) {
		return err
	}
	holders, err := sqldb.QueryAll(ctx, s.db.Writer(),
		sq.Select("id").From("users").Where(others).Where(sq.NotEq{"id": row["id"]}).OrderBy("id").Limit(1), scanID)
	if err != nil || len(holders) == 0 { // it has just changed: the next round will see
		return err
	}
	clashing[clash] = holders[0]
	_, err = sqldb.Exec(ctx, s.db.Writer(), sq.Update("users").SetMap(clashing).Where(row))
	return err
}

func scanID(row sqldb.Row) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}
