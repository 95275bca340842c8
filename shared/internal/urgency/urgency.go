// Package urgency carries in a context how urgent the work for a request is,
// from the server that took it to the calls it causes.
package urgency

import "context"

// Class is a kind of work.
type Class int

// The classes, the most urgent first.
const (
	Unqueued Class = iota // costs next to nothing, or must never wait
	Checkout
	Browsing
	Search
	Heavy
)

// Classes are those that wait for their turn, the most urgent first.
var Classes = []Class{Checkout, Browsing, Search, Heavy}

var names = []string{"unqueued", "checkout", "browsing", "search", "heavy"}

// String returns the name of c in metrics and logs.
func (c Class) String() string { return names[c] }

// Header carries the urgency between processes (RFC 9218), 0 the most urgent
// and 7 the least.
const Header = "Priority"

// values are what Header says of the classes that wait.
var values = map[Class]string{Checkout: "u=1", Browsing: "u=3", Search: "u=5", Heavy: "u=6"}

// Value returns what Header says of c, or "" if there is nothing to say.
func (c Class) Value() string { return values[c] }

// Parse returns the class of a header that Value wrote. A browser's says more,
// and is none.
func Parse(header string) (Class, bool) {
	for _, c := range Classes {
		if header == values[c] {
			return c, true
		}
	}
	return Unqueued, false
}

type key struct{}

// With returns a context for work of class c.
func With(ctx context.Context, c Class) context.Context {
	return context.WithValue(ctx, key{}, c)
}

// From returns the class of the work that ctx is for; Unqueued if it is not known.
func From(ctx context.Context) Class {
	c, _ := ctx.Value(key{}).(Class)
	return c
}
