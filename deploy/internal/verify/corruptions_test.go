package verify

import "fmt"

// numbered returns a statement or sentence with the ids of things in it.
func numbered(format string, ids ...any) string { return fmt.Sprintf(format, ids...) }

// The n-th order, and its i-th parts.
func orderID(n int) string       { return id("order", n) }
func shipmentID(n, i int) string { return (&sale{n: n}).shipment(i) }
func paymentID(n, i int) string  { return (&sale{n: n}).payment(i) }
func refundID(n, i int) string   { return (&sale{n: n}).refund(i) }

var bookCorruptions = []corruption{
	{
		rule:    "no stock below zero",
		catalog: "UPDATE books SET stock = -1 WHERE id = 2",
		want:    "book 2: stock -1",
	}, {
		rule:    "stock + held + sold = listed and adjusted",
		catalog: "UPDATE stock_moves SET stock_delta = 51 WHERE book_id = 2 AND kind = 'listed'",
		want:    "book 2: stock 50 + held 0 + sold 0, but 51 listed",
	}, {
		rule:    "stock = sum of its moves",
		catalog: "UPDATE books SET stock = stock + 1 WHERE id = 3",
		want:    "book 3: stock 49, its moves say 48",
	}, {
		rule:    "held copies = sum of their moves",
		catalog: numbered("UPDATE reservation_lines SET quantity = 3 WHERE reservation_id = '%s'", orderID(held)),
		want:    "book 3: 3 copies held, its moves say 2",
	}, {
		rule:    "sold copies = sum of their moves",
		catalog: numbered("UPDATE reservation_lines SET restocked = 0 WHERE reservation_id = '%s'", orderID(refused)),
		want:    "book 2: 3 copies sold, its moves say 0",
	}, {
		rule:    "moves are of known books",
		catalog: "UPDATE stock_moves SET book_id = 99 WHERE book_id = 4 AND kind = 'listed'",
		want:    "there is no book 99",
	}, {
		rule:    "reserved lines are of known books and reservations",
		catalog: numbered("DELETE FROM reservations WHERE id = '%s'", orderID(held)),
		want:    numbered("reservation %s, book 3", orderID(held)),
	}, {
		rule:    "no more restocked than sold",
		catalog: numbered("UPDATE reservation_lines SET restocked = 4 WHERE reservation_id = '%s'", orderID(refused)),
		want:    numbered("reservation %s, book 2: 4 restocked of 3", orderID(refused)),
	}, {
		rule:    "no more restocked than sold",
		catalog: numbered("UPDATE reservation_lines SET restocked = 1 WHERE reservation_id = '%s'", orderID(held)),
		want:    numbered("reservation %s, book 3: 1 restocked of 2 copies that are held", orderID(held)),
	}, {
		rule:    "no hold older than its time",
		catalog: numbered("UPDATE reservations SET expires_at = 0 WHERE id = '%s'", orderID(held)),
		want:    numbered("reservation %s: held, but its time ended at 1970-01-01", orderID(held)),
	},
}

var orderCorruptions = []corruption{
	{
		rule: "an order costs its lines and deliveries",
		shop: numbered("UPDATE order_lines SET price = 99 WHERE order_id = '%s'", orderID(held)),
		want: numbered("order %s: 200 + 30 delivery = 230, its lines cost 198", orderID(held)),
	}, {
		rule: "an order costs its lines and deliveries",
		shop: numbered("UPDATE orders SET total = 231 WHERE id = '%s'", orderID(held)),
		want: numbered("order %s: 200 + 30 delivery = 231", orderID(held)),
	}, {
		rule: "an order costs its lines and deliveries",
		shop: numbered("DELETE FROM order_lines WHERE order_id = '%s'", orderID(held)),
		want: numbered("order %s: ", orderID(held)),
	}, {
		rule: "a shipment costs its lines and delivery",
		shop: numbered("UPDATE shipments SET total = 181 WHERE id = '%s'", shipmentID(bought, 1)),
		want: numbered("shipment %s of order %s: 150 + 30 delivery = 181", shipmentID(bought, 1), orderID(bought)),
	}, {
		rule: "captured − refunded = worth of live shipments",
		shop: numbered("UPDATE shipments SET state = 'cancelled' WHERE id = '%s'", shipmentID(bought, 0)),
		want: numbered("order %s: captured 410 − refunded 190, but what its buyer got is worth 0", orderID(bought)),
	}, {
		rule: "captured − refunded = worth of live shipments",
		shop: numbered("UPDATE orders SET refunded = 0 WHERE id = '%s'", orderID(late)),
		want: numbered("order %s: captured 77 − refunded 0", orderID(late)),
	}, {
		rule: "one order for each idempotency key",
		shop: numbered("UPDATE orders SET buyer_id = %d WHERE id = '%s'", bought, orderID(held)),
		want: numbered("orders %s and %s", orderID(bought), orderID(held)),
	}, {
		rule: "no order stuck",
		shop: numbered("UPDATE orders SET next_at = 0, attempts = 7 WHERE id = '%s'", orderID(deciding)),
		want: numbered("order %s: capturing, overdue since 1970-01-01T00:00:00Z, the present step failed 7 times", orderID(deciding)),
	}, {
		rule: "no order forgotten",
		shop: numbered("UPDATE orders SET next_at = NULL WHERE id = '%s'", orderID(held)),
		want: numbered("order %s: reserved", orderID(held)),
	}, {
		rule: "no order forgotten",
		shop: numbered("UPDATE orders SET next_at = NULL WHERE id = '%s'", orderID(late)),
		want: numbered("order %s: expired", orderID(late)),
	}, {
		rule: "no order forgotten",
		shop: numbered("UPDATE shipments SET restock = 'due' WHERE id = '%s'", shipmentID(bought, 1)),
		want: numbered("order %s: paid", orderID(bought)),
	},
}

var ledgerCorruptions = []corruption{
	{
		rule: "every posting sums to zero",
		shop: numbered("INSERT INTO ledger_entries VALUES ('%s', 1, 0, 'gateway', 0, '', 5)", orderID(bought)),
		want: numbered("order %s: posting 1 sums to 5", orderID(bought)),
	}, {
		rule: "the gateway's account = captured − given back",
		shop: numbered("UPDATE orders SET posted_seq = event_seq WHERE id = '%s'", orderID(bought)),
		want: numbered("order %s: the ledger has 0, but captured are 410", orderID(bought)),
	}, {
		rule: "what is shared of a sale = what its buyer paid for it",
		shop: numbered("UPDATE orders SET posted_seq = event_seq WHERE id = '%s'", orderID(bought)),
		want: numbered("shipment %s of order %s: 0 are shared, of 230 less 10 refunded", shipmentID(bought, 0), orderID(bought)),
	}, {
		rule: "everything is booked",
		shop: "UPDATE order_events SET at = 0",
		want: numbered("order %s: booked up to event 0", orderID(bought)),
	}, {
		rule: "postings intact to their last seal",
		shop: numbered("INSERT INTO postings VALUES ('%s', 1, 1, 'capture', 0, '')", orderID(bought)),
		want: numbered("order %s: posting 1 was altered", orderID(bought)),
	}, {
		rule: "postings intact to their last seal",
		shop: numbered("UPDATE orders SET posting_seq = 1 WHERE id = '%s'", orderID(bought)),
		want: numbered("order %s: there are 0 postings, 1 were written", orderID(bought)),
	},
}

var paymentCorruptions = []corruption{
	{
		rule: "captured = sum of its payments",
		shop: numbered("UPDATE orders SET captured = 411 WHERE id = '%s'", orderID(bought)),
		want: numbered("order %s: captured 411, its payments say 410", orderID(bought)),
	}, {
		rule: "refunded = sum of its refunds",
		shop: numbered("DELETE FROM refunds WHERE id = '%s'", refundID(late, 0)),
		want: numbered("order %s: refunded 77, its refunds say 0", orderID(late)),
	}, {
		rule: "a shipment's refunded = sum of its refunds",
		shop: numbered("UPDATE shipments SET refunded = 20 WHERE id = '%s'", shipmentID(bought, 0)),
		want: numbered("shipment %s of order %s: refunded 20, its refunds say 10", shipmentID(bought, 0), orderID(bought)),
	}, {
		rule: "paid once or not at all",
		shop: numbered("UPDATE payments SET state = 'captured', captured = amount WHERE id = '%s'", paymentID(bought, 0)),
		want: numbered("order %s: paid at a price of 410, with 2 payments of 820", orderID(bought)),
	}, {
		rule: "paid once or not at all",
		shop: numbered("UPDATE payments SET captured = 409 WHERE id = '%s'", paymentID(bought, 1)),
		want: numbered("order %s: paid at a price of 410, with 1 payments of 409", orderID(bought)),
	}, {
		rule: "paid once or not at all",
		shop: numbered("UPDATE orders SET paid_at = 1 WHERE id = '%s'", orderID(late)),
		want: numbered("order %s: expired at a price of 130, with 0 payments", orderID(late)),
	}, {
		rule: "one open attempt to pay",
		shop: numbered("UPDATE payments SET state = 'pending' WHERE id = '%s'", paymentID(paying, 0)),
		want: numbered("order %s: 2 attempts are open, payments %s and %s", orderID(paying), paymentID(paying, 0), paymentID(paying, 1)),
	}, {
		rule: "attempts marked open are open",
		shop: numbered("UPDATE payments SET open_order_id = NULL WHERE id = '%s'", paymentID(paying, 1)),
		want: numbered("payment %s of order %s: started", paymentID(paying, 1), orderID(paying)),
	}, {
		rule: "attempts marked open are open",
		shop: numbered("UPDATE payments SET open_order_id = order_id WHERE id = '%s'", paymentID(bought, 0)),
		want: numbered("payment %s of order %s: declined", paymentID(bought, 0), orderID(bought)),
	}, {
		rule: "no open attempt for an order at its end",
		shop: numbered("UPDATE orders SET state = 'expired' WHERE id = '%s'", orderID(paying)),
		want: numbered("payment %s: started, but order %s is expired", paymentID(paying, 1), orderID(paying)),
	}, {
		rule: "only captured payments took money",
		shop: numbered("UPDATE payments SET state = 'declined' WHERE id = '%s'", paymentID(bought, 1)),
		want: numbered("payment %s of order %s: declined, and took 410", paymentID(bought, 1), orderID(bought)),
	}, {
		rule: "no payment gives back more than it took",
		shop: numbered("UPDATE refunds SET amount = 78 WHERE id = '%s'", refundID(late, 0)),
		want: numbered("payment %s of order %s: took 77, its refunds give back 78", paymentID(late, 0), orderID(late)),
	}, {
		rule: "refunds are of their own order",
		shop: numbered("UPDATE refunds SET payment_id = '%s' WHERE id = '%s'", paymentID(bought, 1), refundID(late, 0)),
		want: numbered("refund %s of order %s", refundID(late, 0), orderID(late)),
	}, {
		rule: "refunds are of their own order",
		shop: numbered("UPDATE refunds SET shipment_id = '%s' WHERE id = '%s'", shipmentID(held, 0), refundID(bought, 0)),
		want: numbered("refund %s of order %s", refundID(bought, 0), orderID(bought)),
	}, {
		rule: "no capture without an order",
		shop: numbered("DELETE FROM payments WHERE id = '%s'", paymentID(bought, 1)),
		want: numbered("charge %s: captured 410 for order number N-%d", paymentID(bought, 1), bought),
	}, {
		rule: "captured payments are captured at the gateway",
		shop: numbered("UPDATE sandbox_charges SET captured = 400 WHERE id = '%s'", paymentID(bought, 1)),
		want: numbered("payment %s of order %s: took 410, at the gateway 400", paymentID(bought, 1), orderID(bought)),
	}, {
		rule: "captured payments are captured at the gateway",
		shop: numbered("DELETE FROM sandbox_charges WHERE id = '%s'", paymentID(late, 0)),
		want: numbered("payment %s of order %s: took 77, at the gateway 0", paymentID(late, 0), orderID(late)),
	}, {
		rule: "refunds at the gateway are the shop's",
		shop: numbered("DELETE FROM sandbox_refunds WHERE id = '%s'", refundID(bought, 0)),
		want: numbered("charge %s: refunded 190 in refunds of 180", paymentID(bought, 1)),
	}, {
		rule: "refunds at the gateway are the shop's",
		shop: numbered("UPDATE refunds SET state = 'paid' WHERE id = '%s'", refundID(late, 0)),
		want: numbered("charge %s: refunded 0 in refunds of 0, the shop's are 77 paid", paymentID(late, 0)),
	}, {
		rule: "captures are booked once an order rests",
		shop: numbered("UPDATE orders SET state = 'reserved' WHERE id = '%s'", orderID(deciding)),
		want: numbered("charge %s: captured 130, but order %s is reserved and its payment authorised", paymentID(deciding, 0), orderID(deciding)),
	},
}

var historyCorruptions = []corruption{
	{
		rule: "orders as the history says",
		shop: numbered("UPDATE orders SET state = 'paid' WHERE id = '%s'", orderID(held)),
		want: numbered("order %s: paid, but event 3 of order %s says reserved", orderID(held), orderID(held)),
	}, {
		rule: "orders' stock as the history says",
		shop: numbered("UPDATE orders SET stock = 'none' WHERE id = '%s'", orderID(held)),
		want: numbered("stock %s: none, but event 2 of order %s says held", orderID(held), orderID(held)),
	}, {
		rule: "shipments as the history says",
		shop: numbered("UPDATE shipments SET state = 'delivered' WHERE id = '%s'", shipmentID(bought, 0)),
		want: numbered("shipment %s: delivered", shipmentID(bought, 0)),
	}, {
		rule: "payments as the history says",
		shop: numbered("UPDATE payments SET state = 'voided' WHERE id = '%s'", paymentID(bought, 0)),
		want: numbered("payment %s: voided", paymentID(bought, 0)),
	}, {
		rule: "refunds as the history says",
		shop: numbered("UPDATE refunds SET state = 'paid' WHERE id = '%s'", refundID(late, 0)),
		want: numbered("refund %s: paid", refundID(late, 0)),
	},
	corruptChain("UPDATE order_events SET reason = 'another' WHERE order_id = '%s' AND seq = 3", "event 3 (order: "),
	corruptChain("UPDATE order_events SET code = 'another' WHERE order_id = '%s' AND seq = 2", `event 2 (stock: "none" → "held") was altered`),
	corruptChain("UPDATE order_events SET note_digest = NULL WHERE order_id = '%s' AND seq = 2", "event 2 (stock: "),
	corruptChain("UPDATE order_events SET seal_version = 0 WHERE order_id = '%s' AND seq = 2", "event 2 (stock: "),
	corruptChain("UPDATE order_events SET seal_version = 9, hmac = '' WHERE order_id = '%s' AND seq = 2", "event 2 (stock: "),
	corruptChain("UPDATE order_events SET note = 'another' WHERE order_id = '%s' AND seq = 2", "the note of event 2 was altered"),
	corruptChain("UPDATE order_events SET note = NULL WHERE order_id = '%s' AND seq = 2", "the note of event 2 was altered"),
	corruptChain("UPDATE order_events SET at = at + 1 WHERE order_id = '%s' AND seq >= 2", "event 2 (stock: "),
	corruptChain("UPDATE order_events SET hmac = '' WHERE order_id = '%s' AND seq = 3", "event 3 (order: "),
	corruptChain("DELETE FROM order_events WHERE order_id = '%s' AND seq = 2", "event 2 is missing before event 3"),
	corruptChain("DELETE FROM order_events WHERE order_id = '%s' AND seq = 3", "event 3 is missing, 3 were written"),
	corruptChain("DELETE FROM order_events WHERE order_id = '%s'", "event 1 is missing"),
	corruptChain("UPDATE orders SET event_seq = 2 WHERE id = '%s'", "event 3 was added, 2 were written"),
	corruptChain("UPDATE orders SET event_mac = '' WHERE id = '%s'", "its last seal is not that of event 3"),
	corruptChain("DELETE FROM orders WHERE id = '%s'", "there is no such order, but event 1 of it"),
}

// corruptChain corrupts the history of the order held, which is three events long.
func corruptChain(statement, want string) corruption {
	return corruption{
		rule: "event chains intact to their last seal",
		shop: numbered(statement, orderID(held)),
		want: numbered("order %s: %s", orderID(held), want),
	}
}

var reservationCorruptions = []corruption{
	{
		rule:    "bought copies are committed",
		catalog: numbered("UPDATE reservations SET state = 'released' WHERE id = '%s'", orderID(bought)),
		want:    numbered("order %s: paid, its copies committed, but its reservation is released", orderID(bought)),
	}, {
		rule:    "bought copies are committed",
		catalog: numbered("DELETE FROM reservations WHERE id = '%s'", orderID(deciding)),
		want:    numbered("order %s: capturing, its copies committed, but its reservation is missing", orderID(deciding)),
	}, {
		rule:    "orders that ended unpaid hold nothing",
		catalog: numbered("UPDATE reservations SET state = 'held' WHERE id = '%s'", orderID(late)),
		want:    numbered("order %s: expired, its copies returned, but its reservation is held", orderID(late)),
	}, {
		rule:    "orders that ended unpaid hold nothing",
		catalog: numbered("UPDATE reservation_lines SET restocked = 2 WHERE reservation_id = '%s'", orderID(refused)),
		want:    numbered("order %s: cancelled, its copies returned, but its reservation is committed", orderID(refused)),
	}, {
		rule: "orders that ended unpaid hold nothing",
		shop: numbered("UPDATE orders SET state = 'cancelled' WHERE id = '%s'", orderID(held)),
		want: numbered("order %s: cancelled, its copies held, but its reservation is held", orderID(held)),
	}, {
		rule:    "reservations are of their orders' lines",
		catalog: numbered("UPDATE reservation_lines SET quantity = 3 WHERE reservation_id = '%s' AND book_id = 1", orderID(bought)),
		want:    numbered("reservation %s: 3 copies of book 1, ordered were 2", orderID(bought)),
	}, {
		rule: "reservations are of their orders' lines",
		shop: numbered("DELETE FROM order_lines WHERE order_id = '%s' AND book_id = 1", orderID(bought)),
		want: numbered("reservation %s: 2 books, ordered were 1", orderID(bought)),
	}, {
		rule:    "reservations are of their orders' lines",
		catalog: numbered("DELETE FROM reservations WHERE id = '%s'", orderID(held)),
		want:    numbered("order %s: reserved, its copies held, but its reservation is missing", orderID(held)),
	}, {
		rule: "reservations are of their orders' lines",
		shop: numbered("DELETE FROM orders WHERE id = '%s'", orderID(held)),
		want: numbered("reservation %s: held, but there is no such order", orderID(held)),
	}, {
		rule:    "restocked as the shipments say",
		catalog: numbered("UPDATE reservation_lines SET restocked = 0 WHERE reservation_id = '%s' AND book_id = 2", orderID(bought)),
		want:    numbered("order %s, book 2: shipment %s gave 1 copies back, 0 were restocked", orderID(bought), shipmentID(bought, 1)),
	}, {
		rule:    "restocked as the shipments say",
		catalog: numbered("UPDATE reservation_lines SET restocked = 2 WHERE reservation_id = '%s' AND book_id = 1", orderID(bought)),
		want:    numbered("order %s, book 1: 2 copies were restocked, but shipment %s gave none back", orderID(bought), shipmentID(bought, 0)),
	},
}
