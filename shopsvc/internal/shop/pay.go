package shop

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// PayRequest says how a buyer wants to pay.
type PayRequest struct {
	Method    Method
	Card      *Card
	ReturnURL string // a page of the shop; empty: the order's
}

// Pay starts paying an order and waits a moment for the answer; the order's
// state says how far it came. An order whose payment is going on, or done, is
// returned as it is: nothing is charged twice. It returns ErrOrderState if the
// order can't be paid now.
func (s *Service) Pay(ctx context.Context, who Caller, orderID string, in PayRequest) (*Order, error) {
	o, err := s.orderOf(ctx, who, orderID)
	if err != nil {
		return nil, err
	}
	if o.BuyerID != who.UserID {
		return nil, ErrForbidden
	}
	charge, err := s.charge(o, in)
	if err != nil {
		return nil, err
	}
	for range changeAttempts {
		answer, err := s.tryPay(ctx, o, charge)
		if !errors.Is(err, ErrOvertaken) {
			return answer, err
		}
		if o, err = s.load(ctx, orderID); err != nil {
			return nil, err
		}
	}
	return nil, ErrBusy
}

// CanPay tells whether an attempt to pay an order may begin now.
func (s *Service) CanPay(o *Order) bool { return o.canPay(s.now()) }

// tryPay starts the attempt unless there is one. It returns ErrOvertaken if
// the order has to be looked at again.
func (s *Service) tryPay(ctx context.Context, o *Order, c Charge) (*Order, error) {
	switch {
	case o.State == Authorising, o.State == Authorised, o.State == Committed, o.State == Capturing:
		return s.await(ctx, o.ID, func(o *Order) bool { return !o.beingPaid() })
	case o.State == Paid:
		return o, nil
	case !o.canPay(s.now()):
		return nil, ErrOrderState.With("state", string(o.State))
	case o.State == AwaitingPayment && o.openPayment().Method == c.Method:
		return o, nil
	case o.State == AwaitingPayment:
		return nil, s.leaveMethod(ctx, o)
	}
	return s.begin(ctx, o, c)
}

// beingPaid tells whether the answer to a payment is on its way.
func (o *Order) beingPaid() bool {
	switch o.State {
	case Authorising, Authorised, Committed, Capturing:
		return true
	}
	return false
}

// leaveMethod voids the payment that an order waits for, since its buyer chose
// another way to pay.
func (s *Service) leaveMethod(ctx context.Context, o *Order) error {
	o.end(Reserved, Actor{RoleBuyer, o.BuyerID}, because(ReasonOtherMethod), s.now())
	if err := s.save(ctx, o); err != nil {
		return err
	}
	if !s.waitFor(ctx, s.start(ctx, o, nil)) {
		return ErrBusy
	}
	return ErrOvertaken
}

// begin writes the attempt down, then asks the gateway.
func (s *Service) begin(ctx context.Context, o *Order, c Charge) (*Order, error) {
	now := s.now()
	p := &Payment{ID: newID(), Method: c.Method, State: PaymentStarted, Open: true, Amount: o.Total, CreatedAt: now}
	if c.Method == MethodTransfer {
		p.Reference = o.Number
	}
	by := Actor{RoleBuyer, o.BuyerID}
	o.Payments = append(o.Payments, p)
	o.changePayment(p)
	o.record(Event{At: now, Actor: by, Subject: SubjectPayment, SubjectID: p.ID, To: string(PaymentStarted), Reason: because(Code(c.Method))})
	o.move(Authorising, by, Reason{}, now)
	if err := s.save(ctx, o); err != nil {
		return nil, err
	}
	c.Key = p.ID
	id := o.ID
	s.waitFor(ctx, s.start(ctx, o, func(ctx context.Context, o *Order) error {
		out, err := s.gateway.Begin(ctx, c)
		if err != nil {
			return fmt.Errorf("begin payment: %w", err)
		}
		return s.apply(ctx, o, p, out)
	}))
	return s.load(ctx, id)
}

// charge checks how the buyer wants to pay, before anything is written.
func (s *Service) charge(o *Order, in PayRequest) (Charge, error) {
	methods, hosted := s.gateway.Methods()
	c := Charge{OrderNumber: o.Number, Method: in.Method, Amount: o.Total, Currency: o.Currency}
	known := false
	for _, m := range methods {
		known = known || m == in.Method
	}
	if !known {
		return c, apierr.Field("method", apierr.CodeNotAllowed)
	}
	if in.Method == MethodCard && !hosted {
		card, err := checkCard(in.Card, s.now())
		if err != nil {
			return c, err
		}
		c.Card = card
	}
	var err error
	c.ReturnURL, err = s.returnURL(o, in.ReturnURL)
	return c, err
}

// returnURL returns the address to come back to, which is one of the shop's.
func (s *Service) returnURL(o *Order, asked string) (string, error) {
	if asked == "" {
		return s.cfg.PublicURL + "/orders/" + o.ID, nil
	}
	path := strings.TrimPrefix(asked, s.cfg.PublicURL) // a path alone is the shop's as well
	u, err := url.Parse(path)
	local := err == nil && u.Host == "" && u.Scheme == "" && strings.HasPrefix(path, "/") &&
		!strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n\t")
	if !local {
		return "", apierr.Field("return_url", apierr.CodeNotAllowed)
	}
	return s.cfg.PublicURL + path, nil
}

// checkCard returns the card tidied, or an error that names what is wrong.
func checkCard(card *Card, now time.Time) (*Card, error) {
	if card == nil {
		return nil, apierr.Field("card", apierr.CodeRequired)
	}
	tidy := *card
	tidy.Number = strings.NewReplacer(" ", "", "-", "").Replace(card.Number)
	var wrong []apierr.FieldError
	if !luhn(tidy.Number) {
		wrong = append(wrong, apierr.FieldError{Field: "card.number", Code: shopapi.CodeBadCardNumber})
	}
	month := time.Month(tidy.ExpMonth)
	switch end := time.Date(tidy.ExpYear, month+1, 1, 0, 0, 0, 0, time.UTC); {
	case month < time.January || month > time.December:
		wrong = append(wrong, apierr.FieldError{Field: "card.exp_month", Code: apierr.CodeNotAllowed})
	case !now.Before(end):
		wrong = append(wrong, apierr.FieldError{Field: "card.exp_month", Code: shopapi.CodeCardExpired})
	}
	if n := len(tidy.CVC); n < 3 || n > 4 || strings.Trim(tidy.CVC, "0123456789") != "" {
		wrong = append(wrong, apierr.FieldError{Field: "card.cvc", Code: apierr.CodeBadFormat})
	}
	if wrong != nil {
		return nil, apierr.Invalid(wrong...)
	}
	return &tidy, nil
}

// luhn tells whether number is 12 to 19 digits with the right check digit.
func luhn(number string) bool {
	if len(number) < 12 || len(number) > 19 {
		return false
	}
	sum := 0
	for i, r := range number {
		if r < '0' || r > '9' {
			return false
		}
		digit := int(r - '0')
		if (len(number)-i)%2 == 0 {
			digit *= 2
			digit = digit/10 + digit%10
		}
		sum += digit
	}
	return sum%10 == 0
}

// PaymentMethods returns the gateway's name, its ways to pay, and whether
// cards are typed on its own page.
func (s *Service) PaymentMethods() (gateway string, methods []Method, hostedCard bool) {
	methods, hostedCard = s.gateway.Methods()
	return s.gateway.Name(), methods, hostedCard
}

// PaymentDecided has the payment looked up of which the gateway says that its
// buyer has decided. It may be called before, after or instead of the answer
// to Begin, and any number of times.
func (s *Service) PaymentDecided(ctx context.Context, paymentID string) error {
	o, p, err := s.orderOfPayment(ctx, paymentID)
	if err != nil {
		return err
	}
	if !p.Open {
		return nil
	}
	_, err = s.change(ctx, o, func(o *Order, at time.Time) error {
		if p := o.openPayment(); o.State == AwaitingPayment && p.ID == paymentID {
			p.PollAt = at
			o.changePayment(p)
		}
		return nil
	})
	return err
}

// ConfirmPayment books a bank transfer that came in, for admins. Too little,
// too much or too late, it becomes a refund due. The same confirmation again
// changes nothing. It returns ErrPaymentState for payments that are no
// transfers and for another amount than was confirmed before.
func (s *Service) ConfirmPayment(ctx context.Context, who Caller, paymentID string, amount int64, reference string) (*Order, error) {
	if err := who.admin(); err != nil {
		return nil, err
	}
	o, p, err := s.orderOfPayment(ctx, paymentID)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Method != MethodTransfer:
		return nil, ErrPaymentState.With("state", string(p.State))
	case amount < 1 || amount > maxOrderTotal:
		return nil, apierr.Field("amount", apierr.CodeNotAllowed, "min", 1, "max", maxOrderTotal)
	case plain(reference) != plain(p.Reference):
		return nil, apierr.Field("reference", shopapi.CodeReferenceMismatch)
	}
	o, err = s.change(ctx, o, func(o *Order, at time.Time) error {
		o.expect(o.payment(paymentID), at.Add(s.cfg.PollEvery))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := s.gateway.Receive(ctx, paymentID, amount); err != nil {
		return nil, fmt.Errorf("book transfer: %w", err)
	}
	by := Actor{RoleAdmin, who.UserID}
	return s.change(ctx, o, func(o *Order, at time.Time) error {
		o.confirm(o.payment(paymentID), amount, by, at)
		return nil
	})
}

// expect has a payment looked up later, should nobody be left to tell that its
// transfer was booked.
func (o *Order) expect(p *Payment, at time.Time) {
	if p.Captured == 0 {
		p.PollAt = at
		o.changePayment(p)
	}
}

// confirm has an awaited transfer looked up at once, and sends back one that
// nobody waits for.
func (o *Order) confirm(p *Payment, amount int64, by Actor, at time.Time) {
	switch {
	case p.Open && o.State == AwaitingPayment:
		o.record(Event{At: at, Actor: by, Subject: SubjectPayment, SubjectID: p.ID, From: string(p.State), To: string(p.State), Reason: because(ReasonConfirmed)})
		p.PollAt = at
		o.changePayment(p)
	case !p.Open && p.Captured == 0:
		o.sendBack(p, amount, by, at)
	}
}

// sendBack books a transfer that nobody waits for any more.
func (o *Order) sendBack(p *Payment, amount int64, by Actor, at time.Time) {
	o.movePayment(p, PaymentCaptured, by, because(ReasonLate), at)
	p.Captured = amount
	o.Captured += amount
	o.refund(p, amount, by, because(ReasonLate), at)
}

func (o *Order) payment(id string) *Payment {
	for _, p := range o.Payments {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (s *Service) orderOfPayment(ctx context.Context, paymentID string) (*Order, *Payment, error) {
	id, err := s.store.OrderOfPayment(ctx, paymentID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil, ErrPaymentNotFound
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find payment: %w", err)
	}
	o, err := s.load(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return o, o.payment(paymentID), nil
}

// plain returns a reference as people would say it is the same.
func plain(reference string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(reference))
}
