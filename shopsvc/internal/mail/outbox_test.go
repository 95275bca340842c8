package mail_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/mail"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"
)

const ada, sam, gone, emma = int64(1), int64(11), int64(13), int64(101)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// accounts is an authsvc that knows two users.
type accounts struct{}

func (accounts) Contacts(context.Context, []int64) (map[int64]mail.Contact, error) {
	return map[int64]mail.Contact{ada: {Email: "ada@example.org", Name: "Ada"}, sam: {Email: "sam@example.org", Name: "Sam"}}, nil
}

// postbox is a sender that keeps what it gets, or fails.
type postbox struct {
	mu   sync.Mutex
	err  error
	mail []mail.Message
}

func (p *postbox) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.mail = append(p.mail, m)
	return nil
}

// sold is a shop in which an order was just paid.
type sold struct {
	service *shop.Service
	store   *store.Store
	clock   *shoptest.Clock
	order   *shop.Order
}

func sell(t *testing.T, db *sqldb.DB, sellerID int64) sold {
	t.Helper()
	s := sold{store: store.New(db), clock: shoptest.NewClock()}
	catalog := shoptest.NewCatalog(shop.Book{ID: emma, Title: "Emma", Authors: []string{"Jane Austen"}, SellerID: sellerID, SellerName: "Sam's", Price: 1000, Stock: 1})
	gateway := sandbox.New(db, "http://shop.test", 0, s.clock.Now)
	s.service = shop.NewService(shop.DefaultSettings(), s.store, catalog, gateway, s.clock.Now)
	providers, err := s.store.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	buyer := shop.Caller{UserID: ada, Role: token.Buyer}
	o, err := s.service.PlaceOrder(t.Context(), buyer, "the-only-key", shop.PlaceOrder{
		Lines:      []shop.PlaceLine{{BookID: emma, Quantity: 1, Price: 1000}},
		Deliveries: []shop.DeliveryChoice{{SellerID: sellerID, ProviderID: providers[0].ID}},
		Address:    shop.Address{Name: "Ada", Line1: "Calle 1", City: "Bogotá", Region: "Bogotá", Country: "CO"},
	})
	if err != nil {
		t.Fatal(err)
	}
	card := &shop.Card{Number: sandbox.CardPays, ExpMonth: 12, ExpYear: 2090, CVC: "123"}
	if s.order, err = s.service.Pay(t.Context(), buyer, o.ID, shop.PayRequest{Method: shop.MethodCard, Card: card}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s sold) outbox(sender mail.Sender) *mail.Outbox {
	return mail.NewOutbox(s.store, accounts{}, sender, "http://shop.test", s.clock.Now)
}

func sendDue(t *testing.T, b *mail.Outbox) {
	t.Helper()
	if _, err := b.SendDue(t.Context()); err != nil {
		t.Errorf("send: %v", err)
	}
}

func TestBuyerAndSellerHearOfAPaidOrderOnce(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		s, box := sell(t, db, sam), &postbox{}
		var group sync.WaitGroup
		for range 4 { // instances
			group.Go(func() { sendDue(t, s.outbox(box)) })
		}
		group.Wait()
		var got []string
		for _, m := range box.mail {
			got = append(got, m.To+": "+m.Subject)
		}
		slices.Sort(got)
		want := []string{
			"ada@example.org: Your order " + s.order.Number + " is paid",
			"sam@example.org: You sold books: order " + s.order.Number,
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		for _, m := range box.mail {
			if !strings.Contains(m.Text, "1 × Emma (Jane Austen)") || !strings.Contains(m.Text, "http://shop.test/") {
				t.Errorf("got text %q", m.Text)
			}
		}
	})
}

func TestAMailServerThatIsDownDelaysMailAndNothingElse(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		s, box := sell(t, db, sam), &postbox{err: errors.New("down")}
		for range 3 {
			sendDue(t, s.outbox(box))
			s.clock.Advance(5 * time.Minute)
		}
		box.err = nil
		sendDue(t, s.outbox(box))
		sendDue(t, s.outbox(box))
		if len(box.mail) != 2 {
			t.Errorf("got %d mails once the server is back, want 2", len(box.mail))
		}
	})
}

func TestMailToNobodyIsGivenUp(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		s, box := sell(t, db, gone), &postbox{}
		sendDue(t, s.outbox(box))
		s.clock.Advance(100 * time.Hour)
		due, err := s.store.DueMails(t.Context(), s.clock.Now(), 10)
		if err != nil || len(due) != 0 || len(box.mail) != 1 {
			t.Errorf("got %d mails due, %d sent, %v", len(due), len(box.mail), err)
		}
	})
}

func TestTheOutboxCanBeReadWithoutAMailServer(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		s := sell(t, db, sam)
		b := s.outbox(mail.Discard{})
		sendDue(t, b)
		page, err := b.Letters(t.Context(), 1, "")
		if err != nil || len(page.Items) != 1 || page.Items[0].To != "sam@example.org" || page.Items[0].SentAt.IsZero() {
			t.Fatalf("got %+v, %v", page, err)
		}
		if page, err = b.Letters(t.Context(), 1, page.NextCursor); err != nil || len(page.Items) != 1 || page.Items[0].To != "ada@example.org" {
			t.Errorf("second page: got %+v, %v", page, err)
		}
	})
}

func TestEveryKindOfMailCanBeComposed(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		s, box := sell(t, db, sam), &postbox{}
		kinds := []shop.MailKind{shop.MailConfirmed, shop.MailCancelled, shop.MailTransfer, shop.MailSold, shop.MailReminder,
			shop.MailCalledOff, shop.MailRejected, shop.MailDispatched, shop.MailRefunded}
		for _, kind := range kinds {
			s.order.Changes.Events = []shop.Event{{Seq: s.order.EventSeq + 1, At: s.clock.Now()}}
			s.order.EventSeq++
			s.order.Changes.Mails = []shop.Mail{{Kind: kind, UserID: ada, ShipmentID: s.order.Shipments[0].ID, Detail: "1299"}}
			if err := s.store.SaveOrder(t.Context(), s.order); err != nil {
				t.Fatal(err)
			}
		}
		sendDue(t, s.outbox(box))
		if len(box.mail) != len(kinds)+2 {
			t.Errorf("got %d mails, want %d", len(box.mail), len(kinds)+2)
		}
		for _, m := range box.mail {
			if m.Subject == "" || strings.Contains(m.Subject+m.Text, "<no value>") {
				t.Errorf("got %+v", m)
			}
		}
	})
}

func TestSMTPDeliversToAServer(t *testing.T) {
	address, received := smtpServer(t)
	sender, err := mail.NewSMTP("smtp://"+address, "Bookstore <shop@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	message := mail.Message{ID: "7.x", To: "ada@example.org", ToName: "Ada", Subject: "Günstige Bücher", Text: "Hello"}
	if err := sender.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	text := <-received
	for _, want := range []string{"To: \"Ada\" <ada@example.org>", "From: \"Bookstore\" <shop@example.org>", "Message-ID: <7.x@127.0.0.1>", "Hello"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, text)
		}
	}
	for _, bad := range []string{"", "localhost:25", "http://x", "smtp://x:port"} {
		if _, err := mail.NewSMTP(bad, "a@b"); err == nil {
			t.Errorf("%q is taken for a mail server", bad)
		}
	}
}

// smtpServer answers one connection in plain SMTP and hands over its mail.
func smtpServer(t *testing.T) (address string, received <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	mails := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		mails <- talk(conn)
	}()
	return listener.Addr().String(), mails
}

func talk(conn net.Conn) string {
	var text strings.Builder
	inData := false
	fmt.Fprint(conn, "220 test\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		line := lines.Text()
		switch {
		case inData && line == ".":
			inData = false
			fmt.Fprint(conn, "250 taken\r\n")
		case inData:
			text.WriteString(line + "\n")
		case strings.HasPrefix(line, "DATA"):
			inData = true
			fmt.Fprint(conn, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(conn, "221 bye\r\n")
			return text.String()
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
	return text.String()
}
