package verify

import (
	"fmt"

	sq "github.com/Masterminds/squirrel"
)

// historyRules are that everything stands where the last event about it says.
// With the seals of the events, that also protects the states themselves.
func historyRules() []rule {
	return []rule{
		told("order", "subject = 'order'", "orders", "id", "''", "state"),
		// What is said of the copies of one shipment is not about all the order's.
		told("stock", "subject = 'stock' AND shipment_id = ''", "orders", "id", "''", "stock"),
		told("shipment", "subject = 'shipment'", "shipments", "order_id", "t.id", "state"),
		told("payment", "subject = 'payment'", "payments", "order_id", "t.id", "state"),
		told("refund", "subject = 'refund'", "refunds", "order_id", "t.id", "state"),
	}
}

// told compares a column of a table with the last of the events about each of
// its rows. What no event is about has not moved yet.
func told(thing, events, table, orderID, subjectID, column string) rule {
	last := fmt.Sprintf(`(SELECT order_id, subject_id, MAX(seq) AS seq FROM order_events WHERE %s
		GROUP BY order_id, subject_id) latest ON latest.order_id = t.%s AND latest.subject_id = %s`, events, orderID, subjectID)
	things := table
	if column != "state" {
		things += "' " + column
	}
	return rule{
		name: things + " as the history says", things: table,
		count: sq.Select("COUNT(*)").From(table),
		broken: sq.Select("t.id", "t."+column, "e.seq", "t."+orderID, "e.to_state").From(table + " t").
			Join(last).
			Join("order_events e ON e.order_id = latest.order_id AND e.seq = latest.seq").
			Where("e.to_state <> t." + column).OrderBy("t.id"),
		says: thing + " %s: %s, but event %s of order %s says %s",
	}
}
