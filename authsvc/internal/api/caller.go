package api

import (
	"context"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/token"
)

// caller returns who calls; nobody for an anonymous call.
func caller(ctx context.Context) auth.Caller {
	claims, _ := token.From(ctx)
	return auth.Caller{UserID: claims.UserID, SessionID: claims.SessionID}
}

// Device is the header by which the web shop says from which browser it calls.
type Device struct {
	Device string `header:"Client-Device" hidden:"true"`
}

// origin returns where a call comes from that needs no account.
func (h *handler) origin(ctx context.Context, d Device) auth.Origin {
	return auth.Origin{
		Address: h.clients.Countable(httpserver.ClientAddress(ctx)),
		Device:  auth.Device(authapi.ParseDevice(d.Device)),
	}
}
