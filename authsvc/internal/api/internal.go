package api

import (
	"context"
	"net/http"

	"bookstore/shared/authapi"

	"github.com/danielgtaylor/huma/v2"
)

// registerInternal adds what other services call. Who they are, the service
// key has proven; the document for everybody leaves these calls out.
func (h *handler) registerInternal(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "look-up-users", Method: http.MethodGet, Path: "/internal/users", Hidden: true,
	}, h.contacts)
	huma.Register(api, huma.Operation{
		OperationID: "list-revocations", Method: http.MethodGet, Path: "/internal/revocations", Hidden: true,
	}, h.revocations)
}

type contactsInput struct {
	IDs []int64 `query:"ids" maxItems:"200"`
}

func (h *handler) contacts(ctx context.Context, in *contactsInput) (*answer[authapi.Contacts], error) {
	users, err := h.auth.Contacts(ctx, in.IDs)
	if err != nil {
		return nil, err
	}
	list := authapi.Contacts{Items: make([]authapi.Contact, len(users))}
	for i, u := range users {
		list.Items[i] = authapi.Contact{ID: u.ID, Email: u.Email, Name: u.Name, SellerName: u.SellerName}
	}
	return answerWith(list), nil
}

func (h *handler) revocations(ctx context.Context, _ *struct{}) (*answer[authapi.Revocations], error) {
	ids, err := h.auth.Revoked(ctx)
	if err != nil {
		return nil, err
	}
	return answerWith(authapi.Revocations{SessionIDs: ids}), nil
}
