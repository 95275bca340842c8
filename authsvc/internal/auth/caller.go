package auth

import (
	"context"

	"bookstore/shared/token"
)

// Caller is who asks: a user, or nobody. What the user may do is read from the
// database, which knows more than an access token.
type Caller struct {
	UserID    int64  // 0: anonymous
	SessionID string // that the user asks by
}

func (c Caller) signedIn() error {
	if c.UserID == 0 {
		return ErrUnauthenticated
	}
	return nil
}

// account returns the caller's account as it is now, whatever the access token
// says of it. It returns ErrUnauthenticated or ErrSessionEnded.
func (s *Service) account(ctx context.Context, who Caller) (Account, error) {
	if err := who.signedIn(); err != nil {
		return Account{}, err
	}
	account, err := s.store.SessionAccount(ctx, who, endedBefore(s.now()))
	if err != nil {
		return Account{}, err
	}
	if account.Status != Active {
		return Account{}, ErrSessionEnded
	}
	return account, nil
}

// RequireAdmin returns ErrForbidden for everybody but admins.
func (s *Service) RequireAdmin(ctx context.Context, who Caller) error {
	account, err := s.account(ctx, who)
	if err != nil {
		return err
	}
	if account.Role != token.Admin {
		return ErrForbidden
	}
	return nil
}
