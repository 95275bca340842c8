// Package fresh carries one wish in a context: to read what was just written,
// and so neither a cache nor a replica. It stands alone so that a program
// without a database can pass the wish on.
package fresh

import "context"

type key struct{}

// With returns a context that asks for fresh reads.
func With(ctx context.Context) context.Context {
	return context.WithValue(ctx, key{}, true)
}

// Is reports whether ctx asks for fresh reads.
func Is(ctx context.Context) bool {
	return ctx.Value(key{}) != nil
}
