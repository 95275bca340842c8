package mail

import (
	"context"
	"slices"

	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/mail"
)

// Accounts finds contacts in authsvc.
type Accounts struct{ Client *authapi.Client }

// Contacts implements mail.Contacts.
func (a Accounts) Contacts(ctx context.Context, userIDs []int64) (map[int64]mail.Contact, error) {
	ids := slices.Clone(userIDs)
	slices.Sort(ids)
	list, err := a.Client.Contacts(httpclient.WithBearer(ctx, ""), slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	found := map[int64]mail.Contact{}
	for _, c := range list.Items {
		found[c.ID] = mail.Contact{Email: c.Email, Name: c.Name, Language: c.Language}
	}
	return found, nil
}
