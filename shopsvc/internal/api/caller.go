package api

import (
	"context"

	"bookstore/shared/token"
	"bookstore/shopsvc/internal/shop"
)

// caller returns who calls; nobody for an anonymous call.
func caller(ctx context.Context) shop.Caller {
	claims, _ := token.From(ctx)
	return shop.Caller{UserID: claims.UserID, Role: claims.Role}
}
