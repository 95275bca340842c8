package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"
)

// Promise is something that a shop's answers promise.
type Promise string

// What is compared.
const (
	Accepted  Promise = "an accepted order is there, as it was answered"
	Refused   Promise = "nobody has an order that was refused"
	Prices    Promise = "a copy costs what its seller asks, whatever the buyer says"
	Totals    Promise = "an order costs its copies and its deliveries"
	Paid      Promise = "what was paid is captured once, whole"
	CalledOff Promise = "a cancelled order stays cancelled"
	Stock     Promise = "every copy is sold once or is in stock"
	Refunds   Promise = "what will not come is refunded, whole and once"
	Sales     Promise = "a seller finds every paid shipment as it was left"
	Mails     Promise = "buyers and sellers are written to"
	SignedIn  Promise = "nobody is signed out"
)

// promises are in the order in which they are told.
var promises = []Promise{Accepted, Refused, Prices, Totals, Paid, CalledOff, Stock, Refunds, Sales, Mails, SignedIn}

// findings are how often each promise was looked at, and how it was broken.
type findings struct {
	checked map[Promise]int
	breaks  map[Promise][]string
	paid    int // orders
}

func (f *findings) broken() (n int) {
	for _, breaks := range f.breaks {
		n += len(breaks)
	}
	return n
}

// want notes that a promise was looked at, and that it is broken unless kept.
func (f *findings) want(p Promise, kept bool, format string, args ...any) {
	f.checked[p]++
	if !kept {
		f.breaks[p] = append(f.breaks[p], fmt.Sprintf(format, args...))
	}
}

// facts are what the shop says now.
type facts struct {
	orders map[string]shopapi.Order  // by id
	books  map[int64]catalogapi.Book // by id
	sales  map[string]shopapi.Sale   // by the shipment's id
	mails  map[string][]string       // texts, by address; nil: not asked for
}

// compare holds the ledger against what the shop says now. It returns an error
// if the shop does not say.
func (r *run) compare(ctx context.Context) (*findings, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	r.askAgain(ctx)
	f := &findings{checked: map[Promise]int{}, breaks: map[Promise][]string{}}
	if err := r.checkSessions(ctx, f); err != nil {
		return f, err
	}
	now, err := r.read(ctx)
	if err != nil {
		return f, err
	}
	l := r.ledger
	for _, t := range l.titles {
		if b, there := now.books[t.book.ID]; there {
			l.resolve(t, b)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(l.orders)) {
		o, there := now.orders[id]
		f.want(Accepted, there, "order %s of %s was accepted and is not there", l.orders[id].placed.Number, l.orders[id].buyer.Email)
		if there {
			r.checkOrder(f, l.orders[id], o, now)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(now.orders)) {
		f.want(Refused, l.orders[id] != nil || r.isOpen(now.orders[id]), "order %s, %s, was answered to nobody", now.orders[id].Number, now.orders[id].State)
	}
	r.checkStock(f, now)
	return f, nil
}

// isOpen reports whether somebody still waits for the answer that may be o.
func (r *run) isOpen(o shopapi.Order) bool {
	return slices.ContainsFunc(r.ledger.open, func(c *checkout) bool { return c.buyer.id == o.BuyerID })
}

// checkSessions renews everybody's session. Only a refusal ends one.
func (r *run) checkSessions(ctx context.Context, f *findings) error {
	for _, p := range r.all {
		err := p.renew(ctx)
		if err != nil && isUnanswered(err) {
			return err
		}
		f.want(SignedIn, err == nil, "%s: %v", p.Email, err)
	}
	return nil
}

// checkOrder holds one order against what its buyer was told.
func (r *run) checkOrder(f *findings, p *purchase, o shopapi.Order, now *facts) {
	f.want(Accepted, o.Total == p.placed.Total, "order %s cost %d when it was placed, and costs %d now", o.Number, p.placed.Total.Amount, o.Total.Amount)
	f.want(Prices, !p.ownPrice, "order %s was accepted at the buyer's own price: %d", o.Number, o.Subtotal.Amount)
	sum, refundable := int64(0), int64(0)
	for _, s := range o.Shipments {
		lines := int64(0)
		for _, line := range s.Lines {
			lines += line.Price.Amount * line.Quantity
			r.checkPrice(f, p, o, line)
		}
		f.want(Totals, s.DeliveryCost == r.provider.Cost && s.Total.Amount == lines+s.DeliveryCost.Amount,
			"a shipment of order %s costs %d: its copies cost %d and its delivery %d of %d",
			o.Number, s.Total.Amount, lines, s.DeliveryCost.Amount, r.provider.Cost.Amount)
		sum += s.Total.Amount
		if s.State == shopapi.ShipmentCancelled || s.State == shopapi.ShipmentRejected {
			refundable += s.Total.Amount
		}
	}
	f.want(Totals, o.Total.Amount == sum, "order %s costs %d, its shipments cost %d", o.Number, o.Total.Amount, sum)
	if p.calledOff {
		f.want(CalledOff, o.State == shopapi.OrderCancelled || refundable == sum, "order %s was cancelled and is %s", o.Number, o.State)
	}
	if p.paid {
		f.want(Paid, o.PaidAt != nil, "order %s was paid and is %s", o.Number, o.State)
	}
	f.want(Paid, atRest(o.State), "order %s stays %s", o.Number, o.State)
	if o.PaidAt != nil {
		f.paid++
		r.checkPaid(f, p, o, now, refundable)
	}
}

func (r *run) checkPrice(f *findings, p *purchase, o shopapi.Order, line shopapi.OrderLine) {
	t := r.ledger.byBook[line.BookID]
	f.want(Prices, t != nil && t.cost(line.Price.Amount, p.from, p.until),
		"order %s has book %d for %d, which its seller did not ask", o.Number, line.BookID, line.Price.Amount)
}

// checkPaid holds a paid order against what follows from its payment.
func (r *run) checkPaid(f *findings, p *purchase, o shopapi.Order, now *facts, refundable int64) {
	f.want(Paid, o.Payment != nil && o.Payment.State == shopapi.PaymentCaptured && o.Payment.Amount == o.Total,
		"order %s is paid, and its payment is %+v", o.Number, o.Payment)
	refunded, due := int64(0), false
	for _, refund := range o.Refunds {
		refunded += refund.Amount.Amount
		due = due || refund.State != shopapi.RefundPaid
	}
	f.want(Refunds, refunded == refundable && o.Refunded.Amount == refundable && !due,
		"order %s: %d were refunded (all of it paid: %t), %d should be", o.Number, refunded, !due, refundable)
	f.wantMail(now, p.buyer.Email, o.Number)
	for _, s := range o.Shipments {
		sold, there := now.sales[s.ID]
		f.want(Sales, there && sold.OrderID == o.ID && sold.Total == s.Total && sold.State == s.State, "the seller of order %s does not find shipment %s", o.Number, s.ID)
		if told := r.ledger.sales[s.ID]; told != nil && told.state != "" {
			f.want(Sales, s.State == told.state || told.state == shopapi.ShipmentAccepted && s.State == shopapi.ShipmentCancelled,
				"shipment %s of order %s was %s and is %s", s.ID, o.Number, told.state, s.State)
		}
		for _, seller := range r.all {
			if seller.id == s.SellerID {
				f.wantMail(now, seller.Email, o.Number)
			}
		}
	}
}

func (f *findings) wantMail(now *facts, address, number string) {
	if now.mails == nil {
		return
	}
	written := slices.ContainsFunc(now.mails[address], func(text string) bool { return strings.Contains(text, number) })
	f.want(Mails, written, "%s has no mail about order %s", address, number)
}

// checkStock counts the copies of every book.
func (r *run) checkStock(f *findings, now *facts) {
	sold := map[int64]int64{}
	for _, o := range now.orders {
		for _, s := range o.Shipments {
			if r.cameBack(o, s) {
				continue
			}
			for _, line := range s.Lines {
				sold[line.BookID] += line.Quantity
			}
		}
	}
	for _, t := range r.ledger.titles {
		b, there := now.books[t.book.ID]
		f.want(Stock, there && b.Stock == t.copies-sold[t.book.ID],
			"book %d: of %d copies %d are sold and %d in stock", t.book.ID, t.copies, sold[t.book.ID], b.Stock)
	}
}

// cameBack reports whether a shipment's copies are on the shelf again.
func (r *run) cameBack(o shopapi.Order, s shopapi.Shipment) bool {
	if s.State == shopapi.ShipmentRejected {
		return r.ledger.sales[s.ID] != nil && r.ledger.sales[s.ID].restocked
	}
	return o.State == shopapi.OrderCancelled || o.State == shopapi.OrderExpired || s.State == shopapi.ShipmentCancelled
}

// read asks everybody for what they have, and the admin for the mails.
func (r *run) read(ctx context.Context) (*facts, error) {
	now := &facts{orders: map[string]shopapi.Order{}, books: map[int64]catalogapi.Book{}, sales: map[string]shopapi.Sale{}}
	for _, p := range r.all {
		ctx := p.as(ctx)
		err := errors.Join(
			each(func(cursor string) (shopapi.Orders, error) {
				return p.shop.Orders(ctx, shopapi.OrderQuery{Limit: page.MaxLimit, Cursor: cursor})
			}, func(o shopapi.Order) bool { now.orders[o.ID] = o; return true }),
			each(func(cursor string) (page.Page[catalogapi.Book], error) {
				books, err := p.catalog.Books(ctx, catalogapi.BookQuery{SellerID: p.id, Limit: page.MaxLimit, Cursor: cursor})
				return books.Page, err
			}, func(b catalogapi.Book) bool { now.books[b.ID] = b; return true }),
		)
		if err == nil {
			err = each(func(cursor string) (shopapi.Sales, error) {
				return p.shop.Sales(ctx, shopapi.SaleQuery{Limit: page.MaxLimit, Cursor: cursor})
			}, func(s shopapi.Sale) bool { now.sales[s.ID] = s; return true })
		}
		if err != nil && !apierr.IsKind(err, apierr.KindForbidden) { // buyers have no sales
			return nil, err
		}
	}
	if r.admin == nil {
		return now, nil
	}
	now.mails = map[string][]string{}
	err := each(func(cursor string) (shopapi.Mails, error) {
		return r.admin.shop.Mails(r.admin.as(ctx), shopapi.MailQuery{Limit: page.MaxLimit, Cursor: cursor})
	}, func(m shopapi.Mail) bool {
		now.mails[m.To] = append(now.mails[m.To], m.Subject+m.Text)
		return m.CreatedAt.After(r.began.Add(-time.Minute)) // by the shop's clock
	})
	return now, err
}

// each calls do with every item of a list, page by page, while it returns true.
func each[T any](ask func(cursor string) (page.Page[T], error), do func(T) bool) error {
	for cursor := ""; ; {
		items, err := ask(cursor)
		if err != nil {
			return err
		}
		for _, item := range items.Items {
			if !do(item) {
				return nil
			}
		}
		if cursor = items.NextCursor; cursor == "" {
			return nil
		}
	}
}
