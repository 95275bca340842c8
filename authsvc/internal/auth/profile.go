package auth

import (
	"context"
	"errors"
	"fmt"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/i18n"
	"bookstore/shared/token"
)

// Me returns the caller's account.
func (s *Service) Me(ctx context.Context, who Caller) (User, error) {
	account, err := s.account(ctx, who)
	return account.User, err
}

// UpdateMe changes the caller's account. It returns ErrEmailTaken,
// ErrSellerNameTaken, or an error of kind Invalid that blames every field that
// is wrong.
func (s *Service) UpdateMe(ctx context.Context, who Caller, change ProfileChange) (User, error) {
	account, err := s.account(ctx, who)
	if err != nil {
		return User{}, err
	}
	if change, err = account.cleanChange(change); err != nil {
		return User{}, err
	}
	if change == (ProfileChange{}) {
		return account.User, nil
	}
	if err := s.store.UpdateProfile(ctx, account.User, change, s.now()); err != nil {
		return User{}, fmt.Errorf("update user %d: %w", who.UserID, err)
	}
	s.sellersChanged()
	return s.store.User(ctx, who.UserID)
}

// cleanChange returns what change really changes. What stays as it is stays,
// even if nobody may choose it any more.
func (u User) cleanChange(change ProfileChange) (ProfileChange, error) {
	var clean ProfileChange
	var errs []error
	take := func(to **string, value *string, old string, check func(string) (string, error)) {
		if value == nil || *value == old && old != "" {
			return
		}
		text, err := check(*value)
		if err == nil && text == old {
			return
		}
		*to, errs = &text, append(errs, err)
	}
	take(&clean.Email, change.Email, u.Email, cleanEmail)
	take(&clean.Name, change.Name, u.Name, func(name string) (string, error) { return cleanName("name", name) })
	take(&clean.SellerName, change.SellerName, u.SellerName, func(name string) (string, error) {
		if !u.Sells() {
			return "", apierr.Field("seller_name", authapi.CodeNotASeller)
		}
		return cleanName("seller_name", name)
	})
	take(&clean.Language, change.Language, u.Language, func(language string) (string, error) {
		if !i18n.Speaks(language) {
			return "", apierr.Field("language", apierr.CodeNotAllowed)
		}
		return language, nil
	})
	return clean, joinFields(errs...)
}

// ChangePassword replaces the caller's password and ends the other sessions. It
// returns ErrTooManyAttempts, ErrOverloaded, or an error on current_password or
// new_password.
func (s *Service) ChangePassword(ctx context.Context, who Caller, current, replacement string) error {
	account, err := s.account(ctx, who)
	if err != nil {
		return err
	}
	newErr := CheckPassword("new_password", replacement, account.User)
	_, err = s.checkPassword(ctx, knownTry(account.Email, who.SessionID), current, account.PasswordHash)
	err = asCurrentPassword(err)
	if err != nil && !apierr.IsKind(err, apierr.KindInvalid) {
		return err
	}
	if err := joinFields(err, newErr); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, replacement)
	if err != nil {
		return err
	}
	change := PasswordChange{Caller: who, User: account.User, OldHash: account.PasswordHash, NewHash: hash}
	return asCurrentPassword(s.store.ChangePassword(ctx, change, s.now()))
}

// asCurrentPassword turns wrong credentials into a field's error: the caller is
// signed in and stays so.
func asCurrentPassword(err error) error {
	if errors.Is(err, ErrBadCredentials) {
		return apierr.Field("current_password", authapi.CodeWrongPassword)
	}
	return err
}

// StartSelling makes a buyer a seller, lets an admin sell as well, and returns
// an access token that says so. For whoever sells already it changes nothing.
// It returns ErrSellerNameTaken.
func (s *Service) StartSelling(ctx context.Context, who Caller, sellerName string) (Grant, error) {
	account, err := s.account(ctx, who)
	if err != nil {
		return Grant{}, err
	}
	if account.Sells() {
		return s.grant(account.User, who.SessionID)
	}
	name, err := cleanName("seller_name", sellerName)
	if err != nil {
		return Grant{}, err
	}
	role := token.Seller
	if account.Role == token.Admin {
		role = token.Admin
	}
	if err := s.store.StartSelling(ctx, who.UserID, account.Role, role, name, s.now()); err != nil {
		return Grant{}, fmt.Errorf("start selling: %w", err)
	}
	s.sellersChanged()
	user, err := s.store.User(ctx, who.UserID)
	if err != nil {
		return Grant{}, fmt.Errorf("start selling: %w", err)
	}
	return s.grant(user, who.SessionID)
}
