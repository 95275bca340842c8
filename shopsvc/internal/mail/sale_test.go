package mail_test

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/i18n"
	"bookstore/shared/mail"
	"bookstore/shared/money"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	shopmail "bookstore/shopsvc/internal/mail"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"
)

const ada, sam, sally, root = int64(1), int64(11), int64(12), int64(99)
const emma, dune = int64(101), int64(102)

var (
	buyer = shop.Caller{UserID: ada, Role: token.Buyer}
	admin = shop.Caller{UserID: root, Role: token.Admin}
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// accounts is an authsvc whose users all read one language.
type accounts struct{ language string }

func (a accounts) Contacts(context.Context, []int64) (map[int64]mail.Contact, error) {
	return map[int64]mail.Contact{
		ada:   {Email: "ada@example.org", Name: "Ada", Language: a.language},
		sam:   {Email: "sam@example.org", Name: "Sam", Language: a.language},
		sally: {Email: "sally@example.org", Name: "Sally", Language: a.language},
	}, nil
}

// postbox is a sender that keeps what it gets.
type postbox struct {
	mu    sync.Mutex
	mails []mail.Message
}

func (p *postbox) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = append(p.mails, m)
	return nil
}

// testShop is a shop on a database, in which Sam sells Emma and Sally Dune.
type testShop struct {
	*shop.Service
	t        *testing.T
	db       *sqldb.DB
	settings shop.Settings
	clock    *shoptest.Clock
	catalog  *shoptest.Catalog
	language string
	provider shop.Provider
	order    *shop.Order
	box      postbox
}

// onEach runs test on every database.
func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, test)
}

func newShop(t *testing.T, db *sqldb.DB, language string) *testShop {
	t.Helper()
	s := &testShop{t: t, db: db, settings: shop.DefaultSettings(), clock: shoptest.NewClock(), language: language}
	s.settings.TransferHold, s.settings.RemindAfter, s.settings.CancelAfter = 50*time.Hour, 30*time.Hour, 70*time.Hour
	s.catalog = shoptest.NewCatalog(
		shop.Book{ID: emma, Title: "Emma", Authors: []string{"Jane Austen"}, SellerID: sam, SellerName: "Sam's", Price: 1000, Stock: 5},
		shop.Book{ID: dune, Title: "Dune", Authors: []string{"Frank Herbert"}, SellerID: sally, SellerName: "Sally's", Price: 1500, Stock: 5})
	gateway := sandbox.New(db, "http://shop.test", 0, s.clock.Now)
	s.Service = shop.NewService(s.settings, store.New(db, nil), s.catalog, shoptest.Accounts{}, gateway, s.clock.Now)
	t.Cleanup(func() { s.Wait(context.Background()) })
	providers, err := store.New(db, nil).Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.provider = providers[0]
	return s
}

// place places an order for two copies of Emma and, if both is true, one of Dune.
func (s *testShop) place(both bool) {
	s.t.Helper()
	in := shop.PlaceOrder{
		Lines:      []shop.PlaceLine{{BookID: emma, Quantity: 2, Price: 1000}},
		Deliveries: []shop.DeliveryChoice{{SellerID: sam, ProviderID: s.provider.ID}},
		Address:    shop.Address{Name: "Ada Lovelace", Line1: "Calle 1", City: "Medellín", Region: "Antioquia", PostalCode: "050001", Country: "CO", Phone: "555 1234"},
		Language:   s.language,
	}
	if both {
		in.Lines = append(in.Lines, shop.PlaceLine{BookID: dune, Quantity: 1, Price: 1500})
		in.Deliveries = append(in.Deliveries, shop.DeliveryChoice{SellerID: sally, ProviderID: s.provider.ID})
	}
	s.take(s.PlaceOrder(s.t.Context(), buyer, "the-only-key", in))
}

// take makes an order, as a call returned it, the shop's.
func (s *testShop) take(o *shop.Order, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	s.order = o
}

func (s *testShop) pay(method shop.Method, card string) {
	s.t.Helper()
	in := shop.PayRequest{Method: method}
	if card != "" {
		in.Card = &shop.Card{Number: card, ExpMonth: 12, ExpYear: 2090, CVC: "123"}
	}
	s.take(s.Pay(s.t.Context(), buyer, s.order.ID, in))
}

// paid is an order that was paid with a card.
func (s *testShop) paid(both bool) {
	s.t.Helper()
	s.place(both)
	s.pay(shop.MethodCard, sandbox.CardPays)
}

func (s *testShop) confirm(amount int64) {
	s.t.Helper()
	p := s.order.Payment()
	s.take(s.ConfirmPayment(s.t.Context(), admin, p.ID, amount, p.Reference))
}

func seller(id int64) shop.Caller { return shop.Caller{UserID: id, Role: token.Seller} }

func (s *testShop) shipment() string { return s.order.Shipments[0].ID }

// pass lets time go by and does what is due then.
func (s *testShop) pass(d time.Duration) {
	s.t.Helper()
	s.clock.Advance(d)
	for range 3 {
		ids, err := s.DueOrders(s.t.Context(), 10)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, id := range ids {
			if err := s.Drive(s.t.Context(), id); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

var composer = shopmail.Composer{
	PublicURL: "http://shop.test",
	Account:   shop.BankAccount{Holder: "Bookstore Ltd", Number: "ES91 2100 0418 4502 0005 1332", Bank: "CAIXESBB"},
}

func (s *testShop) outbox(sender mail.Sender) *mail.Outbox {
	return mail.NewOutbox("shop", store.NewOutbox(s.db), composer, accounts{s.language}, sender, s.clock.Now)
}

// send sends what is due and returns the mails, the first sent first.
func (s *testShop) send() []mail.Message {
	s.t.Helper()
	if _, err := s.outbox(&s.box).SendDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return s.box.mails
}

// fill puts the order's facts where pattern names them.
func (s *testShop) fill(pattern string) string {
	words := i18n.MustLoad(emptyFiles{}).For(s.language)
	amount := func(minor int64) string { return words.Money(money.New(minor, "USD")) }
	ship := s.order.Shipments[0]
	return strings.NewReplacer(
		"{number}", s.order.Number, "{total}", amount(s.order.Total), "{parcel}", amount(ship.Total),
		"{delivery}", amount(ship.DeliveryCost), "{two}", amount(2000), "{one}", amount(100), "{more}", amount(s.order.Total+100),
		"{provider}", ship.ProviderName, "{reference}", s.order.Payment().Reference,
		"{pay by}", words.DateTime(s.order.PlacedAt.Add(s.settings.TransferHold)),
		"{answer by}", words.DateTime(s.order.PaidAt.Add(s.settings.CancelAfter)),
		"{paid at}", words.DateTime(s.order.PaidAt),
	).Replace(pattern)
}
