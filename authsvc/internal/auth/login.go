package auth

import (
	"context"
	"errors"
	"fmt"
)

// Login makes a session. A language that is not empty becomes the account's.
// It returns ErrBadCredentials, ErrSuspended,
// ErrTooManyAttempts or ErrOverloaded.
func (s *Service) Login(ctx context.Context, email, password, language, userAgent string, from Origin) (Grant, error) {
	account, err := s.store.AccountByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrUserNotFound) {
		return Grant{}, fmt.Errorf("login: %w", err)
	}
	try, err := s.tryOf(ctx, account, email, from)
	if err != nil {
		return Grant{}, fmt.Errorf("login: %w", err)
	}
	stale, err := s.checkPassword(ctx, try, password, account.PasswordHash)
	if err != nil {
		return Grant{}, err
	}
	if account.Status != Active {
		return Grant{}, ErrSuspended
	}
	if stale {
		if account.PasswordHash, err = s.renewHash(ctx, account, password); err != nil {
			return Grant{}, fmt.Errorf("login: %w", err)
		}
	}
	session, refresh := newSession(userAgent, from, s.now())
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

// renewHash makes the hash of an account's password again, and returns it.
func (s *Service) renewHash(ctx context.Context, account Account, password string) (string, error) {
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	return hash, s.store.RenewHash(ctx, account.ID, account.PasswordHash, hash)
}
