package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bookstore/shared/idempotency"
)

// LedgerStore keeps commission rules and reads the ledger, which is written with
// the orders.
type LedgerStore interface {
	// CommissionRules returns all rules, the latest first.
	CommissionRules(ctx context.Context) ([]CommissionRule, error)
	// InsertCommissionRule adds r and returns its id, once for each key of a
	// request, or ErrKeyReused. EndCommissionRule has a rule end at a time unless it
	// ends before, or returns ErrNotFound. Both write the audit log as well.
	InsertCommissionRule(ctx context.Context, by Actor, request idempotency.Request, r CommissionRule, at time.Time) (int64, error)
	EndCommissionRule(ctx context.Context, by Actor, id int64, ends, at time.Time) error
	// Balance returns what a seller is owed.
	Balance(ctx context.Context, sellerID int64) (Balance, error)
	// Unposted returns the ids of orders with events that the ledger does not know
	// and that no driver has in hand.
	Unposted(ctx context.Context, now time.Time, limit int) ([]string, error)
	// DueReleases returns the ids of orders with a shipment whose money is to be
	// made available by now, the longest due first.
	DueReleases(ctx context.Context, now time.Time, limit int) ([]string, error)
}

// ledgerBatch is how many orders are posted or released in one turn.
const ledgerBatch = 100

// Balance returns what the calling seller is owed.
func (s *Service) Balance(ctx context.Context, who Caller) (Balance, error) {
	if err := who.seller(); err != nil {
		return Balance{}, err
	}
	return s.store.Balance(ctx, who.UserID)
}

// PostUnposted books what the release before did, and what was sold before there
// was a ledger. It reports whether there may be more. It may be repeated.
func (s *Service) PostUnposted(ctx context.Context) (more bool, err error) {
	return s.eachOrder(ctx, s.store.Unposted, s.postUnposted)
}

// postUnposted books the events of an order that the ledger does not know.
func (s *Service) postUnposted(ctx context.Context, id string) error {
	rules, err := s.commissionRules(ctx)
	if err != nil {
		return err
	}
	o, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, o, func(o *Order, _ time.Time) error {
		events, err := s.store.Events(ctx, o.ID)
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		// Those after the order's last happened since it was read: it knows nothing
		// of what they are about.
		events = slices.DeleteFunc(events, func(e Event) bool { return e.Seq <= o.PostedSeq || e.Seq > o.EventSeq })
		if len(events) == 0 {
			return nil
		}
		for _, ship := range o.Shipments {
			if ship.Commission == nil {
				ship.settleCommission(rules, o.PlacedAt)
				o.Changes.Commissions = append(o.Changes.Commissions, ship)
			}
			o.changeShipment(ship) // which also says when its money is due
		}
		o.post(s.cfg.EventKey, events)
		return nil
	})
	return err
}

// ReleaseDue makes the money of sales available whose time has come. It reports
// whether there may be more.
func (s *Service) ReleaseDue(ctx context.Context) (more bool, err error) {
	return s.eachOrder(ctx, s.store.DueReleases, s.release)
}

func (s *Service) release(ctx context.Context, id string) error {
	o, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, o, func(o *Order, at time.Time) error {
		if o.PostedSeq != o.EventSeq {
			return nil // what came before is to be booked first
		}
		for _, ship := range o.Shipments {
			if ship.ReleaseAt.IsZero() || at.Before(ship.ReleaseAt) {
				continue
			}
			ship.ReleasedAt = at
			o.changeShipment(ship)
			if ship.Net() == 0 {
				continue // nobody has to be told of nothing
			}
			o.record(Event{
				At: at, Actor: system, Subject: SubjectBalance, SubjectID: ship.ID, ShipmentID: ship.ID,
				From: string(AccountPending), To: string(AccountAvailable),
			})
		}
		return nil
	})
	return err
}

// eachOrder does something for each order of a batch. It reports whether there
// may be more, which there is not while something fails.
func (s *Service) eachOrder(ctx context.Context, find func(context.Context, time.Time, int) ([]string, error), do func(context.Context, string) error) (more bool, err error) {
	ids, err := find(ctx, s.now(), ledgerBatch)
	if err != nil {
		return false, err
	}
	var failed []error
	for _, id := range ids {
		if err := do(ctx, id); err != nil && !errors.Is(err, ErrBusy) {
			failed = append(failed, fmt.Errorf("order %s: %w", id, err))
		}
	}
	return len(ids) == ledgerBatch && failed == nil, errors.Join(failed...)
}
