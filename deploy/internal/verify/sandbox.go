package verify

import (
	"bookstore/shared/shopapi"

	sq "github.com/Masterminds/squirrel"
)

// sandboxRules compare the charges of the sandbox gateway with the shop's payments. The
// shop writes down what it is going to ask for before it asks, and what became
// of it afterwards.
func sandboxRules() []rule {
	charges := sq.Select("COUNT(*)").From("sandbox_charges")
	return []rule{
		{
			name: "no capture without an order", things: "charges", count: charges,
			broken: sq.Select("c.id", "c.captured", "c.order_number").From("sandbox_charges c").
				LeftJoin("payments p ON p.id = c.id").
				LeftJoin("orders o ON o.id = p.order_id").
				Where("c.captured > 0").Where("(o.id IS NULL OR o.number <> c.order_number)").OrderBy("c.id"),
			says: "charge %s: captured %s for order number %s, which has no such payment",
		},
		{
			name: "captured payments are captured at the gateway", things: "payments",
			count: sq.Select("COUNT(*)").From("payments"),
			broken: sq.Select("p.id", "p.order_id", "p.captured", "COALESCE(c.captured, 0)").From("payments p").
				LeftJoin("sandbox_charges c ON c.id = p.id").
				Where("p.captured > 0").Where("p.captured <> COALESCE(c.captured, 0)").OrderBy("p.id"),
			says: "payment %s of order %s: took %s, at the gateway %s",
		},
		{
			name: "refunds at the gateway are the shop's", things: "charges", count: charges,
			broken: sq.Select("c.id", "c.refunded", "COALESCE(own.amount, 0)", "COALESCE(given.paid, 0)", "COALESCE(given.amount, 0)").
				From("sandbox_charges c").
				LeftJoin("(SELECT charge_id, SUM(amount) AS amount FROM sandbox_refunds GROUP BY charge_id) own ON own.charge_id = c.id").
				LeftJoin(`(SELECT payment_id, SUM(amount) AS amount, SUM(CASE WHEN state = 'paid' THEN amount ELSE 0 END) AS paid
					FROM refunds GROUP BY payment_id) given ON given.payment_id = c.id`).
				Where(`(c.refunded <> COALESCE(own.amount, 0) OR c.refunded < COALESCE(given.paid, 0)
					OR c.refunded > COALESCE(given.amount, 0))`).OrderBy("c.id"),
			says: "charge %s: refunded %s in refunds of %s, the shop's are %s paid, %s with those due",
		},
	}
}

// sandboxBooked is broken for a moment when a transfer comes for an order that
// is not waiting for it any more. Orders under way are not judged.
var sandboxBooked = rule{
	name: "captures are booked once an order rests", things: "charges",
	count: sq.Select("COUNT(*)").From("sandbox_charges"),
	broken: sq.Select("c.id", "c.captured", "o.id", "o.state", "p.state").From("sandbox_charges c").
		Join("payments p ON p.id = c.id").
		Join("orders o ON o.id = p.order_id").
		Where("c.captured > 0").Where("p.captured = 0").
		Where(sq.Eq{"o.state": append([]string{shopapi.OrderReserved}, ended...)}).OrderBy("c.id"),
	says: "charge %s: captured %s, but order %s is %s and its payment %s",
}
