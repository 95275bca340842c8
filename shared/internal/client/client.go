// Package client carries in a context the network address of who began it all:
// from the server that took the request to the calls it causes.
package client

import (
	"context"
	"net/netip"
)

// Header carries the address between our own processes.
const Header = "Client-Address"

// DeviceHeader carries between our own processes the device that the web shop
// recognises, see authapi.
const DeviceHeader = "Client-Device"

type key struct{}

// With returns a context on behalf of a client at addr.
func With(ctx context.Context, addr netip.Addr) context.Context {
	return context.WithValue(ctx, key{}, addr)
}

// From returns the client's address; the zero Addr if it is not known.
func From(ctx context.Context) netip.Addr {
	addr, _ := ctx.Value(key{}).(netip.Addr)
	return addr
}
