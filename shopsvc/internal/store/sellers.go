package store

import (
	"context"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// PutSeller implements shop.SellerStore.
func (s *Store) PutSeller(ctx context.Context, seller shop.Seller, at time.Time) (latest bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		insert := sq.Insert("sellers").Columns("id", "may_sell", "version", "updated_at").
			Values(seller.ID, true, 0, sqldb.Micros(at))
		if _, err := sqldb.Exec(ctx, tx, sqldb.Upsert(s.db.Dialect(), insert, []string{"id"}, nil)); err != nil {
			return err
		}
		n, err := sqldb.Exec(ctx, tx, sq.Update("sellers").
			Set("may_sell", seller.MaySell).
			Set("version", seller.Version).
			Set("updated_at", sqldb.Micros(at)).
			Where(sq.Eq{"id": seller.ID}).
			Where(sq.LtOrEq{"version": seller.Version}))
		latest = n > 0
		return err
	})
	return latest, err
}

// Suspended implements shop.SellerStore.
func (s *Store) Suspended(ctx context.Context, ids []int64) (map[int64]bool, error) {
	suspended := map[int64]bool{}
	query := sq.Select("id").From("sellers").Where(sq.Eq{"id": ids, "may_sell": false})
	_, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (id int64, err error) {
		err = row.Scan(&id)
		suspended[id] = true
		return id, err
	})
	return suspended, err
}

// OpenOrders implements shop.SellerStore. An order that is being captured is as
// good as paid.
func (s *Store) OpenOrders(ctx context.Context, sellerID int64) ([]string, error) {
	open := []shop.State{shop.Pending, shop.Reserved, shop.Authorising, shop.AwaitingPayment, shop.Authorised, shop.Committed}
	query := sq.Select("DISTINCT orders.id").From("shipments").Join("orders ON orders.id = shipments.order_id").
		Where(sq.Eq{"shipments.seller_id": sellerID, "orders.state": open}).OrderBy("orders.id")
	return sqldb.QueryAll(ctx, s.db.Writer(), query, scanText)
}
