package api

import (
	"context"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/token"
)

// caller returns who calls; nobody for an anonymous call.
func caller(ctx context.Context) auth.Caller {
	claims, _ := token.From(ctx)
	return auth.Caller{UserID: claims.UserID, SessionID: claims.SessionID}
}
