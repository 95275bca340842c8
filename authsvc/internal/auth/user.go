// Package auth holds accounts and sessions: who may sign in, for how long, and
// what they may do.
package auth

import (
	"time"
	"unicode/utf8"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/text"
	"bookstore/shared/token"
)

// Status reports whether an account may be used.
type Status string

// The statuses of an account.
const (
	Active    Status = authapi.StatusActive
	Suspended Status = authapi.StatusSuspended
)

// User is an account.
type User struct {
	ID         int64
	Email      string // as its owner writes it; compared by text.EmailKey
	Name       string
	Role       token.Role
	Status     Status
	SellerName string // on listings; empty for who never sold
	Language   string // that the owner reads (ISO 639-1); empty if unknown
	CreatedAt  time.Time

	// Accounts from before these were compared may be the same to people as an
	// older one; these are its id, or 0.
	SameEmailAs, SameSellerNameAs int64
}

// Sells reports whether the account may list books under a name.
func (u User) Sells() bool {
	return u.Role == token.Seller || u.Role == token.Admin && u.SellerName != ""
}

// Account is a User with what proves to be its owner.
type Account struct {
	User
	PasswordHash string
}

// MaxName is how many characters a name has at most.
const MaxName = authapi.MaxName

// cleanEmail returns an address as it is kept, or an error on the field email
// if mail can't be sent there.
func cleanEmail(email string) (string, error) {
	if text.Line(email) == "" {
		return "", apierr.Field("email", apierr.CodeRequired)
	}
	email, err := text.Email(email)
	if err != nil {
		return "", apierr.Field("email", apierr.CodeBadFormat)
	}
	return email, nil
}

// cleanName returns a name as it is kept, or an error on field if nothing is
// left of it or too much.
func cleanName(field, name string) (string, error) {
	name = text.Line(name)
	switch {
	case name == "":
		return "", apierr.Field(field, apierr.CodeRequired)
	case utf8.RuneCountInString(name) > MaxName: // composed, some letters become two
		return "", apierr.Field(field, apierr.CodeTooLong, "max", MaxName)
	}
	return name, nil
}
