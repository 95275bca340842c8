// Package shop is the domain of shopsvc: carts, orders and what becomes of
// them. An order is an aggregate that is read whole, changed by its methods
// and saved under a guard on its version, so that of two changes decided on
// the same state one always wins and the other decides again.
//
// saga.go says which step an order is due for, on its way through reservation,
// payment and delivery; the steps are in reserve.go, authorise.go, capture.go,
// unwind.go and followup.go. drive.go takes an order from step to step: each is
// written down before it calls out. run.go lets callers wait for that.
package shop

import (
	"context"
	"sync"
	"time"

	"bookstore/shared/idempotency"
	"bookstore/shared/shopapi"
)

// Settings are what an operator or a test chooses.
type Settings struct {
	Currency    string // of everything, ISO 4217
	HomeCountry string // that national providers serve, ISO 3166-1 alpha-2
	PublicURL   string // of the web shop, without a slash at the end
	EventKey    EventKey
	Account     BankAccount // to which buyers transfer money

	Hold         time.Duration // how long copies are held for a buyer who has not begun to pay
	RedirectHold time.Duration // and for one who pays on the gateway's page
	TransferHold time.Duration // and for a bank transfer
	RetryHold    time.Duration // what is left at least after a declined payment

	AnswerWithin time.Duration // how long a caller is kept waiting for what follows a call
	StepTimeout  time.Duration // of one step of the saga, with the call it makes
	Heartbeat    time.Duration // how often a driver renews its lease of an order
	Lease        time.Duration // how long a driver has an order for itself; some heartbeats
	PollEvery    time.Duration // how often to ask for the decision of a buyer at the gateway

	RemindAfter time.Duration // when a seller is reminded of a new sale
	CancelAfter time.Duration // when a new sale is called off

	// Likewise for a sale that its seller has accepted, from then on. The
	// reminder comes later than CancelAfter, which tells one wait from the other.
	DispatchRemindAfter time.Duration
	DispatchCancelAfter time.Duration

	ReleaseAfter time.Duration // when a seller gets the money for what was sent and nobody says has arrived

	GuestCarts time.Duration // how long a guest's cart is kept after its last change
}

// DefaultSettings returns the times that are right for a shop at work.
func DefaultSettings() Settings {
	return Settings{
		Currency:     "USD",
		HomeCountry:  "CO",
		PublicURL:    "http://localhost:8080",
		Hold:         15 * time.Minute,
		RedirectHold: 30 * time.Minute,
		TransferHold: 72 * time.Hour,
		RetryHold:    5 * time.Minute,
		AnswerWithin: shopapi.AnswerWithin,
		StepTimeout:  10 * time.Second,
		Heartbeat:    250 * time.Millisecond,
		Lease:        time.Second,
		PollEvery:    30 * time.Second,
		RemindAfter:  48 * time.Hour,
		CancelAfter:  96 * time.Hour,

		DispatchRemindAfter: 5 * 24 * time.Hour,
		DispatchCancelAfter: 10 * 24 * time.Hour,

		ReleaseAfter: 14 * 24 * time.Hour,

		GuestCarts: 60 * 24 * time.Hour,
	}
}

// Clock tells the time. Tests move it.
type Clock func() time.Time

// Catalog is what catalogsvc knows of books and their stock. The id of an
// order is the id of its reservation. Every call may be repeated.
type Catalog interface {
	// Books returns the books that exist, by id.
	Books(ctx context.Context, ids []int64) (map[int64]Book, error)
	// Reserve takes copies out of stock for an order until a time, all or
	// nothing; repeated, it prolongs the hold. It returns ErrLinesChanged with
	// a field for each line that can't be had, or ErrHoldGone.
	Reserve(ctx context.Context, orderID string, until time.Time, lines []Line) error
	// Commit sells the held copies. It returns ErrHoldGone.
	Commit(ctx context.Context, orderID string) error
	// Release gives held copies back and makes a late Reserve fail. It returns
	// ErrHoldSold after Commit.
	Release(ctx context.Context, orderID string) error
	// Restock gives sold copies back, once for each key.
	Restock(ctx context.Context, orderID, key string, lines []Line) error
}

// Accounts knows the users.
type Accounts interface {
	// WithEmail returns the ids of the accounts with this e-mail address, however
	// it is spelled.
	WithEmail(ctx context.Context, email string) ([]int64, error)
}

// Store keeps carts, providers and orders. What it reads is what was written last.
type Store interface {
	CartStore
	ProviderStore
	OrderStore
	SellerStore
	LedgerStore
}

// CartStore keeps carts.
type CartStore interface {
	// Cart returns the owner's cart; one without an id if there is none.
	Cart(ctx context.Context, owner CartOwner) (Cart, error)
	// SaveCart writes a cart, under its version, and what has changed of its lines
	// before. It returns ErrOvertaken.
	SaveCart(ctx context.Context, c Cart, before []CartLine) error
	// MergeCarts gives both carts to merge in one transaction, writes the
	// user's and deletes the guest's. It does nothing without a guest's cart.
	MergeCarts(ctx context.Context, guest, user CartOwner, merge func(user *Cart, guest Cart)) error
	// CountCart returns how many copies are in the owner's cart.
	CountCart(ctx context.Context, owner CartOwner) (int64, error)
	// SweepCarts deletes guests' carts unchanged since before and returns how many.
	SweepCarts(ctx context.Context, before time.Time) (int64, error)
}

// ProviderStore keeps delivery providers. What is changed of them it writes into
// the audit log as well, in the same transaction.
type ProviderStore interface {
	// Providers returns all providers by name.
	Providers(ctx context.Context) ([]Provider, error)
	// InsertProvider adds p and returns its id, once for each key of a request,
	// ErrTaken for its name, or ErrKeyReused.
	InsertProvider(ctx context.Context, by Actor, request idempotency.Request, p Provider, at time.Time) (int64, error)
	// SweepKeys forgets the keys of requests from before an instant.
	SweepKeys(ctx context.Context, before time.Time) error
	// UpdateProvider changes the provider p.ID. It returns ErrNotFound or ErrTaken.
	UpdateProvider(ctx context.Context, by Actor, p Provider, at time.Time) error
	// SetFirstCosts gives the providers in before the costs of those in after, in
	// the same order, if the shop has exactly those in before (their ids and
	// tracking pages aside) and no order yet.
	SetFirstCosts(ctx context.Context, before, after []Provider) error
	// DeleteProvider removes a provider. It returns ErrNotFound.
	DeleteProvider(ctx context.Context, by Actor, id int64, at time.Time) error
}

// OrderStore keeps orders.
type OrderStore interface {
	// InsertOrder adds a new order with its changes. With a cart, it first
	// rotates that cart's key to nextKey under its version. It returns
	// ErrOvertaken if the cart changed, and ErrTaken if the order's
	// idempotency key or number is in use.
	InsertOrder(ctx context.Context, o *Order, from *Cart, nextKey string) error
	// SaveOrder writes o with its changes, under its version, which it raises.
	// It returns ErrOvertaken.
	SaveOrder(ctx context.Context, o *Order) error
	// RenewLease leases an order of a version to its driver until a time, and
	// reports whether the order is still of that version.
	RenewLease(ctx context.Context, id string, version int64, until time.Time) (bool, error)
	// Order returns an order. It returns ErrNotFound.
	Order(ctx context.Context, id string) (*Order, error)
	// OrderByKey returns the order that a buyer placed under a key, or ErrNotFound.
	OrderByKey(ctx context.Context, buyerID int64, key string) (*Order, error)
	// OrderOfShipment and OrderOfPayment return the id of the order that a
	// shipment or payment is part of, or ErrNotFound.
	OrderOfShipment(ctx context.Context, shipmentID string) (string, error)
	OrderOfPayment(ctx context.Context, paymentID string) (string, error)
	// Orders returns up to f.Limit orders, the latest first. They may lag behind
	// unless f or ctx asks for fresh ones.
	Orders(ctx context.Context, f OrderFilter) ([]*Order, error)
	// Sales returns up to f.Limit paid shipments of a seller, the latest first:
	// each an order with that one shipment. They may lag behind unless ctx asks
	// for fresh ones.
	Sales(ctx context.Context, f SaleFilter) ([]*Order, error)
	// Events returns an order's events, the oldest first.
	Events(ctx context.Context, orderID string) ([]Event, error)
	// UnpaidOrders returns the ids of a buyer's orders placed before the order
	// beforeID that hold copies and have no payment open, or are about to let
	// them go. An empty beforeID means all.
	UnpaidOrders(ctx context.Context, buyerID int64, beforeID string) ([]string, error)
	// DueOrders returns the ids of orders that somebody has to do something
	// for, the longest due first.
	DueOrders(ctx context.Context, now time.Time, limit int) ([]string, error)
}

// Service is the shop. It is safe for concurrent use, by any number of processes.
type Service struct {
	cfg      Settings
	store    Store
	catalog  Catalog
	accounts Accounts
	rates    DeliveryRates
	gateway  Gateway
	clock    Clock
	rules    knownRules
	driving  sync.WaitGroup
}

// NewService returns a shop on the given store, catalog, accounts and gateway.
func NewService(cfg Settings, store Store, catalog Catalog, accounts Accounts, gateway Gateway, clock Clock) *Service {
	return &Service{cfg: cfg, store: store, catalog: catalog, accounts: accounts, rates: commonRates{store, cfg.HomeCountry}, gateway: gateway, clock: clock}
}

// Currency returns the currency of everything, ISO 4217.
func (s *Service) Currency() string { return s.cfg.Currency }

// HomeCountry returns the country that national providers serve.
func (s *Service) HomeCountry() string { return s.cfg.HomeCountry }

// Wait returns when the orders that callers left in progress have come to
// rest, or when ctx ends; workers of other processes go on from there.
func (s *Service) Wait(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		s.driving.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// now returns the time to the microsecond, as it is stored.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }
