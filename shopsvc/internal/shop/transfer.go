package shop

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// BankAccount is where buyers transfer money to. The zero account is none: the
// shop has not named one.
type BankAccount struct {
	Holder string
	Number string // an IBAN, or as its country numbers accounts
	Bank   string // name or BIC; may be empty
}

// Account returns where buyers transfer money to.
func (s *Service) Account() BankAccount { return s.cfg.Account }

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
		o.refundLate(p, amount, by, at)
	}
}

// refundLate books a transfer that nobody waits for any more.
func (o *Order) refundLate(p *Payment, amount int64, by Actor, at time.Time) {
	o.movePayment(p, PaymentCaptured, by, because(ReasonLate), at)
	p.Captured = amount
	o.Captured += amount
	o.refund(p, amount, by, because(ReasonLate), at)
}

// plain returns a reference as people would say it is the same.
func plain(reference string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(reference))
}
