package verify

import (
	"time"

	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// ended are the states in which an order has nothing more to be paid for.
var ended = []string{shopapi.OrderPaid, shopapi.OrderCancelled, shopapi.OrderExpired}

// orderRules are the shop's on what orders cost and how they move on.
func orderRules(now time.Time, stuck time.Duration) []rule {
	orders := sq.Select("COUNT(*)").From("orders")
	return []rule{
		{
			name: "an order costs its lines and deliveries", things: "orders", count: orders,
			broken: sq.Select("o.id", "o.subtotal", "o.delivery_total", "o.total", "COALESCE(goods.cost, 0)",
				"COALESCE(parts.subtotal, 0)", "COALESCE(parts.delivery, 0)", "COALESCE(parts.total, 0)").
				From("orders o").
				LeftJoin("(SELECT order_id, SUM(price * quantity) AS cost FROM order_lines GROUP BY order_id) goods ON goods.order_id = o.id").
				LeftJoin(`(SELECT order_id, SUM(subtotal) AS subtotal, SUM(delivery_cost) AS delivery, SUM(total) AS total
					FROM shipments GROUP BY order_id) parts ON parts.order_id = o.id`).
				Where(`(goods.cost IS NULL OR parts.total IS NULL OR o.total <> o.subtotal + o.delivery_total
					OR o.subtotal <> goods.cost OR o.subtotal <> parts.subtotal
					OR o.delivery_total <> parts.delivery OR o.total <> parts.total)`).
				OrderBy("o.id"),
			says: "order %s: %s + %s delivery = %s, its lines cost %s, its shipments %s + %s delivery = %s",
		},
		{
			name: "a shipment costs its lines and delivery", things: "shipments",
			count: sq.Select("COUNT(*)").From("shipments"),
			broken: sq.Select("s.id", "s.order_id", "s.subtotal", "s.delivery_cost", "s.total", "COALESCE(goods.cost, 0)").
				From("shipments s").
				LeftJoin(`(SELECT order_id, shipment_id, SUM(price * quantity) AS cost FROM order_lines
					GROUP BY order_id, shipment_id) goods ON goods.order_id = s.order_id AND goods.shipment_id = s.id`).
				Where("(goods.cost IS NULL OR s.subtotal <> goods.cost OR s.total <> s.subtotal + s.delivery_cost)").
				OrderBy("s.id"),
			says: "shipment %s of order %s: %s + %s delivery = %s, its lines cost %s",
		},
		{
			name: "captured − refunded = worth of live shipments", things: "orders", count: orders,
			broken: sq.Select("o.id", "o.captured", "o.refunded", "CASE WHEN o.paid_at IS NULL THEN 0 ELSE COALESCE(live.worth, 0) END").
				From("orders o").
				LeftJoin(`(SELECT order_id, SUM(total - refunded) AS worth FROM shipments
					WHERE state NOT IN ('rejected', 'cancelled') GROUP BY order_id) live ON live.order_id = o.id`).
				Where("o.captured - o.refunded <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE COALESCE(live.worth, 0) END").
				OrderBy("o.id"),
			says: "order %s: captured %s − refunded %s, but what its buyer got is worth %s",
		},
		{
			name: "one order for each idempotency key", things: "orders",
			count: sq.Select("COUNT(*)").From("orders").Where("idempotency_key IS NOT NULL"),
			broken: sq.Select("MIN(id)", "MAX(id)", "buyer_id", "idempotency_key", "COUNT(*)").From("orders").
				Where("idempotency_key IS NOT NULL").GroupBy("buyer_id", "idempotency_key").
				Having("COUNT(*) > 1").OrderBy("MIN(id)"),
			says: "orders %s and %s: buyer %s placed them under one key, %s, %s in all",
		},
		{
			name: "no order stuck", things: "orders", count: orders,
			broken: sq.Select("id", "state", "next_at", "attempts").From("orders").
				Where(sq.Lt{"next_at": sqldb.Micros(now.Add(-stuck))}).OrderBy("next_at", "id"),
			says: "order %s: %s, overdue since %s, the present step failed %s times",
		},
		{
			name: "no order forgotten", things: "orders", count: orders,
			broken: sq.Select("o.id", "o.state").From("orders o").
				Where("o.next_at IS NULL").
				Where(sq.Or{
					sq.NotEq{"o.state": ended},
					sq.Expr("EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id AND r.state = 'due')"),
					sq.Expr("EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = o.id AND s.restock = 'due')"),
				}).OrderBy("o.id"),
			says: "order %s: %s, there is something to do for it, but nobody will",
		},
	}
}
