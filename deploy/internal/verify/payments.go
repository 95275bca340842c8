package verify

import (
	"bookstore/shared/shopapi"

	sq "github.com/Masterminds/squirrel"
)

// decided are the states in which an attempt to pay is over.
var decided = []string{shopapi.PaymentCaptured, shopapi.PaymentDeclined, shopapi.PaymentVoided}

// purchases sums what each order's payments paid for: what was captured less what
// went back because it paid for nothing, such as a transfer that came late.
const purchases = `(SELECT p.order_id, COUNT(*) AS payments, SUM(p.captured - COALESCE(gone.amount, 0)) AS amount
	FROM payments p
	LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM refunds WHERE shipment_id IS NULL
		GROUP BY payment_id) gone ON gone.payment_id = p.id
	WHERE p.captured <> COALESCE(gone.amount, 0)
	GROUP BY p.order_id) bought ON bought.order_id = o.id`

// paymentRules are the shop's on what was taken and given back.
func paymentRules() []rule {
	orders := sq.Select("COUNT(*)").From("orders")
	payments := sq.Select("COUNT(*)").From("payments")
	refunds := sq.Select("COUNT(*)").From("refunds")
	return []rule{
		{
			name: "captured = sum of its payments", things: "orders", count: orders,
			broken: sq.Select("o.id", "o.captured", "COALESCE(taken.amount, 0)").From("orders o").
				LeftJoin("(SELECT order_id, SUM(captured) AS amount FROM payments GROUP BY order_id) taken ON taken.order_id = o.id").
				Where("o.captured <> COALESCE(taken.amount, 0)").OrderBy("o.id"),
			says: "order %s: captured %s, its payments say %s",
		},
		{
			name: "refunded = sum of its refunds", things: "orders", count: orders,
			broken: sq.Select("o.id", "o.refunded", "COALESCE(given.amount, 0)").From("orders o").
				LeftJoin("(SELECT order_id, SUM(amount) AS amount FROM refunds GROUP BY order_id) given ON given.order_id = o.id").
				Where("o.refunded <> COALESCE(given.amount, 0)").OrderBy("o.id"),
			says: "order %s: refunded %s, its refunds say %s",
		},
		{
			name: "a shipment's refunded = sum of its refunds", things: "shipments",
			count: sq.Select("COUNT(*)").From("shipments"),
			broken: sq.Select("s.id", "s.order_id", "s.refunded", "COALESCE(given.amount, 0)").From("shipments s").
				LeftJoin("(SELECT shipment_id, SUM(amount) AS amount FROM refunds GROUP BY shipment_id) given ON given.shipment_id = s.id").
				Where("s.refunded <> COALESCE(given.amount, 0)").OrderBy("s.id"),
			says: "shipment %s of order %s: refunded %s, its refunds say %s",
		},
		{
			name: "paid once or not at all", things: "orders", count: orders,
			broken: sq.Select("o.id", "o.state", "o.total", "COALESCE(bought.payments, 0)", "COALESCE(bought.amount, 0)").
				From("orders o").LeftJoin(purchases).
				Where(`(o.paid_at IS NULL AND (o.state = 'paid' OR bought.payments IS NOT NULL)
					OR o.paid_at IS NOT NULL AND (bought.payments IS NULL OR bought.payments <> 1 OR bought.amount <> o.total))`).
				OrderBy("o.id"),
			says: "order %s: %s at a price of %s, with %s payments of %s together",
		},
		{
			name: "one open attempt to pay", things: "payments", count: payments,
			broken: sq.Select("order_id", "COUNT(*)", "MIN(id)", "MAX(id)").From("payments").
				Where(sq.NotEq{"state": decided}).GroupBy("order_id").Having("COUNT(*) > 1").OrderBy("order_id"),
			says: "order %s: %s attempts are open, payments %s and %s among them",
		},
		{
			name: "attempts marked open are open", things: "payments", count: payments,
			broken: sq.Select("id", "order_id", "state", "open_order_id").From("payments").
				Where(sq.Or{
					sq.And{sq.NotEq{"state": decided}, sq.Expr("(open_order_id IS NULL OR open_order_id <> order_id)")},
					sq.And{sq.Eq{"state": decided}, sq.Expr("open_order_id IS NOT NULL")},
				}).OrderBy("id"),
			says: "payment %s of order %s: %s, but the order it is marked open for is %s",
		},
		{
			name: "no open attempt for an order at its end", things: "payments", count: payments,
			broken: sq.Select("p.id", "p.state", "o.id", "o.state").From("payments p").
				Join("orders o ON o.id = p.order_id").
				Where(sq.NotEq{"p.state": decided}).Where(sq.Eq{"o.state": ended}).OrderBy("p.id"),
			says: "payment %s: %s, but order %s is %s",
		},
		{
			name: "only captured payments took money", things: "payments", count: payments,
			broken: sq.Select("id", "order_id", "state", "captured").From("payments").
				Where("(captured > 0 AND state <> 'captured' OR captured = 0 AND amount > 0 AND state = 'captured')").OrderBy("id"),
			says: "payment %s of order %s: %s, and took %s",
		},
		{
			name: "no payment gives back more than it took", things: "payments", count: payments,
			broken: sq.Select("p.id", "p.order_id", "p.captured", "given.amount").From("payments p").
				Join("(SELECT payment_id, SUM(amount) AS amount FROM refunds GROUP BY payment_id) given ON given.payment_id = p.id").
				Where("given.amount > p.captured").OrderBy("p.id"),
			says: "payment %s of order %s: took %s, its refunds give back %s",
		},
		{
			name: "refunds are of their own order", things: "refunds", count: refunds,
			broken: sq.Select("r.id", "r.order_id", "r.payment_id", "r.shipment_id").From("refunds r").
				LeftJoin("payments p ON p.id = r.payment_id AND p.order_id = r.order_id").
				LeftJoin("shipments s ON s.id = r.shipment_id AND s.order_id = r.order_id").
				Where("(p.id IS NULL OR r.shipment_id IS NOT NULL AND s.id IS NULL)").OrderBy("r.id"),
			says: "refund %s of order %s: payment %s or shipment %s is not of that order",
		},
	}
}
