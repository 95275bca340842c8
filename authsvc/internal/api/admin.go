package api

import (
	"context"
	"net/http"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"
	"bookstore/shared/page"
	"bookstore/shared/token"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerAdmin(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "list-users", Method: http.MethodGet, Path: "/v1/users",
		Summary: "List accounts (admins)", Security: withToken,
	}, h.users)
	huma.Register(api, huma.Operation{
		OperationID: "update-user", Method: http.MethodPatch, Path: "/v1/users/{id}",
		Summary: "Change an account's role or status (admins)", Security: withToken,
	}, h.updateUser)
}

type usersInput struct{ authapi.UserQuery }

func (h *handler) users(ctx context.Context, in *usersInput) (*answer[authapi.Users], error) {
	users, err := h.auth.Users(ctx, caller(ctx), auth.UserQuery{
		Text: in.Q, Role: token.Role(in.Role), Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	return answerWith(page.Map(users, userToAPI)), nil
}

type updateUserInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body authapi.AdminUpdate
}

func (h *handler) updateUser(ctx context.Context, in *updateUserInput) (*answer[authapi.User], error) {
	change := auth.AccessChange{Role: in.Body.Role, Status: (*auth.Status)(in.Body.Status)}
	user, err := h.auth.UpdateUser(ctx, caller(ctx), in.ID, change)
	if err != nil {
		return nil, err
	}
	return answerWith(userToAPI(user)), nil
}
