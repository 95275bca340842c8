package api

import (
	"context"

	"bookstore/shared/authapi"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerAdmin(api huma.API) {
	jsonapi.Handle(api, "GET /v1/users", "list-users", "List accounts (admins)", h.listUsers, jsonapi.Authenticated)
	jsonapi.Handle(api, "PATCH /v1/users/{id}", "update-user", "Change an account's role or status (admins)", h.updateUser, jsonapi.Authenticated)
}

// UserID is the path of an account.
type UserID struct {
	ID int64 `path:"id" minimum:"1"`
}

func (h *handler) listUsers(ctx context.Context, in *authapi.UserQuery) (*jsonapi.Body[authapi.Users], error) {
	users, err := h.auth.Users(ctx, caller(ctx), fromUserQuery(*in))
	return jsonapi.Answer(users, err, toUsers)
}

func (h *handler) updateUser(ctx context.Context, in *struct {
	UserID
	Body authapi.AdminUpdate
}) (*jsonapi.Body[authapi.User], error) {
	user, err := h.auth.UpdateUser(ctx, caller(ctx), in.ID, fromAdminUpdate(in.Body))
	return jsonapi.Answer(user, err, toUserForAdmins)
}
