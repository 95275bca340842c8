package mail

import (
	"context"
	"slices"

	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
)

// Accounts finds contacts in authsvc.
type Accounts struct{ Client *authapi.Client }

// Contacts implements Contacts.
func (a Accounts) Contacts(ctx context.Context, ids []int64) (map[int64]Contact, error) {
	slices.Sort(ids)
	found := map[int64]Contact{}
	if len(ids) == 0 {
		return found, nil
	}
	list, err := a.Client.Contacts(httpclient.WithBearer(ctx, ""), slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	for _, c := range list.Items {
		found[c.ID] = Contact{c.Email, c.Name}
	}
	return found, nil
}
