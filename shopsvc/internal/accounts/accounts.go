// Package accounts looks buyers up at authsvc.
package accounts

import (
	"context"
	"fmt"

	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
	"bookstore/shopsvc/internal/shop"
)

// Accounts implements shop.Accounts.
type Accounts struct{ auth *authapi.Client }

// New returns accounts that asks authsvc through client.
func New(client *authapi.Client) *Accounts { return &Accounts{client} }

var _ shop.Accounts = (*Accounts)(nil)

// WithEmail implements shop.Accounts. It asks in the shop's own name.
func (a *Accounts) WithEmail(ctx context.Context, email string) ([]int64, error) {
	contacts, err := a.auth.ContactsByEmail(httpclient.WithBearer(ctx, ""), email)
	if err != nil {
		return nil, fmt.Errorf("look an address up: %w", err)
	}
	ids := make([]int64, len(contacts.Items))
	for i, c := range contacts.Items {
		ids[i] = c.ID
	}
	return ids, nil
}
