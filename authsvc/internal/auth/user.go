// Package auth holds accounts and sessions: who may sign in, for how long, and
// what they may do.
package auth

import (
	"net/mail"
	"strings"
	"time"
	"unicode"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

// Status tells whether an account may be used.
type Status string

// The statuses of an account.
const (
	Active    Status = authapi.StatusActive
	Suspended Status = authapi.StatusSuspended
)

// User is an account.
type User struct {
	ID         int64
	Email      string // as its owner writes it; see EmailKey
	Name       string
	Role       token.Role
	Status     Status
	SellerName string // on listings; empty for who never sold
	Language   string // that the owner reads (ISO 639-1); empty if unknown
	CreatedAt  time.Time
}

// Sells tells whether the account may list books under a name.
func (u User) Sells() bool {
	return u.Role == token.Seller || u.Role == token.Admin && u.SellerName != ""
}

// Account is a User with what proves to be its owner.
type Account struct {
	User
	PasswordHash string
}

// EmailKey returns what two spellings of one address have in common.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CheckEmail returns an error on the field email if email does not look like
// an address.
func CheckEmail(email string) error {
	_, err := cleanEmail(email)
	return err
}

// cleanEmail returns email without spaces around it, or an error on the field
// email if it does not look like an address.
func cleanEmail(email string) (string, error) {
	email = strings.TrimSpace(email)
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email { // "Ann <ann@example.org>" is more than an address
		return "", apierr.Field("email", apierr.CodeBadFormat)
	}
	return email, nil
}

// cleanName returns a name fit for one line of a page, or an error on field if
// nothing is left of it.
func cleanName(field, name string) (string, error) {
	visible := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(visible), " ")
	if name == "" {
		return "", apierr.Field(field, apierr.CodeRequired)
	}
	return name, nil
}
