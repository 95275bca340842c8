package shop_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/faults"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"

	sq "github.com/Masterminds/squirrel"
)

const (
	ada   = int64(1) // buyers
	bob   = int64(2)
	sam   = int64(11) // sellers
	sally = int64(12)
	root  = int64(99) // an admin

	emma  = int64(101) // sam's book, 10.00
	ulyss = int64(102) // sam's book, 20.00
	dune  = int64(103) // sally's book, 15.00
)

var (
	buyer  = shop.Caller{UserID: ada, Role: token.Buyer}
	other  = shop.Caller{UserID: bob, Role: token.Buyer}
	seller = shop.Caller{UserID: sam, Role: token.Seller}
	admin  = shop.Caller{UserID: root, Role: token.Admin}
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // most tests hold orders up on purpose
	os.Exit(m.Run())
}

// shopUnderTest is a shop on a real database and a real sandbox, with a
// catalog in memory and a clock that tests move.
type shopUnderTest struct {
	*shop.Service
	db       *sqldb.DB
	store    *store.Store
	catalog  *shoptest.Catalog
	sandbox  *sandbox.Gateway
	clock    *shoptest.Clock
	faults   *shoptest.Faults
	settings shop.Settings
}

func onBoth(t *testing.T, test func(t *testing.T, s *shopUnderTest)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) { test(t, newShop(t, db, 0)) })
}

func newShop(t *testing.T, db *sqldb.DB, late time.Duration) *shopUnderTest {
	t.Helper()
	s := &shopUnderTest{
		db: db, store: store.New(db, nil), clock: shoptest.NewClock(), faults: &shoptest.Faults{}, settings: shop.DefaultSettings(),
		catalog: shoptest.NewCatalog(
			shop.Book{ID: emma, Title: "Emma", Authors: []string{"Jane Austen"}, Condition: catalogapi.ConditionGood, SellerID: sam, SellerName: "Sam's", Price: 1000, Stock: 5},
			shop.Book{ID: ulyss, Title: "Ulysses", Authors: []string{"James Joyce"}, Condition: catalogapi.ConditionNew, SellerID: sam, SellerName: "Sam's", Price: 2000, Stock: 5},
			shop.Book{ID: dune, Title: "Dune", Authors: []string{"Frank Herbert"}, Condition: catalogapi.ConditionGood, SellerID: sally, SellerName: "Sally's", Price: 1500, Stock: 5},
		),
	}
	s.sandbox = sandbox.New(db, "http://shop.test", late, s.clock.Now)
	s.settings.PublicURL = "http://shop.test"
	s.settings.Heartbeat = time.Hour // the tests say when a lease runs out
	s.settings.EventKey = []byte("a key that no database holds at all")
	s.setCommission(t)
	s.Service = s.another()
	t.Cleanup(func() { s.Wait(context.Background()) })
	return s
}

// another returns the service of one more instance on the same outside.
func (s *shopUnderTest) another() *shop.Service {
	return shop.NewService(s.settings,
		faults.Store{Store: s.store, Hook: s.faults.Hook},
		faults.Catalog{Catalog: s.catalog, Hook: s.faults.Hook},
		shoptest.Accounts{},
		faults.Gateway{Gateway: s.sandbox, Hook: s.faults.Hook}, s.clock.Now)
}

var home = shop.Address{Name: "Ada", Line1: "Calle 1", City: "Bogotá", Region: "Bogotá", Country: "CO"}

// wants returns an order of one copy of each book, sent by DHL.
func (s *shopUnderTest) wants(t *testing.T, books ...int64) shop.PlaceOrder {
	t.Helper()
	in := shop.PlaceOrder{Address: home}
	known, err := s.catalog.Books(t.Context(), books)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range books {
		b := known[id]
		in.Lines = append(in.Lines, shop.PlaceLine{BookID: id, Quantity: 1, Price: b.Price})
		chosen := slices.ContainsFunc(in.Deliveries, func(d shop.DeliveryChoice) bool { return d.SellerID == b.SellerID })
		if !chosen {
			in.Deliveries = append(in.Deliveries, shop.DeliveryChoice{SellerID: b.SellerID, ProviderID: s.provider(t, "DHL")})
		}
	}
	return in
}

func (s *shopUnderTest) provider(t *testing.T, name string) int64 {
	t.Helper()
	all, err := s.store.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Name == name {
			return p.ID
		}
	}
	t.Fatalf("no provider %s", name)
	return 0
}

var keys struct {
	sync.Mutex
	n int
}

func newKey() string {
	keys.Lock()
	defer keys.Unlock()
	keys.n++
	return fmt.Sprintf("test-key-%d", keys.n)
}

func (s *shopUnderTest) place(t *testing.T, who shop.Caller, books ...int64) *shop.Order {
	t.Helper()
	o, err := s.PlaceOrder(t.Context(), who, newKey(), s.wants(t, books...))
	if err != nil {
		t.Fatalf("place order: %v", err)
	}
	if o.State != shop.Reserved {
		t.Fatalf("placed order is %s, want reserved", o.State)
	}
	return o
}

func card(number string) shop.PayRequest {
	return shop.PayRequest{Method: shop.MethodCard, Card: &shop.Card{Number: number, ExpMonth: 12, ExpYear: 2090, CVC: "123"}}
}

func (s *shopUnderTest) pay(t *testing.T, o *shop.Order, in shop.PayRequest) *shop.Order {
	t.Helper()
	paid, err := s.Pay(t.Context(), shop.Caller{UserID: o.BuyerID, Role: token.Buyer}, o.ID, in)
	if err != nil {
		t.Fatalf("pay: %v", err)
	}
	return paid
}

func (s *shopUnderTest) paid(t *testing.T, books ...int64) *shop.Order {
	t.Helper()
	o := s.pay(t, s.place(t, buyer, books...), card(sandbox.CardPays))
	wantState(t, o, shop.Paid)
	return o
}

func wantState(t *testing.T, o *shop.Order, want shop.State) {
	t.Helper()
	if o.State != want {
		t.Fatalf("order is %s (%s), want %s", o.State, o.EndReason, want)
	}
}

// work drives due orders like a worker, moving the clock a little each time,
// until nothing is in progress.
func (s *shopUnderTest) work(t *testing.T) {
	t.Helper()
	for range 100 {
		ids, err := s.DueOrders(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			alone(func() { _ = s.Drive(t.Context(), id) })
		}
		if len(ids) == 0 && s.inProgress(t) == 0 {
			return
		}
		s.clock.Advance(2 * time.Second)
	}
	t.Fatal("orders do not come to rest")
}

// alone runs f in a goroutine of its own, which it may end.
func alone(f func()) {
	var group sync.WaitGroup
	group.Go(f)
	group.Wait()
}

// inProgress counts orders that somebody has to drive on.
func (s *shopUnderTest) inProgress(t *testing.T) int64 {
	t.Helper()
	return s.count(t, sq.Select("COUNT(*)").From("orders").Where(sq.Or{
		sq.Eq{"state": []shop.State{shop.Pending, shop.Authorising, shop.Authorised, shop.Committed, shop.Capturing, shop.Voiding, shop.Restocking}},
		sq.Expr("id IN (SELECT order_id FROM refunds WHERE state = 'due')"),
		sq.Expr("id IN (SELECT order_id FROM shipments WHERE restock = 'due')"),
	}))
}

func (s *shopUnderTest) count(t *testing.T, query sq.SelectBuilder) int64 {
	t.Helper()
	n, err := sqldb.QueryOne(t.Context(), s.db.Writer(), query, func(row sqldb.Row) (int64, error) {
		var n int64
		err := row.Scan(&n)
		return n, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *shopUnderTest) order(t *testing.T, id string) *shop.Order {
	t.Helper()
	o, err := s.store.Order(t.Context(), id)
	if err != nil {
		t.Fatalf("read order: %v", err)
	}
	return o
}

// check fails the test if money, copies or history do not add up.
func (s *shopUnderTest) check(t *testing.T) {
	t.Helper()
	if err := s.catalog.Check(); err != nil {
		t.Error(err)
	}
	ids, err := sqldb.QueryAll(t.Context(), s.db.Writer(), sq.Select("id").From("orders"), func(row sqldb.Row) (string, error) {
		var id string
		err := row.Scan(&id)
		return id, err
	})
	if err != nil {
		t.Fatal(err)
	}
	holds := s.catalog.Holds()
	for _, id := range ids {
		s.checkOrder(t, s.order(t, id))
		delete(holds, id)
	}
	if len(holds) > 0 {
		t.Errorf("holds without an order: %v", holds)
	}
}

func (s *shopUnderTest) checkOrder(t *testing.T, o *shop.Order) {
	t.Helper()
	s.checkMoney(t, o)
	s.checkHistory(t, o)
	s.checkLedger(t, o)
	checkHold(t, o, s.catalog.Holds()[o.ID])
}

func (s *shopUnderTest) checkMoney(t *testing.T, o *shop.Order) {
	t.Helper()
	live, captured, refunded := int64(0), int64(0), int64(0)
	for _, ship := range o.Shipments {
		if !o.PaidAt.IsZero() && ship.State != shop.ShipmentRejected && ship.State != shop.ShipmentCancelled {
			live += ship.Total - ship.Refunded
		}
	}
	for _, p := range o.Payments {
		captured += p.Captured
	}
	for _, r := range o.Refunds {
		refunded += r.Amount
	}
	if captured != o.Captured || refunded != o.Refunded || captured-refunded != live {
		t.Errorf("order %s (%s): captured %d (%d), refunded %d (%d), live shipments %d", o.ID, o.State, o.Captured, captured, o.Refunded, refunded, live)
	}
	ledger := s.count(t, sq.Select("COALESCE(SUM(captured), 0)").From("sandbox_charges").Where(sq.Eq{"order_number": o.Number}))
	if ledger != captured {
		t.Errorf("order %s (%s): the gateway captured %d, the shop knows of %d", o.ID, o.State, ledger, captured)
	}
	open := s.count(t, sq.Select("COUNT(*)").From("sandbox_charges").Where(sq.Eq{"order_number": o.Number, "state": "authorised"}))
	atRest := []shop.State{shop.Reserved, shop.Paid, shop.Cancelled, shop.Expired}
	if open > 0 && slices.Contains(atRest, o.State) {
		t.Errorf("order %s (%s): %d charges are still authorised", o.ID, o.State, open)
	}
}

func (s *shopUnderTest) checkHistory(t *testing.T, o *shop.Order) {
	t.Helper()
	events, err := s.store.Events(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	mac, state := "", ""
	for i, e := range events {
		if e.Seq != int64(i+1) || s.settings.EventKey.Seal(mac, o.ID, e) != e.MAC {
			t.Errorf("order %s: event %d is not sealed to the one before", o.ID, i+1)
		}
		if err := seal.CheckNote(e.NoteDigest, e.NoteSalt, e.Note); e.SealVersion == seal.VersionDigest && err != nil {
			t.Errorf("order %s: event %d: %v", o.ID, i+1, err)
		}
		mac = e.MAC
		if e.Subject != shop.SubjectOrder {
			continue
		}
		if e.From != state || state != "" && !slices.Contains(shop.Transitions[shop.State(e.From)], shop.State(e.To)) {
			t.Errorf("order %s: impossible move from %s to %s (was %s)", o.ID, e.From, e.To, state)
		}
		state = e.To
	}
	if state != string(o.State) || mac != o.EventMAC {
		t.Errorf("order %s is %s, its history ends with %s", o.ID, o.State, state)
	}
}

func checkHold(t *testing.T, o *shop.Order, hold string) {
	t.Helper()
	want := map[shop.State]string{
		shop.Reserved: "held", shop.AwaitingPayment: "held", shop.Paid: "committed", shop.Expired: "",
	}
	switch o.State {
	case shop.Reserved, shop.AwaitingPayment, shop.Paid, shop.Expired:
		if hold != want[o.State] {
			t.Errorf("order %s is %s, its copies are %q", o.ID, o.State, hold)
		}
	case shop.Cancelled:
		if hold == "held" {
			t.Errorf("order %s is cancelled, its copies are still held", o.ID)
		}
	}
}

func (s *shopUnderTest) cart(t *testing.T, who shop.Caller) string {
	t.Helper()
	c, err := s.store.Cart(t.Context(), shop.CartOwner{UserID: who.UserID})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range c.Lines {
		lines = append(lines, fmt.Sprintf("%d×%d", l.Quantity, l.BookID))
	}
	return strings.Join(lines, " ")
}
