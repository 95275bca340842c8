package auth

import (
	"context"
	"errors"
	"fmt"

	"bookstore/shared/apierr"
	"bookstore/shared/idempotency"
	"bookstore/shared/text"
	"bookstore/shared/token"
)

// Registration asks for an account.
type Registration struct {
	Email, Password, Name string
	Language              string // that the owner reads; may be empty
}

// Register makes a buyer's account and its first session. Under the same key,
// which may be empty, it makes one account and then signs its owner in again. It
// returns ErrEmailTaken, idempotency.ErrReused if the key made another account,
// ErrTooManyAttempts if too many were asked for from the same network, or an error
// of kind Invalid that blames every field that is wrong.
func (s *Service) Register(ctx context.Context, key string, r Registration, userAgent string, from Origin) (Grant, error) {
	email, emailErr := cleanEmail(r.Email)
	name, nameErr := cleanName("name", r.Name)
	passwordErr := CheckPassword("password", r.Password, User{Email: r.Email, Name: r.Name})
	if emailErr == nil { // what follows tells whether the address is taken
		if err := s.takeTurn(ctx, wishForAccount, from); err != nil {
			return Grant{}, err
		}
	}
	if err := joinFields(emailErr, nameErr, passwordErr); err != nil {
		return Grant{}, s.orTaken(ctx, email, err)
	}
	request, err := idempotency.NewRequest(0, key, []string{email, name})
	if err != nil {
		return Grant{}, err
	}
	account, err := s.newAccount(ctx, Registration{Email: email, Password: r.Password, Name: name, Language: r.Language}, token.Buyer)
	if err != nil {
		return Grant{}, err
	}
	session, refresh := newSession(userAgent, from, account.CreatedAt)
	id, isNew, err := s.store.Register(ctx, request, account, session)
	if err != nil {
		return Grant{}, fmt.Errorf("register: %w", err)
	}
	if !isNew { // the key is no proof of who asks: the password is
		return s.Login(ctx, email, r.Password, r.Language, userAgent, from)
	}
	account.ID = id
	grant, err := s.grant(account.User, session.ID)
	grant.RefreshToken = refresh
	return grant, err
}

// orTaken returns wrong, which is what is wrong with a registration, with
// ErrEmailTaken if another has its address: whoever mends the rest would hear
// that next.
func (s *Service) orTaken(ctx context.Context, email string, wrong error) error {
	if email == "" {
		return wrong
	}
	if _, err := s.store.AccountByEmail(ctx, email); err != nil {
		return wrong // registering will tell
	}
	return joinFields(ErrEmailTaken, wrong)
}

// EnsureAdmin makes an admin's account, unless its address has an account
// already, which stays as it is. Any number of callers may do so at once. The
// address is the operator's choice and may be on a host of their own network.
func (s *Service) EnsureAdmin(ctx context.Context, email, password string) error {
	_, err := s.store.AccountByEmail(ctx, email)
	if err == nil {
		return nil
	}
	if !errors.Is(err, ErrUserNotFound) {
		return fmt.Errorf("look for the first admin: %w", err)
	}
	if email, err = text.HostEmail(email); err != nil {
		return fmt.Errorf("make the first admin: %w", err)
	}
	account, err := s.newAccount(ctx, Registration{Email: email, Password: password, Name: "Admin"}, token.Admin)
	if err != nil {
		return fmt.Errorf("make the first admin: %w", err)
	}
	if _, err := s.store.CreateAccount(ctx, account); err != nil && !isEmailTaken(err) {
		return fmt.Errorf("make the first admin: %w", err)
	}
	return nil
}

// newAccount returns the account that r, which was checked, asks for, without
// an id.
func (s *Service) newAccount(ctx context.Context, r Registration, role token.Role) (Account, error) {
	hash, err := s.hasher.Hash(ctx, r.Password)
	if err != nil {
		return Account{}, err
	}
	return Account{
		User:         User{Email: r.Email, Name: r.Name, Role: role, Status: Active, Language: r.Language, CreatedAt: s.now()},
		PasswordHash: hash,
	}, nil
}

// joinFields returns one error that blames all the fields that errs blame, or nil.
func joinFields(errs ...error) error {
	joined := apierr.Invalid()
	for _, err := range errs {
		if e, ok := apierr.As(err); ok {
			joined.Fields = append(joined.Fields, e.Fields...)
		}
	}
	if len(joined.Fields) == 0 {
		return nil
	}
	return joined
}

// isEmailTaken looks at the field's code, for all errors of kind Invalid are
// equal to errors.Is.
func isEmailTaken(err error) bool {
	e, ok := apierr.As(err)
	return ok && len(e.Fields) == 1 && e.Fields[0].Code == ErrEmailTaken.Fields[0].Code
}
