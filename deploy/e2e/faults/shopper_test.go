package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

// retryPause is how long nobody asks again after silence.
const retryPause = 200 * time.Millisecond

// session is a person whose access token is renewed in time.
type session struct {
	shoptest.Account
	auth    *authapi.Client
	mu      sync.Mutex
	renewed time.Time
}

func (f *faultyShop) session(a shoptest.Account) *session {
	return &session{Account: a, auth: f.Auth, renewed: time.Now()}
}

// as returns a context for calls on behalf of the person.
func (s *session) as(ctx context.Context) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.renewed) > 5*time.Minute {
		grant, err := s.auth.Login(ctx, authapi.Login{Email: s.Email, Password: s.Password})
		if err == nil {
			s.Token, s.renewed = grant.AccessToken, time.Now()
		}
	}
	return s.Account.As(ctx)
}

// shopper buys again and again, each time in another way.
type shopper struct {
	*faultyShop
	*session
	orders    *shopapi.Client // of its own, so that nobody else's failures keep it waiting
	dice      *rand.Rand
	provider  int64
	browser   *http.Client // of a shopper who uses the pages; nil: the APIs
	checkouts []*checkout
}

// checkout is one purchase, however often its request is sent.
type checkout struct {
	key     string
	request shopapi.PlaceOrder
	form    url.Values // of the checkout page; nil for the API

	mu         sync.Mutex
	order      string // that it was answered with; empty: refused
	total      int64
	onlySeen   string // the state in every answer, if it was the same
	unanswered int    // how many sendings got no answer
	refused    int
}

// keepBuying buys until faults ends; what was begun is brought to an answer, if need
// be until answers ends.
func (b *shopper) keepBuying(faults, answers context.Context) {
	for shoptest.Pause(faults, between(b.dice, 0, 200*time.Millisecond)) {
		c, err := b.prepare(faults)
		if err != nil {
			continue // nothing was asked for yet
		}
		b.checkouts = append(b.checkouts, c)
		b.place(answers, c)
		if c.order == "" {
			b.tally.count(&b.tally.refused, 1)
			continue
		}
		b.decide(answers, c.order)
	}
}

// prepare chooses books and goes to the checkout: with the cart through the
// API, with the cart through the pages, or without a cart.
func (b *shopper) prepare(ctx context.Context) (*checkout, error) {
	books := b.shelf.pick(b.dice, 1+b.dice.IntN(4))
	c := &checkout{request: shoptest.OrderOf(b.provider, books...)}
	if b.browser == nil && b.dice.IntN(2) == 0 {
		c.key = fmt.Sprintf("made-up-%d-%d", b.ID, len(b.checkouts))
		return c, nil
	}
	cart, err := b.emptyCart(ctx)
	if err != nil {
		return nil, err
	}
	if b.browser != nil {
		return c, b.fillCartOnPages(ctx, c)
	}
	for _, l := range c.request.Lines {
		if cart, err = b.orders.SetCartLine(b.as(ctx), l.BookID, shopapi.SetCartLine{Quantity: l.Quantity}); err != nil {
			return nil, err
		}
	}
	c.key = cart.CheckoutKey
	return c, nil
}

func (b *shopper) emptyCart(ctx context.Context) (shopapi.Cart, error) {
	cart, err := b.orders.Cart(b.as(ctx))
	for err == nil && len(cart.Lines) > 0 {
		cart, err = b.orders.RemoveCartLine(b.as(ctx), cart.Lines[0].BookID)
	}
	return cart, err
}

// place sends the request up to five times, and on until there is an answer.
func (b *shopper) place(ctx context.Context, c *checkout) {
	b.tally.count(&b.tally.tried, 1)
	b.repeat(func() { b.send(ctx, c) })
	for c.order == "" && c.refused == 0 && shoptest.Pause(ctx, retryPause) {
		b.tally.count(&b.tally.replays, 1)
		b.send(ctx, c)
	}
}

// repeat sends a request one to five times, one after the other or at once.
func (b *shopper) repeat(send func()) {
	times := 1 + b.dice.IntN(5)
	b.tally.count(&b.tally.replays, times-1)
	if b.dice.IntN(2) == 0 {
		for range times {
			send()
		}
		return
	}
	var sending sync.WaitGroup
	for range times {
		sending.Go(send)
	}
	sending.Wait()
}

// send sends the request once and notes the answer.
func (b *shopper) send(ctx context.Context, c *checkout) {
	var order shopapi.Order
	var err error
	if c.form != nil {
		order, err = b.placeOnPages(ctx, c.form)
	} else {
		order, err = b.orders.PlaceOrder(b.as(ctx), c.key, c.request)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		b.noteOrder(c, order)
	case apierr.IsKind(err, apierr.KindConflict), apierr.IsKind(err, apierr.KindInvalid):
		c.refused++
	case isUnanswered(err):
		c.unanswered++
		b.tally.count(&b.tally.unanswered, 1)
	default:
		b.tally.wrongf("place: buyer %d was told %v", b.ID, err)
		c.refused++
	}
}

func (b *shopper) noteOrder(c *checkout, o shopapi.Order) {
	switch {
	case c.order == "":
		c.order, c.total, c.onlySeen = o.ID, o.Total.Amount, o.State
	case c.order != o.ID && c.onlySeen == shopapi.OrderPending:
		// The first was refused by the catalog later on: its key was free.
		c.order, c.total, c.onlySeen = o.ID, o.Total.Amount, o.State
	case c.order != o.ID:
		b.tally.wrongf("one checkout of buyer %d made the orders %s and %s", b.ID, c.order, o.ID)
	case c.total != o.Total.Amount:
		b.tally.wrongf("order %s first cost %d, then %d", o.ID, c.total, o.Total.Amount)
	case c.onlySeen != o.State:
		c.onlySeen = ""
	}
}

// isUnanswered reports whether nobody knows what became of a request.
func isUnanswered(err error) bool {
	e, ok := apierr.As(err)
	return !ok || e.Kind == apierr.KindUnavailable || e.Kind == apierr.KindInternal || e.Code == apierr.CodeBusy
}

// decide pays the order, in one of many ways, or cancels it, or both.
func (b *shopper) decide(ctx context.Context, id string) {
	switch n := b.dice.IntN(100); {
	case n < 6: // the order is left alone
	case n < 14:
		b.cancel(ctx, id)
	case n < 20:
		var both sync.WaitGroup
		wait := between(b.dice, 0, 60*time.Millisecond)
		both.Go(func() {
			if shoptest.Pause(ctx, wait) {
				_, err := b.orders.CancelOrder(b.as(ctx), id, shopapi.Cancel{})
				b.noteAnswer("cancel", id, err)
			}
		})
		b.payByCard(ctx, id, shoptest.CardPays)
		both.Wait()
	case n < 24:
		b.payByTransfer(ctx, id)
	case n < 29:
		b.payByPayPal(ctx, id)
	case n < 34:
		b.payByCard(ctx, id, shoptest.CardPays)
		b.cancel(ctx, id)
	default:
		b.payByCards(ctx, id)
	}
}

// payByCards tries cards, of which some are declined or take their time, until
// one was not declined.
func (b *shopper) payByCards(ctx context.Context, id string) {
	for _, card := range []string{b.anyCard(), b.anyCard(), shoptest.CardPays} {
		b.payByCard(ctx, id, card)
		order, err := b.orders.Order(b.as(ctx), id)
		if err != nil || order.State != shopapi.OrderReserved {
			return
		}
	}
}

func (b *shopper) anyCard() string {
	switch n := b.dice.IntN(100); {
	case n < 10:
		return shoptest.CardDeclined
	case n < 20:
		return shoptest.CardSecondTry
	case n < 24:
		return shoptest.CardLate
	case n < 28:
		return shoptest.CardLateCharged
	case n < 31:
		return shoptest.CardLateDeclined
	case n < 35:
		return shoptest.CardCaptureRefused
	}
	return shoptest.CardPays
}

func (b *shopper) payByCard(ctx context.Context, id, card string) {
	b.repeat(func() {
		if b.browser != nil {
			b.noteAnswer("pay", id, b.payOnPages(ctx, id, card))
			return
		}
		order, err := b.orders.PayOrder(b.as(ctx), id, shopapi.Pay{Method: shopapi.MethodCard, Card: shoptest.NewCard(card)})
		b.notePaid(order, err)
		b.noteAnswer("pay", id, err)
	})
}

func (b *shopper) payByTransfer(ctx context.Context, id string) {
	order, err := b.orders.PayOrder(b.as(ctx), id, shopapi.Pay{Method: shopapi.MethodBankTransfer})
	b.noteAnswer("choose a transfer", id, err)
	if err != nil || order.State != shopapi.OrderAwaitingPayment {
		return
	}
	b.repeat(func() {
		in := shopapi.ConfirmPayment{Amount: order.Total.Amount, Reference: order.Payment.Reference}
		_, err := b.orders.ConfirmPayment(b.admin.as(ctx), order.Payment.ID, in)
		b.noteAnswer("confirm a transfer", id, err)
	})
}

func (b *shopper) payByPayPal(ctx context.Context, id string) {
	order, err := b.orders.PayOrder(b.as(ctx), id, shopapi.Pay{Method: shopapi.MethodPayPal})
	b.noteAnswer("choose PayPal", id, err)
	if err != nil || order.State != shopapi.OrderAwaitingPayment {
		return
	}
	page, err := url.Parse(order.Payment.RedirectURL)
	if err != nil {
		b.tally.wrongf("order %s leads to %q: %v", id, order.Payment.RedirectURL, err)
		return
	}
	event := shopapi.SandboxEvent{Key: page.Query().Get("key"), Outcome: shopapi.SandboxApproved}
	if b.dice.IntN(4) == 0 {
		event.Outcome = shopapi.SandboxCancelled
	}
	b.repeat(func() {
		_, err := b.orders.SandboxEvent(httpclient.WithFresh(ctx), event)
		b.noteAnswer("decide at PayPal", id, err)
	})
}

func (b *shopper) cancel(ctx context.Context, id string) {
	b.repeat(func() {
		if b.browser != nil {
			b.noteAnswer("cancel", id, b.cancelOnPages(ctx, id))
			return
		}
		_, err := b.orders.CancelOrder(b.as(ctx), id, shopapi.Cancel{Reason: "changed my mind"})
		b.noteAnswer("cancel", id, err)
	})
}

// noteAnswer complains of answers that are neither success, nor a refusal that
// says the order's state, nor silence.
func (b *shopper) noteAnswer(what, id string, err error) {
	if err == nil || apierr.IsKind(err, apierr.KindConflict) || isUnanswered(err) {
		return
	}
	b.tally.wrongf("%s order %s: %v", what, id, err)
}

// notePaid remembers whom the shop told that an order is paid.
func (b *shopper) notePaid(o shopapi.Order, err error) {
	if err == nil && o.State == shopapi.OrderPaid {
		b.tally.toldPaid(o.ID)
	}
}
