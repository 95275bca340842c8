package auth

import (
	"context"
	"errors"
	"fmt"
)

// Refresh returns a new access token. It returns ErrSessionEnded if the refresh
// token is unknown or its session over.
func (s *Service) Refresh(ctx context.Context, refreshToken string) (Grant, error) {
	now := s.now()
	session, user, err := s.store.SessionByRefresh(ctx, digest(refreshToken), endedBefore(now))
	if err != nil {
		return Grant{}, fmt.Errorf("refresh: %w", err)
	}
	if user.Status != Active {
		return Grant{}, ErrSessionEnded
	}
	if before := now.Add(-touchInterval); session.LastUsedAt.Before(before) {
		if err := s.store.TouchSession(ctx, session.ID, now, before); err != nil {
			return Grant{}, fmt.Errorf("refresh: %w", err)
		}
	}
	return s.grant(user, session.ID)
}

// Logout ends the caller's session. Ending one that is over is no error.
func (s *Service) Logout(ctx context.Context, who Caller) error {
	if err := who.signedIn(); err != nil {
		return err
	}
	err := s.store.EndSession(ctx, who, s.now())
	if err != nil && !errors.Is(err, ErrSessionNotFound) {
		return fmt.Errorf("logout: %w", err)
	}
	return nil
}

// Sessions lists the caller's sessions, the last used first.
func (s *Service) Sessions(ctx context.Context, who Caller) ([]Session, error) {
	if _, err := s.account(ctx, who); err != nil {
		return nil, err
	}
	return s.store.Sessions(ctx, who.UserID, endedBefore(s.now()))
}

// EndSession ends one of the caller's sessions. It returns ErrSessionNotFound
// if the caller has no such session.
func (s *Service) EndSession(ctx context.Context, who Caller, id string) error {
	if _, err := s.account(ctx, who); err != nil {
		return err
	}
	return s.store.EndSession(ctx, Caller{who.UserID, id}, s.now())
}

// EndOtherSessions ends all of the caller's sessions but the one that asks.
func (s *Service) EndOtherSessions(ctx context.Context, who Caller) error {
	if _, err := s.account(ctx, who); err != nil {
		return err
	}
	return s.store.EndOtherSessions(ctx, who, s.now())
}

// Revoked lists the sessions that ended while access tokens of them may still
// be good.
func (s *Service) Revoked(ctx context.Context) ([]string, error) {
	return s.store.Revoked(ctx, s.now().Add(-RevocationLife))
}
