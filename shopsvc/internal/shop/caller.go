package shop

import "bookstore/shared/token"

// Caller is who asks: a user, a guest, or nobody.
type Caller struct {
	UserID    int64 // 0: not signed in
	Role      token.Role
	CartToken string // by which a guest shows which cart is theirs; may be empty
}

func (c Caller) signedIn() error {
	if c.UserID == 0 {
		return ErrUnauthenticated
	}
	return nil
}

func (c Caller) isAdmin() bool { return c.UserID != 0 && c.Role == token.Admin }

func (c Caller) admin() error {
	if err := c.signedIn(); err != nil {
		return err
	}
	if !c.isAdmin() {
		return ErrForbidden
	}
	return nil
}

// RequireAdmin returns an error for everybody but admins.
func RequireAdmin(who Caller) error { return who.admin() }

func (c Caller) seller() error {
	if err := c.signedIn(); err != nil {
		return err
	}
	if c.Role == token.Buyer {
		return ErrForbidden
	}
	return nil
}
