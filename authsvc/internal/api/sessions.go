package api

import (
	"context"
	"net/http"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerSessions(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "login", Method: http.MethodPost, Path: "/v1/sessions",
		Summary: "Sign in", DefaultStatus: http.StatusCreated,
	}, h.login)
	huma.Register(api, huma.Operation{
		OperationID: "refresh", Method: http.MethodPost, Path: "/v1/sessions/refresh",
		Summary: "Get a new access token",
	}, h.refresh)
	huma.Register(api, huma.Operation{
		OperationID: "logout", Method: http.MethodDelete, Path: "/v1/sessions/current",
		Summary: "Sign out", Security: withToken,
	}, h.logout)
	huma.Register(api, huma.Operation{
		OperationID: "list-sessions", Method: http.MethodGet, Path: "/v1/sessions",
		Summary: "List the places where you are signed in", Security: withToken,
	}, h.sessions)
	huma.Register(api, huma.Operation{
		OperationID: "end-session", Method: http.MethodDelete, Path: "/v1/sessions/{id}",
		Summary: "Sign out somewhere else", Security: withToken,
	}, h.endSession)
}

type loginInput struct {
	UserAgent string `header:"User-Agent"`
	Body      authapi.Login
}

func (h *handler) login(ctx context.Context, in *loginInput) (*answer[authapi.Grant], error) {
	grant, err := h.auth.Login(ctx, in.Body.Email, in.Body.Password, in.UserAgent)
	if err != nil {
		return nil, err
	}
	return answerWith(grantToAPI(grant)), nil
}

func (h *handler) refresh(ctx context.Context, in *with[authapi.Refresh]) (*answer[authapi.Grant], error) {
	grant, err := h.auth.Refresh(ctx, in.Body.RefreshToken)
	if err != nil {
		return nil, err
	}
	return answerWith(grantToAPI(grant)), nil
}

func (h *handler) logout(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.auth.Logout(ctx, caller(ctx))
}

func (h *handler) sessions(ctx context.Context, _ *struct{}) (*answer[authapi.Sessions], error) {
	who := caller(ctx)
	sessions, err := h.auth.Sessions(ctx, who)
	if err != nil {
		return nil, err
	}
	list := authapi.Sessions{Items: make([]authapi.Session, len(sessions))}
	for i, s := range sessions {
		list.Items[i] = sessionToAPI(s, who)
	}
	return answerWith(list), nil
}

type sessionInput struct {
	ID string `path:"id" maxLength:"100"`
}

func (h *handler) endSession(ctx context.Context, in *sessionInput) (*struct{}, error) {
	return nil, h.auth.EndSession(ctx, caller(ctx), in.ID)
}

func grantToAPI(g auth.Grant) authapi.Grant {
	return authapi.Grant{
		AccessToken:  g.AccessToken,
		ExpiresAt:    g.ExpiresAt,
		RefreshToken: g.RefreshToken,
		User:         userToAPI(g.User),
	}
}

func sessionToAPI(s auth.Session, who auth.Caller) authapi.Session {
	return authapi.Session{
		ID:         s.ID,
		UserAgent:  s.UserAgent,
		CreatedAt:  s.CreatedAt,
		LastUsedAt: s.LastUsedAt,
		Current:    s.ID == who.SessionID,
	}
}
