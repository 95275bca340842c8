package audit

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// Cards of the sandbox.
var (
	cardPays     = &shopapi.Card{Number: "4242424242424242", ExpMonth: 12, ExpYear: 2099, CVC: "123"}
	cardDeclined = &shopapi.Card{Number: "4000000000000002", ExpMonth: 12, ExpYear: 2099, CVC: "123"}
)

// checkout is one order that is asked for, however often the request is sent.
type checkout struct {
	buyer    *person
	key      string
	request  shopapi.PlaceOrder
	ownPrice bool
	from     time.Time
}

// buy takes one or two books to a paid order, or now and then leaves it unpaid.
func (v *visit) buy(ctx context.Context) {
	buyers, ok := v.buyers.borrow(ctx, 1)
	if !ok {
		return
	}
	defer v.buyers.giveBack(buyers)
	c := v.choose(buyers[0], v.ledger.shelf(v.dice, 1+v.dice.IntN(2))...)
	if v.dice.IntN(2) == 0 && !v.fillCart(ctx, c) {
		return
	}
	id := v.place(ctx, c)
	switch n := v.dice.IntN(20); {
	case id == "" || n == 0:
	case n < 3:
		v.pay(ctx, c.buyer, id, cardDeclined)
		v.pay(ctx, c.buyer, id, cardPays)
	default:
		v.pay(ctx, c.buyer, id, cardPays)
	}
}

// regret buys and then calls the order off.
func (v *visit) regret(ctx context.Context) {
	buyers, ok := v.buyers.borrow(ctx, 1)
	if !ok {
		return
	}
	defer v.buyers.giveBack(buyers)
	c := v.choose(buyers[0], v.ledger.shelf(v.dice, 1)...)
	id := v.place(ctx, c)
	if id == "" {
		return
	}
	if v.dice.IntN(3) > 0 {
		v.pay(ctx, c.buyer, id, cardPays)
	}
	err := v.until(ctx, "cancel", func() error {
		_, err := c.buyer.shop.CancelOrder(c.buyer.as(ctx), id, shopapi.Cancel{Reason: "changed my mind"})
		return err
	})
	if err == nil {
		v.ledger.told(id, func(p *purchase) { p.calledOff = true })
	}
}

// haggle names a price of the buyer's own, at which nothing may be sold.
func (v *visit) haggle(ctx context.Context) {
	buyers, ok := v.buyers.borrow(ctx, 1)
	if !ok {
		return
	}
	defer v.buyers.giveBack(buyers)
	c := v.choose(buyers[0], v.ledger.shelf(v.dice, 1)...)
	c.request.Lines[0].Price = 1
	c.ownPrice = true
	if id := v.place(ctx, c); id != "" {
		v.pay(ctx, c.buyer, id, cardPays)
	}
}

// rush lists a book of which there is one copy, for which several buyers come at
// once.
func (v *visit) rush(ctx context.Context) {
	sellers, ok := v.sellers.borrow(ctx, 1)
	if !ok {
		return
	}
	t, err := v.listed(ctx, sellers[0], 1)
	v.sellers.giveBack(sellers)
	if err != nil {
		return
	}
	buyers, ok := v.buyers.borrow(ctx, rushers)
	if !ok {
		return
	}
	defer v.buyers.giveBack(buyers)
	v.due = time.Now()
	var rushing sync.WaitGroup
	for _, b := range buyers {
		one := v.aside()
		rushing.Go(func() {
			if id := one.place(ctx, one.choose(b, t.book)); id != "" {
				one.pay(ctx, b, id, cardPays)
			}
		})
	}
	rushing.Wait()
}

// choose asks for one copy of each book, without the cart.
func (v *visit) choose(buyer *person, books ...catalogapi.Book) *checkout {
	c := &checkout{buyer: buyer, key: "audit-" + rand.Text(), request: shopapi.PlaceOrder{Address: home}}
	chosen := map[int64]bool{}
	for _, b := range books {
		c.request.Lines = append(c.request.Lines, shopapi.PlaceLine{BookID: b.ID, Quantity: 1, Price: b.Price.Amount})
		if !chosen[b.SellerID] {
			c.request.Deliveries = append(c.request.Deliveries, shopapi.DeliveryChoice{SellerID: b.SellerID, ProviderID: v.provider.ID})
		}
		chosen[b.SellerID] = true
	}
	return c
}

// fillCart puts what is asked for into an empty cart, whose key then places it.
func (v *visit) fillCart(ctx context.Context, c *checkout) bool {
	cart, err := c.buyer.shop.Cart(c.buyer.as(ctx))
	for err == nil && len(cart.Lines) > 0 {
		cart, err = c.buyer.shop.RemoveCartLine(c.buyer.as(ctx), cart.Lines[0].BookID)
	}
	for _, l := range c.request.Lines {
		if err != nil {
			return false
		}
		err = v.ask(ctx, "cart", func() error {
			cart, err = c.buyer.shop.SetCartLine(c.buyer.as(ctx), l.BookID, shopapi.SetCartLine{Quantity: l.Quantity})
			return err
		})
	}
	c.key = cart.CheckoutKey
	return err == nil
}

// place sends an order until it is answered, and writes the answer down. It
// returns the order's id, or "" if it was refused.
func (v *visit) place(ctx context.Context, c *checkout) string {
	c.from = time.Now()
	var order shopapi.Order
	err := v.until(ctx, "order", func() (err error) {
		order, err = c.buyer.shop.PlaceOrder(c.buyer.as(ctx), c.key, c.request)
		if err == nil && order.State == shopapi.OrderPending {
			return apierr.Unavailable("shopsvc") // its copies are not reserved yet: ask again
		}
		return err
	})
	return v.run.noteAnswer(c, order, err)
}

func (r *run) noteAnswer(c *checkout, order shopapi.Order, err error) string {
	switch {
	case err == nil:
		r.ledger.accepted(order.ID, &purchase{
			buyer: c.buyer, from: c.from, until: time.Now(), placed: order, ownPrice: c.ownPrice,
		})
		return order.ID
	case isUnanswered(err):
		r.ledger.leaveOpen(c)
	default:
		r.ledger.noteRefusal()
	}
	return ""
}

// askAgain sends the orders once more that were never answered: each may have
// been placed after all, and the answer says so.
func (r *run) askAgain(ctx context.Context) {
	r.ledger.mu.Lock()
	open := r.ledger.open
	r.ledger.open = nil
	r.ledger.mu.Unlock()
	for _, c := range open {
		order, err := c.buyer.shop.PlaceOrder(c.buyer.as(ctx), c.key, c.request)
		r.noteAnswer(c, order, err)
	}
}

// pay pays an order by card. An answer that was lost is looked up.
func (v *visit) pay(ctx context.Context, buyer *person, id string, card *shopapi.Card) {
	var order shopapi.Order
	err := v.ask(ctx, "pay", func() (err error) {
		order, err = buyer.shop.PayOrder(buyer.as(ctx), id, shopapi.Pay{Method: shopapi.MethodCard, Card: card})
		return err
	})
	if err != nil || !atRest(order.State) {
		err = v.until(ctx, "look at an order", func() (err error) {
			order, err = buyer.shop.Order(buyer.as(ctx), id)
			if err == nil && !atRest(order.State) {
				return apierr.Unavailable("shopsvc")
			}
			return err
		})
	}
	if err == nil && order.State == shopapi.OrderPaid {
		v.ledger.told(id, func(p *purchase) { p.paid = true })
	}
}

// atRest reports whether an order in a state goes on only if somebody asks.
func atRest(state string) bool {
	switch state {
	case shopapi.OrderReserved, shopapi.OrderAwaitingPayment, shopapi.OrderPaid, shopapi.OrderCancelled, shopapi.OrderExpired:
		return true
	}
	return false
}
