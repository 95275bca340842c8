package store

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/page"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// Orders implements shop.OrderStore. Ids sort by the time they were made.
func (s *Store) Orders(ctx context.Context, q shop.OrderQuery) (page.Page[*shop.Order], error) {
	query := sq.Select(orderColumns...).From("orders").Where(sq.NotEq{"idempotency_key": nil}).
		OrderBy("id DESC").Limit(uint64(q.Limit) + 1)
	if q.BuyerID != 0 {
		query = query.Where(sq.Eq{"buyer_id": q.BuyerID})
	}
	if q.State != "" {
		query = query.Where(sq.Eq{"state": q.State})
	}
	if q.Text != "" {
		query = query.Where(sq.Or{sq.Eq{"number": q.Text}, sq.Eq{"id": q.Text}})
	}
	if q.Cursor != "" {
		var after string
		if err := page.Decode(q.Cursor, &after); err != nil {
			return page.Page[*shop.Order]{}, err
		}
		query = query.Where(sq.Lt{"id": after})
	}
	return s.orderPage(ctx, query, q.Limit, func(o *shop.Order) any { return o.ID })
}

func (s *Store) orderPage(ctx context.Context, query sq.SelectBuilder, limit int, key func(*shop.Order) any) (page.Page[*shop.Order], error) {
	var old oldReasons
	orders, err := sqldb.QueryAll(ctx, s.db.Writer(), query, scanOrder(&old))
	if err != nil {
		return page.Page[*shop.Order]{}, fmt.Errorf("list orders: %w", err)
	}
	p, err := page.Cut(orders, limit, key)
	if err != nil {
		return p, err
	}
	return p, s.readParts(ctx, p.Items, &old)
}

// saleKey is the place of a sale in its seller's list.
type saleKey struct {
	PaidAt int64
	ID     string
}

// Sales implements shop.OrderStore.
func (s *Store) Sales(ctx context.Context, q shop.SaleQuery) (page.Page[*shop.Order], error) {
	query := sq.Select("order_id", "id", "paid_at").From("shipments").
		Where(sq.Eq{"seller_id": q.SellerID}).Where(sq.NotEq{"paid_at": nil}).
		OrderBy("paid_at DESC", "id DESC").Limit(uint64(q.Limit) + 1)
	if q.State != "" {
		query = query.Where(sq.Eq{"state": q.State})
	}
	if q.Cursor != "" {
		var after saleKey
		if err := page.Decode(q.Cursor, &after); err != nil {
			return page.Page[*shop.Order]{}, err
		}
		query = query.Where(sq.Or{sq.Lt{"paid_at": after.PaidAt}, sq.And{sq.Eq{"paid_at": after.PaidAt}, sq.Lt{"id": after.ID}}})
	}
	keys, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (ofOrder[saleKey], error) {
		var k ofOrder[saleKey]
		err := row.Scan(&k.orderID, &k.part.ID, &k.part.PaidAt)
		return k, err
	})
	if err != nil {
		return page.Page[*shop.Order]{}, fmt.Errorf("list sales: %w", err)
	}
	p, err := page.Cut(keys, q.Limit, func(k ofOrder[saleKey]) any { return k.part })
	if err != nil {
		return page.Page[*shop.Order]{}, err
	}
	orders, err := s.salesOf(ctx, p.Items)
	return page.Page[*shop.Order]{Items: orders, NextCursor: p.NextCursor}, err
}

// salesOf returns for each sale its order with that one shipment, in order.
func (s *Store) salesOf(ctx context.Context, sales []ofOrder[saleKey]) ([]*shop.Order, error) {
	ids := make([]string, len(sales))
	for i, sale := range sales {
		ids[i] = sale.orderID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var old oldReasons
	orders, err := sqldb.QueryAll(ctx, s.db.Writer(), sq.Select(orderColumns...).From("orders").Where(sq.Eq{"id": ids}), scanOrder(&old))
	if err != nil {
		return nil, fmt.Errorf("read orders of sales: %w", err)
	}
	if err := s.readParts(ctx, orders, &old); err != nil {
		return nil, err
	}
	byID := map[string]*shop.Order{}
	for _, o := range orders {
		byID[o.ID] = o
	}
	out := make([]*shop.Order, len(sales))
	for i, sale := range sales {
		o := byID[sale.orderID]
		o.Shipments = []*shop.Shipment{o.Shipment(sale.part.ID)}
		out[i] = o
	}
	return out, nil
}

// UnpaidOrders implements shop.OrderStore.
func (s *Store) UnpaidOrders(ctx context.Context, buyerID int64, beforeID string) ([]string, error) {
	query := sq.Select("id").From("orders").OrderBy("id").
		Where(sq.Eq{"buyer_id": buyerID, "state": []shop.State{shop.Pending, shop.Reserved, shop.Restocking}})
	if beforeID != "" {
		query = query.Where(sq.Lt{"id": beforeID})
	}
	return sqldb.QueryAll(ctx, s.db.Writer(), query, scanText)
}

// DueOrders implements shop.OrderStore.
func (s *Store) DueOrders(ctx context.Context, now time.Time, limit int) ([]string, error) {
	at := sqldb.Micros(now)
	return sqldb.QueryAll(ctx, s.db.Writer(), sq.Select("id").From("orders").
		Where(sq.LtOrEq{"next_at": at}).Where(sq.LtOrEq{"lease_until": at}).
		OrderBy("next_at").Limit(uint64(limit)), scanText)
}
