package shop_test

import (
	"encoding/json"
	"strings"
	"testing"

	"bookstore/shared/seal"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"

	sq "github.com/Masterminds/squirrel"
)

// looksLikeACode is what a buyer might write, and what the program says when
// the last copy went to somebody else.
const looksLikeACode = shopapi.ReasonStockGone

func TestWhatABuyerWritesIsNoCode(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.place(t, buyer, emma)
		o, err := s.Cancel(t.Context(), buyer, o.ID, "", looksLikeACode)
		if err != nil {
			t.Fatal(err)
		}
		wantState(t, o, shop.Cancelled)
		if want := (shop.Reason{Code: shop.ReasonBuyer, Note: looksLikeACode}); o.EndReason != want {
			t.Errorf("ended for %+v, want %+v", o.EndReason, want)
		}
		if n := s.mails(t, o.ID); n != 0 {
			t.Errorf("%d mails say that the order could not be fulfilled", n)
		}
		for _, e := range s.events(t, o.ID) {
			if e.Code == looksLikeACode || e.Code == shop.ReasonBuyer != (e.Note == looksLikeACode) {
				t.Errorf("%s %s → %s: code %q, note %q", e.Subject, e.From, e.To, e.Code, e.Note)
			}
		}
		s.check(t)
	})
}

// Whatever a person writes, in any place, stands in no column of codes.
func TestNoCodeIsWhatSomebodyWrote(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		ctx, words, tracking := t.Context(), "their own words", "JD014600003"
		o := s.paid(t, emma, dune)
		must := func(_ *shop.Order, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Refund(ctx, admin, o.ID, shop.RefundRequest{Amount: 100, Note: words}))
		must(s.Reject(ctx, seller, o.Shipments[0].ID, words, true))
		must(s.Cancel(ctx, buyer, o.ID, o.Shipments[1].ID, words))
		sent := s.paid(t, ulyss)
		must(s.Dispatch(ctx, seller, sent.Shipments[0].ID, tracking))
		unpaid := s.place(t, buyer, emma)
		must(s.Cancel(ctx, buyer, unpaid.ID, "", words))
		for table, columns := range map[string][]string{
			"order_events": {"code", "reason"}, "refunds": {"code", "reason"}, "orders": {"end_code", "end_reason"}, "payments": {"reason"},
		} {
			for _, column := range columns {
				if n := s.count(t, sq.Select("COUNT(*)").From(table).Where(sq.Eq{column: []string{words, tracking}})); n != 0 {
					t.Errorf("%s.%s: %d times what somebody wrote", table, column, n)
				}
			}
		}
		if n := s.count(t, sq.Select("COUNT(*)").From("order_events").Where(sq.Eq{"note": []string{words, tracking}})); n != 9 {
			t.Errorf("%d events have the note", n)
		}
		s.check(t)
	})
}

func TestANoteIsErasedAndTheChainHolds(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma)
		if _, err := s.Reject(t.Context(), seller, o.Shipments[0].ID, "I have lost my father's copy", false); err != nil {
			t.Fatal(err)
		}
		s.run(t, sq.Update("order_events").Set("note", nil).Set("note_salt", nil).Where(sq.Eq{"order_id": o.ID}))
		digests := 0
		for _, e := range s.events(t, o.ID) {
			text, err := json.Marshal(e)
			if err != nil || strings.Contains(string(text), "father") {
				t.Errorf("the history still says %s (%v)", text, err)
			}
			if e.NoteDigest != "" {
				digests++
			}
		}
		if digests != 2 { // the shipment's rejection and its refund
			t.Errorf("%d digests are left", digests)
		}
		s.check(t)
	})
}

// before stands for the release before: it writes code or note as one text, and
// knows of no other column.
func (s *shopUnderTest) before(t *testing.T, o *shop.Order, e shop.Event) {
	t.Helper()
	o.EventSeq++
	e.Seq, e.At, e.SealVersion = o.EventSeq, s.clock.Now(), seal.VersionText
	o.EventMAC = s.settings.EventKey.Seal(o.EventMAC, o.ID, e)
	s.run(t, sq.Insert("order_events").Columns("order_id", "seq", "at", "actor", "actor_id", "subject", "subject_id", "shipment_id",
		"from_state", "to_state", "reason", "hmac").Values(o.ID, e.Seq, sqldb.Micros(e.At), e.Actor.Role, e.Actor.ID, e.Subject,
		e.SubjectID, e.ShipmentID, e.From, e.To, e.Text, o.EventMAC))
	s.run(t, sq.Update("orders").Set("event_seq", o.EventSeq).Set("event_mac", o.EventMAC).
		Set("version", sq.Expr("version + 1")).Where(sq.Eq{"id": o.ID}))
}

// An order that the release before began to cancel is brought to its end by
// this one, which has to find out whether stock_gone is a code.
func TestAnEndingThatTheReleaseBeforeBeganIsReadRightly(t *testing.T) {
	for _, c := range []struct {
		by    shop.Actor
		why   shop.Reason
		mails int64
	}{
		{shop.Actor{Role: shop.RoleBuyer, ID: ada}, shop.Reason{Note: looksLikeACode}, 0},
		{shop.Actor{Role: shop.RoleSystem}, shop.Reason{Code: looksLikeACode}, 1},
	} {
		t.Run(c.by.Role, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *shopUnderTest) {
				o := s.place(t, buyer, emma)
				s.before(t, o, shop.Event{Actor: c.by, Subject: shop.SubjectOrder, From: shopapi.OrderReserved, To: shopapi.OrderRestocking, Text: looksLikeACode})
				s.run(t, sq.Update("orders").Set("state", "restocking").Set("ending", "cancelled").Set("end_reason", looksLikeACode).
					Set("next_at", sqldb.Micros(s.clock.Now())).Where(sq.Eq{"id": o.ID}))
				s.work(t)
				o = s.order(t, o.ID)
				wantState(t, o, shop.Cancelled)
				if o.EndReason != c.why || s.mails(t, o.ID) != c.mails {
					t.Errorf("ended for %+v with %d mails, want %+v with %d", o.EndReason, s.mails(t, o.ID), c.why, c.mails)
				}
				if _, err := s.PostUnposted(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.check(t)
			})
		})
	}
}

// This release's cancelling is brought to its end by the release before, whose
// reason is the code.
func TestTheReleaseBeforeReadsACodeWhereThisOneWroteANote(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.pay(t, s.place(t, buyer, emma), shop.PayRequest{Method: shop.MethodTransfer})
		s.faults.InjectAt(3, shoptest.Crash) // after the cancelling is saved
		alone(func() { _, _ = s.Cancel(t.Context(), buyer, o.ID, "", looksLikeACode) })
		s.Wait(t.Context())
		reasons := []string{
			s.text(t, sq.Select("end_reason").From("orders").Where(sq.Eq{"id": o.ID, "state": "voiding"})),
			s.text(t, sq.Select("reason").From("order_events").Where(sq.Eq{"order_id": o.ID, "to_state": "voiding"})),
		}
		for _, reason := range reasons {
			if reason != shop.ReasonBuyer {
				t.Errorf("the release before reads %q (fault at %q)", reason, s.faults.Injected())
			}
		}
	})
}

func TestOldReasonsAreSplitByWhoGaveThemAndForWhat(t *testing.T) {
	byBuyer, bySeller, byAdmin := shop.Actor{Role: shop.RoleBuyer, ID: ada}, shop.Actor{Role: shop.RoleSeller, ID: sam}, shop.Actor{Role: shop.RoleAdmin, ID: root}
	var system = shop.Actor{Role: shop.RoleSystem}
	for _, c := range []struct {
		what   string
		events []shop.Event
		code   shop.Code // of the last of them
		note   string
	}{
		{"a way to pay", []shop.Event{{Actor: byBuyer, Subject: shopapi.SubjectPayment, To: shopapi.PaymentStarted, Text: "card"}}, "card", ""},
		{"a declined card", []shop.Event{{Actor: system, Subject: shopapi.SubjectPayment, To: shopapi.PaymentDeclined, Text: shopapi.DeclinedExpired}}, shopapi.DeclinedExpired, ""},
		{"cancelled without words", []shop.Event{{Actor: byBuyer, Subject: shopapi.SubjectOrder, From: shopapi.OrderReserved, To: shopapi.OrderRestocking, Text: shopapi.ReasonBuyerCancelled}}, shopapi.ReasonBuyerCancelled, ""},
		{shopapi.ReasonReplaced, []shop.Event{{Actor: byBuyer, Subject: shopapi.SubjectOrder, From: shopapi.OrderReserved, To: shopapi.OrderRestocking, Text: shopapi.ReasonReplaced}}, shopapi.ReasonReplaced, ""},
		{"another way to pay", []shop.Event{{Actor: byBuyer, Subject: shopapi.SubjectOrder, From: shopapi.OrderAwaitingPayment, To: shopapi.OrderVoiding, Text: shopapi.ReasonOtherMethod}}, shopapi.ReasonOtherMethod, ""},
		{"cancelled with words", []shop.Event{{Actor: byBuyer, Subject: shopapi.SubjectOrder, From: shopapi.OrderReserved, To: shopapi.OrderRestocking, Text: shopapi.ReasonStockGone}}, "", shopapi.ReasonStockGone},
		{"what the system did about it", []shop.Event{
			{Actor: byBuyer, Subject: shopapi.SubjectOrder, From: shopapi.OrderReserved, To: shopapi.OrderRestocking, Text: shopapi.ReasonStockGone},
			{Actor: system, Subject: shopapi.SubjectStock, From: shopapi.StockHeld, To: shopapi.StockReturned},
			{Actor: system, Subject: shopapi.SubjectOrder, From: shopapi.OrderRestocking, To: shopapi.OrderCancelled, Text: shopapi.ReasonStockGone},
		}, "", shopapi.ReasonStockGone},
		{"what the system did by itself", []shop.Event{
			{Actor: byBuyer, Subject: shopapi.SubjectOrder, From: "", To: shopapi.OrderPending},
			{Actor: system, Subject: shopapi.SubjectOrder, From: shopapi.OrderAuthorised, To: shopapi.OrderVoiding, Text: shopapi.ReasonStockGone},
		}, shopapi.ReasonStockGone, ""},
		{"a step without a reason", []shop.Event{
			{Actor: byBuyer, Subject: shopapi.SubjectOrder, From: shopapi.OrderReserved, To: shopapi.OrderRestocking, Text: shopapi.ReasonBuyerCancelled},
			{Actor: system, Subject: shopapi.SubjectStock, From: shopapi.StockHeld, To: shopapi.StockReturned},
		}, "", ""},
		{"rejected", []shop.Event{{Actor: bySeller, Subject: shopapi.SubjectShipment, ShipmentID: "s", To: shopapi.ShipmentRejected, Text: shopapi.ReasonSellerDeadline}}, "", shopapi.ReasonSellerDeadline},
		{"its refund", []shop.Event{{Actor: bySeller, Subject: shopapi.SubjectRefund, ShipmentID: "s", To: shopapi.RefundDue, Text: shopapi.ReasonBuyerCancelled}}, "", shopapi.ReasonBuyerCancelled},
		{"sent", []shop.Event{{Actor: bySeller, Subject: shopapi.SubjectShipment, ShipmentID: "s", To: shopapi.ShipmentDispatched, Text: shopapi.ReasonReplaced}}, "", shopapi.ReasonReplaced},
		{"a goodwill refund", []shop.Event{{Actor: byAdmin, Subject: shopapi.SubjectRefund, ShipmentID: "s", To: shopapi.RefundDue, Text: shopapi.ReasonOverpaid}}, "", shopapi.ReasonOverpaid},
		{"late money", []shop.Event{{Actor: byAdmin, Subject: shopapi.SubjectRefund, To: shopapi.RefundDue, Text: shopapi.ReasonLatePayment}}, shopapi.ReasonLatePayment, ""},
		{"too much money", []shop.Event{{Actor: system, Subject: shopapi.SubjectRefund, To: shopapi.RefundDue, Text: shopapi.ReasonOverpaid}}, shopapi.ReasonOverpaid, ""},
		{"a transfer", []shop.Event{{Actor: byAdmin, Subject: shopapi.SubjectPayment, To: shopapi.PaymentPending, Text: shopapi.ReasonConfirmed}}, shopapi.ReasonConfirmed, ""},
		{"no shipment left", []shop.Event{{Actor: bySeller, Subject: shopapi.SubjectOrder, From: shopapi.OrderPaid, To: shopapi.OrderCancelled, Text: shopapi.ReasonNoShipments}}, shopapi.ReasonNoShipments, ""},
	} {
		shop.SplitReasons(c.events)
		if last := c.events[len(c.events)-1]; last.Code != c.code || last.Note != c.note {
			t.Errorf("%s: got code %q and note %q, want %q and %q", c.what, last.Code, last.Note, c.code, c.note)
		}
	}
}

// Refunds of the release before have their reason from the history.
func TestOldRefundsAreReadRightly(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma, dune)
		if _, err := s.Reject(t.Context(), seller, o.Shipments[0].ID, shopapi.ReasonSellerDeadline, false); err != nil {
			t.Fatal(err)
		}
		s.work(t)
		o = s.order(t, o.ID)
		s.run(t, sq.Update("refunds").Set("reason", shopapi.ReasonSellerDeadline).Set("code", nil).Set("note", nil).Where(sq.Eq{"order_id": o.ID}))
		s.run(t, sq.Update("order_events").Set("reason", shopapi.ReasonSellerDeadline).Set("code", nil).Set("note", nil).Set("seal_version", 0).
			Where(sq.Eq{"order_id": o.ID, "subject": "refund", "to_state": "due"}))
		want := shop.Reason{Note: shopapi.ReasonSellerDeadline}
		list, err := s.AllOrders(t.Context(), admin, shop.OrderQuery{})
		if err != nil || len(list.Items) != 1 || list.Items[0].Refunds[0].Reason != want {
			t.Errorf("in a list: got %+v, %v; want %+v", list, err, want)
		}
		o = s.order(t, o.ID)
		if got := o.Refunds[0].Reason; got != want || o.CalledOffFor(o.Shipments[0].ID) != "" {
			t.Errorf("got %+v and the code %q, want %+v and none", got, o.CalledOffFor(o.Shipments[0].ID), want)
		}
	})
}

func TestPaymentsSayWhyByCodesOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.pay(t, s.place(t, buyer, emma), card(sandbox.CardNoFunds))
		for _, e := range s.events(t, o.ID) {
			if e.Note != "" || e.Subject == shop.SubjectPayment && e.Code == "" {
				t.Errorf("%s %s: code %q, note %q", e.Subject, e.To, e.Code, e.Note)
			}
		}
	})
}

func (s *shopUnderTest) events(t *testing.T, id string) []shop.Event {
	t.Helper()
	events, err := s.store.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// mails counts the mails that say that an order could not be fulfilled.
func (s *shopUnderTest) mails(t *testing.T, id string) int64 {
	t.Helper()
	return s.count(t, sq.Select("COUNT(*)").From("outbox").
		Where(sq.Eq{"order_id": id, "kind": shop.MailCancelled, "detail": []string{shop.ReasonStockGone, shop.ReasonCaptureRefused, shop.ReasonSellerSuspended}}))
}

func (s *shopUnderTest) run(t *testing.T, statement sq.Sqlizer) {
	t.Helper()
	if _, err := sqldb.Exec(t.Context(), s.db.Writer(), statement); err != nil {
		t.Fatal(err)
	}
}

func (s *shopUnderTest) text(t *testing.T, query sq.SelectBuilder) string {
	t.Helper()
	text, err := sqldb.QueryOne(t.Context(), s.db.Writer(), query, func(row sqldb.Row) (string, error) {
		var text string
		err := row.Scan(&text)
		return text, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
