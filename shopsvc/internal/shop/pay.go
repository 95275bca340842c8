package shop

import (
	"context"
	"errors"
	"fmt"
	"time"
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
	until := s.answerDeadline()
	for range changeAttempts {
		answer, err := s.tryPay(ctx, o, charge, until)
		if !errors.Is(err, ErrOvertaken) {
			return answer, err
		}
		if o, err = s.load(ctx, orderID); err != nil {
			return nil, err
		}
	}
	return nil, ErrBusy
}

// CanPay reports whether an attempt to pay an order may begin now.
func (s *Service) CanPay(o *Order) bool { return o.canPay(s.now()) }

// tryPay starts the attempt unless there is one. It returns ErrOvertaken if
// the order has to be looked at again.
func (s *Service) tryPay(ctx context.Context, o *Order, c Charge, until time.Time) (*Order, error) {
	switch {
	case o.State == Authorising, o.State == Authorised, o.State == Committed, o.State == Capturing:
		return s.await(ctx, o.ID, until, "the answer to its payment", func(o *Order) bool { return !o.beingPaid() })
	case o.State == Paid:
		return o, nil
	case !o.canPay(s.now()):
		return nil, ErrOrderState.With("state", string(o.State))
	case o.State == AwaitingPayment && o.openPayment().Method == c.Method:
		return o, nil
	case o.State == AwaitingPayment:
		return nil, s.changeMethod(ctx, o, until)
	}
	return s.begin(ctx, o, c, until)
}

// beingPaid reports whether the answer to a payment is on its way.
func (o *Order) beingPaid() bool {
	switch o.State {
	case Authorising, Authorised, Committed, Capturing:
		return true
	}
	return false
}

// changeMethod voids the payment that an order waits for, since its buyer chose
// another way to pay. It returns ErrOvertaken: the order has to be looked at
// again.
func (s *Service) changeMethod(ctx context.Context, o *Order, until time.Time) error {
	o.end(Reserved, Actor{RoleBuyer, o.BuyerID}, because(ReasonOtherMethod), s.now())
	if err := s.save(ctx, o); err != nil {
		return err
	}
	if !s.wait(ctx, s.start(ctx, o, nil), until) {
		return ErrBusy
	}
	return ErrOvertaken
}

// begin writes the attempt down, then asks the gateway.
func (s *Service) begin(ctx context.Context, o *Order, c Charge, until time.Time) (*Order, error) {
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
	return s.answer(ctx, s.start(ctx, o, func(ctx context.Context, o *Order) error {
		out, err := s.gateway.Begin(ctx, c)
		if err != nil {
			return fmt.Errorf("begin payment: %w", err)
		}
		return s.apply(ctx, o, p, out)
	}), until)
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
