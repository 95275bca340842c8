// Package deadlines proves what time does to an order.
package deadlines

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
	"bookstore/shared/mailapi"
	"bookstore/shared/shopapi"
)

const (
	remindAfter = 48 * time.Hour
	cancelAfter = 96 * time.Hour
	copies      = 3 // of each book
)

// fourDays is a shop whose buyer has paid two sellers at once. One of them
// accepts, the other does nothing at all.
type fourDays struct {
	*shoptest.Shop
	buyer, diligent, silent shoptest.Account
	sent, forgotten         catalogapi.Book
	order                   shopapi.Order
}

// A seller who does nothing is reminded after two days, and loses the sale
// after four: the buyer's money and the copies go back. Between the days
// shopsvc is stopped or killed, and starts again with a later clock.
func TestFourDaysInTheLifeOfAnOrder(t *testing.T) {
	o := cluster.Options{Bin: shoptest.FaultyPrograms(t)}
	shoptest.OnEachDatabase(t, o, func(t *testing.T, s *shoptest.Shop) {
		f := newFourDays(t, s)
		abandoned := f.placeAndLeave(t)

		f.restartAhead(t, (*cluster.Process).Stop, remindAfter-time.Hour)
		// The worker has passed by when it has let the unpaid order go.
		f.awaitOrder(t, abandoned, func(o shopapi.Order) bool { return o.State == shopapi.OrderExpired })
		f.wantMails(t, "order_confirmed to buyer", "sold to diligent", "sold to silent")
		f.wantShipments(t, shopapi.ShipmentAccepted, shopapi.ShipmentNew)
		f.WantBooksBalanced(t, remindAfter-time.Hour)

		f.restartAhead(t, (*cluster.Process).Kill, remindAfter+time.Minute)
		f.awaitMail(t, "reminder to silent")
		f.wantShipments(t, shopapi.ShipmentAccepted, shopapi.ShipmentNew)
		f.WantBooksBalanced(t, remindAfter+time.Minute)

		f.restartAhead(t, (*cluster.Process).Kill, cancelAfter+time.Minute)
		f.awaitMail(t, "refunded to buyer")
		f.awaitOrder(t, f.order.ID, func(shopapi.Order) bool { return f.Stock(t, f.forgotten.ID) == copies })
		f.wantCalledOff(t)
		f.WantBooksBalanced(t, cancelAfter+time.Minute)

		// Nothing happens twice, and the other shipment goes its way.
		f.restartAhead(t, (*cluster.Process).Stop, cancelAfter+time.Hour)
		f.dispatch(t)
		f.awaitMail(t, "dispatched to buyer")
		f.wantMails(t, "dispatched to buyer", "order_confirmed to buyer", "refunded to buyer", "reminder to silent",
			"shipment_cancelled to buyer", "shipment_cancelled to silent", "sold to diligent", "sold to silent")
		f.wantCalledOff(t)
		f.wantMailsKept(t)
		f.WantBooksBalanced(t, cancelAfter+time.Hour)
	})
}

func newFourDays(t *testing.T, s *shoptest.Shop) *fourDays {
	t.Helper()
	f := &fourDays{
		Shop: s, buyer: s.Register(t, "Bea Buyer"),
		diligent: s.RegisterSeller(t, "Diligent Books"), silent: s.RegisterSeller(t, "Silent Books"),
	}
	f.sent = s.List(t, f.diligent, "Frankenstein", 1299, copies)
	f.forgotten = s.List(t, f.silent, "The Last Man", 2150, copies)
	f.order = f.place(t, f.sent, f.forgotten)
	order, err := s.Orders.PayOrder(f.buyer.As(t.Context()), f.order.ID, shopapi.Pay{Method: shopapi.MethodCard, Card: shoptest.NewCard(shoptest.CardPays)})
	if err != nil || order.State != shopapi.OrderPaid {
		t.Fatalf("pay: %s, %v", order.State, err)
	}
	f.order = order
	if _, err := s.Orders.AcceptShipment(f.diligent.As(t.Context()), f.shipment(order, f.diligent).ID); err != nil {
		t.Fatalf("accept: %v", err)
	}
	return f
}

// place orders a copy of each book.
func (f *fourDays) place(t *testing.T, books ...catalogapi.Book) shopapi.Order {
	t.Helper()
	ctx := f.buyer.As(t.Context())
	var cart shopapi.Cart
	for _, b := range books {
		var err error
		if cart, err = f.Orders.SetCartLine(ctx, b.ID, shopapi.SetCartLine{Quantity: 1}); err != nil {
			t.Fatalf("cart: %v", err)
		}
	}
	order, err := f.Orders.PlaceOrder(ctx, cart.CheckoutKey, shoptest.OrderOf(f.NationalProvider(t).ID, books...))
	if err != nil {
		t.Fatalf("place: %v", err)
	}
	return order
}

// placeAndLeave places an order that is never paid, and returns its id.
func (f *fourDays) placeAndLeave(t *testing.T) string {
	t.Helper()
	return f.place(t, f.sent).ID
}

// restartAhead ends shopsvc and starts it with a clock that goes ahead.
func (f *fourDays) restartAhead(t *testing.T, end func(*cluster.Process) error, ahead time.Duration) {
	t.Helper()
	for _, p := range f.Processes(cluster.Shop) {
		if err := end(p); err != nil {
			t.Fatal(err)
		}
		p.Set("FAULT_CLOCK_AHEAD=" + ahead.String())
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		if err := p.WaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func (f *fourDays) dispatch(t *testing.T) {
	t.Helper()
	id := f.shipment(f.order, f.diligent).ID
	if _, err := f.Orders.DispatchShipment(f.diligent.As(t.Context()), id, shopapi.Dispatch{TrackingNumber: "SV-1000"}); err != nil {
		t.Fatalf("dispatch: %v", err)
	}
}

func (f *fourDays) read(t *testing.T, id string) shopapi.Order {
	t.Helper()
	o, err := f.Orders.Order(f.buyer.As(t.Context()), id)
	if err != nil {
		t.Fatalf("read order: %v", err)
	}
	return o
}

func (f *fourDays) shipment(o shopapi.Order, seller shoptest.Account) shopapi.Shipment {
	i := slices.IndexFunc(o.Shipments, func(s shopapi.Shipment) bool { return s.SellerID == seller.ID })
	return o.Shipments[i]
}

func (f *fourDays) awaitOrder(t *testing.T, id string, ready func(shopapi.Order) bool) {
	t.Helper()
	shoptest.Await(t, "order "+id, func() bool { return ready(f.read(t, id)) })
}

// mails returns who is sent which mails about the paid order, in alphabetical
// order.
func (f *fourDays) mails(t *testing.T) []string {
	t.Helper()
	names := map[string]string{
		fmt.Sprint(f.buyer.ID): "buyer", fmt.Sprint(f.diligent.ID): "diligent", fmt.Sprint(f.silent.ID): "silent",
	}
	rows := f.Query(t, cluster.Shop, "SELECT kind, user_id FROM outbox WHERE order_id = '"+f.order.ID+"'")
	for i, row := range rows {
		kind, user, _ := strings.Cut(row, " | ")
		rows[i] = kind + " to " + names[user]
	}
	slices.Sort(rows)
	return rows
}

func (f *fourDays) wantMails(t *testing.T, want ...string) {
	t.Helper()
	if got := f.mails(t); !slices.Equal(got, want) {
		t.Errorf("mails:\ngot  %v\nwant %v", got, want)
	}
}

func (f *fourDays) awaitMail(t *testing.T, mail string) {
	t.Helper()
	shoptest.Await(t, mail, func() bool { return slices.Contains(f.mails(t), mail) })
}

// wantShipments fails the test unless the shipments of the diligent and the
// silent seller are in these states, and the order is paid.
func (f *fourDays) wantShipments(t *testing.T, diligent, silent string) {
	t.Helper()
	o := f.read(t, f.order.ID)
	if got := f.shipment(o, f.diligent).State; got != diligent {
		t.Errorf("the accepted shipment is %s, want %s", got, diligent)
	}
	if got := f.shipment(o, f.silent).State; got != silent {
		t.Errorf("the forgotten shipment is %s, want %s", got, silent)
	}
	if o.State != shopapi.OrderPaid {
		t.Errorf("the order is %s, want paid", o.State)
	}
}

// wantCalledOff fails the test unless the forgotten shipment, and no more, was
// called off in time and paid back once.
func (f *fourDays) wantCalledOff(t *testing.T) {
	t.Helper()
	o := f.read(t, f.order.ID)
	gone := f.shipment(o, f.silent)
	if gone.State != "cancelled" || gone.Refunded != gone.Total || o.State != shopapi.OrderPaid || o.Refunded != gone.Total {
		t.Errorf("shipment %s (%v of %v refunded), order %s (%v refunded)", gone.State, gone.Refunded, gone.Total, o.State, o.Refunded)
	}
	if len(o.Refunds) != 1 || o.Refunds[0].State != "paid" || o.Refunds[0].Amount != gone.Total {
		t.Errorf("refunds: %+v, want one of %v, paid", o.Refunds, gone.Total)
	}
	paidBack := f.Query(t, cluster.Shop, "SELECT COUNT(*), SUM(amount) FROM sandbox_refunds")
	if want := fmt.Sprintf("1 | %d", gone.Total.Amount); paidBack[0] != want {
		t.Errorf("the gateway paid back %s, want %s", paidBack[0], want)
	}
	if got := f.Stock(t, f.forgotten.ID); got != copies {
		t.Errorf("%d copies of the forgotten book, want %d", got, copies)
	}
	if got := f.Stock(t, f.sent.ID); got != copies-1 {
		t.Errorf("%d copies of the sent book, want %d", got, copies-1)
	}
	f.wantDeadlines(t, o, gone)
}

// wantDeadlines fails the test unless the history tells of the reminder and
// the cancellation, each once and not before its time.
func (f *fourDays) wantDeadlines(t *testing.T, o shopapi.Order, gone shopapi.Shipment) {
	t.Helper()
	var paid time.Time
	var got []string
	for _, e := range o.Events {
		if e.Subject != shopapi.SubjectShipment || e.SubjectID != gone.ID {
			continue
		}
		got = append(got, e.To+" "+e.Reason)
		after := e.At.Sub(paid)
		switch e.Reason {
		case "":
			paid = e.At
		case shopapi.ReasonSellerReminded:
			if after < remindAfter {
				t.Errorf("reminded %v after the payment", after)
			}
		case shopapi.ReasonSellerDeadline:
			if after < cancelAfter {
				t.Errorf("called off %v after the payment", after)
			}
		}
	}
	if want := []string{shopapi.ShipmentNew + " ", shopapi.ShipmentNew + " " + shopapi.ReasonSellerReminded, shopapi.ShipmentCancelled + " " + shopapi.ReasonSellerDeadline}; !slices.Equal(got, want) {
		t.Errorf("history of the forgotten shipment: %q, want %q", got, want)
	}
}

// wantMailsKept fails the test unless all mails are kept, for there is no mail
// server, and the admin can read what the silent seller would have got.
func (f *fourDays) wantMailsKept(t *testing.T) {
	t.Helper()
	shoptest.Await(t, "no mail waits", func() bool {
		return f.Query(t, cluster.Shop, "SELECT COUNT(*) FROM outbox WHERE next_at IS NOT NULL OR sent_at IS NOT NULL")[0] == "0"
	})
	mails, err := f.Orders.Mails(f.SignIn(t, shoptest.Admin).As(t.Context()), shopapi.MailQuery{Limit: 100})
	if err != nil {
		t.Fatalf("mailbox: %v", err)
	}
	subjects := map[string]bool{}
	for _, m := range mails.Items {
		if m.To == f.silent.Email && m.State == mailapi.Kept {
			subjects[m.Subject] = true
		}
	}
	for _, want := range []string{
		"You sold books: order " + f.order.Number,
		"Order " + f.order.Number + " is waiting for you",
		"A sale of order " + f.order.Number + " is cancelled",
	} {
		if !subjects[want] {
			t.Errorf("the silent seller has no mail %q, only %v", want, subjects)
		}
	}
}
