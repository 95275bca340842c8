package shop_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"bookstore/shared/idempotency"
	"bookstore/shared/sqldb"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

var ledgerSteps = flag.Int("ledger-steps", 60, "how many steps the random sequence of the ledger's test has")

// setCommission has the shop keep 8 % and 25 of each sale, 100 at least, with 19 %
// tax on that, from the beginning.
func (s *shopUnderTest) setCommission(t *testing.T) {
	t.Helper()
	rule := shop.CommissionRule{BasisPoints: 800, Fixed: 25, Minimum: 100, TaxBasisPoints: 1900, Starts: s.clock.Now().Add(-time.Hour)}
	if _, err := s.store.InsertCommissionRule(t.Context(), shop.Actor{Role: shop.RoleAdmin, ID: 1}, idempotency.Request{}, rule, s.clock.Now()); err != nil {
		t.Fatal(err)
	}
}

// Books of which there are as many as anybody buys.
const many, manyMore int64 = 901, 902

// entry is one of the ledger's, with its posting.
type entry struct {
	seq int64
	shop.Entry
}

func (s *shopUnderTest) entries(t *testing.T, orderID string) []entry {
	t.Helper()
	entries, err := sqldb.QueryAll(t.Context(), s.db.Writer(), sq.Select("seq", "account", "seller_id", "shipment_id", "amount").
		From("ledger_entries").Where(sq.Eq{"order_id": orderID}).OrderBy("seq", "position"), func(row sqldb.Row) (entry, error) {
		var e entry
		err := row.Scan(&e.seq, &e.Account, &e.SellerID, &e.ShipmentID, &e.Amount)
		return e, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// checkLedger holds what is booked of an order against the order.
func (s *shopUnderTest) checkLedger(t *testing.T, o *shop.Order) {
	t.Helper()
	if o.PostedSeq != o.EventSeq {
		t.Errorf("order %s: events up to %d of %d are booked", o.ID, o.PostedSeq, o.EventSeq)
	}
	postings, accounts, net := map[int64]int64{}, map[shop.Account]int64{}, map[string]int64{}
	for _, e := range s.entries(t, o.ID) {
		postings[e.seq] += e.Amount
		accounts[e.Account] += e.Amount
		if e.SellerID != 0 {
			net[e.ShipmentID] -= e.Amount
		}
	}
	for seq, sum := range postings {
		if sum != 0 {
			t.Errorf("order %s: posting %d sums to %d", o.ID, seq, sum)
		}
	}
	due, given, kept := int64(0), int64(0), int64(0)
	for _, r := range o.Refunds {
		if r.State == shop.RefundPaid {
			given += r.Amount
		} else {
			due += r.Amount
		}
	}
	for _, ship := range o.Shipments {
		c := ship.CommissionDue()
		if !o.PaidAt.IsZero() {
			kept += c.Amount + c.Tax
			if net[ship.ID] != ship.Net() || ship.Refunded == ship.Total && (ship.Net() != 0 || c != shop.Commission{}) {
				t.Errorf("shipment %s: its seller has %d, of %d less %d refunded and the commission %v", ship.ID, net[ship.ID], ship.Total, ship.Refunded, c)
			}
		}
	}
	if accounts[shop.AccountGateway] != o.Captured-given || accounts[shop.AccountSuspense] != -due ||
		accounts[shop.AccountCommission]+accounts[shop.AccountCommissionTax] != -kept {
		t.Errorf("order %s: captured %d, gave %d back, owes %d, keeps %d, but the accounts are %v", o.ID, o.Captured, given, due, kept, accounts)
	}
}

func TestASaleIsSharedAndBecomesAvailableOnceItHasArrived(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma, dune) // 10.00 and 15.00, with 50.00 each for delivery
		id := o.Shipments[0].ID
		if c := o.Shipments[0].Commission; *c != (shop.Commission{Amount: 105, Tax: 20}) {
			t.Errorf("commission %v, want 8%% of 10.00 and 0.25, with 19%% of that", *c)
		}
		s.wantBalance(t, shop.Balance{Pending: 5875})
		if _, err := s.Dispatch(t.Context(), seller, id, "T1000"); err != nil {
			t.Fatal(err)
		}
		s.releaseMoney(t)
		s.wantBalance(t, shop.Balance{Pending: 5875})
		if _, err := s.Deliver(t.Context(), seller, id); err != nil {
			t.Fatal(err)
		}
		s.releaseMoney(t)
		s.releaseMoney(t) // the second time changes nothing
		s.wantBalance(t, shop.Balance{Available: 5875})
		if _, err := s.Refund(t.Context(), admin, o.ID, shop.RefundRequest{ShipmentID: id, Note: "sorry"}); err != nil {
			t.Fatal(err)
		}
		s.work(t)
		s.wantBalance(t, shop.Balance{})
		s.check(t)
	})
}

func TestWhatNobodySaysHasArrivedBecomesAvailableAfterAWhile(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma)
		if _, err := s.Dispatch(t.Context(), seller, o.Shipments[0].ID, "T1000"); err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(s.settings.ReleaseAfter - time.Second)
		s.releaseMoney(t)
		s.wantBalance(t, shop.Balance{Pending: 5875})
		s.clock.Advance(2 * time.Second)
		s.releaseMoney(t)
		s.wantBalance(t, shop.Balance{Available: 5875})
		s.check(t)
	})
}

func (s *shopUnderTest) releaseMoney(t *testing.T) {
	t.Helper()
	if _, err := s.ReleaseDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (s *shopUnderTest) wantBalance(t *testing.T, want shop.Balance) {
	t.Helper()
	if got, err := s.Balance(t.Context(), seller); err != nil || got != want {
		t.Errorf("balance %+v (%v), want %+v", got, err, want)
	}
}

// The release before knows of no ledger: it sells, refunds and sends all the same.
func TestWhatTheReleaseBeforeDoesIsBookedAsIfItHadBeenDoneToday(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma, dune)
		for _, amount := range []int64{1234, 777, 6000} {
			if _, err := s.Refund(t.Context(), admin, o.ID, shop.RefundRequest{Amount: amount, Note: "sorry"}); err != nil {
				t.Fatal(err)
			}
		}
		s.work(t)
		booked := s.entries(t, o.ID)
		s.forgetLedger(t)
		for range 2 {
			if _, err := s.PostUnposted(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if again := s.entries(t, o.ID); len(booked) == 0 || !slices.Equal(again, booked) {
			t.Errorf("booked later:\n%v\nbooked at once:\n%v", again, booked)
		}
		s.check(t)

		s.forgetLedger(t) // and goes on in today's release
		if _, err := s.Refund(t.Context(), admin, o.ID, shop.RefundRequest{Amount: 100, Note: "sorry"}); err != nil {
			t.Fatal(err)
		}
		s.work(t)
		if _, err := s.PostUnposted(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.check(t)
	})
}

// forgetLedger leaves the database as the release before would have.
func (s *shopUnderTest) forgetLedger(t *testing.T) {
	t.Helper()
	for _, statement := range []string{
		"DELETE FROM ledger_entries", "DELETE FROM postings",
		"UPDATE orders SET posted_seq = 0, posting_seq = 0, posting_mac = ''",
		"UPDATE shipments SET commission = NULL, commission_tax = NULL, release_at = NULL, released_at = NULL",
	} {
		if _, err := s.db.Writer().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheSellersOwnRuleGoesBeforeThatOfAllAndOldSalesKeepTheirs(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		before := s.paid(t, emma)
		_, err := s.AddCommissionRule(t.Context(), admin, "", shop.CommissionRule{BasisPoints: 100, Starts: s.clock.Now()})
		if err == nil {
			t.Error("a rule began at once, before all instances know it")
		}
		key := newKey()
		own, err := s.AddCommissionRule(t.Context(), admin, key, shop.CommissionRule{SellerID: sam, BasisPoints: 2500})
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(shop.CommissionNotice)
		if again, err := s.AddCommissionRule(t.Context(), admin, key, shop.CommissionRule{SellerID: sam, BasisPoints: 2500}); err != nil || again != own {
			t.Errorf("asked for again: got %+v (%v), want %+v", again, err, own)
		}
		s.Service = s.another() // which has read the rules
		after := s.paid(t, emma, dune)
		if c := s.order(t, before.ID).Shipments[0].Commission.Amount; c != 105 {
			t.Errorf("the sale of before has the commission %d, want 105 as it had", c)
		}
		if sams, sallys := after.Shipments[0].Commission.Amount, after.Shipments[1].Commission.Amount; sams != 250 || sallys != 145 {
			t.Errorf("commissions %d and %d, want 250 after the seller's own rule and 145", sams, sallys)
		}
		if err := s.EndCommissionRule(t.Context(), admin, own.ID); err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(shop.CommissionNotice)
		s.Service = s.another()
		if c := s.paid(t, emma).Shipments[0].Commission.Amount; c != 105 {
			t.Errorf("commission %d after the rule has ended, want 105", c)
		}
		s.check(t)
	})
}

func TestTheLedgerHoldsAfterEachStepOfARandomSequence(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		s.catalog.List(shop.Book{ID: many, Title: "Emma", Authors: []string{"Jane Austen"}, Condition: "good", SellerID: sam, SellerName: "Sam's", Price: 999, Stock: 100_000})
		s.catalog.List(shop.Book{ID: manyMore, Title: "Dune", Authors: []string{"Frank Herbert"}, Condition: "good", SellerID: sally, SellerName: "Sally's", Price: 101, Stock: 100_000})
		var placed []string
		for range *ledgerSteps {
			s.randomStep(t, r, &placed)
			s.work(t)
			s.releaseMoney(t)
			s.check(t)
			if t.Failed() {
				return
			}
		}
	})
}

// randomStep does one of the things that move money. Whether it is possible is
// not its concern.
func (s *shopUnderTest) randomStep(t *testing.T, r *rand.Rand, placed *[]string) {
	t.Helper()
	if len(*placed) == 0 || r.IntN(3) == 0 {
		o := s.place(t, buyer, many, manyMore)
		*placed = append(*placed, o.ID)
		s.pay(t, o, card([]string{sandbox.CardPays, sandbox.CardPays, sandbox.CardDeclined}[r.IntN(3)]))
		return
	}
	o := s.order(t, (*placed)[r.IntN(len(*placed))])
	ship := o.Shipments[r.IntN(len(o.Shipments))]
	owner := shop.Caller{UserID: ship.SellerID, Role: token.Seller}
	switch r.IntN(6) {
	case 0:
		_, _ = s.Refund(t.Context(), admin, o.ID, shop.RefundRequest{ShipmentID: ship.ID, Amount: 1 + r.Int64N(ship.Total), Note: "sorry"})
	case 1:
		_, _ = s.Reject(t.Context(), owner, ship.ID, "damaged", true)
	case 2:
		_, _ = s.Cancel(t.Context(), buyer, o.ID, "", "")
	case 3:
		_, _ = s.Dispatch(t.Context(), owner, ship.ID, "T1000")
	case 4:
		_, _ = s.Deliver(t.Context(), owner, ship.ID)
	default:
		s.clock.Advance(s.settings.ReleaseAfter / 2)
	}
}
