package api_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/idempotency"
	"bookstore/shared/mail"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/api"
	shopmail "bookstore/shopsvc/internal/mail"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"
)

const (
	ada, bob   = int64(1), int64(2)
	sam, sally = int64(11), int64(12)
	root       = int64(99)
	emma, dune = int64(101), int64(103)
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// served is a shop behind HTTP, called through the client that everybody uses.
type served struct {
	client  *shopapi.Client
	http    *httpclient.Client
	catalog *shoptest.Catalog
	issuer  *token.Issuer
}

func onBoth(t *testing.T, test func(t *testing.T, s *served)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) { test(t, serve(t, db)) })
}

func serve(t *testing.T, db *sqldb.DB) *served {
	t.Helper()
	keys, err := token.ParseKeyRing(token.NewSeed())
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := token.NewIssuer(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewStaticVerifier(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	settings := shop.DefaultSettings()
	settings.PublicURL = "http://shop.test"
	settings.EventKey = []byte("a key that no database holds at all")
	settings.Account = shop.BankAccount{Holder: "Bookstore Ltd", Number: "ES91 2100"}
	catalog := shoptest.NewCatalog(
		shop.Book{ID: emma, Title: "Emma", Authors: []string{"Jane Austen"}, Condition: catalogapi.ConditionGood, Cover: "c0ffee", SellerID: sam, SellerName: "Sam's", Price: 1000, Stock: 9},
		shop.Book{ID: dune, Title: "Dune", Authors: []string{"Frank Herbert"}, Condition: catalogapi.ConditionGood, SellerID: sally, SellerName: "Sally's", Price: 1500, Stock: 9},
	)
	gateway := sandbox.New(db, settings.PublicURL, time.Second, time.Now)
	service := shop.NewService(settings, store.New(db, nil), catalog, shoptest.Accounts{"ada@example.org": ada}, gateway, time.Now)
	outbox := mail.NewOutbox("shop", store.NewOutbox(db), shopmail.Composer{PublicURL: settings.PublicURL}, noContacts{}, nil, time.Now)
	server := httptest.NewServer(api.New(service, api.Config{Mails: outbox, Gateways: api.Gateways{Sandbox: gateway}, Verifier: verifier}))
	t.Cleanup(func() {
		server.Close()
		service.Wait(context.Background())
	})
	client := httpclient.New(httpclient.Config{Name: "shopsvc", BaseURL: server.URL, Timeout: 20 * time.Second})
	return &served{shopapi.NewClient(client), client, catalog, issuer}
}

// noContacts is an authsvc whose accounts are all gone.
type noContacts struct{}

func (noContacts) Contacts(context.Context, []int64) (map[int64]mail.Contact, error) { return nil, nil }

// as returns a context whose calls are those of a user.
func (s *served) as(t *testing.T, user int64, role token.Role) context.Context {
	t.Helper()
	raw, err := s.issuer.Issue(token.Claims{
		UserID: user, SessionID: fmt.Sprint("session-", user), Role: role, Name: "N", ExpiresAt: time.Now().Add(time.Minute),
	})
	if err != nil {
		t.Fatal(err)
	}
	return httpclient.WithBearer(t.Context(), raw)
}

func wants(providerID int64) shopapi.PlaceOrder {
	return shopapi.PlaceOrder{
		Lines:      []shopapi.PlaceLine{{BookID: emma, Quantity: 1, Price: 1000}, {BookID: dune, Quantity: 2, Price: 1500}},
		Deliveries: []shopapi.DeliveryChoice{{SellerID: sam, ProviderID: providerID}, {SellerID: sally, ProviderID: providerID}},
		Address:    shopapi.Address{Name: "Ada", Line1: "Calle 1", City: "Bogotá", Region: "Bogotá", Country: "CO"},
	}
}

var card = shopapi.Pay{Method: shopapi.MethodCard, Card: &shopapi.Card{Number: "4242 4242 4242 4242", ExpMonth: 12, ExpYear: 2090, CVC: "123"}}

func (s *served) provider(t *testing.T, name string) int64 {
	t.Helper()
	all, err := s.client.DeliveryProviders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all.Items {
		if p.Name == name {
			return p.ID
		}
	}
	t.Fatalf("no provider %s in %v", name, all)
	return 0
}

// paid returns a paid order of ada's for a book of sam's and two of sally's.
func (s *served) paid(t *testing.T) shopapi.Order {
	t.Helper()
	buyer := s.as(t, ada, token.Buyer)
	o, err := s.client.PlaceOrder(buyer, "key-"+token.NewSeed(), wants(s.provider(t, "DHL")))
	if err != nil {
		t.Fatalf("place: %v", err)
	}
	if o, err = s.client.PayOrder(buyer, o.ID, card); err != nil || o.State != shopapi.OrderPaid {
		t.Fatalf("pay: %s, %v", o.State, err)
	}
	return o
}

func TestAGuestBecomesABuyerAndTheBooksArrive(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		guest := shopapi.WithCart(t.Context(), "a-guests-random-token")
		if _, err := s.client.SetCartLine(guest, emma, shopapi.SetCartLine{Quantity: 1}); err != nil {
			t.Fatal(err)
		}
		buyer, seller := s.as(t, ada, token.Buyer), s.as(t, sam, token.Seller)
		cart, err := s.client.MergeCart(buyer, "a-guests-random-token")
		if err != nil {
			t.Fatal(err)
		}
		if cart, err = s.client.SetCartLine(buyer, dune, shopapi.SetCartLine{Quantity: 2}); err != nil {
			t.Fatal(err)
		}
		if cart.Count != 3 || cart.Subtotal.Amount != 4000 || cart.Subtotal.Currency != "USD" || cart.Lines[0].Authors[0] != "Jane Austen" || cart.Lines[0].Cover != "c0ffee" {
			t.Errorf("got cart %+v", cart)
		}
		o, err := s.client.PlaceOrder(buyer, cart.CheckoutKey, wants(s.provider(t, "DHL")))
		if err != nil {
			t.Fatal(err)
		}
		if o.State != shopapi.OrderReserved || !o.CanPay || !o.CanCancel || o.Total.Amount != 14000 || o.ExpiresAt == nil {
			t.Errorf("got order %+v", o)
		}
		declined := card
		declined.Card = &shopapi.Card{Number: "4000000000000002", ExpMonth: 1, ExpYear: 2090, CVC: "123"}
		if o, err = s.client.PayOrder(buyer, o.ID, declined); err != nil || o.Payment.Reason != shopapi.DeclinedCard || !o.CanPay {
			t.Fatalf("declined: %+v, %v", o.Payment, err)
		}
		if o, err = s.client.PayOrder(buyer, o.ID, card); err != nil || o.State != shopapi.OrderPaid || o.PaidAt == nil {
			t.Fatalf("paid: %s, %v", o.State, err)
		}
		sales, err := s.client.Sales(seller, shopapi.SaleQuery{})
		if err != nil || len(sales.Items) != 1 || len(sales.Items[0].Lines) != 1 || sales.Items[0].Address.City != "Bogotá" || sales.Items[0].Lines[0].Cover != "c0ffee" {
			t.Fatalf("sales: %+v, %v", sales, err)
		}
		if _, err := s.client.DispatchShipment(seller, sales.Items[0].ID, shopapi.Dispatch{TrackingNumber: "T-1000"}); err != nil {
			t.Fatal(err)
		}
		if o, err = s.client.Order(buyer, o.ID); err != nil || o.Shipments[0].TrackingNumber != "T-1000" || len(o.Events) < 10 || o.CanCancel {
			t.Errorf("got %+v, %v", o.Shipments[0], err)
		}
		sale, err := s.client.Sale(seller, sales.Items[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range sale.Events {
			if e.Subject == shopapi.SubjectPayment || e.SubjectID == o.Shipments[1].ID {
				t.Errorf("the seller sees what is not theirs: %+v", e)
			}
		}
	})
}

func TestPayPalIsDecidedOnTheSandboxesPage(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		buyer := s.as(t, ada, token.Buyer)
		o, err := s.client.PlaceOrder(buyer, "paypal-order", wants(s.provider(t, "DHL")))
		if err != nil {
			t.Fatal(err)
		}
		if o, err = s.client.PayOrder(buyer, o.ID, shopapi.Pay{Method: shopapi.MethodPayPal, ReturnURL: "/orders/1"}); err != nil || o.Payment.State != shopapi.PaymentRedirect {
			t.Fatalf("got %+v, %v", o.Payment, err)
		}
		var key string
		if _, err := fmt.Sscanf(o.Payment.RedirectURL, "http://shop.test/sandbox/paypal?key=%s", &key); err != nil {
			t.Fatalf("redirect to %s: %v", o.Payment.RedirectURL, err)
		}
		page, err := s.client.SandboxPayPal(t.Context(), key)
		if err != nil || page.Amount != o.Total || page.OrderNumber != o.Number || page.Outcome != "" || page.ReturnURL != "http://shop.test/orders/1" {
			t.Errorf("got %+v, %v", page, err)
		}
		if page, err = s.client.SandboxEvent(t.Context(), shopapi.SandboxEvent{Key: key, Outcome: shopapi.SandboxApproved}); err != nil || page.Outcome != shopapi.SandboxApproved {
			t.Errorf("got %+v, %v", page, err)
		}
		if o, err = s.client.Order(buyer, o.ID); err != nil || o.State != shopapi.OrderPaid {
			t.Errorf("got %s, %v", o.State, err)
		}
		if _, err := s.client.SandboxPayPal(t.Context(), "no-such-key-at-all"); !apierr.IsKind(err, apierr.KindNotFound) {
			t.Errorf("unknown key: got %v", err)
		}
	})
}

func TestATransferNamesTheShopsAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		buyer := s.as(t, ada, token.Buyer)
		o, err := s.client.PlaceOrder(buyer, "transfer-order", wants(s.provider(t, "DHL")))
		if err != nil {
			t.Fatal(err)
		}
		o, err = s.client.PayOrder(buyer, o.ID, shopapi.Pay{Method: shopapi.MethodBankTransfer})
		if err != nil || o.Payment.Account == nil || *o.Payment.Account != (shopapi.BankAccount{Holder: "Bookstore Ltd", Number: "ES91 2100"}) {
			t.Errorf("got %+v, %v", o.Payment, err)
		}
	})
}

// TestWhoMayDoWhat walks callers and endpoints: who gets through, and what the
// others are told.
func TestWhoMayDoWhat(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		o := s.paid(t)
		samsShipment, provider := o.Shipments[0].ID, s.provider(t, "FedEx")
		callers := []struct {
			name string
			ctx  context.Context
		}{
			{"anonymous", t.Context()}, {"buyer", s.as(t, ada, token.Buyer)}, {"stranger", s.as(t, bob, token.Buyer)},
			{"seller", s.as(t, sam, token.Seller)}, {"other seller", s.as(t, sally, token.Seller)}, {"admin", s.as(t, root, token.Admin)},
		}
		const ok, login, no = "", apierr.CodeUnauthenticated, apierr.CodeForbidden
		const noOrder, noSale, noProvider, noPayment = shopapi.CodeOrderNotFound, shopapi.CodeShipmentNotFound, shopapi.CodeProviderNotFound, shopapi.CodePaymentNotFound
		for _, c := range []struct {
			name string
			call func(ctx context.Context) error
			want [6]string // by caller
		}{
			{"GET order", func(ctx context.Context) error { _, err := s.client.Order(ctx, o.ID); return err },
				[6]string{login, ok, noOrder, noOrder, noOrder, ok}},
			{"GET no order", func(ctx context.Context) error { _, err := s.client.Order(ctx, "nope"); return err },
				[6]string{login, noOrder, noOrder, noOrder, noOrder, noOrder}},
			{"GET orders", func(ctx context.Context) error { _, err := s.client.Orders(ctx, shopapi.OrderQuery{}); return err },
				[6]string{login, ok, ok, ok, ok, ok}},
			{"POST order", func(ctx context.Context) error {
				_, err := s.client.PlaceOrder(ctx, "walk-the-table", wants(provider))
				return err
			},
				[6]string{login, ok, ok, shopapi.CodeLinesChanged, shopapi.CodeLinesChanged, ok}},
			{"POST payment", func(ctx context.Context) error { _, err := s.client.PayOrder(ctx, o.ID, card); return err },
				[6]string{login, ok, noOrder, noOrder, noOrder, no}},
			{"GET all orders", func(ctx context.Context) error { _, err := s.client.AllOrders(ctx, shopapi.OrderQuery{}); return err },
				[6]string{login, no, no, no, no, ok}},
			{"GET mails", func(ctx context.Context) error { _, err := s.client.Mails(ctx, shopapi.MailQuery{}); return err },
				[6]string{login, no, no, no, no, ok}},
			{"POST mail again", func(ctx context.Context) error { return s.client.SendMailAgain(ctx, 9999) },
				[6]string{login, no, no, no, no, apierr.CodeMailNotFound}},
			{"POST refund", func(ctx context.Context) error {
				_, err := s.client.RefundOrder(ctx, o.ID, shopapi.RefundInput{Amount: 1, Reason: "r"})
				return err
			}, [6]string{login, no, no, no, no, ok}},
			{"POST confirm", func(ctx context.Context) error {
				_, err := s.client.ConfirmPayment(ctx, "nope", shopapi.ConfirmPayment{Amount: 1, Reference: "r"})
				return err
			}, [6]string{login, no, no, no, no, noPayment}},
			{"GET sales", func(ctx context.Context) error { _, err := s.client.Sales(ctx, shopapi.SaleQuery{}); return err },
				[6]string{login, no, no, ok, ok, ok}},
			{"GET sale", func(ctx context.Context) error { _, err := s.client.Sale(ctx, samsShipment); return err },
				[6]string{login, no, no, ok, noSale, noSale}},
			{"POST accept", func(ctx context.Context) error { _, err := s.client.AcceptShipment(ctx, samsShipment); return err },
				[6]string{login, no, no, ok, noSale, noSale}},
			{"POST reject", func(ctx context.Context) error {
				if isSeller(ctx, s, samsShipment) {
					return nil // it would end the walk
				}
				_, err := s.client.RejectShipment(ctx, samsShipment, shopapi.Reject{Reason: "r"})
				return err
			}, [6]string{login, no, no, ok, noSale, noSale}},
			{"POST dispatch", func(ctx context.Context) error {
				_, err := s.client.DispatchShipment(ctx, samsShipment, shopapi.Dispatch{TrackingNumber: "T-1000"})
				return err
			}, [6]string{login, no, no, ok, noSale, noSale}},
			{"POST deliver", func(ctx context.Context) error { _, err := s.client.DeliverShipment(ctx, samsShipment); return err },
				[6]string{login, no, no, ok, noSale, noSale}},
			{"POST cancel", func(ctx context.Context) error {
				_, err := s.client.CancelOrder(ctx, o.ID, shopapi.Cancel{})
				return err
			}, [6]string{login, shopapi.CodeShipmentState, noOrder, noOrder, noOrder, shopapi.CodeShipmentState}},
			{"PUT provider", func(ctx context.Context) error {
				_, err := s.client.UpdateDeliveryProvider(ctx, provider, shopapi.DeliveryProviderInput{Name: "FedEx", Coverage: shopapi.CoverageInternational, Cost: 4500, Active: true})
				return err
			}, [6]string{login, no, no, no, no, ok}},
			{"POST provider", func(ctx context.Context) error {
				_, err := s.client.CreateDeliveryProvider(ctx, shopapi.DeliveryProviderInput{Name: "UPS", Coverage: shopapi.CoverageInternational, Cost: 1, Active: true})
				return err
			}, [6]string{login, no, no, no, no, ok}},
			{"DELETE no provider", func(ctx context.Context) error { return s.client.DeleteDeliveryProvider(ctx, 9999) },
				[6]string{login, no, no, no, no, noProvider}},
			{"GET cart", func(ctx context.Context) error { _, err := s.client.Cart(ctx); return err },
				[6]string{ok, ok, ok, ok, ok, ok}},
			{"POST merge", func(ctx context.Context) error {
				_, err := s.client.MergeCart(ctx, "a-guests-random-token")
				return err
			},
				[6]string{login, ok, ok, ok, ok, ok}},
		} {
			for i, who := range callers {
				err := c.call(who.ctx)
				got := ""
				if e, is := apierr.As(err); is {
					got = e.Code
				} else if err != nil {
					got = err.Error()
				}
				if got != c.want[i] {
					t.Errorf("%s by %s: got %q, want %q", c.name, who.name, got, c.want[i])
				}
			}
		}
	})
}

func isSeller(ctx context.Context, s *served, shipmentID string) bool {
	_, err := s.client.Sale(ctx, shipmentID)
	return err == nil
}

func TestHostileInputIsRefusedAndNamesTheField(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		buyer := s.as(t, ada, token.Buyer)
		dhl := s.provider(t, "DHL")
		change := func(f func(*shopapi.PlaceOrder)) func() error {
			return func() error {
				in := wants(dhl)
				f(&in)
				_, err := s.client.PlaceOrder(buyer, "hostile-input", in)
				return err
			}
		}
		cart := func(book, quantity int64) func() error {
			return func() error {
				_, err := s.client.SetCartLine(buyer, book, shopapi.SetCartLine{Quantity: quantity})
				return err
			}
		}
		pay := func(f func(*shopapi.Pay)) func() error {
			return func() error {
				in := shopapi.Pay{Method: shopapi.MethodCard, Card: &shopapi.Card{Number: "4242424242424242", ExpMonth: 12, ExpYear: 2090, CVC: "123"}}
				f(&in)
				_, err := s.client.PayOrder(buyer, s.paid(t).ID, in)
				return err
			}
		}
		for name, c := range map[string]struct {
			call  func() error
			field string
		}{
			"cart: none":          {cart(emma, 0), "quantity"},
			"cart: below none":    {cart(emma, -1), "quantity"},
			"cart: huge":          {cart(emma, 1<<62), "quantity"},
			"cart: book 0":        {cart(0, 1), "book_id"},
			"order: none":         {change(func(in *shopapi.PlaceOrder) { in.Lines[0].Quantity = 0 }), "lines[0].quantity"},
			"order: below none":   {change(func(in *shopapi.PlaceOrder) { in.Lines[1].Quantity = -1 }), "lines[1].quantity"},
			"order: huge":         {change(func(in *shopapi.PlaceOrder) { in.Lines[0].Quantity = 1 << 62 }), "lines[0].quantity"},
			"order: minus price":  {change(func(in *shopapi.PlaceOrder) { in.Lines[0].Price = -1 }), "lines[0].price"},
			"order: other price":  {change(func(in *shopapi.PlaceOrder) { in.Lines[0].Price = 1 }), "lines[0]"},
			"order: long name":    {change(func(in *shopapi.PlaceOrder) { in.Address.Name = string(make([]byte, 1000)) }), "address.name"},
			"order: no name":      {change(func(in *shopapi.PlaceOrder) { in.Address.Name = "\u200b\u3164" }), "address.name"},
			"order: no city":      {change(func(in *shopapi.PlaceOrder) { in.Address.City = "\u2060" }), "address.city"},
			"order: no street":    {change(func(in *shopapi.PlaceOrder) { in.Address.Line1 = "\u00ad \u2800" }), "address.line1"},
			"order: country":      {change(func(in *shopapi.PlaceOrder) { in.Address.Country = "Colombia" }), "address.country"},
			"pay: no such method": {pay(func(in *shopapi.Pay) { in.Method = "cash" }), "method"},
			"pay: wrong digit":    {pay(func(in *shopapi.Pay) { in.Card.Number = "4242424242424243" }), "card.number"},
			"pay: elsewhere":      {pay(func(in *shopapi.Pay) { in.ReturnURL = "//evil.test" }), "return_url"},
			"list: cursor": {func() error {
				_, err := s.client.Orders(buyer, shopapi.OrderQuery{Cursor: "???"})
				return err
			}, "cursor"},
		} {
			err := c.call()
			e, ok := apierr.As(err)
			if !ok || len(e.Fields) != 1 || e.Fields[0].Field != c.field {
				t.Errorf("%s: got %v, want the field %s", name, err, c.field)
			}
		}
	})
}

func TestListsArePagedWithoutRepeating(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		want := map[string]bool{}
		for range 4 {
			want[s.paid(t).ID] = true
		}
		buyer, seller := s.as(t, ada, token.Buyer), s.as(t, sam, token.Seller)
		orders := map[string]bool{}
		q := shopapi.OrderQuery{Limit: 3}
		for range 2 {
			p, err := s.client.Orders(buyer, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range p.Items {
				orders[o.ID] = true
			}
			q.Cursor = p.NextCursor
		}
		sales := map[string]bool{}
		sq := shopapi.SaleQuery{Limit: 3, State: shopapi.ShipmentNew}
		for range 2 {
			p, err := s.client.Sales(seller, sq)
			if err != nil {
				t.Fatal(err)
			}
			for _, sale := range p.Items {
				sales[sale.OrderID] = true
			}
			sq.Cursor = p.NextCursor
		}
		if len(orders) != 4 || len(sales) != 4 || q.Cursor != "" || sq.Cursor != "" {
			t.Errorf("got %d orders and %d sales, want 4 of each (%v)", len(orders), len(sales), want)
		}
		all, err := s.client.AllOrders(s.as(t, root, token.Admin), shopapi.OrderQuery{BuyerID: ada, State: shopapi.OrderPaid})
		if err != nil || len(all.Items) != 4 {
			t.Errorf("admin: got %d orders, %v", len(all.Items), err)
		}
	})
}

func TestAdminsFindAnOrderByWhatPeopleSayOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		s.paid(t)
		order := s.paid(t)
		n := strings.ReplaceAll(order.Number, "-", "")
		for _, typed := range []string{
			order.Number, strings.ToLower(order.Number), n, strings.ToLower(n), "#" + n, "  Order No. " + order.Number + ", please",
			"Pedido nº " + n[:4] + " " + n[4:], n[:4] + "—" + n[4:], strings.Join(strings.Split(n, ""), " "), n[:4] + " dash " + n[4:],
			n[:2] + " " + n[2:4] + "-" + n[4:6] + "." + n[6:], "O" + n[1:], n[:3] + "0" + n[4:], n[:7] + "1", "i" + strings.ToLower(n[1:]),
			n[:6], n[1:], n[2:6] + n[6:7], // parts
			order.ID, strings.ToUpper(order.ID), "https://shop.test/orders/" + order.ID + "/payment?x=1",
		} {
			found, err := s.client.AllOrders(s.as(t, root, token.Admin), shopapi.OrderQuery{Q: typed})
			if err != nil || !slices.ContainsFunc(found.Items, func(o shopapi.Order) bool { return o.ID == order.ID }) || len(found.Items) > 1 {
				t.Errorf("%q finds %d orders, %v; want %s", typed, len(found.Items), err, order.Number)
			}
		}
		for typed, want := range map[string]int{
			"ada@example.org": 2, " Ada@EXAMPLE.org ": 2, "Ada <ada@example.org>": 2, "mailto:ada@example.org?subject=book": 2,
			"bob@example.org": 0, "§§": 0, "no": 0, "": 2, " ": 2,
		} {
			found, err := s.client.AllOrders(s.as(t, root, token.Admin), shopapi.OrderQuery{Q: typed, Limit: 1})
			all := len(found.Items)
			if err == nil && found.NextCursor != "" {
				rest, err := s.client.AllOrders(s.as(t, root, token.Admin), shopapi.OrderQuery{Q: typed, Limit: 1, Cursor: found.NextCursor})
				if err != nil {
					t.Fatal(err)
				}
				all += len(rest.Items)
			}
			if err != nil || all != want {
				t.Errorf("%q finds %d orders, %v; want %d", typed, all, err, want)
			}
		}
	})
}

func TestProvidersAreKeptByAdmins(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		admin := s.as(t, root, token.Admin)
		list, err := s.client.DeliveryProviders(t.Context())
		if err != nil || len(list.Items) != 4 || list.HomeCountry != "CO" || list.Items[0].Name != "DHL" || list.Items[0].Cost.Amount != 5000 {
			t.Errorf("got %+v, %v", list, err)
		}
		_, err = s.client.CreateDeliveryProvider(admin, shopapi.DeliveryProviderInput{Name: " DHL ", Coverage: shopapi.CoverageNational, Cost: 1})
		if e, ok := apierr.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != shopapi.CodeNameTaken {
			t.Errorf("taken name: got %v", err)
		}
		_, err = s.client.CreateDeliveryProvider(admin, shopapi.DeliveryProviderInput{Name: "D\u200bHL", Coverage: shopapi.CoverageNational, Cost: 1})
		if e, ok := apierr.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != shopapi.CodeNameTaken {
			t.Errorf("a taken name with what can't be seen: got %v", err)
		}
		p, err := s.client.CreateDeliveryProvider(admin, shopapi.DeliveryProviderInput{Name: "\u202eUPS", Coverage: shopapi.CoverageNational, Cost: 1})
		if err != nil || p.Name != "UPS" {
			t.Fatalf("got %+v, %v", p, err)
		}
		if err := s.client.DeleteDeliveryProvider(admin, p.ID); err != nil {
			t.Error(err)
		}
		if err := s.client.DeleteDeliveryProvider(admin, p.ID); !errors.Is(err, shop.ErrProviderNotFound) {
			t.Errorf("deleting it again: got %v", err)
		}
	})
}

func TestEveryFaultIsSaidAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		buyer, admin := s.as(t, ada, token.Buyer), s.as(t, root, token.Admin)
		tracking := "http://x"
		_, provider := s.client.CreateDeliveryProvider(admin, shopapi.DeliveryProviderInput{Name: "\u200b", Coverage: "moon", Cost: -1, TrackingURL: &tracking})
		_, refund := s.client.RefundOrder(admin, "no-such-order", shopapi.RefundInput{Amount: -1, Reason: "\u200b"})
		_, pay := s.client.PayOrder(buyer, "no-such-order", shopapi.Pay{Method: "card", Card: &shopapi.Card{Number: "4242424242424241", ExpMonth: 0, ExpYear: 0, CVC: "x"}})
		order := wants(s.provider(t, "DHL"))
		order.Address.Name, order.Address.City, order.Lines[0].Quantity = "\u200b", "", 0
		_, place := s.client.PlaceOrder(buyer, "all-at-once", order)
		for what, c := range map[string]struct {
			err    error
			fields []string
		}{
			"provider": {provider, []string{"cost", "coverage", "name", "tracking_url"}},
			"refund":   {refund, []string{"amount", "reason"}},
			"card":     {pay, []string{"card.cvc", "card.exp_month", "card.exp_year", "card.number"}},
			"order":    {place, []string{"address.city", "address.name", "lines[0].quantity"}},
		} {
			e, ok := apierr.As(c.err)
			if !ok {
				t.Errorf("%s: got %v", what, c.err)
				continue
			}
			var fields []string
			for _, f := range e.Fields {
				fields = append(fields, f.Field)
			}
			if slices.Sort(fields); !slices.Equal(fields, c.fields) {
				t.Errorf("%s: got the faults of %q, want %q", what, fields, c.fields)
			}
		}
	})
}

func TestAProviderSentAgainIsAddedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		once := httpclient.WithKey(s.as(t, root, token.Admin), "key-of-the-form")
		in := shopapi.DeliveryProviderInput{Name: "Owl post", Coverage: shopapi.CoverageNational, Cost: 300}
		first, err := s.client.CreateDeliveryProvider(once, in)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.client.CreateDeliveryProvider(once, in); err != nil || again != first {
			t.Errorf("got %+v, %v, want %+v again", again, err, first)
		}
		in.Cost++
		if _, err := s.client.CreateDeliveryProvider(once, in); !errors.Is(err, idempotency.ErrReused) {
			t.Errorf("another provider under the key: got %v", err)
		}
	})
}

func TestAPageCostsTheSameHoweverMuchIsOnIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		buyer, seller, admin := s.as(t, ada, token.Buyer), s.as(t, sam, token.Seller), s.as(t, root, token.Admin)
		pages := map[string]func() (rows int, err error){
			"orders": func() (int, error) {
				p, err := s.client.Orders(buyer, shopapi.OrderQuery{})
				return len(p.Items), err
			},
			"all orders": func() (int, error) {
				p, err := s.client.AllOrders(admin, shopapi.OrderQuery{})
				return len(p.Items), err
			},
			"mails": func() (int, error) {
				p, err := s.client.Mails(s.as(t, root, token.Admin), shopapi.MailQuery{Limit: 100})
				return len(p.Items), err
			},
			"sales": func() (int, error) {
				p, err := s.client.Sales(seller, shopapi.SaleQuery{})
				return len(p.Items), err
			},
		}
		cost := func() (rows, reads map[string]int) {
			rows, reads = map[string]int{}, map[string]int{}
			for name, list := range pages {
				reads[name] = sqldbtest.CountReads(t, func() {
					n, err := list()
					if err != nil {
						t.Errorf("%s: %v", name, err)
					}
					rows[name] = n
				})
			}
			return rows, reads
		}
		s.paid(t)
		few, cheap := cost()
		s.paid(t)
		s.paid(t)
		many, dear := cost()
		for name := range pages {
			if few[name] == 0 || many[name] <= few[name] || cheap[name] == 0 || dear[name] != cheap[name] {
				t.Errorf("%s: %d rows cost %d queries, %d rows cost %d", name, few[name], cheap[name], many[name], dear[name])
			}
		}
	})
}
