package auth

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/envelope"
	"bookstore/shared/idempotency"
	"bookstore/shared/token"
)

// Service is what callers may do with accounts and sessions. It is safe for
// concurrent use.
type Service struct {
	store  Store
	hasher *Hasher
	issuer *token.Issuer
	now    func() time.Time
	// secrets encrypts what mails carry.
	secrets envelope.Keys

	announcers []*Announcer
	looked     int64 // the last account that FindUntold looked at
}

// NewService returns a service that takes the time from clock, and encrypts
// what only the readers of its mails may know.
func NewService(store Store, hasher *Hasher, issuer *token.Issuer, secrets envelope.Keys, clock func() time.Time) *Service {
	now := func() time.Time { return clock().UTC().Truncate(time.Microsecond) } // as it is stored
	return &Service{store: store, hasher: hasher, issuer: issuer, secrets: secrets, now: now}
}

// WakeOnChange makes the service wake announcers when it has changed what they
// announce. It is called before the service is used.
func (s *Service) WakeOnChange(announcers ...*Announcer) { s.announcers = announcers }

func (s *Service) sellersChanged() {
	for _, a := range s.announcers {
		a.Wake()
	}
}

// Grant is what a session gives its holder.
type Grant struct {
	AccessToken  string
	ExpiresAt    time.Time // of the access token
	RefreshToken string    // with a new session only
	User         User
}

func (s *Service) grant(u User, sessionID string) (Grant, error) {
	expires := s.now().Add(token.Lifetime).Truncate(time.Second) // as the token says it
	access, err := s.issuer.Issue(token.Claims{
		UserID: u.ID, SessionID: sessionID, Role: u.Role, Name: u.Name, ExpiresAt: expires,
	})
	if err != nil {
		return Grant{}, fmt.Errorf("grant access to user %d: %w", u.ID, err)
	}
	return Grant{AccessToken: access, ExpiresAt: expires, User: u}, nil
}

// Sweep deletes some of the sessions, revocations, tallies, devices, resets and
// keys of requests that are over, and reports whether there may be more.
func (s *Service) Sweep(ctx context.Context) (more bool, err error) {
	now := s.now()
	return s.store.Sweep(ctx, SweepLimits{
		Sessions:    endedBefore(now),
		Revocations: now.Add(-2 * RevocationLife), // instances' clocks differ a little
		Tallies:     now.Add(-time.Hour),
		Devices:     now.Add(-DeviceLife),
		Resets:      now,
		Keys:        now.Add(-idempotency.Life),
	})
}
