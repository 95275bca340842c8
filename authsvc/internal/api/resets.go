package api

import (
	"context"

	"bookstore/shared/authapi"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerResets(api huma.API) {
	jsonapi.Handle(api, "POST /v1/password-resets", "request-password-reset", "Have a link mailed that replaces a forgotten password", h.requestReset, jsonapi.CheckedByDomain)
	jsonapi.Handle(api, "POST /v1/password-resets/redeem", "reset-password", "Replace a forgotten password and sign out everywhere", h.resetPassword, jsonapi.CheckedByDomain)
}

func (h *handler) requestReset(ctx context.Context, in *jsonapi.Body[authapi.RequestReset]) (*struct{}, error) {
	return nil, h.auth.RequestReset(ctx, in.Body.Email, h.origin(ctx, Device{}))
}

func (h *handler) resetPassword(ctx context.Context, in *struct {
	Device
	Body authapi.ResetPassword
}) (*struct{}, error) {
	return nil, h.auth.ResetPassword(ctx, in.Body.Token, in.Body.NewPassword, h.origin(ctx, in.Device).Device)
}
