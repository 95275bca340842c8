package auth

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"bookstore/shared/audit"
	"bookstore/shared/page"
	"bookstore/shared/text"
	"bookstore/shared/token"
)

// UserQuery selects a page of accounts.
type UserQuery struct {
	Text   string     // part of the address or name, or an account's number: "#17"
	Role   token.Role // empty: any
	Limit  int
	Cursor string
}

// Users returns a page of accounts, the newest first; it may lag behind unless
// ctx asks for fresh reads. It returns ErrForbidden unless the caller is an
// admin, and page.ErrCursor.
func (s *Service) Users(ctx context.Context, who Caller, q UserQuery) (page.Page[User], error) {
	if err := s.RequireAdmin(ctx, who); err != nil {
		return page.Page[User]{}, err
	}
	var before int64
	if q.Cursor != "" {
		if err := page.Decode(q.Cursor, &before); err != nil {
			return page.Page[User]{}, err
		}
	}
	limit := page.Limit(q.Limit)
	filter := UserFilter{Text: strings.ToLower(text.Line(q.Text)), Role: q.Role, Before: before, Limit: limit + 1}
	if number, ok := strings.CutPrefix(filter.Text, "#"); ok {
		if id, err := strconv.ParseInt(number, 10, 64); err == nil {
			filter.Text, filter.ID = "", id
		}
	}
	users, err := s.store.Users(ctx, filter)
	if err != nil {
		return page.Page[User]{}, fmt.Errorf("list users: %w", err)
	}
	return page.Cut(users, limit, func(u User) any { return u.ID })
}

// UpdateUser changes an account's role and status, which ends its sessions. It
// returns ErrForbidden unless the caller is an admin, ErrOwnAccount and
// ErrUserNotFound.
func (s *Service) UpdateUser(ctx context.Context, who Caller, userID int64, change AccessChange) (User, error) {
	if err := s.RequireAdmin(ctx, who); err != nil {
		return User{}, err
	}
	demotes := change.Role != nil && *change.Role != token.Admin
	suspends := change.Status != nil && *change.Status != Active
	if userID == who.UserID && (demotes || suspends) {
		return User{}, ErrOwnAccount
	}
	change.By = audit.Actor{Role: string(token.Admin), ID: who.UserID}
	user, err := s.store.UpdateAccess(ctx, userID, change, s.now())
	if err != nil {
		return User{}, fmt.Errorf("update user %d: %w", userID, err)
	}
	s.sellersChanged()
	return user, nil
}

// Contacts looks accounts up for other services; unknown ids are left out.
func (s *Service) Contacts(ctx context.Context, ids []int64) ([]User, error) {
	return s.store.UsersByID(ctx, ids)
}

// ContactsByEmail is Contacts by an e-mail address, however it is spelled.
func (s *Service) ContactsByEmail(ctx context.Context, email string) ([]User, error) {
	return s.store.UsersByEmail(ctx, email)
}
