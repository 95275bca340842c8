package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Issuer signs access tokens. It is safe for concurrent use.
type Issuer struct {
	key              signingKey
	issuer, audience string
	jwks             json.RawMessage
}

// NewIssuer returns an issuer that signs with the first of keys. Tokens name
// issuer and audience, which verifiers insist on.
func NewIssuer(keys KeyRing, issuer, audience string) (*Issuer, error) {
	if len(keys.keys) == 0 {
		return nil, errors.New("no signing key is set")
	}
	jwks, err := keys.JWKS()
	if err != nil {
		return nil, fmt.Errorf("encode the key set: %w", err)
	}
	return &Issuer{key: keys.keys[0], issuer: issuer, audience: audience, jwks: jwks}, nil
}

// Issue returns a signed token for c, which must be complete: c.ExpiresAt is
// usually Lifetime from now.
func (i *Issuer) Issue(c Claims) (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("issue a token: %w", err)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, wireClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    i.issuer,
			Audience:  jwt.ClaimStrings{i.audience},
			Subject:   strconv.FormatInt(c.UserID, 10),
			ExpiresAt: jwt.NewNumericDate(c.ExpiresAt),
			IssuedAt:  jwt.NewNumericDate(time.Now()),
		},
		SessionID: c.SessionID,
		Role:      c.Role,
		Name:      c.Name,
	})
	t.Header["kid"] = i.key.id
	signed, err := t.SignedString(i.key.private)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed, nil
}

// JWKS returns the key set to publish at /.well-known/jwks.json.
func (i *Issuer) JWKS() json.RawMessage { return i.jwks }
