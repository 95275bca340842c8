package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// sweepAtOnce bounds how many carts one sweep deletes.
const sweepAtOnce = 500

// Cart implements shop.CartStore.
func (s *Store) Cart(ctx context.Context, owner shop.CartOwner) (shop.Cart, error) {
	return readCart(ctx, s.db.Writer(), owner)
}

// SaveCart implements shop.CartStore.
func (s *Store) SaveCart(ctx context.Context, c shop.Cart, before []shop.CartLine) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		c := c
		return s.writeCart(ctx, tx, &c, before)
	})
}

// MergeCarts implements shop.CartStore.
func (s *Store) MergeCarts(ctx context.Context, guest, user shop.CartOwner, merge func(user *shop.Cart, guest shop.Cart)) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		// Taking the guest's row first makes a second merge find nothing.
		n, err := sqldb.Exec(ctx, tx, sq.Update("carts").Set("version", sq.Expr("version + 1")).Where(ownedBy(guest)))
		if err != nil || n == 0 {
			return err
		}
		from, err := readCart(ctx, tx, guest)
		if err != nil {
			return err
		}
		to, err := readCart(ctx, tx, user)
		if err != nil {
			return err
		}
		before := slices.Clone(to.Lines)
		merge(&to, from)
		if err := s.writeCart(ctx, tx, &to, before); err != nil {
			return err
		}
		return deleteCart(ctx, tx, from.ID)
	})
}

// CountCart implements shop.CartStore.
func (s *Store) CountCart(ctx context.Context, owner shop.CartOwner) (int64, error) {
	return sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("COALESCE(SUM(quantity), 0)").
		From("cart_lines").Join("carts ON carts.id = cart_lines.cart_id").Where(ownedBy(owner)), scanInt)
}

// SweepCarts implements shop.CartStore.
func (s *Store) SweepCarts(ctx context.Context, before time.Time) (int64, error) {
	old := sq.And{sq.NotEq{"token_hash": nil}, sq.Lt{"updated_at": sqldb.Micros(before)}}
	ids, err := sqldb.QueryAll(ctx, s.db.Writer(), sq.Select("id").From("carts").Where(old).Limit(sweepAtOnce), scanInt)
	if err != nil {
		return 0, fmt.Errorf("find old carts: %w", err)
	}
	swept := int64(0)
	for _, id := range ids {
		n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Delete("carts").Where(sq.Eq{"id": id}).Where(old))
		if err != nil {
			return swept, fmt.Errorf("delete old cart: %w", err)
		}
		swept += n
	}
	return swept, nil
}

func ownedBy(o shop.CartOwner) sq.Eq {
	if o.UserID != 0 {
		return sq.Eq{"user_id": o.UserID}
	}
	return sq.Eq{"token_hash": o.TokenHash}
}

// readCart reads the cart's row with each of its lines.
func readCart(ctx context.Context, q sqldb.Querier, owner shop.CartOwner) (shop.Cart, error) {
	c := shop.Cart{Owner: owner}
	query := sq.Select("id", "checkout_key", "version", "updated_at", "book_id", "quantity", "added_at").
		From("carts").LeftJoin("cart_lines ON cart_lines.cart_id = carts.id").Where(ownedBy(owner)).OrderBy("added_at", "book_id")
	_, err := sqldb.QueryAll(ctx, q, query, func(row sqldb.Row) (bool, error) {
		var updated int64
		var book, quantity, added sql.NullInt64
		err := row.Scan(&c.ID, &c.Key, &c.Version, &updated, &book, &quantity, &added)
		c.UpdatedAt = sqldb.FromMicros(updated)
		if book.Valid {
			c.Lines = append(c.Lines, shop.CartLine{BookID: book.Int64, Quantity: quantity.Int64, AddedAt: sqldb.FromMicros(added.Int64)})
		}
		return true, err
	})
	if err != nil {
		return c, fmt.Errorf("read cart: %w", err)
	}
	return c, nil
}

// writeCart writes a cart under its version, its row before those of its lines
// that have changed.
func (s *Store) writeCart(ctx context.Context, tx *sqldb.Tx, c *shop.Cart, before []shop.CartLine) error {
	if err := writeCartRow(ctx, tx, c); err != nil {
		return err
	}
	return s.writeCartLines(ctx, tx, c, before)
}

func (s *Store) writeCartLines(ctx context.Context, tx *sqldb.Tx, c *shop.Cart, before []shop.CartLine) error {
	if gone := linesGone(before, c.Lines); len(gone) > 0 {
		if _, err := sqldb.Exec(ctx, tx, sq.Delete("cart_lines").Where(sq.Eq{"cart_id": c.ID, "book_id": gone})); err != nil {
			return fmt.Errorf("delete cart lines: %w", err)
		}
	}
	put := sq.Insert("cart_lines").Columns("cart_id", "book_id", "quantity", "added_at")
	changes := 0
	for _, l := range c.Lines {
		if !slices.Contains(before, l) {
			put = put.Values(c.ID, l.BookID, l.Quantity, sqldb.Micros(l.AddedAt))
			changes++
		}
	}
	if changes == 0 {
		return nil
	}
	put = sqldb.Upsert(s.db.Dialect(), put, []string{"cart_id", "book_id"}, []string{"quantity", "added_at"})
	if _, err := sqldb.Exec(ctx, tx, put); err != nil {
		return fmt.Errorf("write cart lines: %w", err)
	}
	return nil
}

// linesGone returns the books of the lines that are no longer there.
func linesGone(before, now []shop.CartLine) []int64 {
	var gone []int64
	for _, l := range before {
		if !slices.ContainsFunc(now, func(n shop.CartLine) bool { return n.BookID == l.BookID }) {
			gone = append(gone, l.BookID)
		}
	}
	return gone
}

func writeCartRow(ctx context.Context, tx *sqldb.Tx, c *shop.Cart) error {
	if c.ID != 0 {
		return guarded(ctx, tx, sq.Update("carts").
			Set("checkout_key", c.Key).Set("updated_at", sqldb.Micros(c.UpdatedAt)).Set("version", c.Version+1).
			Where(sq.Eq{"id": c.ID, "version": c.Version}), shop.ErrOvertaken)
	}
	user := sql.NullInt64{Int64: c.Owner.UserID, Valid: c.Owner.UserID != 0}
	id, err := sqldb.InsertID(ctx, tx, sq.Insert("carts").
		Columns("user_id", "token_hash", "checkout_key", "updated_at").
		Values(user, optional(c.Owner.TokenHash), c.Key, sqldb.Micros(c.UpdatedAt)))
	if sqldb.IsDuplicate(err) {
		return shop.ErrOvertaken
	}
	c.ID = id
	return err
}

func deleteCart(ctx context.Context, tx *sqldb.Tx, id int64) error {
	for _, from := range []sq.DeleteBuilder{
		sq.Delete("cart_lines").Where(sq.Eq{"cart_id": id}),
		sq.Delete("carts").Where(sq.Eq{"id": id}),
	} {
		if _, err := sqldb.Exec(ctx, tx, from); err != nil {
			return fmt.Errorf("delete cart: %w", err)
		}
	}
	return nil
}

// changeBuyersCart takes an order's lines out of the buyer's cart or puts them
// back.
func (s *Store) changeBuyersCart(ctx context.Context, tx *sqldb.Tx, o *shop.Order, change func(*shop.Cart)) error {
	owner := shop.CartOwner{UserID: o.BuyerID}
	// The row is locked before the lines are read, for they must not move.
	n, err := sqldb.Exec(ctx, tx, sq.Update("carts").Set("version", sq.Expr("version + 1")).Where(ownedBy(owner)))
	if err != nil {
		return fmt.Errorf("lock cart: %w", err)
	}
	if n == 0 {
		return nil
	}
	c, err := readCart(ctx, tx, owner)
	if err != nil {
		return err
	}
	before := slices.Clone(c.Lines)
	change(&c)
	return s.writeCartLines(ctx, tx, &c, before)
}

// rotateKey gives the cart of an order that is being placed its next key.
func rotateKey(ctx context.Context, tx *sqldb.Tx, c *shop.Cart, next string) error {
	return guarded(ctx, tx, sq.Update("carts").
		Set("previous_key", sq.Expr("checkout_key")).Set("checkout_key", next).Set("version", c.Version+1).
		Where(sq.Eq{"id": c.ID, "version": c.Version, "checkout_key": c.Key}), shop.ErrOvertaken)
}

// returnKey lets the buyer's cart be placed again under the key of an order
// that was refused, unless it was placed under another since.
func returnKey(ctx context.Context, tx *sqldb.Tx, buyerID int64, key string) error {
	_, err := sqldb.Exec(ctx, tx, sq.Update("carts").
		Set("checkout_key", key).Set("previous_key", "").Set("version", sq.Expr("version + 1")).
		Where(sq.Eq{"user_id": buyerID, "previous_key": key}))
	if err != nil {
		return fmt.Errorf("return cart's key: %w", err)
	}
	return nil
}
