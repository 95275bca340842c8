package mail_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/mail"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	shopmail "bookstore/shopsvc/internal/mail"
	"bookstore/shopsvc/internal/shop"
)

func TestBuyerAndSellersHearOfAPaidOrderOnce(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newShop(t, db, "en")
		s.paid(true)
		var instances sync.WaitGroup
		for range 4 {
			instances.Go(func() {
				if _, err := s.outbox(&s.box).SendDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		instances.Wait()
		var got []string
		for _, m := range s.box.mails {
			got = append(got, m.To.Email)
		}
		slices.Sort(got)
		if want := []string{"ada@example.org", "sally@example.org", "sam@example.org"}; !slices.Equal(got, want) {
			t.Errorf("got mails to %q, want %q", got, want)
		}
	})
}

// A mail tells what was so when it was written, not when it is sent.
func TestAMailIsNotChangedByWhatHappensAfterwards(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newShop(t, db, "en")
		s.place(false)
		s.pay(shop.MethodTransfer, "")
		until := s.order.ExpiresAt
		s.confirm(s.order.Total)
		s.pass(0)
		s.take(s.Cancel(t.Context(), buyer, s.order.ID, "", ""))
		mails := s.send()
		if len(mails) < 4 || !strings.Contains(mails[0].Subject, "How to pay") || !strings.Contains(mails[0].Text, until.UTC().Format("15:04")) {
			t.Errorf("got %+v", mails)
		}
	})
}

// A seller reads their own language, whatever the buyer's is.
func TestEachReaderIsWrittenToInTheirLanguage(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newShop(t, db, "es")
		s.paid(false)
		s.language = "en" // of all accounts; the order stays Spanish
		got := map[string]string{}
		for _, m := range s.send() {
			got[m.To.Email] = m.Language
		}
		if got["ada@example.org"] != "es" || got["sam@example.org"] != "en" {
			t.Errorf("got %v", got)
		}
	})
}

// The release before kept neither facts nor a language with a mail, and may
// still write some while this one serves. It wrote what people say where it
// wrote codes, so that neither is believed.
func TestMailsOfTheReleaseBeforeAreSent(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		s := newShop(t, db, "es")
		s.paid(true)
		s.send()
		s.box.mails = nil
		former := map[shop.MailKind]string{
			shop.MailConfirmed: "", shop.MailCancelled: shopapi.ReasonStockGone, shop.MailTransfer: "AB-12", shop.MailSold: "", shop.MailReminder: "",
			shop.MailCalledOff: shopapi.ReasonSellerDeadline, shop.MailRejected: "Se rompió", shop.MailDispatched: "JD0146", shop.MailRefunded: "100",
		}
		for kind, detail := range former {
			shipment := s.shipment()
			if kind == shop.MailConfirmed || kind == shop.MailCancelled || kind == shop.MailTransfer {
				shipment = ""
			}
			_, err := db.Writer().ExecContext(t.Context(), `INSERT INTO outbox (kind, user_id, order_id, shipment_id, detail, created_at, next_at)
				VALUES (?, ?, ?, ?, ?, 1, 1)`, kind, ada, s.order.ID, shipment, detail)
			if err != nil {
				t.Fatal(err)
			}
		}
		all := ""
		for _, m := range s.send() {
			all += m.Subject + "\n" + m.Text
			if m.Language != "es" || strings.Contains(m.Text, "<no value>") || !strings.Contains(m.Text, "Emma") {
				t.Errorf("got %+v", m)
			}
		}
		if n := len(s.box.mails); n != len(former) {
			t.Errorf("got %d mails, want %d", n, len(former))
		}
		for _, want := range []string{"AB-12", "no fue posible atender tu pedido", "Este envío de Sam's está cancelado", "> Se rompió", "JD0146", "1,00"} {
			if !strings.Contains(all, want) {
				t.Errorf("no mail says %q:\n%s", want, all)
			}
		}
	})
}

func TestMailsNameTimesOfTheShopsZone(t *testing.T) {
	zone := time.FixedZone("COT", -5*60*60)
	c, err := shopmail.Composer{TimeZone: zone}.Compose(mail.Entry{Kind: string(shop.MailSold), Facts: []byte(`{"answer_by":"2026-05-03T02:00:00Z"}`)}, "en", "")
	if err != nil || !strings.Contains(c.Text, "by 2 May 2026, 21:00 COT") {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestEveryKindOfMailHasAWriter(t *testing.T) {
	for _, kind := range shop.MailKinds {
		for _, lang := range []string{"en", "es"} {
			c, err := shopmail.Composer{}.Compose(mail.Entry{Kind: string(kind), Facts: []byte(`{"number":"AB-12"}`)}, lang, "")
			if err != nil || !strings.Contains(c.Subject, "AB-12") || strings.Contains(c.Subject+c.Text, "mail.") {
				t.Errorf("%s in %s: got %+v, %v", kind, lang, c, err)
			}
		}
	}
}
