package crash

import (
	"context"
	"fmt"
	"time"

	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/shopapi"
)

// reservedFor is how long shopsvc holds copies for an order that nobody pays.
const reservedFor = 15 * time.Minute

// crashStep is what somebody does to the order.
type crashStep func(ctx context.Context, c *crashing) error

// scenario is something that people do to an order, or time does, and during which
// shopsvc dies.
type scenario struct {
	// prepare brings the order to where that begins.
	prepare []crashStep
	// do is what is done; nil: nobody does anything, the hold runs out.
	do crashStep
	// again is what whoever got no answer does when shopsvc is back.
	again []crashStep
	// end is the state in which the order is after that.
	end string
	// sentBack says that the money came, and went back.
	sentBack bool
}

var scenarios = map[string]scenario{
	"place": {
		do:    placeCart,
		again: []crashStep{placeCart, payWith(shoptest.CardPays)},
		end:   shopapi.OrderPaid,
	},
	"pay": {
		prepare: []crashStep{placeCart},
		do:      payWith(shoptest.CardPays),
		again:   []crashStep{payWith(shoptest.CardPays)},
		end:     shopapi.OrderPaid,
	},
	"be declined": {
		prepare: []crashStep{placeCart},
		do:      payWith(shoptest.CardDeclined),
		again:   []crashStep{payWith(shoptest.CardPays)},
		end:     shopapi.OrderPaid,
	},
	"be refused the capture": {
		prepare: []crashStep{placeCart},
		do:      payWith(shoptest.CardCaptureRefused),
		end:     shopapi.OrderCancelled,
	},
	"choose a transfer": {
		prepare: []crashStep{placeCart},
		do:      chooseTransfer,
		again:   []crashStep{chooseTransfer},
		end:     shopapi.OrderAwaitingPayment,
	},
	"confirm the transfer": {
		prepare: []crashStep{placeCart, chooseTransfer},
		do:      confirmTransfer,
		again:   []crashStep{confirmTransfer},
		end:     shopapi.OrderPaid,
	},
	"confirm a late transfer": {
		prepare:  []crashStep{placeCart, chooseTransfer, cancelOrder},
		do:       confirmTransfer,
		again:    []crashStep{confirmTransfer},
		end:      shopapi.OrderCancelled,
		sentBack: true,
	},
	"cancel unpaid": {
		prepare: []crashStep{placeCart},
		do:      cancelOrder,
		again:   []crashStep{cancelOrder},
		end:     shopapi.OrderCancelled,
	},
	"cancel awaited": {
		prepare: []crashStep{placeCart, chooseTransfer},
		do:      cancelOrder,
		again:   []crashStep{cancelOrder},
		end:     shopapi.OrderCancelled,
	},
	"cancel paid": {
		prepare:  []crashStep{placeCart, payWith(shoptest.CardPays)},
		do:       cancelOrder,
		again:    []crashStep{cancelOrder},
		end:      shopapi.OrderCancelled,
		sentBack: true,
	},
	"lapse": {
		prepare: []crashStep{placeCart},
		end:     shopapi.OrderExpired,
	},
}

// crashPoints lists every point at which shopsvc can die, and in which state
// the order then comes to rest by itself; in none if it was not written. Each
// write comes once before and once after it took effect, and so does each call
// to the catalog and the gateway. A point that follows another one strikes
// while the order is driven on after the first crash.
var crashPoints = []struct {
	during string
	rest   string
	at     [][]string
}{
	{"place", "", crashAt("before insert")},
	{"place", shopapi.OrderReserved, crashAt("after insert", "before reserve", "after reserve",
		"before save reserved", "after save reserved")},

	// Whether the lost request for the money is on its way nobody knows: it is
	// made to fail, and the buyer pays again.
	{"pay", shopapi.OrderReserved, crashAt("before save authorising", "after save authorising", "before begin")},
	{"pay", shopapi.OrderReserved, crashAfter("before begin",
		"before lookup", "after lookup", "before void", "after void", "before save reserved", "after save reserved")},
	{"pay", shopapi.OrderPaid, crashAt("after begin", "before save authorised", "after save authorised",
		"before commit", "after commit", "before save capturing", "after save capturing",
		"before capture", "after capture", "before save paid", "after save paid")},
	{"pay", shopapi.OrderPaid, crashAfter("after begin", "before lookup", "after lookup", "before commit", "before capture")},
	{"pay", shopapi.OrderPaid, crashAfter("after commit", "after commit", "after capture")},
	{"pay", shopapi.OrderPaid, crashAfter("after capture", "before capture", "after capture", "before save paid", "after save paid")},

	{"be declined", shopapi.OrderReserved, crashAt("after begin", "before save reserved", "after save reserved")},

	{"be refused the capture", shopapi.OrderCancelled, crashAt("before capture", "after capture",
		"before save restocking", "after save restocking", "before restock", "after restock",
		"before save cancelled", "after save cancelled")},
	{"be refused the capture", shopapi.OrderCancelled, crashAfter("after restock", "before restock", "after restock")},

	{"choose a transfer", shopapi.OrderAwaitingPayment, crashAt("after begin", "before reserve", "after reserve",
		"before save awaiting_payment", "after save awaiting_payment")},

	{"confirm the transfer", shopapi.OrderAwaitingPayment, crashAt("before save awaiting_payment",
		"after save awaiting_payment", "before receive")},
	{"confirm the transfer", shopapi.OrderPaid, crashAt("after receive", "before lookup", "after lookup",
		"before save authorised", "after save authorised", "after commit")},
	{"confirm the transfer", shopapi.OrderPaid, crashAfter("after receive", "before save awaiting_payment", "before lookup", "after lookup")},
	{"confirm a late transfer", shopapi.OrderCancelled, crashAt("before save cancelled", "after save cancelled",
		"before receive", "after receive", "before refund", "after refund")},
	{"confirm a late transfer", shopapi.OrderCancelled, crashAfter("after receive", "before lookup", "after lookup", "before refund", "after refund")},

	{"cancel unpaid", shopapi.OrderReserved, crashAt("before save restocking")},
	{"cancel unpaid", shopapi.OrderCancelled, crashAt("after save restocking", "before release", "after release",
		"before save cancelled", "after save cancelled")},
	{"cancel unpaid", shopapi.OrderCancelled, crashAfter("after release", "before release", "after release")},

	{"cancel awaited", shopapi.OrderAwaitingPayment, crashAt("before save voiding")},
	{"cancel awaited", shopapi.OrderCancelled, crashAt("after save voiding", "before void", "after void",
		"before save restocking", "after save restocking", "after release", "before save cancelled")},

	{"cancel paid", shopapi.OrderPaid, crashAt("before save cancelled")},
	{"cancel paid", shopapi.OrderCancelled, crashAt("after save cancelled", "before restock", "after restock",
		"before refund", "after refund")},
	{"cancel paid", shopapi.OrderCancelled, crashAfter("after refund", "before refund", "after refund")},

	{"lapse", shopapi.OrderExpired, crashAt("before save restocking", "after save restocking",
		"before release", "after release", "before save expired", "after save expired")},
}

// crashAt makes a crash of each point.
func crashAt(points ...string) [][]string {
	var crashes [][]string
	for _, p := range points {
		crashes = append(crashes, []string{p})
	}
	return crashes
}

// crashAfter makes two crashes of each point: at first, and there.
func crashAfter(first string, points ...string) [][]string {
	var crashes [][]string
	for _, p := range points {
		crashes = append(crashes, []string{first, p})
	}
	return crashes
}

// placeCart places what is in the cart, always under the same key.
func placeCart(ctx context.Context, c *crashing) error {
	order, err := c.client.PlaceOrder(c.buyer.As(ctx), c.key, c.request)
	if err != nil {
		return fmt.Errorf("place: %w", err)
	}
	if c.order != nil && c.order.ID != order.ID {
		return fmt.Errorf("place: order %s, and order %s under the same key", c.order.ID, order.ID)
	}
	c.order = &order
	return nil
}

func payWith(card string) crashStep {
	return func(ctx context.Context, c *crashing) error {
		in := shopapi.Pay{Method: shopapi.MethodCard, Card: shoptest.NewCard(card)}
		if _, err := c.client.PayOrder(c.buyer.As(ctx), c.order.ID, in); err != nil {
			return fmt.Errorf("pay: %w", err)
		}
		return nil
	}
}

func chooseTransfer(ctx context.Context, c *crashing) error {
	order, err := c.client.PayOrder(c.buyer.As(ctx), c.order.ID, shopapi.Pay{Method: shopapi.MethodBankTransfer})
	if err != nil {
		return fmt.Errorf("choose a transfer: %w", err)
	}
	c.order = &order
	return nil
}

func confirmTransfer(ctx context.Context, c *crashing) error {
	p := c.order.Payment
	in := shopapi.ConfirmPayment{Amount: c.order.Total.Amount, Reference: p.Reference}
	if _, err := c.client.ConfirmPayment(c.admin.As(ctx), p.ID, in); err != nil {
		return fmt.Errorf("confirm the transfer: %w", err)
	}
	return nil
}

func cancelOrder(ctx context.Context, c *crashing) error {
	if _, err := c.client.CancelOrder(c.buyer.As(ctx), c.order.ID, shopapi.Cancel{}); err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	return nil
}
