package api

import (
	"context"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"
	"bookstore/shared/i18n"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerUsers(api huma.API) {
	jsonapi.Handle(api, "POST /v1/users", "register", "Make an account and sign in", h.register, jsonapi.Created, jsonapi.CheckedByDomain)
	jsonapi.Handle(api, "GET /v1/users/me", "get-me", "Your account", h.getMe, jsonapi.Authenticated)
	jsonapi.Handle(api, "PATCH /v1/users/me", "update-me", "Change your account", h.updateMe, jsonapi.Authenticated, jsonapi.CheckedByDomain)
	jsonapi.Handle(api, "POST /v1/users/me/password", "change-password", "Change your password and sign out everywhere else", h.changePassword, jsonapi.Authenticated, jsonapi.CheckedByDomain)
	jsonapi.Handle(api, "POST /v1/users/me/seller", "start-selling", "Start selling", h.startSelling, jsonapi.Authenticated)
}

func (h *handler) register(ctx context.Context, in *struct {
	jsonapi.IdempotencyKey
	Device
	UserAgent string `header:"User-Agent"`
	Language  string `header:"Accept-Language" doc:"becomes the account's language"`
	Body      authapi.Register
}) (*jsonapi.Body[authapi.Grant], error) {
	in.Body.Language = i18n.MatchAny(in.Language)
	grant, err := h.auth.Register(ctx, in.Key, auth.Registration(in.Body), in.UserAgent, h.origin(ctx, in.Device))
	return jsonapi.Answer(grant, err, toGrant)
}

func (h *handler) getMe(ctx context.Context, _ *struct{}) (*jsonapi.Body[authapi.User], error) {
	user, err := h.auth.Me(ctx, caller(ctx))
	return jsonapi.Answer(user, err, toUser)
}

func (h *handler) updateMe(ctx context.Context, in *jsonapi.Body[authapi.Profile]) (*jsonapi.Body[authapi.User], error) {
	user, err := h.auth.UpdateMe(ctx, caller(ctx), fromProfile(in.Body))
	return jsonapi.Answer(user, err, toUser)
}

func (h *handler) changePassword(ctx context.Context, in *jsonapi.Body[authapi.ChangePassword]) (*struct{}, error) {
	return nil, h.auth.ChangePassword(ctx, caller(ctx), in.Body.CurrentPassword, in.Body.NewPassword)
}

func (h *handler) startSelling(ctx context.Context, in *jsonapi.Body[authapi.StartSelling]) (*jsonapi.Body[authapi.Grant], error) {
	grant, err := h.auth.StartSelling(ctx, caller(ctx), in.Body.SellerName)
	return jsonapi.Answer(grant, err, toGrant)
}
