package mail

import (
	"context"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/mail"
)

// Accounts finds contacts among the accounts.
type Accounts struct{ Service *auth.Service }

// Contacts implements mail.Contacts.
func (a Accounts) Contacts(ctx context.Context, userIDs []int64) (map[int64]mail.Contact, error) {
	users, err := a.Service.Contacts(ctx, userIDs)
	if err != nil {
		return nil, err
	}
	found := map[int64]mail.Contact{}
	for _, u := range users {
		found[u.ID] = mail.Contact{Email: u.Email, Name: u.Name, Language: u.Language}
	}
	return found, nil
}
