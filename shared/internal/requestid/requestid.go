// Package requestid carries in a context the id of the request that it serves,
// from the server that took it to the log and to the calls it causes.
package requestid

import "context"

// Header carries the id between processes and back to the caller.
const Header = "X-Request-Id"

type key struct{}

// With returns a context whose log lines and outgoing calls carry id.
func With(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, key{}, id)
}

// From returns the id of the request that ctx serves, or "".
func From(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}
