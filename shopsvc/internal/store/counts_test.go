package store_test

import (
	"testing"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"
)

// States and kinds that have none are there as well: a gap would look like a
// failure to whoever watches.
func TestOnlyWhatIsUnderWayIsCounted(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		for i, state := range []string{"reserved", "reserved", "capturing", "paid", "cancelled", "expired"} {
			_, err := db.Writer().ExecContext(t.Context(), `INSERT INTO orders
				(id, number, buyer_id, body_hash, state, stock, from_cart, address, currency, subtotal, delivery_total, total, placed_at, version)
				VALUES (?, ?, 1, '', ?, 'none', FALSE, '{}', 'USD', 0, 0, 0, 0, 1)`, i, i, state)
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, next := range []any{int64(1), int64(2), nil} {
			_, err := db.Writer().ExecContext(t.Context(), `INSERT INTO outbox
				(kind, user_id, order_id, shipment_id, detail, created_at, next_at) VALUES ('sold', ?, '', '', '', 0, ?)`, i, next)
			if err != nil {
				t.Fatal(err)
			}
		}
		s := store.New(db, nil)
		orders, err := s.OrdersUnderWay(t.Context())
		if err != nil || len(orders) != 9 || orders["reserved"] != 2 || orders["capturing"] != 1 || orders["voiding"] != 0 {
			t.Errorf("orders: %v, %v", orders, err)
		}
		mails, err := store.NewOutbox(db).MailsWaiting(t.Context())
		if err != nil || len(mails) != len(shop.MailKinds) || mails["sold"] != 2 || mails["refunded"] != 0 {
			t.Errorf("mails: %v, %v", mails, err)
		}
	})
}
