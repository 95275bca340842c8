package auth

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"bookstore/shared/text"
)

// Wrong passwords for one address are counted in a window of time that begins
// with the first of them.
const (
	maxFailures   = 10
	attemptWindow = 15 * time.Minute
)

// Login makes a session. A language that is not empty becomes the account's.
// It returns ErrBadCredentials, ErrSuspended,
// ErrTooManyAttempts or ErrOverloaded.
func (s *Service) Login(ctx context.Context, email, password, language, userAgent string) (Grant, error) {
	account, err := s.store.AccountByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrUserNotFound) {
		return Grant{}, fmt.Errorf("login: %w", err)
	}
	if err := s.checkPassword(ctx, email, password, account.PasswordHash); err != nil {
		return Grant{}, err
	}
	if account.Status != Active {
		return Grant{}, ErrSuspended
	}
	session, refresh := newSession(userAgent, s.now())
	session.UserID = account.ID
	if err := s.store.OpenSession(ctx, session, account.PasswordHash, language); err != nil {
		return Grant{}, fmt.Errorf("login: %w", err)
	}
	if language != "" {
		account.Language = language
	}
	grant, err := s.grant(account.User, session.ID)
	grant.RefreshToken = refresh
	return grant, err
}

// checkPassword returns nil if hash was made of password, ErrBadCredentials if
// not, and ErrTooManyAttempts without a look after too many wrong ones. hash is
// empty for an unknown address, which is treated like any other.
func (s *Service) checkPassword(ctx context.Context, email, password, hash string) error {
	key, now := digest(text.EmailKey(email)), s.now()
	since := now.Add(-attemptWindow)
	failures, began, err := s.store.Failures(ctx, key, since)
	if err != nil {
		return fmt.Errorf("count failed attempts: %w", err)
	}
	if failures >= maxFailures {
		wait := began.Add(attemptWindow).Sub(now)
		return ErrTooManyAttempts.With("retry_after", int(math.Ceil(wait.Seconds())))
	}
	matches, err := s.hasher.Matches(ctx, password, hash)
	if err != nil {
		return err
	}
	if !matches {
		if err := s.store.CountFailure(ctx, key, now, since); err != nil {
			return fmt.Errorf("count a failed attempt: %w", err)
		}
		return ErrBadCredentials
	}
	if failures > 0 {
		if err := s.store.ClearFailures(ctx, key); err != nil {
			return fmt.Errorf("forget failed attempts: %w", err)
		}
	}
	return nil
}
