package api

import (
	"context"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/token"
)

// caller returns who calls; nobody for an anonymous call.
func caller(ctx context.Context) catalog.Caller {
	claims, _ := token.From(ctx)
	return catalog.Caller{UserID: claims.UserID, Role: claims.Role, Name: claims.Name}
}
