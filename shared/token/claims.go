// Package token issues and verifies the access tokens by which our processes
// know who calls: short-lived JWTs, signed with Ed25519, verified anywhere
// from the published key set, and revoked within seconds by session.
package token

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Lifetime is how long an access token is good for.
const Lifetime = 15 * time.Minute

// What tokens of this shop name as their issuer and audience.
const (
	DefaultIssuer   = "bookstore"
	DefaultAudience = "bookstore"
)

// Role is what an account may do.
type Role string

// The roles. A seller may do whatever a buyer may.
const (
	Buyer  Role = "buyer"
	Seller Role = "seller"
	Admin  Role = "admin"
)

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return r == Buyer || r == Seller || r == Admin }

// Claims say who calls.
type Claims struct {
	UserID    int64
	SessionID string // ends with logout; see Revocations
	Role      Role
	Name      string // to greet with
	ExpiresAt time.Time
}

type contextKey struct{}

// With returns a context on behalf of the caller that c describes.
func With(ctx context.Context, c Claims) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// From returns the caller, unless the call is anonymous.
func From(ctx context.Context) (Claims, bool) {
	c, ok := ctx.Value(contextKey{}).(Claims)
	return c, ok
}

// wireClaims are Claims as a JWT carries them.
type wireClaims struct {
	jwt.RegisteredClaims
	SessionID string `json:"sid"`
	Role      Role   `json:"role"`
	Name      string `json:"name,omitempty"`
}

func (w wireClaims) claims() (Claims, error) {
	id, err := strconv.ParseInt(w.Subject, 10, 64)
	if err != nil || id <= 0 {
		return Claims{}, fmt.Errorf("subject %q is no user", w.Subject)
	}
	c := Claims{UserID: id, SessionID: w.SessionID, Role: w.Role, Name: w.Name, ExpiresAt: w.ExpiresAt.Time}
	if err := c.check(); err != nil {
		return Claims{}, err
	}
	return c, nil
}

func (c Claims) check() error {
	switch {
	case c.UserID <= 0:
		return errors.New("claims without a user")
	case c.SessionID == "":
		return errors.New("claims without a session")
	case !c.Role.Valid():
		return fmt.Errorf("unknown role %q", c.Role)
	case c.ExpiresAt.IsZero():
		return errors.New("claims that never expire")
	}
	return nil
}
