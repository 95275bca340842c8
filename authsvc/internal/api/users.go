package api

import (
	"context"
	"net/http"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerUsers(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "register", Method: http.MethodPost, Path: "/v1/users",
		Summary: "Make an account and sign in", DefaultStatus: http.StatusCreated,
	}, h.register)
	huma.Register(api, huma.Operation{
		OperationID: "get-me", Method: http.MethodGet, Path: "/v1/users/me",
		Summary: "Your account", Security: withToken,
	}, h.me)
	huma.Register(api, huma.Operation{
		OperationID: "update-me", Method: http.MethodPatch, Path: "/v1/users/me",
		Summary: "Change your account", Security: withToken,
	}, h.updateMe)
	huma.Register(api, huma.Operation{
		OperationID: "change-password", Method: http.MethodPost, Path: "/v1/users/me/password",
		Summary: "Change your password and sign out everywhere else", Security: withToken,
	}, h.changePassword)
	huma.Register(api, huma.Operation{
		OperationID: "start-selling", Method: http.MethodPost, Path: "/v1/users/me/seller",
		Summary: "Start selling", Security: withToken,
	}, h.startSelling)
}

type registerInput struct {
	UserAgent string `header:"User-Agent"`
	Body      authapi.Register
}

func (h *handler) register(ctx context.Context, in *registerInput) (*answer[authapi.Grant], error) {
	grant, err := h.auth.Register(ctx, auth.Registration(in.Body), in.UserAgent)
	if err != nil {
		return nil, err
	}
	return answerWith(grantToAPI(grant)), nil
}

func (h *handler) me(ctx context.Context, _ *struct{}) (*answer[authapi.User], error) {
	user, err := h.auth.Me(ctx, caller(ctx))
	if err != nil {
		return nil, err
	}
	return answerWith(userToAPI(user)), nil
}

func (h *handler) updateMe(ctx context.Context, in *with[authapi.Profile]) (*answer[authapi.User], error) {
	change := auth.ProfileChange{Name: in.Body.Name, Email: in.Body.Email, SellerName: in.Body.SellerName}
	user, err := h.auth.UpdateMe(ctx, caller(ctx), change)
	if err != nil {
		return nil, err
	}
	return answerWith(userToAPI(user)), nil
}

func (h *handler) changePassword(ctx context.Context, in *with[authapi.ChangePassword]) (*struct{}, error) {
	return nil, h.auth.ChangePassword(ctx, caller(ctx), in.Body.CurrentPassword, in.Body.NewPassword)
}

func (h *handler) startSelling(ctx context.Context, in *with[authapi.StartSelling]) (*answer[authapi.Grant], error) {
	grant, err := h.auth.StartSelling(ctx, caller(ctx), in.Body.SellerName)
	if err != nil {
		return nil, err
	}
	return answerWith(grantToAPI(grant)), nil
}

func userToAPI(u auth.User) authapi.User {
	return authapi.User{
		ID:         u.ID,
		Email:      u.Email,
		Name:       u.Name,
		Role:       u.Role,
		Status:     string(u.Status),
		SellerName: u.SellerName,
		CreatedAt:  u.CreatedAt,
	}
}
