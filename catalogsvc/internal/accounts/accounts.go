// Package accounts looks sellers up at authsvc.
package accounts

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/authapi"
)

// timeout bounds a look-up: a seller waits for it, and can do without.
const timeout = 2 * time.Second

// Accounts implements catalog.Accounts.
type Accounts struct{ auth *authapi.Client }

// New returns accounts that asks authsvc through client.
func New(client *authapi.Client) *Accounts { return &Accounts{client} }

var _ catalog.Accounts = (*Accounts)(nil)

// SellerName implements catalog.Accounts. An account without a name to sell
// under sells under its own.
func (a *Accounts) SellerName(ctx context.Context, id int64) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	contacts, err := a.auth.Contacts(ctx, []int64{id})
	if err != nil {
		return "", fmt.Errorf("look account %d up: %w", id, err)
	}
	for _, c := range contacts.Items {
		if c.ID == id {
			return cmp.Or(c.SellerName, c.Name), nil
		}
	}
	return "", fmt.Errorf("look account %d up: it is unknown", id)
}
