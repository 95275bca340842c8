package auth

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Seller is what the other services must know of an account that sells or
// once did.
type Seller struct {
	UserID  int64
	Name    string // on its listings
	MaySell bool   // false: its listings are off the shop
	Version int64  // grows with each change of the above
}

// The services that are told of sellers.
const (
	CatalogReceiver = "catalog"
	ShopReceiver    = "shop"
)

// SellerReceivers are all services that are told of sellers.
var SellerReceivers = []string{CatalogReceiver, ShopReceiver}

// Announcement is a Seller that a service has still to be told of.
type Announcement struct {
	Seller
	Receiver string
	DueAt    time.Time
	Attempts int // made before
}

// AnnouncementStore keeps what is to be announced. The changes of accounts
// write it, each in its own transaction.
type AnnouncementStore interface {
	// DueAnnouncements returns up to limit announcements that are due at now,
	// the longest due first.
	DueAnnouncements(ctx context.Context, receiver string, now time.Time, limit int) ([]Announcement, error)
	// ClaimAnnouncement keeps others from sending a until an instant. It reports
	// false if another was faster or the account has changed since.
	ClaimAnnouncement(ctx context.Context, a Announcement, until time.Time) (bool, error)
	// PostponeAnnouncement makes a, which was claimed until an instant, due at
	// another, unless the account has changed since: then it is due already.
	PostponeAnnouncement(ctx context.Context, a Announcement, until, dueAt time.Time) error
	// EndAnnouncement forgets a, which was claimed until an instant, unless the
	// account has changed since.
	EndAnnouncement(ctx context.Context, a Announcement, until time.Time) error
	// AnnounceUntold makes announcements of those of the next limit accounts
	// after an id that other services know differently or not at all. It
	// returns the last id it looked at, 0 after the last account.
	AnnounceUntold(ctx context.Context, after int64, limit int, now time.Time) (int64, error)
}

const (
	announceBatch   = 50
	announceTimeout = 2 * time.Second
	// announceClaim is longer than sending one may take.
	announceClaim = 5 * time.Second
	// A message that was not taken is sent again after announceAgain, the next
	// time after twice that, and so on up to announceAgainMax.
	announceAgain    = 250 * time.Millisecond
	announceAgainMax = 5 * time.Second
	// untoldBatch accounts are looked at in every step of a round through all.
	untoldBatch = 1000
)

// Announcer tells one service of every change of a seller's name and of
// whether it may sell. What it has not delivered it tries again, until the
// service has taken it. Any number of instances may run at once.
type Announcer struct {
	store    AnnouncementStore
	receiver string
	send     func(context.Context, Seller) error
	now      func() time.Time
	wake     chan struct{}
}

// NewAnnouncer returns an announcer for a receiver, to which send delivers.
// A message may come twice and must then change nothing.
func NewAnnouncer(store AnnouncementStore, receiver string, send func(context.Context, Seller) error, now func() time.Time) *Announcer {
	return &Announcer{store: store, receiver: receiver, send: send, now: now, wake: make(chan struct{}, 1)}
}

// Receiver returns the name of the service that is told.
func (a *Announcer) Receiver() string { return a.receiver }

// Wake makes Woken say that there is something to deliver.
func (a *Announcer) Wake() {
	select {
	case a.wake <- struct{}{}:
	default: // it says so already
	}
}

// Woken receives when there is something to deliver at once.
func (a *Announcer) Woken() <-chan struct{} { return a.wake }

// Deliver sends what is due, each message once, and reports whether more may
// be due. A message that its receiver does not take is due again later and is
// no error.
func (a *Announcer) Deliver(ctx context.Context) (more bool, err error) {
	due, err := a.store.DueAnnouncements(ctx, a.receiver, a.now(), announceBatch)
	if err != nil {
		return false, fmt.Errorf("find what is due: %w", err)
	}
	for _, message := range due {
		if err := a.deliver(ctx, message); err != nil {
			return false, fmt.Errorf("announce seller %d: %w", message.UserID, err)
		}
	}
	return len(due) == announceBatch, nil
}

func (a *Announcer) deliver(ctx context.Context, message Announcement) error {
	until := a.now().Add(announceClaim)
	mine, err := a.store.ClaimAnnouncement(ctx, message, until)
	if err != nil || !mine {
		return err
	}
	sending, cancel := context.WithTimeout(ctx, announceTimeout)
	defer cancel()
	if err := a.send(sending, message.Seller); err != nil {
		wait := min(announceAgain<<min(message.Attempts, 10), announceAgainMax)
		slog.WarnContext(ctx, "seller not announced yet", "receiver", a.receiver, "seller", message.UserID, "again_in", wait, "error", err)
		return a.store.PostponeAnnouncement(ctx, message, until, a.now().Add(wait))
	}
	return a.store.EndAnnouncement(ctx, message, until)
}

// FindUntold takes a step through all accounts, announces those that changed
// unannounced, as under a release that did not know announcements, and reports
// whether accounts are left in this round. It is called by one caller at a time.
func (s *Service) FindUntold(ctx context.Context) (more bool, err error) {
	s.looked, err = s.store.AnnounceUntold(ctx, s.looked, untoldBatch, s.now())
	if err != nil {
		return false, fmt.Errorf("look for sellers that changed unannounced: %w", err)
	}
	return s.looked > 0, nil
}
