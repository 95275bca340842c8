package api

import (
	"context"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"
	"bookstore/shared/i18n"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerSessions(api huma.API) {
	jsonapi.Handle(api, "POST /v1/sessions", "login", "Sign in", h.login, jsonapi.Created)
	jsonapi.Handle(api, "POST /v1/sessions/refresh", "refresh", "Get a new access token", h.refresh)
	jsonapi.Handle(api, "DELETE /v1/sessions/current", "logout", "Sign out", h.logout, jsonapi.Authenticated)
	jsonapi.Handle(api, "GET /v1/sessions", "list-sessions", "List the places where you are signed in", h.listSessions, jsonapi.Authenticated)
	jsonapi.Handle(api, "DELETE /v1/sessions", "end-other-sessions", "Sign out everywhere else", h.endOtherSessions, jsonapi.Authenticated)
	jsonapi.Handle(api, "DELETE /v1/sessions/{id}", "end-session", "Sign out somewhere else", h.endSession, jsonapi.Authenticated)
}

// SessionID is the path of a session.
type SessionID struct {
	ID string `path:"id" maxLength:"100"`
}

func (h *handler) login(ctx context.Context, in *struct {
	Device
	UserAgent string `header:"User-Agent"`
	Language  string `header:"Accept-Language" doc:"becomes the account's language"`
	Body      authapi.Login
}) (*jsonapi.Body[authapi.Grant], error) {
	grant, err := h.auth.Login(ctx, in.Body.Email, in.Body.Password, i18n.MatchAny(in.Language), in.UserAgent, h.origin(ctx, in.Device))
	return jsonapi.Answer(grant, err, toGrant)
}

func (h *handler) refresh(ctx context.Context, in *jsonapi.Body[authapi.Refresh]) (*jsonapi.Body[authapi.Grant], error) {
	grant, err := h.auth.Refresh(ctx, in.Body.RefreshToken)
	return jsonapi.Answer(grant, err, toGrant)
}

func (h *handler) logout(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.auth.Logout(ctx, caller(ctx))
}

func (h *handler) listSessions(ctx context.Context, _ *struct{}) (*jsonapi.Body[authapi.Sessions], error) {
	who := caller(ctx)
	sessions, err := h.auth.Sessions(ctx, who)
	return jsonapi.Answer(sessions, err, func(s []auth.Session) authapi.Sessions { return toSessions(s, who) })
}

func (h *handler) endSession(ctx context.Context, in *SessionID) (*struct{}, error) {
	return nil, h.auth.EndSession(ctx, caller(ctx), in.ID)
}

func (h *handler) endOtherSessions(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.auth.EndOtherSessions(ctx, caller(ctx))
}
