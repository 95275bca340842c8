package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/shared/sqldb"
)

func TestAnHonestShopIsInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		b.tell()
		report, err := Check(t.Context(), b.urls)
		if err != nil {
			t.Fatal(err)
		}
		if !report.OK() {
			t.Errorf("got violations, want none:\n%s", report)
		}
		for _, result := range report.Results {
			if result.Counted == 0 {
				t.Errorf("%s: nothing was counted", result.Rule)
			}
		}
	})
}

func TestAnEmptyShopIsInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		report, err := Check(t.Context(), b.urls)
		if err != nil || !report.OK() {
			t.Errorf("got %v and\n%s", err, report)
		}
	})
}

// The two databases are looked at one after the other while orders move on.
// Whatever happens between the looks must not look wrong.
func TestAnOrderOnItsWayIsNoViolation(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		b.list(1, 5)
		catalog, shop := b.open(b.urls.Catalog, "books"), b.open(b.urls.Shop, "orders")
		var stock, orders []*snapshot
		see := func() {
			stock = append(stock, b.look(catalog))
			orders = append(orders, b.look(shop))
		}
		see()
		o := b.place(1, line{1, 2, 100})
		see()
		for i, next := range b.saga(o) {
			if i == 0 { // two steps in one
				b.reserve(o)
				see()
				b.change(o, func(s *step) { s.moveCopies("held"); s.move("reserved") })
			} else {
				next()
			}
			see()
		}
		for i := range orders {
			var report Report
			if err := report.apply(t.Context(), orders[i], shopRules(b.urls.withDefaults())); err != nil {
				t.Fatal(err)
			}
			if err := report.apply(t.Context(), stock[i], bookRules(b.urls.Now)); err != nil {
				t.Fatal(err)
			}
			if !report.OK() {
				t.Errorf("after step %d:\n%s", i, report)
			}
			for j := i; j < len(stock); j++ {
				for k := j; k < len(orders); k++ {
					results, err := checkReservations(t.Context(), &views{orders[i], stock[j], orders[k]})
					if err != nil {
						t.Fatal(err)
					}
					if report := (Report{results}); !report.OK() {
						t.Errorf("shop after step %d, catalog after %d, shop after %d:\n%s", i, j, k, report)
					}
				}
			}
		}
	})
}

func (b *bookstore) open(url, table string) *source {
	b.t.Helper()
	s, err := open(b.t.Context(), url, table)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(s.Close)
	return s
}

func (b *bookstore) look(s *source) *snapshot {
	b.t.Helper()
	view, err := s.snapshot(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(view.Close)
	return view
}

func TestALedgerThatIsAheadForAMomentIsNoViolation(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		b.list(1, 5)
		o := b.place(1, line{1, 1, 100})
		b.hold(o)
		b.change(o, func(s *step) { s.move("awaiting_payment"); s.begin(0) })
		b.change(o, func(s *step) { s.decide(0, "voided"); s.move("expired") })
		b.charge(o, 0, 77)
		shop := b.open(b.urls.Shop, "orders")
		ahead := b.look(shop)
		check := func(s *snapshot) int64 {
			result, err := checkSettled(t.Context(), shop, s, b.urls.Settle, sandboxBooked)
			if err != nil {
				t.Fatal(err)
			}
			return result.Violations
		}
		if got := check(ahead); got != 1 {
			t.Errorf("not booked: got %d violations, want 1", got)
		}
		b.change(o, func(s *step) { s.capture(0, 77); s.owe(0, 0, nil, 77) })
		if got := check(ahead); got != 0 {
			t.Errorf("booked between two looks: got %d violations, want 0", got)
		}
	})
}

func TestMoreThanAPageOfOrdersIsComparedWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		b.list(1, 5)
		orders := pageSize + 1
		b.do(b.shop, nil, func(s *step) {
			for n := range orders {
				o := &sale{id: id("order", n)}
				s.o = o
				s.run(`INSERT INTO orders (id, number, buyer_id, body_hash, state, stock, from_cart, address,
					currency, subtotal, delivery_total, total, placed_at, version)
					VALUES (?, ?, 1, '', 'cancelled', 'returned', FALSE, '{}', 'USD', 0, 0, 0, 0, 1)`, o.id, n)
				s.event("order", "", "pending", "cancelled")
				s.run("UPDATE orders SET event_seq = 1, event_mac = ? WHERE id = ?", o.mac, o.id)
			}
		})
		last := id("order", orders-1)
		b.reserve(&sale{id: last, lines: []line{{1, 1, 100}}})
		b.reserve(&sale{id: "unknown", lines: []line{{1, 1, 100}}})
		report, err := Check(t.Context(), b.urls)
		if err != nil {
			t.Fatal(err)
		}
		chain := resultOf(t, report, "event chains intact to their last seal")
		if chain.Counted != int64(orders) || chain.Violations != 0 {
			t.Errorf("got %d events and %d violations, want %d and none", chain.Counted, chain.Violations, orders)
		}
		if got := resultOf(t, report, "orders that ended unpaid hold nothing").Examples; len(got) != 1 || !strings.Contains(got[0], last) {
			t.Errorf("got %q, want order %s", got, last)
		}
		if got := resultOf(t, report, "reservations are of their orders' lines").Examples; len(got) != 2 || !strings.Contains(got[1], "unknown") {
			t.Errorf("got %q, want order %s and reservation unknown", got, last)
		}
	})
}

func resultOf(t *testing.T, report Report, rule string) Result {
	t.Helper()
	for _, result := range report.Results {
		if result.Rule == rule {
			return result
		}
	}
	t.Fatalf("no rule %q in\n%s", rule, report)
	return Result{}
}

func TestNothingIsWritten(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		view := b.look(b.open(b.urls.Shop, "orders"))
		_, err := view.ExecContext(t.Context(), "UPDATE orders SET state = 'paid'")
		if err == nil {
			t.Error("a write was not refused")
		}
	})
}

func TestWhatCantBeCheckedIsAnError(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		missing := filepath.Join(t.TempDir(), "missing.db")
		for what, damage := range map[string]func(*Databases){
			"no key":           func(d *Databases) { d.EventKey = nil },
			"swapped":          func(d *Databases) { d.Catalog, d.Shop = d.Shop, d.Catalog },
			"no URL":           func(d *Databases) { d.Shop = "" },
			"unknown database": func(d *Databases) { d.Shop = "postgres://localhost/shop" },
			"no such file":     func(d *Databases) { d.Shop = "sqlite:" + missing },
			"no such server":   func(d *Databases) { d.Shop = "mysql://root:secret@127.0.0.1:1/shop" },
			"no name":          func(d *Databases) { d.Shop = "mysql://root:secret@127.0.0.1:1/" },
		} {
			dbs := b.urls
			damage(&dbs)
			_, err := Check(t.Context(), dbs)
			if err == nil {
				t.Errorf("%s: got no error", what)
			} else if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the password is told: %v", what, err)
			}
		}
		if _, err := os.Stat(missing); err == nil {
			t.Error("a database was made")
		}
		if b.shop.Dialect() != sqldb.SQLite {
			return
		}
		dbs := b.urls
		dbs.Shop = strings.Replace(dbs.Shop, "sqlite:", "sqlite://", 1)
		if _, err := Check(t.Context(), dbs); err != nil {
			t.Errorf("sqlite:///path: got %v", err)
		}
	})
}

func TestViolationsAreCountedAllAndToldInPart(t *testing.T) {
	result := Result{Rule: "no stock below zero", Things: "books", Counted: 30}
	for range kept + 5 {
		result.addf("book %d: stock %d", 7, -1)
	}
	report := Report{[]Result{{Rule: "no order stuck", Things: "orders"}, result}}
	if report.OK() || report.Violations() != kept+5 {
		t.Errorf("got %d violations, want %d", report.Violations(), kept+5)
	}
	text := report.String()
	for part, times := range map[string]int{
		"no order stuck       0 orders  ok\n":            1,
		"no stock below zero  30 books  25 VIOLATIONS\n": 1,
		"\nno stock below zero:\n  book 7: stock -1\n  ": 1,
		"book 7: stock -1\n":                             kept,
		"  … and 5 more\n":                               1,
	} {
		if got := strings.Count(text, part); got != times {
			t.Errorf("%q stands %d times, want %d, in\n%s", part, got, times, text)
		}
	}
}
