package shop

import "time"

// wait is how long a seller is waited for, and what is said about it.
type wait struct {
	remindAfter, cancelAfter time.Duration
	reminded, missed         Code
	mail                     MailKind
}

// waitFor returns the wait that a shipment is in: to be accepted, or to be sent.
func (s *Service) waitFor(ship *Shipment) wait {
	if ship.State == ShipmentAccepted {
		return wait{s.cfg.DispatchRemindAfter, s.cfg.DispatchCancelAfter, ReasonDispatchAsked, ReasonDispatchMissed, MailSendNow}
	}
	return wait{s.cfg.RemindAfter, s.cfg.CancelAfter, ReasonReminded, ReasonDeadline, MailReminder}
}

// awaitDispatch begins to wait for a shipment to be sent.
func (s *Service) awaitDispatch(ship *Shipment, since time.Time) {
	ship.Reminded, ship.DueAt = false, since.Add(s.cfg.DispatchRemindAfter)
}

// awaitsDispatch reports whether that wait has begun. The release before did
// not begin it: the time of its accepted shipments is still that for accepting.
func (s *Service) awaitsDispatch(ship *Shipment) bool {
	return ship.State == ShipmentAccepted && ship.DueAt.After(ship.PaidAt.Add(s.cfg.CancelAfter))
}

// DueBy returns when a shipment is called off unless its seller does what is to
// be done; zero if nothing is, or nobody waits yet.
func (s *Service) DueBy(ship *Shipment) time.Time {
	switch {
	case ship.DueAt.IsZero(), ship.State != ShipmentNew && !s.awaitsDispatch(ship):
		return time.Time{}
	case ship.Reminded:
		return ship.DueAt
	}
	w := s.waitFor(ship)
	return ship.DueAt.Add(w.cancelAfter - w.remindAfter)
}

// remindOrCancel reminds the seller of a sale that waits; the second time it is
// too late, and the shipment is called off.
func (s *Service) remindOrCancel(o *Order, ship *Shipment) {
	now := s.now()
	if ship.State == ShipmentAccepted && !s.awaitsDispatch(ship) {
		s.awaitDispatch(ship, now)
		o.changeShipment(ship)
		return
	}
	w := s.waitFor(ship)
	if ship.Reminded {
		o.callOff(ship, ShipmentCancelled, system, because(w.missed), true, now)
		o.mailCalledOff(ship, system, because(w.missed), o.BuyerID, ship.SellerID)
		return
	}
	ship.DueAt, ship.Reminded = s.DueBy(ship), true
	o.moveShipment(ship, ship.State, system, because(w.reminded), now)
	o.mail(Mail{Kind: w.mail, UserID: ship.SellerID, ShipmentID: ship.ID})
}
