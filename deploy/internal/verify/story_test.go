package verify

import (
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
)

// The orders of a bookstore at work, by number; see tell.
const (
	bought   = iota + 1 // paid, one shipment rejected, refunded and restocked
	held                // waits to be paid
	refused             // capture refused: the copies came back
	late                // expired, then a transfer came, which is due to go back
	fresh               // reserved, and the shop does not know it yet
	paying              // one attempt declined, one open
	unheard             // never reserved, and never will be
	deciding            // captured at the gateway, and the shop does not know it yet
)

func (b *bookstore) tell() {
	b.t.Helper()
	for book := range int64(4) {
		b.list(book+1, 50)
	}
	b.tellChanges()
	b.tellBought()
	b.hold(b.place(held, line{3, 2, 100}))
	b.tellRefused()
	b.tellLate()
	b.reserve(b.place(fresh, line{4, 5, 100}))
	b.tellPaying()
	o := b.place(unheard, line{1, 1, 100})
	b.leaveTombstone(o)
	b.change(o, func(s *step) {
		s.moveCopies("returned")
		s.move("cancelled")
	})
	o = b.place(deciding, line{1, 1, 100})
	for _, next := range b.saga(o)[:6] {
		next()
	}
}

// hold reserves the copies of an order.
func (b *bookstore) hold(o *sale) {
	b.t.Helper()
	b.reserve(o)
	b.change(o, func(s *step) {
		s.moveCopies("held")
		s.move("reserved")
	})
}

// saga returns the steps by which an order of one line is paid and then called
// off. What crosses from one database to the other is a step of its own.
func (b *bookstore) saga(o *sale) []func() {
	shipment := o.shipment(0)
	return []func(){
		func() { b.hold(o) },
		func() { b.change(o, func(s *step) { s.move("authorising"); s.begin(0) }) },
		func() { b.change(o, func(s *step) { s.decide(0, "authorised"); s.move("authorised") }) },
		func() { b.commit(o) },
		func() {
			b.change(o, func(s *step) { s.moveCopies("committed"); s.move("committed"); s.move("capturing") })
		},
		func() { b.charge(o, 0, o.total) },
		func() { b.change(o, func(s *step) { s.capture(0, o.total); s.pay() }) },
		func() {
			b.change(o, func(s *step) {
				s.moveShipment(0, "rejected")
				s.run("UPDATE shipments SET restock = 'due' WHERE id = ?", shipment)
				s.move("cancelled")
				s.owe(0, 0, shipment, o.total)
			})
		},
		func() { b.restock(o, o.lines...) },
		func() {
			b.change(o, func(s *step) { s.run("UPDATE shipments SET restock = 'done' WHERE id = ?", shipment) })
		},
		func() { b.repay(o, 0, 0, o.total) },
		func() { b.change(o, func(s *step) { s.refundPaid(0) }) },
	}
}

// pay makes the order paid.
func (s *step) pay() {
	s.t.Helper()
	s.move("paid")
	s.run("UPDATE orders SET paid_at = ? WHERE id = ?", sqldb.Micros(start), s.o.id)
	for i := range s.o.lines {
		s.moveShipment(i, "new")
	}
}

func (b *bookstore) tellBought() {
	b.t.Helper()
	o := b.place(bought, line{1, 2, 100}, line{2, 1, 150})
	b.hold(o)
	b.change(o, func(s *step) { s.move("authorising"); s.begin(0) })
	b.change(o, func(s *step) { s.decide(0, "declined"); s.move("reserved") })
	b.change(o, func(s *step) { s.move("authorising"); s.begin(1) })
	b.change(o, func(s *step) { s.decide(1, "authorised"); s.move("authorised") })
	b.commit(o)
	b.change(o, func(s *step) { s.moveCopies("committed"); s.move("committed"); s.move("capturing") })
	b.charge(o, 1, o.total)
	b.change(o, func(s *step) { s.capture(1, o.total); s.pay() })
	b.change(o, func(s *step) { s.owe(0, 1, o.shipment(0), 10) }) // a gesture
	b.repay(o, 1, 0, 10)
	b.change(o, func(s *step) { s.refundPaid(0) })
	b.change(o, func(s *step) {
		s.moveShipment(1, "rejected")
		s.owe(1, 1, o.shipment(1), 150+delivery)
		s.run("UPDATE shipments SET restock = 'due' WHERE id = ?", o.shipment(1))
	})
	b.restock(o, o.lines[1])
	b.repay(o, 1, 1, 150+delivery)
	b.change(o, func(s *step) {
		s.shelve(1)
		s.refundPaid(1)
	})
}

func (b *bookstore) tellRefused() {
	b.t.Helper()
	o := b.place(refused, line{2, 3, 100})
	for _, next := range b.saga(o)[:5] {
		next()
	}
	b.change(o, func(s *step) { s.decide(0, "declined"); s.move("restocking") })
	b.restock(o, o.lines...)
	b.change(o, func(s *step) { s.moveCopies("returned"); s.move("cancelled"); s.moveShipment(0, "cancelled") })
}

func (b *bookstore) tellLate() {
	b.t.Helper()
	o := b.place(late, line{3, 1, 100})
	b.hold(o)
	b.change(o, func(s *step) { s.move("awaiting_payment"); s.begin(0) })
	b.change(o, func(s *step) { s.decide(0, "voided"); s.move("restocking") })
	b.release(o)
	b.change(o, func(s *step) { s.moveCopies("returned"); s.move("expired"); s.moveShipment(0, "cancelled") })
	b.charge(o, 0, 77)
	b.change(o, func(s *step) {
		s.capture(0, 77)
		s.owe(0, 0, nil, 77)
		s.post("capture", seal.PostingEntry{Account: "gateway", Amount: 77}, seal.PostingEntry{Account: "suspense", Amount: -77})
	})
}

func (b *bookstore) tellPaying() {
	b.t.Helper()
	o := b.place(paying, line{4, 1, 100})
	b.hold(o)
	b.change(o, func(s *step) { s.move("authorising"); s.begin(0) })
	b.change(o, func(s *step) { s.decide(0, "declined"); s.move("reserved") })
	b.change(o, func(s *step) { s.move("authorising"); s.begin(1) })
}
