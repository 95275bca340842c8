package api

import (
	"context"

	"bookstore/shared/authapi"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

// registerInternal registers what other services call. Who they are, the
// service key has proven.
func (h *handler) registerInternal(api huma.API) {
	jsonapi.Handle(api, "GET /internal/users", "look-up-users", "Look accounts up by id or e-mail address", h.lookUpUsers)
	jsonapi.Handle(api, "GET /internal/revocations", "list-revocations", "List the sessions that ended lately", h.listRevocations)
}

func (h *handler) lookUpUsers(ctx context.Context, in *struct {
	IDs   []int64 `query:"ids" maxItems:"200"`
	Email string  `query:"email" maxLength:"300"`
}) (*jsonapi.Body[authapi.Contacts], error) {
	if in.Email != "" {
		users, err := h.auth.ContactsByEmail(ctx, in.Email)
		return jsonapi.Answer(users, err, toContacts)
	}
	users, err := h.auth.Contacts(ctx, in.IDs)
	return jsonapi.Answer(users, err, toContacts)
}

func (h *handler) listRevocations(ctx context.Context, _ *struct{}) (*jsonapi.Body[authapi.Revocations], error) {
	ids, err := h.auth.Revoked(ctx)
	return jsonapi.Answer(ids, err, toRevocations)
}
