package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// Orders implements shop.OrderStore. Ids sort by the time they were made.
func (s *Store) Orders(ctx context.Context, f shop.OrderFilter) ([]*shop.Order, error) {
	query := sq.Select(orderColumns...).From("orders").Where(sq.NotEq{"idempotency_key": nil}).
		OrderBy("id DESC").Limit(uint64(f.Limit))
	if f.BuyerID != 0 {
		query = query.Where(sq.Eq{"buyer_id": f.BuyerID})
	}
	if f.State != "" {
		query = query.Where(sq.Eq{"state": f.State})
	}
	if f.Search != nil {
		query = query.Where(searched(*f.Search))
	}
	if f.Before != "" {
		query = query.Where(sq.Lt{"id": f.Before})
	}
	q := s.db.Reader(ctx)
	if f.Fresh {
		q = s.db.Writer()
	}
	var old oldReasons
	orders, err := sqldb.QueryAll(ctx, q, query, scanOrder(&old))
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	_, err = readParts(ctx, q, orders, &old)
	return orders, err
}

// searched matches the orders that any part of a search finds.
func searched(search shop.OrderSearch) sq.Sqlizer {
	found := sq.Or{sq.Eq{"id": search.IDs}, sq.Eq{"buyer_id": search.Buyers}}
	for _, number := range search.Numbers {
		if strings.ContainsRune(number, shop.NumberWildcard) {
			found = append(found, sq.Like{"number": number})
		} else {
			found = append(found, sq.Eq{"number": number})
		}
	}
	return found
}

// Sales implements shop.OrderStore. A shipment and its order can come from two
// replicas of which one lags behind the other; the writer then answers.
func (s *Store) Sales(ctx context.Context, f shop.SaleFilter) ([]*shop.Order, error) {
	sales, err := salesFrom(ctx, s.db.Reader(ctx), f)
	if errors.Is(err, shop.ErrNotFound) {
		return salesFrom(ctx, s.db.Writer(), f)
	}
	return sales, err
}

func salesFrom(ctx context.Context, q sqldb.Querier, f shop.SaleFilter) ([]*shop.Order, error) {
	query := sq.Select("order_id", "id").From("shipments").
		Where(sq.Eq{"seller_id": f.SellerID}).Where(sq.NotEq{"paid_at": nil}).
		OrderBy("paid_at DESC", "id DESC").Limit(uint64(f.Limit))
	if f.State != "" {
		query = query.Where(sq.Eq{"state": f.State})
	}
	if at := f.Before; at != nil {
		paid := sqldb.Micros(at.PaidAt)
		query = query.Where(sq.Or{sq.Lt{"paid_at": paid}, sq.And{sq.Eq{"paid_at": paid}, sq.Lt{"id": at.ShipmentID}}})
	}
	sales, err := sqldb.QueryAll(ctx, q, query, func(row sqldb.Row) (ofOrder[string], error) {
		var sale ofOrder[string]
		err := row.Scan(&sale.orderID, &sale.part)
		return sale, err
	})
	if err != nil {
		return nil, fmt.Errorf("list sales: %w", err)
	}
	return salesOf(ctx, q, sales)
}

// salesOf returns for each shipment its order with that one shipment, in order.
// It returns shop.ErrNotFound if one is not there.
func salesOf(ctx context.Context, q sqldb.Querier, sales []ofOrder[string]) ([]*shop.Order, error) {
	ids := make([]string, len(sales))
	for i, sale := range sales {
		ids[i] = sale.orderID
	}
	orders, err := ordersByID(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("read orders of sales: %w", err)
	}
	out := make([]*shop.Order, len(sales))
	for i, sale := range sales {
		o := orders[sale.orderID]
		if o == nil || o.Shipment(sale.part) == nil {
			return nil, fmt.Errorf("sale %s: %w", sale.part, shop.ErrNotFound)
		}
		o.Shipments = []*shop.Shipment{o.Shipment(sale.part)}
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
