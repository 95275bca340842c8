package verify

import (
	"fmt"
	"time"

	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
)

// delivery is what the delivery of every shipment costs.
const delivery = 30

// line is a line of an order; each is of another seller.
type line struct{ book, quantity, price int64 }

// sale is an order as the shop knows it.
type sale struct {
	n            int
	id, number   string
	lines        []line
	total        int64
	state, stock string
	seq          int64
	mac          string
}

// shipment returns the id of the shipment with the i-th line.
func (o *sale) shipment(i int) string { return id("shipment", 10*o.n+i) }

// payment returns the id of the i-th attempt to pay.
func (o *sale) payment(i int) string { return id("payment", 10*o.n+i) }

// refund returns the id of the i-th refund.
func (o *sale) refund(i int) string { return id("refund", 10*o.n+i) }

// change changes o with all that is its, in one transaction.
func (b *bookstore) change(o *sale, do func(s *step)) {
	b.t.Helper()
	b.do(b.shop, o, func(s *step) {
		do(s)
		s.run("UPDATE orders SET event_seq = ?, event_mac = ? WHERE id = ?", o.seq, o.mac, o.id)
	})
}

// event writes down that something of the order has changed.
func (s *step) event(subject, subjectID, from, to string) {
	s.t.Helper()
	s.eventOf("", subject, subjectID, from, to)
}

// eventOf is event for what concerns one shipment.
func (s *step) eventOf(shipment, subject, subjectID, from, to string) {
	s.t.Helper()
	o := s.o
	o.seq++
	e := seal.Event{
		OrderID: o.id, Seq: o.seq, At: start.Add(time.Duration(o.seq) * time.Microsecond),
		Actor: "system", Subject: subject, SubjectID: subjectID,
		ShipmentID: shipment, From: from, To: to,
	}
	var code, note, salt, digest any
	if o.seq%2 == 1 { // two releases write side by side
		e.Text = "because"
	} else {
		e.Version, e.Code = seal.VersionDigest, "because"
		s := seal.NewSalt()
		e.NoteDigest = seal.NoteDigest(s, "of my own words")
		code, note, salt, digest = e.Code, "of my own words", s, e.NoteDigest
	}
	o.mac = eventKey.Seal(o.mac, e)
	s.run(`INSERT INTO order_events (order_id, seq, at, actor, actor_id, subject, subject_id, shipment_id,
		from_state, to_state, reason, hmac, seal_version, code, note, note_salt, note_digest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.OrderID, e.Seq, sqldb.Micros(e.At), e.Actor, e.ActorID, e.Subject, e.SubjectID, e.ShipmentID,
		e.From, e.To, e.Text, o.mac, e.Version, code, note, salt, digest)
}

// move brings the order into another state; one that rests needs nobody.
func (s *step) move(state string) {
	s.t.Helper()
	s.event("order", "", s.o.state, state)
	s.o.state = state
	var next any = sqldb.Micros(start)
	if state == "paid" || state == "cancelled" || state == "expired" {
		next = nil
	}
	s.run("UPDATE orders SET state = ?, next_at = ? WHERE id = ?", state, next, s.o.id)
}

func (s *step) moveCopies(stock string) {
	s.t.Helper()
	s.event("stock", "", s.o.stock, stock)
	s.o.stock = stock
	s.run("UPDATE orders SET stock = ? WHERE id = ?", stock, s.o.id)
}

func (s *step) moveShipment(i int, state string) {
	s.t.Helper()
	s.eventOf(s.o.shipment(i), "shipment", s.o.shipment(i), "", state)
	s.run("UPDATE shipments SET state = ? WHERE id = ?", state, s.o.shipment(i))
}

// shelve notes that the copies of a shipment went back to the shelf.
func (s *step) shelve(i int) {
	s.t.Helper()
	s.eventOf(s.o.shipment(i), "stock", "", "committed", "returned")
	s.run("UPDATE shipments SET restock = 'done' WHERE id = ?", s.o.shipment(i))
}

// place places the n-th order.
func (b *bookstore) place(n int, lines ...line) *sale {
	b.t.Helper()
	o := &sale{n: n, id: id("order", n), number: fmt.Sprint("N-", n), lines: lines, state: "pending", stock: "none"}
	var goods int64
	for _, l := range lines {
		goods += l.price * l.quantity
	}
	costs := delivery * int64(len(lines))
	o.total = goods + costs
	b.change(o, func(s *step) {
		s.run(`INSERT INTO orders (id, number, buyer_id, idempotency_key, body_hash, state, stock, from_cart, address,
			currency, subtotal, delivery_total, total, placed_at, next_at, version)
			VALUES (?, ?, ?, 'key', '', 'pending', 'none', FALSE, '{}', 'USD', ?, ?, ?, 0, ?, 1)`,
			o.id, o.number, n, goods, costs, o.total, sqldb.Micros(start))
		for i, l := range lines {
			s.run(`INSERT INTO shipments (id, order_id, position, seller_id, seller_name, state, provider_id,
				provider_name, delivery_cost, subtotal, total) VALUES (?, ?, ?, ?, '', 'pending', 1, 'DHL', ?, ?, ?)`,
				o.shipment(i), o.id, i, i, delivery, l.price*l.quantity, l.price*l.quantity+delivery)
			s.run(`INSERT INTO order_lines (order_id, position, shipment_id, book_id, title, authors, book_condition, price, quantity)
				VALUES (?, ?, ?, ?, '', '[]', 'good', ?, ?)`, o.id, i, o.shipment(i), l.book, l.price, l.quantity)
		}
		s.event("order", "", "", "pending")
	})
	return o
}

// begin begins the i-th attempt to pay the order.
func (s *step) begin(i int) {
	s.t.Helper()
	s.run(`INSERT INTO payments (id, order_id, open_order_id, method, state, amount, created_at)
		VALUES (?, ?, ?, 'card', 'started', ?, ?)`, s.o.payment(i), s.o.id, s.o.id, s.o.total, i)
}

// decide ends the i-th attempt, or goes on with it.
func (s *step) decide(i int, state string) {
	s.t.Helper()
	s.event("payment", s.o.payment(i), "started", state)
	s.run("UPDATE payments SET state = ? WHERE id = ?", state, s.o.payment(i))
	if state != "authorised" {
		s.run("UPDATE payments SET open_order_id = NULL WHERE id = ?", s.o.payment(i))
	}
}

// capture books what the i-th attempt took.
func (s *step) capture(i int, amount int64) {
	s.t.Helper()
	s.decide(i, "captured")
	s.run("UPDATE payments SET captured = ? WHERE id = ?", amount, s.o.payment(i))
	s.run("UPDATE orders SET captured = captured + ? WHERE id = ?", amount, s.o.id)
}

// owe writes down the refund i of a payment; the shipment nil is none.
func (s *step) owe(i, payment int, shipment any, amount int64) {
	s.t.Helper()
	s.run(`INSERT INTO refunds (id, order_id, payment_id, shipment_id, amount, state, reason, created_at)
		VALUES (?, ?, ?, ?, ?, 'due', '', 0)`, s.o.refund(i), s.o.id, s.o.payment(payment), shipment, amount)
	s.event("refund", s.o.refund(i), "", "due")
	s.run("UPDATE orders SET refunded = refunded + ?, next_at = ? WHERE id = ?", amount, sqldb.Micros(start), s.o.id)
	s.run("UPDATE shipments SET refunded = refunded + ? WHERE id = ?", amount, shipment)
}

// post books everything so far as the first posting of the order.
func (s *step) post(kind string, entries ...seal.PostingEntry) {
	s.t.Helper()
	o := s.o
	p := seal.Posting{OrderID: o.id, Seq: 1, EventSeq: o.seq, Kind: kind, At: start, Entries: entries}
	mac := eventKey.SealPosting("", p)
	s.run("INSERT INTO postings (order_id, seq, event_seq, kind, at, hmac) VALUES (?, 1, ?, ?, ?, ?)", o.id, o.seq, kind, sqldb.Micros(start), mac)
	for i, e := range entries {
		s.run("INSERT INTO ledger_entries (order_id, seq, position, account, seller_id, shipment_id, amount) VALUES (?, 1, ?, ?, ?, ?, ?)",
			o.id, i, e.Account, e.SellerID, e.ShipmentID, e.Amount)
	}
	s.run("UPDATE orders SET posted_seq = ?, posting_seq = 1, posting_mac = ? WHERE id = ?", o.seq, mac, o.id)
}

func (s *step) refundPaid(i int) {
	s.t.Helper()
	s.event("refund", s.o.refund(i), "due", "paid")
	s.run("UPDATE refunds SET state = 'paid' WHERE id = ?", s.o.refund(i))
	s.run("UPDATE orders SET next_at = NULL WHERE id = ?", s.o.id)
}

// charge and repay are the gateway's part.
func (b *bookstore) charge(o *sale, payment int, amount int64) {
	b.t.Helper()
	b.do(b.shop, nil, func(s *step) {
		s.run(`INSERT INTO sandbox_charges (id, order_number, method, amount, currency, state, captured, created_at)
			VALUES (?, ?, 'card', ?, 'USD', 'captured', ?, 0)`, o.payment(payment), o.number, amount, amount)
	})
}

func (b *bookstore) repay(o *sale, payment, refund int, amount int64) {
	b.t.Helper()
	b.do(b.shop, nil, func(s *step) {
		s.run("INSERT INTO sandbox_refunds (id, charge_id, amount, created_at) VALUES (?, ?, ?, 0)",
			o.refund(refund), o.payment(payment), amount)
		s.run("UPDATE sandbox_charges SET refunded = refunded + ? WHERE id = ?", amount, o.payment(payment))
	})
}
