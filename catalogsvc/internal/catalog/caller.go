package catalog

import "bookstore/shared/token"

// Caller is who asks: a user, or nobody.
type Caller struct {
	UserID int64 // 0: anonymous
	Role   token.Role
	Name   string // to sell under if no better one is known
}

func (c Caller) signedIn() error {
	if c.UserID == 0 {
		return ErrUnauthenticated
	}
	return nil
}

func (c Caller) isAdmin() bool { return c.UserID != 0 && c.Role == token.Admin }

func (c Caller) seller() error {
	if err := c.signedIn(); err != nil {
		return err
	}
	if c.Role != token.Seller && c.Role != token.Admin {
		return ErrSellersOnly
	}
	return nil
}
